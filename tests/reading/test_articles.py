"""What chains of pieces become: names, notes and two stories that were chained as one."""

from __future__ import annotations

import pytest

from transforms.model import ParagraphKind
from transforms.restore.features import Piece
from transforms.restore.lines import Line
from transforms.segment.articles import drafts_of, finish
from transforms.segment.decks import Part
from transforms.segment.marks import marks_of
from transforms.segment.style import general_style

MARKS = marks_of(general_style())
TEXT = "渡口的老人说起往年的大水，话就长了。那一年水漫过石阶，船工们守了三天三夜，谁也不肯先走。"


def articles_of(*lines: tuple[str, str], within: tuple[int, ...] = ()):
    """The articles of a chain of lines with these roles, each line two empty lines below the last; ``within``: those
    that go on within a paragraph.
    """
    at, parts = 0, []
    for n, (text, role) in enumerate(lines):
        opens = -9.0 if n in within else 9.0
        parts.append(Part(Piece((Line(1, at, at + len(text), text, 1, False),), text), role, opens))
        at += len(text) + 2
    return finish(drafts_of(parts, 0.9, MARKS))


def test_names_above_a_head_sign_its_story():
    (article,) = articles_of(("□ 本报记者 柳望川", "byline"), ("老街修旧如故", "headline"), (TEXT, "body"))
    assert (article.headline, [c.name for c in article.byline]) == ("老街修旧如故", ["柳望川"])


def test_a_note_may_be_signed_with_a_pen_name():
    note = articles_of(("渡口三十年", "headline"), (TEXT, "body"), (f"编后：{TEXT}（青禾）", "body"))[1]
    assert ([c.name for c in note.byline], note.text) == (["青禾"], TEXT)


@pytest.mark.parametrize("end", ["（待续）", "（未完）", "（完）"])
def test_what_ends_a_note_may_be_no_name(end: str):
    note = articles_of(("渡口三十年", "headline"), (TEXT, "body"), (f"编后：{TEXT}{end}", "body"))[1]
    assert not note.byline


def test_where_a_story_was_filed_writes_none_of_it():
    text = f"丰竹县的{TEXT}"
    (article,) = articles_of(("渡口三十年", "headline"), ("本报记者 柳望川 丰竹报道", "byline"), (text, "body"))
    assert [c.name for c in article.byline] == ["柳望川"]


def test_a_story_signed_above_and_one_signed_at_its_end_are_two():
    lines = [("渡口三十年", "headline"), ("□ 何小满", "byline"), (TEXT, "body")]
    told = articles_of(*lines, ("山顶看银河，游客排长队", "body"), (TEXT + "（记者 柳望川）", "body"))
    assert [a.headline for a in told] == ["渡口三十年", "山顶看银河，游客排长队"]
    assert [[c.name for c in a.byline] for a in told] == [["何小满"], ["柳望川"]]


@pytest.mark.parametrize(
    "note", [[f"编后：{TEXT}（柳望川）"], ["编后", f"{TEXT}（柳望川）"]], ids=["one line", "two lines"]
)
def test_the_signature_of_a_note_parts_no_story(note: list[str]):
    lines = [
        ("渡口三十年", "headline"),
        ("□ 何小满", "byline"),
        (TEXT, "body"),
        ("一盏灯，不能灭", "crosshead"),
        (TEXT, "body"),
    ]
    told = articles_of(*lines, *((text, "body") for text in note))
    assert [a.headline for a in told] == ["渡口三十年", "编后"]


@pytest.mark.parametrize(
    ("line", "shown"), [("【云州时评】", ("", "云州时评")), ("停航四年之后", ("停航四年之后", ""))]
)
def test_the_name_of_a_column_is_kept_apart_from_kickers(line: str, shown: tuple[str, str]):
    (article,) = articles_of((line, "kicker"), ("渡口三十年", "headline"), (TEXT, "body"))
    assert (article.kicker, article.label) == shown
    assert article.shown_kicker == "".join(shown)


def test_a_story_below_an_editors_note_keeps_its_whole_head():
    note, story = articles_of(
        (f"编者按：{TEXT}", "note"),
        ("一座小站守了三十年", "headline"),
        ("——岔口站值班员的坚守", "subhead"),
        ("□ 本报记者 柳望川", "byline"),
        (TEXT, "body"),
    )
    assert (story.headline, story.subhead, note.text) == ("一座小站守了三十年", "岔口站值班员的坚守", TEXT)


@pytest.mark.parametrize(("rest", "headline"), [("灯一点点亮了起来。", ""), ("渡口的灯亮了", "渡口的灯亮了")])
def test_a_sentence_behind_the_mark_of_a_rest_is_no_headline(rest: str, headline: str):
    (article,) = articles_of((f"（上接1版）{rest}", "headline"), (TEXT, "body"))
    assert article.headline == headline
    assert rest in article.headline + article.text


@pytest.mark.parametrize("line", ["◆ 渡口换了新桥", "■渡口换了新桥", "★　渡口换了新桥"])
def test_the_mark_before_an_item_is_not_in_its_headline(line: str):
    (article,) = articles_of((line, "headline"), (TEXT, "body"))
    assert article.headline == "渡口换了新桥"


@pytest.mark.parametrize(
    ("above", "names", "who"),
    [
        (TEXT, "柳望川 何小满", ["柳望川", "何小满"]),
        ("获奖的船工：", "柳望川 何小满", []),  # a list
        (TEXT, "柳望川 何小满 江南雁 苏晚晴 温若谷", []),
        (TEXT, "渡口 栈桥", []),
        (f"本报讯（记者 江南雁）{TEXT}", "柳望川 何小满", ["江南雁"]),
    ],
)
def test_names_alone_below_a_story_sign_it(above: str, names: str, who: list[str]):
    (article,) = articles_of(("渡口三十年", "headline"), (above, "body"), (names, "body"))
    assert [c.name for c in article.byline] == who
    assert (names in article.text) == (who != names.split())


@pytest.mark.parametrize(("within", "headline"), [((), "渡口开航的头一个月"), ((2,), "")])
def test_a_text_that_breaks_off_is_no_headline_of_the_rest_that_it_begins(within: tuple[int, ...], headline: str):
    (rest,) = articles_of(
        ("（上接1版）", "continuation"), ("渡口开航的头一个月", "body"), (TEXT, "body"), within=within
    )
    assert (rest.headline, rest.text.startswith("渡口开航的头一个月")) == (headline, not headline)


@pytest.mark.parametrize(
    ("below", "kind"), [("变化最大的，还是船工。", ParagraphKind.CROSSHEAD), ("2026年3月1日", ParagraphKind.TEXT)]
)
def test_a_short_line_between_two_paragraphs_is_a_crosshead(below: str, kind: ParagraphKind):
    long = TEXT * 2
    (article,) = articles_of(("渡口三十年", "headline"), (long, "body"), ("年轻人回到渡口", "body"), (below, "body"))
    assert [p.kind for p in article.body if p.text == "年轻人回到渡口"] == [kind]


def test_a_headline_with_its_subhead_on_one_line_may_be_printed_twice():
    line = ("老渡口的新日子 ——一位船工的三十年", "headline")
    (article,) = articles_of(line, line, (TEXT, "body"))
    assert (article.headline, article.subhead) == ("老渡口的新日子", "一位船工的三十年")
