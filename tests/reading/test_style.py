"""A second newspaper with marks of its own is a file, not a fork."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from broadsheet.steps.reading import Reader
from delivery.records import load_publications
from transforms.errors import BadRecord
from transforms.model import Issue, Page, Publication, Reading
from transforms.segment.marks import marks_of
from transforms.segment.style import general_style, style_of

FOLDER = Path(__file__).parents[1] / "data" / "linjiang"
PAPER = load_publications(FOLDER)["linjiang-evening"]


def read(paper: Publication | None) -> Reading:
    pages = tuple(Page(n, f.read_text("utf-8"), f.name) for n, f in enumerate(sorted(FOLDER.glob("page-*.txt")), 1))
    return Reader.load(paper).read(Issue("linjiang-evening", date(2026, 3, 1), pages))


def test_its_marks_are_known_by_its_file_alone() -> None:
    ferry, notes, market = read(PAPER).articles
    assert ferry.headline == "老码头的最后一班渡船"
    assert [c.name for c in ferry.byline] == ["柳望川"]
    assert ferry.body[-1].text.endswith("讲讲这条江上的故事。")
    assert "余文见" not in ferry.text
    assert notes.headline == "江边闲话"
    assert notes.parent == 0
    assert (market.headline, market.dateline) == ("城南菜场装上遮雨棚", "江声快传")
    assert [c.name for c in market.byline] == ["何小满"]


def test_without_its_file_they_are_text_as_any_other() -> None:
    articles = read(None).articles
    assert "江边闲话" not in [a.headline for a in articles]
    assert any("余文见" in a.text for a in articles)


def test_a_papers_words_are_added_to_those_of_its_language() -> None:
    marks = marks_of(style_of(PAPER))
    assert [c.name for c in marks.parse_byline("□ 本报记者 张三")] == ["张三"]
    assert marks.split_jump("他走了。（余文见 2 版）") == ("他走了。", "2")
    assert marks.split_jump("他走了。（下转第三版）") == ("他走了。", "3")
    assert not marks_of(general_style()).split_jump("他走了。（余文见 2 版）")[1]


def test_a_style_that_is_not_there_is_said_in_words() -> None:
    with pytest.raises(BadRecord, match="zh-Hans"):
        general_style("zh-Nowhere")
