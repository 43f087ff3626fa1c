"""What is made of lines that a recogniser found: type sizes that agree, pieces joined, no gutter crossed."""

from __future__ import annotations

import pytest

from transforms.intake.sizes import evened, size_of, snapped
from transforms.intake.unordered import put_in_order
from transforms.model import Box

BODY = ["河口镇的老桥昨天通车", "了，桥长一百二十米，", "两侧各有一条步道供人", "走，两岸往来方便多了"]


def box(left: float, top: float, wide: float, size: float) -> Box:
    return Box(left, top, left + wide, top + size, size)


def order(lefts: tuple[float, ...], wide: float, *lines: tuple[str, Box]) -> tuple[list[str], tuple[float, ...]]:
    """These lines as they come out above columns of text that begin there, and how sure all lines are."""
    found = [(text, box(left, 60 + 14 * n, wide, 9)) for left in lefts for n, text in enumerate(BODY)] + list(lines)
    certainties = [0.9] * (len(found) - 1) + [0.5]
    text, placed, sure = put_in_order([t for t, _ in found], [b for _, b in found], certainties)
    out = [line.strip() for line in text.splitlines() if line.strip()]
    assert len(out) == len(placed) == len(sure)
    return [line for line in out if line not in BODY], sure


def test_a_headline_that_was_parted_at_a_space_is_one_line() -> None:
    lines, sure = order((20,), 196, ("传承红色记忆", box(30, 20, 120, 20)), ("新城", box(170, 21, 40, 20)))
    assert lines == ["传承红色记忆\u3000新城"]
    assert sure[0] == 0.8


def test_headlines_on_both_sides_of_a_gutter_stay_two() -> None:
    lines, _ = order((20, 126), 90, ("老桥昨通车", box(20, 20, 90, 18)), ("新渠今放水", box(126, 20, 90, 18)))
    assert lines == ["老桥昨通车", "新渠今放水"]


@pytest.mark.parametrize(
    ("text", "wide", "high", "size"),
    [
        ("（国际视点）", 100, 21, 20),  # half of each bracket is blank
        ("去年2023年增长", 140, 21, 20),
        ("2023", 40, 17, 20.06),
        ("一", 20, 4, 4),
    ],
)
def test_the_size_of_a_line_by_its_length(text: str, wide: float, high: float, size: float) -> None:
    assert size_of(text, wide, high) == pytest.approx(size)


def test_two_lines_of_a_headline_have_one_size() -> None:
    texts = ["前9月发放贷款超3", "400亿元支持基建", "老桥昨天通车了，"]
    heights = [21.0, 21.5, 10.0]
    boxes = [box(0, 0, 160, 17.9), box(0, 24, 160, 20.4), box(0, 52, 75, 9.4)]
    first, second, body = evened(texts, boxes, heights)
    assert first.size == second.size
    assert body.size == 9.4


def test_sizes_group_around_the_most_common() -> None:
    assert snapped([8.3, 9.0, 9.2, 9.3, 9.4, 9.5, 20]) == [8.3, 9.3, 9.3, 9.3, 9.3, 9.3, 20]
