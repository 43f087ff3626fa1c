"""A crosshead that was taken for a headline: the two halves of a story are joined, and two stories are not."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.restore.chains import Chain
from transforms.restore.network import Scores
from transforms.restore.roles import ROLES
from transforms.segment.crossheads import at_crossheads
from transforms.segment.marks import marks_of
from transforms.segment.style import general_style

MARKS = marks_of(general_style())
TEXT = "渡口的老人说起往年的大水，话就长了。"
SIGNED = f"{TEXT}（江南雁）"
LEAD = "本报讯 （记者苏晚晴）村里的果园今年头一回用上了滴灌。"


def chain(*pieces: int) -> Chain:
    return Chain(pieces, (-0.1,) * (len(pieces) + 1))


def scores(count: int, crosshead: float, link: float) -> Scores:
    apart = np.full((count, count), link / 2, np.float32)
    roles = np.full((count, len(ROLES)), -9.0, np.float32)
    roles[:, ROLES.index("crosshead")] = crosshead
    alone = np.zeros(count, np.float32)
    return Scores(apart, apart, alone, alone, roles, alone, np.zeros((count, count), np.float32))


def told(
    lines: list[tuple[str, str]],
    *chains: Chain,
    crosshead: float = -4.0,
    link: float = -8.0,
    never: tuple[int, ...] = (),
) -> tuple[list[tuple[int, ...]], list[str]]:
    texts, roles = [text for text, _ in lines], [role for _, role in lines]
    given = scores(len(lines), crosshead, link)
    given.roles[list(never), ROLES.index("crosshead")] = -9.0
    found, kinds = at_crossheads(chains, roles, texts, given, MARKS)
    assert all(len(c.chances) == len(c.pieces) + 1 for c in found)
    return [c.pieces for c in found], kinds


def story(byline: str, end: str, head: str, rest: str) -> list[tuple[str, str]]:
    signed = [(byline, "byline")] if byline else [("乡村这一年", "subhead")]
    return [("渡口换了新桥", "headline"), *signed, (end, "body"), (head, "headline"), (rest, "body"), (TEXT, "body")]


HALVES = chain(0, 1, 2), chain(3, 4, 5)
WHOLE, APART = [(0, 1, 2, 3, 4, 5)], [(0, 1, 2), (3, 4, 5)]


def test_the_rest_of_a_story_that_is_signed_above_is_joined_to_it():
    found, kinds = told(story("□ 江南雁", TEXT, "老船工的新差事", TEXT), *HALVES)
    assert found == WHOLE
    assert kinds[3] == "crosshead"


def test_the_rest_of_a_story_that_is_signed_at_its_end_is_joined_to_it():
    lines = story("", TEXT, "老船工的新差事", TEXT)
    lines[5] = (SIGNED, "body")
    assert told(lines, *HALVES)[0] == WHOLE


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(story("", TEXT, "果园用上滴灌", TEXT), id="nobody signs"),
        pytest.param(story("□ 江南雁", SIGNED, "果园用上滴灌", TEXT), id="the text above is signed at its end"),
        pytest.param(story("□ 江南雁", TEXT, "果园用上滴灌", LEAD), id="the text below has a lead"),
        pytest.param(story("□ 江南雁", TEXT, "果园用上滴灌（民生观）", TEXT), id="the head names a column"),
        pytest.param(
            story("□ 江南雁", TEXT, "果园用上滴灌", f"（上接1版）{TEXT}"), id="the text below comes from elsewhere"
        ),
        pytest.param(
            story("□ 江南雁", f"{TEXT}（下转4版）", "果园用上滴灌", TEXT), id="the text above goes on elsewhere"
        ),
    ],
)
def test_two_stories_stay_two(lines: list[tuple[str, str]]):
    found, kinds = told(lines, *HALVES)
    assert found == APART
    assert kinds == [role for _, role in lines]


def test_a_head_that_can_be_no_crosshead_stays_a_headline():
    assert told(story("□ 江南雁", TEXT, "果园用上滴灌", TEXT), *HALVES, crosshead=-8.0)[0] == APART


def test_a_head_with_a_line_that_can_be_no_crosshead_stays_a_head():
    lines = story("□ 江南雁", TEXT, "果园用上滴灌", TEXT)
    lines[4] = ("今年头一回不靠天", "subhead")
    assert told(lines, *HALVES)[0] == WHOLE
    assert told(lines, *HALVES, never=(4,))[0] == APART


def test_texts_that_are_far_likelier_apart_stay_apart():
    assert told(story("□ 江南雁", TEXT, "果园用上滴灌", TEXT), *HALVES, link=-30.0)[0] == APART


def test_three_parts_of_a_story_become_one():
    lines = [*story("□ 江南雁", TEXT, "老船工的新差事", TEXT), ("桥头的早市", "headline"), (TEXT, "body")]
    assert told(lines, *HALVES, chain(6, 7))[0] == [(0, 1, 2, 3, 4, 5, 6, 7)]
