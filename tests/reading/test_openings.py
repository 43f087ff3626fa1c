"""How a text opens: leads in the middle of a text, leads on a line of their own, paragraphs with labels."""

from __future__ import annotations

from transforms.model import Page
from transforms.restore.features import Piece
from transforms.restore.lines import lines_of
from transforms.segment.articles import drafts_of
from transforms.segment.decks import Part
from transforms.segment.marks import marks_of
from transforms.segment.style import general_style

MARKS = marks_of(general_style())


def parts(*rows: tuple[str, str]) -> list[Part]:
    lines = lines_of(Page(1, "\n\n".join(text for _, text in rows)))
    return [Part(Piece((line,), line.text), role, 5.0) for line, (role, _) in zip(lines, rows, strict=True)]


def test_one_headline_may_stand_above_several_reports():
    drafts = drafts_of(
        parts(
            ("headline", "市长分别会见三个代表团"),
            ("body", "本报云州1月4日电（记者 何大有）市长4日下午在云州会见来访的代表团，双方谈了桥梁和渡口。"),
            ("body", "本报云州1月4日电（记者 温若谷）市长同日会见另一个代表团，双方谈了学校和图书馆。"),
        ),
        0.9,
        MARKS,
    )
    assert [len(d.body) for d in drafts] == [2]


def test_a_report_with_a_headline_above_its_lead_is_cut_off():
    drafts = drafts_of(
        parts(
            ("headline", "市长会见代表团"),
            ("body", "本报云州1月4日电（记者 何大有）市长4日下午在云州会见来访的代表团，双方谈了桥梁和渡口。"),
            ("headline", "渡口今日开航"),
            ("body", "本报云州1月4日电（记者 温若谷）云州渡口今日开航，第一班船载了八十位乘客。"),
        ),
        0.9,
        MARKS,
    )
    assert [d.headlines for d in drafts] == [["市长会见代表团"], ["渡口今日开航"]]


def test_a_labelled_first_paragraph_is_no_subhead():
    (draft,) = drafts_of(
        parts(
            ("headline", "一双手套织了三十年"),
            ("subhead", "【人物】云州老人何大妈"),
            ("body", "【故事】何大妈每年冬天给环卫工人织手套，至今织了八百双。"),
        ),
        0.9,
        MARKS,
    )
    assert draft.subheads == []
    assert [p.text[:4] for p in draft.body] == ["【人物】", "【故事】"]


def test_a_line_that_is_a_lead_and_nothing_else():
    assert MARKS.is_lead("新华社云州10月12日电")
    assert not MARKS.is_lead("新华社云州10月12日电 市长12日在云州会见来访的代表团。")
    assert not MARKS.is_lead("本报记者 何大有")


def test_what_stands_above_a_summary_is_no_deck():
    (draft,) = drafts_of(
        parts(
            ("headline", "一双手套织了三十年"),
            ("subhead", "核心阅读"),
            ("body", "何大妈每年冬天给环卫工人织手套，至今织了八百双，街坊都说她手巧心热。"),
        ),
        0.9,
        MARKS,
    )
    assert (draft.subheads, draft.body[0].text) == ([], "核心阅读")
