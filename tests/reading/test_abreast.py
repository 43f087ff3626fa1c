"""Heads that stand side by side, written row by row: each line goes to the story that it belongs to."""

from __future__ import annotations

from transforms.restore.chains import Chain
from transforms.segment.abreast import abreast
from transforms.segment.marks import marks_of
from transforms.segment.style import general_style

MARKS = marks_of(general_style())
PLAIN = "渡口的老人说起往年的大水，话就长了。"
FILED = "本报云州1月15日电 （记者苏晚晴）村里的果园今年头一回用上了滴灌。"
WIRED = "新华社云州1月15日电 村里的果园今年头一回用上了滴灌。"


def chain(*pieces: int) -> Chain:
    return Chain(pieces, (-0.1,) * (len(pieces) + 1))


def sorted_out(lines: list[tuple[str, str]], *chains: Chain) -> list[tuple[int, ...]]:
    found = abreast(chains, [role for role, _ in lines], [text for _, text in lines], MARKS)
    assert all(len(c.chances) == len(c.pieces) + 1 for c in found)
    return [c.pieces for c in found]


def heads(text: str, byline: str = "□ 江南雁") -> list[tuple[str, str]]:
    return [
        ("headline", "渡口换了新桥"),
        ("headline", "果园用上滴灌"),
        ("byline", byline),
        ("body", PLAIN),
        ("body", text),
    ]


def test_a_byline_above_a_lead_with_names_is_that_of_the_unsigned_story_beside_it():
    assert sorted_out(heads(FILED), chain(0, 3), chain(1, 2, 4)) == [(0, 2, 3), (1, 4)]


def test_a_byline_above_a_wires_lead_is_that_of_the_unsigned_story_beside_it():
    assert sorted_out(heads(WIRED), chain(0, 3), chain(1, 2, 4)) == [(0, 2, 3), (1, 4)]


def test_a_byline_above_a_text_without_a_lead_stays():
    assert sorted_out(heads(PLAIN), chain(0, 3), chain(1, 2, 4)) == [(0, 3), (1, 2, 4)]


def test_a_byline_stays_if_the_other_story_is_signed_too():
    lines = heads(FILED)
    lines[3] = ("body", f"{PLAIN}（苏晚晴）")
    assert sorted_out(lines, chain(0, 3), chain(1, 2, 4)) == [(0, 3), (1, 2, 4)]


def test_a_byline_stays_if_text_stands_between_it_and_the_other_headline():
    lines = [
        ("headline", "渡口换了新桥"),
        ("body", PLAIN),
        ("headline", "果园用上滴灌"),
        ("byline", "□ 江南雁"),
        ("body", FILED),
    ]
    assert sorted_out(lines, chain(0, 1), chain(2, 3, 4)) == [(0, 1), (2, 3, 4)]


def rows(below: str) -> list[tuple[str, str]]:
    return [
        ("headline", "渡口换了新桥"),
        ("headline", "果园用上滴灌"),
        (below, "——乡村这一年①"),
        (below, "——乡村这一年②"),
        ("body", PLAIN),
        ("body", PLAIN),
    ]


def test_of_two_subheads_below_two_headlines_each_story_gets_one():
    assert sorted_out(rows("subhead"), chain(0, 4), chain(1, 2, 3, 5)) == [(0, 2, 4), (1, 3, 5)]


def test_two_subheads_below_one_headline_stay():
    lines = rows("subhead")
    lines[0] = ("body", PLAIN)
    assert sorted_out(lines, chain(0, 4), chain(1, 2, 3, 5)) == [(0, 4), (1, 2, 3, 5)]


def test_two_subheads_stay_if_the_other_headline_has_its_own():
    lines = [*rows("subhead"), ("subhead", "——水乡旧事")]
    assert sorted_out(lines, chain(0, 6, 4), chain(1, 2, 3, 5)) == [(0, 6, 4), (1, 2, 3, 5)]


def at_the_top_of_a_column(end: str, other: str = PLAIN) -> list[tuple[str, str]]:
    return [
        ("headline", "渡口换了新桥"),
        ("headline", "果园用上滴灌"),
        ("body", f"{PLAIN}{end}"),
        ("body", other),
        ("byline", "□ 苏晚晴"),
        ("body", PLAIN),
    ]


def test_a_byline_at_the_top_of_a_column_is_that_of_the_unsigned_story_below_it():
    lines = at_the_top_of_a_column("（江南雁）")
    assert sorted_out(lines, chain(0, 4, 2), chain(1, 3, 5)) == [(0, 2), (1, 4, 3, 5)]


def test_a_byline_at_the_top_of_a_column_stays_if_its_text_is_not_signed_at_its_end():
    lines = at_the_top_of_a_column("")
    assert sorted_out(lines, chain(0, 4, 2), chain(1, 3, 5)) == [(0, 4, 2), (1, 3, 5)]


def test_a_byline_at_the_top_of_a_column_stays_if_the_story_below_it_is_a_wires():
    lines = at_the_top_of_a_column("（江南雁）", WIRED)
    assert sorted_out(lines, chain(0, 4, 2), chain(1, 3, 5)) == [(0, 4, 2), (1, 3, 5)]
