"""Where articles stand on a page: the rectangles that their lines fill, for a picture of the page."""

from __future__ import annotations

from collections.abc import Iterable

from transforms.model import Box, Page, Span
from transforms.restore.lines import lines_of

APART = 2.2  # line heights between two lines that are still one block
OVERLAP = 0.5  # of the narrower one's width: lines of one column
MARGIN = 2.0  # points around the lines


def outlines(page: Page, spans: Iterable[Span]) -> list[Box]:
    """The blocks that these runs of the page's text fill, in the order of its lines; none if lines have no places."""
    own = [s for s in spans if s.page == page.number]
    blocks: list[Box] = []
    for line in lines_of(page):
        if line.box is None or not any(s.start < line.end and line.start < s.end for s in own):
            continue
        if blocks and _is_below(blocks[-1], line.box):
            blocks[-1] = _both(blocks[-1], line.box)
        else:
            blocks.append(line.box)
    return [Box(b.left - MARGIN, b.top - MARGIN, b.right + MARGIN, b.bottom + MARGIN, b.size) for b in blocks]


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
