"""Where articles stand on a page: the rectangles that their lines fill, for a picture of the page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from transforms.model import Box, Page, Span
from transforms.restore.lines import lines_of

APART = 2.2  # line heights between two lines that are still one block
OVERLAP = 0.5  # of the narrower one's width: lines of one column
MARGIN = 2.0  # points around the lines


def outlines(page: Page, spans: Iterable[Span]) -> list[Box]:
    """The blocks that these runs of the page's text fill, in the order of its lines; none if lines have no places.

    A block holds lines of one column. A headline across several columns is a block of its own: one around it and the
    column below it would cover the columns beside that, which may be another article's.
    """
    own = [s for s in spans if s.page == page.number]
    lines = [(line, line.box) for line in lines_of(page) if line.box is not None]
    rows = _Rows([box for _, box in lines])
    blocks: list[Box] = []
    for place, (line, box) in enumerate(lines):
        if not any(s.start < line.end and line.start < s.end for s in own):
            continue
        beside = {place - 1, place, place + 1}  # parts of a line that was cut are one run
        if blocks and _is_below(blocks[-1], box) and not rows.are_covered(blocks[-1], _both(blocks[-1], box), beside):
            blocks[-1] = _both(blocks[-1], box)
        else:
            blocks.append(box)
    return [Box(b.left - MARGIN, b.top - MARGIN, b.right + MARGIN, b.bottom + MARGIN, b.size) for b in blocks]


class _Rows:
    """The lines of a page by the height of their middles."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._boxes = sorted((*_middle(box)[::-1], place) for place, box in enumerate(boxes))
        self._heights = [height for height, _, _ in self._boxes]

    def are_covered(self, block: Box, grown: Box, apart_from: set[int]) -> bool:
        """Whether a block that grows covers lines that it did not."""
        first, last = bisect_left(self._heights, grown.top), bisect_right(self._heights, grown.bottom)
        return any(
            place not in apart_from and _is_in(grown, across, height) and not _is_in(block, across, height)
            for height, across, place in self._boxes[first:last]
        )


def _middle(box: Box) -> tuple[float, float]:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def _is_in(box: Box, across: float, height: float) -> bool:
    return box.left <= across <= box.right and box.top <= height <= box.bottom


def _is_below(block: Box, line: Box) -> bool:
    """Whether a line goes on with a block: in its column, right below it or within it."""
    shared = min(block.right, line.right) - max(block.left, line.left)
    narrower = min(block.right - block.left, line.right - line.left)
    gap = line.top - block.bottom
    high = line.bottom - line.top
    return shared >= OVERLAP * narrower and -high <= gap <= APART * high


def _both(one: Box, other: Box) -> Box:
    return Box(
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
        one.size,
    )
