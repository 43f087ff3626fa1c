"""What makes a story whole, told by form: one head, one text, one signature above it or below."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.restore.chains import Chain, refine
from transforms.restore.continuation import states
from transforms.restore.features import Piece
from transforms.restore.lines import Line
from transforms.restore.network import Scores
from transforms.restore.roles import ROLES
from transforms.segment.articles import drafts_of
from transforms.segment.bare_heads import together
from transforms.segment.decks import Part, decks, settled, with_dot
from transforms.segment.draft import Draft
from transforms.segment.marks import marks_of
from transforms.segment.style import general_style
from transforms.trained import load_models

MARKS = marks_of(general_style())
FIRST = "渡口的老人说起往年的大水，话就长了。桥修好的那天，他在桥上走了三个来回。"
SECOND = "村里的果园今年头一回用上了滴灌，六十亩桃树挂果比往年早了十来天。"


def part(text: str, role: str, at: int = 0) -> Part:
    return Part(Piece((Line(1, at, at + len(text), text, 1, False),), text), role, 9.0)


def drafts(*parts: tuple[str, str]) -> list[Draft]:
    return drafts_of([part(text, role, 100 * n) for n, (text, role) in enumerate(parts)], 0.9, MARKS)


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("渡口换了新桥（乡村观察 水上人家的日子）", "渡口换了新桥（乡村观察·水上人家的日子）"),
        ("渡口换了新桥（办实事 解民忧）", "渡口换了新桥（办实事 解民忧）"),
        ("渡口换了新桥 老人有了新家", "渡口换了新桥 老人有了新家"),
        ("渡口换了新桥（乡村观察）", "渡口换了新桥（乡村观察）"),
    ],
)
def test_a_column_and_its_series_get_their_dot_back(printed: str, meant: str):
    assert with_dot(printed) == meant


def test_two_lines_that_share_brackets_are_one_headline():
    lines = [("渡口换了新桥（乡村观察", "headline"), ("水上人家的日子）", "subhead"), (FIRST, "body")]
    told = decks([part(text, role) for text, role in lines], MARKS)
    assert [p.role for p in told] == ["headline", "headline", "body"]


def test_names_below_a_text_that_is_signed_above_stay_in_it():
    (story,) = drafts(("渡口换了新桥", "headline"), ("□ 本报记者 江南雁", "byline"), (f"{FIRST}（苏晚晴）", "body"))
    assert [c.name for c in story.byline] == ["江南雁"]
    assert story.body[-1].text.endswith("（苏晚晴）")


@pytest.mark.parametrize("role", ["byline", "subhead", "body"])
def test_who_edited_a_story_is_neither_in_its_head_nor_in_its_text(role: str):
    (story,) = drafts(("渡口换了新桥", "headline"), ("江城编辑：柳望川", role), (FIRST, "body"))
    assert not story.byline
    assert not story.subheads
    assert [p.text for p in story.body] == [FIRST]


def test_whose_picture_a_signed_story_describes_stays_below_its_text():
    lines = [("渡口换了新桥", "headline"), ("□ 江南雁", "byline"), (f"{FIRST}图为新桥。", "body")]
    (story,) = drafts(*lines, ("苏晚晴摄（江城图片）", "body"))
    assert [c.name for c in story.byline] == ["江南雁"]
    assert story.body[-1].text == "苏晚晴摄（江城图片）"


def test_two_signatures_with_a_headline_between_are_two_stories():
    lines = [
        ("渡口换了新桥", "headline"),
        ("□ 本报记者 江南雁", "byline"),
        (FIRST, "body"),
        ("桃园里的滴灌管", "crosshead"),
    ]
    one, two = drafts(*lines, (f"{SECOND}（苏晚晴）", "body"))
    assert [one.headlines, two.headlines] == [["渡口换了新桥"], ["桃园里的滴灌管"]]
    assert [c.name for c in two.byline] == ["苏晚晴"]


def test_a_slogan_below_what_parts_two_stories_is_the_headline_of_the_second():
    first, second = drafts(
        ("老渡口的最后一天", "headline"),
        ("□ 本报记者 江南雁", "byline"),
        (FIRST, "body"),
        ("果园全部用上滴灌", "crosshead"),
        ("省水省工  增收增产", "body"),
        (SECOND, "body"),
        (f"{SECOND}（苏晚晴）", "body"),
    )
    assert [p.text for p in first.body] == [FIRST]
    assert (second.kickers, second.headlines) == (["果园全部用上滴灌"], ["省水省工  增收增产"])
    assert [c.name for c in second.byline] == ["苏晚晴"]


@pytest.mark.parametrize("end", ["（苏晚晴参与采写）", ""])
def test_helpers_named_at_the_end_make_no_second_story(end: str):
    lines = [
        ("渡口换了新桥", "headline"),
        ("□ 本报记者 江南雁", "byline"),
        (FIRST, "body"),
        ("桃园里的滴灌管", "crosshead"),
    ]
    (story,) = drafts(*lines, (f"{SECOND}{end}", "body"))
    assert story.headlines == ["渡口换了新桥"]


def chain(*pieces: int) -> Chain:
    return Chain(pieces, tuple(-float(n) for n in range(len(pieces) + 1)))


def test_the_one_head_without_a_text_goes_above_the_one_text_without_a_head():
    roles = ["headline", "body", "headline", "body", "body"]
    found = together([chain(0, 1), chain(2), chain(3, 4)], roles, [0, 1, 5, 8, 9], [10, 200, 10, 100, 100])
    assert [c.pieces for c in found] == [(0, 1), (2, 3, 4)]
    assert all(len(c.chances) == len(c.pieces) + 1 for c in found)


def test_of_two_heads_without_a_text_neither_is_given_one():
    roles = ["headline", "headline", "body"]
    found = together([chain(0), chain(1), chain(2)], roles, [0, 4, 8], [10, 10, 200])
    assert len(found) == 3


def test_a_line_below_a_storys_first_deck_is_of_its_head():
    roles = ["kicker", "headline", "byline", "body"]
    found = together([chain(0, 3), chain(1, 2)], roles, [0, 1, 2, 9], [12, 12, 8, 200])
    assert [c.pieces for c in found] == [(0, 1, 2, 3)]
    assert len(found[0].chances) == 5


def test_kinship_of_long_texts_does_not_outweigh_a_start():
    """Two texts of many pieces on one subject: each pair is of a kind, yet the second begins with its headline."""
    count, half = 60, 30
    roles = np.full((count, len(ROLES)), -9.0, np.float32)
    roles[:, ROLES.index("body")] = 0
    roles[[0, half]] = -9.0
    roles[[0, half], ROLES.index("headline")] = 0
    links = np.full((count, count), -14.0, np.float32)
    for n in range(count - 1):
        links[n, n + 1] = -7.0 if n == half - 1 else 0.0
    ends, starts = np.full(count, -14.0, np.float32), np.full(count, -14.0, np.float32)
    ends[[half - 1, count - 1]] = starts[[0, half]] = -0.1
    same = np.full((count, count), 4.0, np.float32)
    scores = Scores(links, links, ends, starts, roles, np.zeros(count, np.float32), same)
    whole = [Chain(tuple(range(a, a + half)), (0.0,) * (half + 1)) for a in (0, half)]
    assert [c.pieces for c in refine(whole, scores)] == [c.pieces for c in whole]


@pytest.mark.parametrize(
    ("line", "role", "taken"),
    [
        ("水上人家的日子越过越好", "crosshead", True),
        ("办实事 解民忧", "body", True),
        ("办实事 解民忧愁", "body", False),
        ("一、水上人家的日子", "crosshead", False),
        ("水上人家的日子越过越好。", "crosshead", False),
    ],
)
def test_a_crosshead_or_slogan_right_below_a_head_is_of_the_head(line: str, role: str, taken: bool):
    texts, roles = ["江城渡口换了新桥", line, FIRST], ["headline", role, "body"]
    pieces = [part(text, r, 100 * n).piece for n, (text, r) in enumerate(zip(texts, roles, strict=True))]
    chances = np.full((3, len(ROLES)), -3.0, np.float32)
    chances[[0, 1, 2], [ROLES.index(r) for r in roles]] = -0.1
    models = load_models()
    told, _ = settled((0, 1, 2), pieces, chances, roles, states(texts, models.continuation), models.judgement)
    assert (told[1] in ("headline", "subhead")) is taken
