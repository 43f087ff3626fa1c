"""Splits lines that a recogniser read across a gutter, using the edges of the lines above and below them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from transforms.model import Box
from transforms.width import measure

NEAR = 7.0  # type sizes above and below a line; the lines there show where its column ends
NEXT = 2.2  # type sizes: the most between the middles of two lines of one column
EDGE = 0.9  # type sizes: the most between the edges of one column's lines
INDENT = 2.6  # type sizes: the largest indent of a paragraph's first line
WIDEST = 3.0  # type sizes: the widest gutter
ALIKE = 1.3  # ratio: the most between sizes of the same type, measured by boxes around ink
SHORTEST = 3.0  # type sizes on either side of a gutter
LEAST = 2  # lines on either side of a gutter
MOST = 300  # lines near another one; if more overlap, there are no columns to see


@dataclass(frozen=True, slots=True)
class Gutter:
    """Where the left column ends and the right one begins, in points."""

    left: float
    right: float


class Rows:
    """The boxes of a page from top to bottom, to find those near a line without looking at all of them."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        self._boxes = sorted(boxes, key=_middle)
        self._middles = [_middle(b) for b in self._boxes]

    def near(self, box: Box) -> list[Box]:
        """The lines of the same type size in other rows, at most ``NEAR`` type sizes above or below."""
        least, most, at = box.size / 2, NEAR * box.size, _middle(box)
        above = slice(bisect_left(self._middles, at - most), bisect_left(self._middles, at - least))
        below = slice(bisect_right(self._middles, at + least), bisect_right(self._middles, at + most))
        if above.stop - above.start + below.stop - below.start > MOST:
            return []
        found = (*self._boxes[above], *self._boxes[below])
        return [b for b in found if b.size < ALIKE * box.size and box.size < ALIKE * b.size]


def gutter_in(box: Box, rows: Rows) -> Gutter | None:
    """The gutter that a line with this box was read across; None if there is none.

    Lines of its own type size end at the left edge of the gutter, and others begin at its right edge. A line that
    is set over two columns has others like it right above or below; a line that was read across a gutter has
    neighbours that were not.
    """
    size, near = box.size, rows.near(box)
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
    """Whether columns are visible above and below the line, or it is the only line there that crosses them."""
    sides = [{_middle(b) > _middle(box) for b in column} for column in (left, right)]
    return all(len(side) == 2 for side in sides) or not any(
        abs(_middle(b) - _middle(box)) <= NEXT * box.size for b in over
    )


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2


def _inside(x: float, box: Box) -> bool:
    return box.left + SHORTEST * box.size <= x <= box.right - SHORTEST * box.size


def cut(text: str, box: Box, gutter: Gutter) -> tuple[tuple[str, Box], tuple[str, Box]]:
    """The two lines that were read as one.

    Ideographs are all equally wide, so a place in the box is a place in the text. A space near that place is where
    the recogniser saw the gutter.
    """
    room = gutter.right - gutter.left
    share = (gutter.left - box.left) / (box.right - box.left - room)
    ends_at = list(accumulate(0 if c == " " else measure(c) for c in text))  # a recogniser adds spaces of its own
    at = min(range(1, len(text)), key=lambda n: abs(ends_at[n - 1] - share * ends_at[-1]))
    blanks = [n for n in range(max(1, at - 1), min(len(text) - 1, at + 1) + 1) if text[n] == " "]
    at = blanks[0] if blanks else at
    ends = Box(box.left, box.top, gutter.left, box.bottom, box.size)
    begins = Box(gutter.right, box.top, box.right, box.bottom, box.size)
    return (text[:at].rstrip(), ends), (text[at:].lstrip(), begins)
