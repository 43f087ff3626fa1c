"""Lines that a recogniser read across a gutter."""

from __future__ import annotations

import pytest

from transforms.intake.gutters import Rows, cut, gutter_in
from transforms.intake.unordered import put_in_order
from transforms.model import Box

SIZE, CELLS, GUTTER, LINE = 10.0, 12, 7.0, 14.0
WIDE = CELLS * SIZE
SECOND = WIDE + GUTTER


def box(left: float, row: float, cells: float, size: float = SIZE) -> Box:
    return Box(left, row * LINE, left + cells * size, row * LINE + size, size)


def columns(rows: int, first: int = 0) -> list[Box]:
    """Rows of two columns beside each other, the first line of each paragraph set in."""
    out = []
    for row in range(first, first + rows):
        out += [box(20.0 if row % 4 == 0 else 0.0, row, CELLS - 2 if row % 4 == 0 else CELLS)]
        out += [box(SECOND, row, CELLS)]
    return out


@pytest.mark.parametrize("row", [0, 3, 6])
def test_a_line_read_across_a_gutter_is_cut_there(row: int) -> None:
    others = [b for b in columns(7) if b.top != row * LINE]
    left, right = ("河边的柳树今年发芽很早呢", "渡口换了一条新船又快又稳")
    across = Box(0, row * LINE, SECOND + WIDE, row * LINE + SIZE, SIZE)
    found = gutter_in(across, Rows([*others, across]))
    assert found is not None
    one, two = cut(left + right, across, found)
    assert (one[0], two[0]) == (left, right)
    assert (one[1].right, two[1].left) == (WIDE, SECOND)


def test_lines_set_over_both_columns_stay_whole() -> None:
    over = [box(0, row, 2 * CELLS + 0.7) for row in range(3)]
    others = [*over, *columns(5, first=3)]
    assert [gutter_in(b, Rows(others)) for b in over] == [None] * 3
    headline = Box(0, 0, SECOND + WIDE, 20, 20.0)
    assert gutter_in(headline, Rows([headline, *columns(5, first=2)])) is None


def test_columns_come_out_one_after_the_other() -> None:
    rows = [("甲" * CELLS, "乙" * CELLS) for _ in range(6)]
    texts, boxes = [], []
    for row, (left, right) in enumerate(rows):
        if row == 3:
            texts.append(f"{left} {right}")
            boxes.append(Box(0, row * LINE, SECOND + WIDE, row * LINE + SIZE, SIZE))
            continue
        texts += [left, right]
        boxes += [box(0, row, CELLS), box(SECOND, row, CELLS)]
    text, placed, _ = put_in_order(texts, boxes, [None] * len(texts))
    assert "".join(text.split()) == "甲" * CELLS * 6 + "乙" * CELLS * 6
    assert len(placed) == 12
