"""Joins lines by position: a line that fills its column continues in the flush line below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from transforms.model import Box, commonest_size
from transforms.restore.lines import Line, ends_sentence
from transforms.segment.marks import Marks

SAME_SIZE = 0.04  # of the type size, between two lines of one text; recognised outlines differ by so much
BODY = 0.12  # of the body's type size, by which text set a little larger or smaller differs
EDGE = 0.6  # of the type size: a line that ends closer to the column's edge fills it
INDENT = 1.2  # of the type size, from the column's edge to the first line of a paragraph
CLOSEST, FARTHEST = 0.7, 2.3  # of the type size, from line to line
FEWEST = 3  # lines of a column that show its edges


def runs_on(lines: Sequence[Line], marks: Marks) -> set[int]:
    """Indices of lines that surely continue in the next line; none on a page without boxes.

    After a sentence has ended, only the absence of an indent, in a column that has indents, shows that no paragraph
    begins.
    """
    if not lines or any(line.box is None for line in lines):
        return set()
    body = commonest_size((line.box, line.text) for line in lines if line.box)
    found: set[int] = set()
    for start, boxes in _columns(lines, body):
        left, right = min(b.left for b in boxes), max(b.right for b in boxes)
        indents = any(b.left >= left + INDENT * b.size for b in boxes)
        for k, (a, b) in enumerate(pairwise(boxes), start):
            full = a.right >= right - EDGE * a.size and b.left <= left + EDGE * b.size
            if full and _goes_on(lines[k].text, lines[k + 1].text, indents, marks):
                found.add(k)
    return found


def _goes_on(above: str, below: str, indents: bool, marks: Marks) -> bool:
    if marks.is_byline(above) or marks.is_byline(below) or any(marks.parse_lead(below)):
        return False
    return indents or not ends_sentence(above)


def _columns(lines: Sequence[Line], body: float) -> Iterator[tuple[int, list[Box]]]:
    """Runs of body lines that stand one below another: the index of the first, and their boxes."""
    start, run = 0, [lines[0].box]
    for n, (above, below) in enumerate(pairwise(lines), 1):
        if below.gap or not _is_under(above.box, below.box):
            yield from _kept(start, run, body)
            start, run = n, []
        run.append(below.box)
    yield from _kept(start, run, body)


def _kept(start: int, run: Sequence[Box | None], body: float) -> Iterator[tuple[int, list[Box]]]:
    boxes = [box for box in run if box is not None and abs(box.size - body) <= BODY * body]
    if len(boxes) == len(run) >= FEWEST:
        yield start, boxes


def _is_under(above: Box | None, below: Box | None) -> bool:
    if above is None or below is None or abs(above.size - below.size) > SAME_SIZE * above.size:
        return False
    return CLOSEST * above.size < below.bottom - above.bottom <= FARTHEST * above.size and (
        min(above.right, below.right) > max(above.left, below.left)
    )
