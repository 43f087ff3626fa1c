"""A kicker that was put into another text goes back to the head right below it, and a line of that text stays."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.restore.chains import Chain
from transforms.restore.network import Scores
from transforms.restore.roles import ROLES
from transforms.segment.stray_kickers import with_stray_kickers

ROLES_OF_LINES = ["headline", "byline", "body", "headline", "body", "body"]
LINES = ["一周农事", "本报通讯员 江南雁", "全县四处渡口今年改建", "老渡口换了新桥", "桥头挤满了人。", "果园用上滴灌。"]
COLUMN, STORY = Chain((0, 1, 2, 5), (-0.1,) * 5), Chain((3, 4), (-0.1,) * 3)


def scores(on: float, down: float) -> Scores:
    """Links of even odds, but for that from line 2 to its next (``on``) and to the headline below it (``down``)."""
    count = len(LINES)
    links = np.zeros((count, count), np.float32)
    links[2, 5], links[2, 3] = on / 2, down / 2
    alone = np.zeros(count, np.float32)
    roles = np.zeros((count, len(ROLES)), np.float32)
    return Scores(links, links, alone, alone, roles, alone, np.zeros((count, count), np.float32))


def told(on: float, down: float, line: str = LINES[2]) -> tuple[list[tuple[int, ...]], str]:
    texts = [*LINES[:2], line, *LINES[3:]]
    found, kinds = with_stray_kickers([COLUMN, STORY], ROLES_OF_LINES, texts, scores(on, down))
    assert all(len(c.chances) == len(c.pieces) + 1 for c in found)
    return [c.pieces for c in found], kinds[2]


def test_a_line_that_leads_nowhere_but_into_the_head_below_it_is_its_kicker():
    assert told(-30.0, -1.0) == ([(0, 1, 5), (2, 3, 4)], "kicker")


@pytest.mark.parametrize(
    ("line", "end", "places", "role"),
    [
        ("“渡口这五年”系列报道之三", "桥头挤满了人。", [(0, 1, 5), (2, 3, 4)], "kicker"),
        ("“渡口这五年”系列报道之三", "桥头挤满了人，", [(0, 1, 5, 2), (3, 4)], "body"),  # the sentence may end so
        ("全县四处渡口今年改建", "桥头挤满了人。", [(0, 1, 5, 2), (3, 4)], "body"),
    ],
    ids=["a column", "in a sentence", "any line"],
)
def test_the_name_of_a_column_after_a_text_is_a_kicker(line: str, end: str, places: list[tuple[int, ...]], role: str):
    texts = [*LINES[:2], line, *LINES[3:5], end]
    chains = [Chain((0, 1, 5, 2), (-0.1,) * 5), STORY]
    found, kinds = with_stray_kickers(chains, ROLES_OF_LINES, texts, scores(0.0, 0.0))
    assert [c.pieces for c in found] == places
    assert kinds[2] == role


@pytest.mark.parametrize(
    ("on", "down", "line"),
    [
        (-10.0, -1.0, LINES[2]),  # the text may go on so
        (-30.0, -9.0, LINES[2]),  # nor does it lead into the head
        (-30.0, -1.0, "全县四处渡口今年改建。"),  # a sentence
    ],
)
def test_a_line_that_may_be_of_its_text_stays(on: float, down: float, line: str):
    assert told(on, down, line) == ([(0, 1, 2, 5), (3, 4)], "body")
