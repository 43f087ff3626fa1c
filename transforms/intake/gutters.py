"""Cuts lines that a recogniser read across a gutter, by where the lines above and below them begin and end."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.model import Box

NEAR = 7.0  # type sizes above and below a line within which other lines tell where its column ends
NEXT = 2.2  # type sizes between the middles of two lines of one column at most
EDGE = 0.9  # type sizes by which the edges of one column's lines lie apart
INDENT = 2.6  # type sizes that the first line of a paragraph is set in
WIDEST = 3.0  # type sizes of a gutter
ALIKE = 1.3  # ratio of the sizes of one type, as boxes around ink tell it
SHORTEST = 3.0  # type sizes on either side of a gutter
LEAST = 2  # lines on either side of a gutter


@dataclass(frozen=True, slots=True)
class Gutter:
    """Where the column on the left ends, and where the one on the right begins."""

    left: float
    right: float


def gutter_in(box: Box, others: Sequence[Box]) -> Gutter | None:
    """The gutter that a line of this box was read across; None if none is seen around it.

    Lines of its own type end at the gutter's left edge and begin at its right one. A line that is set over two columns
    has others like it right above or below; a line that was read across a gutter stands among such as were not.
    """
    size = box.size
    near = [b for b in others if _is_near(b, box, NEAR) and 1 / ALIKE < b.size / size < ALIKE]
    ending = [b for b in near if abs(b.left - box.left) <= INDENT * size and _inside(b.right, box)]
    for end in sorted({b.right for b in ending}, reverse=True):
        left = [b for b in ending if abs(b.right - end) <= EDGE * size]
        begins = [b for b in near if end < b.left <= end + WIDEST * size and _inside(b.left, box)]
        if len(left) < LEAST or not begins:
            continue
        start = min(b.left for b in begins)
        right = [b for b in begins if b.left - start <= EDGE * size]
        over = [b for b in near if b.left < end - size and b.right > start + size]
        if len(right) >= LEAST and _is_among(box, left, right, over):
            return Gutter(max(b.right for b in left), start)
    return None


def _is_among(box: Box, left: Sequence[Box], right: Sequence[Box], over: Sequence[Box]) -> bool:
    """Whether the columns are seen above and below the line, or it is the only one right there that crosses them."""
    sides = [{_middle(b) > _middle(box) for b in column} for column in (left, right)]
    return all(len(side) == 2 for side in sides) or not any(_is_near(b, box, NEXT) for b in over)


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2


def _is_near(one: Box, other: Box, sizes: float) -> bool:
    """Whether a line stands in another row, no more than so many type sizes away."""
    return 0.5 * other.size < abs(_middle(one) - _middle(other)) <= sizes * other.size


def _inside(x: float, box: Box) -> bool:
    return box.left + SHORTEST * box.size <= x <= box.right - SHORTEST * box.size


def cut(text: str, box: Box, gutter: Gutter) -> tuple[tuple[str, Box], tuple[str, Box]]:
    """The two lines that were read as one: ideographs are all as wide, so a place in the box is one in the text.

    A blank near that place is where the recogniser saw the gutter.
    """
    room = gutter.right - gutter.left
    share = (gutter.left - box.left) / (box.right - box.left - room)
    wanted = share * _cells(text)
    at = min(range(1, len(text)), key=lambda n: abs(_cells(text[:n]) - wanted))
    blanks = [n for n in range(max(1, at - 1), min(len(text) - 1, at + 1) + 1) if text[n] == " "]
    at = blanks[0] if blanks else at
    ends = Box(box.left, box.top, gutter.left, box.bottom, box.size)
    begins = Box(gutter.right, box.top, box.right, box.bottom, box.size)
    return (text[:at].rstrip(), ends), (text[at:].lstrip(), begins)


def _cells(text: str) -> int:
    """Width of a text in half-width units, blanks aside: a recogniser sets them where none are printed."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text if c != " ")
