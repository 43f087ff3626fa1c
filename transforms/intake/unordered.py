"""Puts lines into reading order by their positions."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from transforms.intake.gutters import Rows, cut, gutter_in
from transforms.intake.layout import page_text
from transforms.intake.placed import Glyph, PlacedLine
from transforms.intake.runs import Run, across_spaces
from transforms.model import Box

WIDE_GAP = 0.7  # of the type size: as wide as an ideographic space
UPRIGHT = 1.8  # height by width: from here on a box holds characters one below another


def is_upright(wide: float, high: float) -> bool:
    """Whether a line with a box of this width and height is set from top to bottom."""
    return high > UPRIGHT * wide


def put_in_order(
    texts: Sequence[str], boxes: Sequence[Box], certainties: Sequence[float | None]
) -> tuple[str, tuple[Box, ...], tuple[float, ...]]:
    """The text of a page, and the box and certainty of each of its lines. Certainties are empty if none is known.

    Recognisers split lines at wide spaces. Such pieces are joined again unless a gutter runs through the space.
    """
    sure = [1.0 if c is None else c for c in certainties]
    lines = _joined([_Line(text, box, certainty) for text, box, certainty in zip(texts, boxes, sure, strict=True)])
    text, ordered = page_text([PlacedLine(line.text, line.box, upright=line.is_upright) for line in lines])
    if all(c is None for c in certainties):
        return text, ordered, ()
    by_box: dict[Box, deque[float]] = defaultdict(deque)
    for line in lines:
        by_box[line.box].append(round(line.certainty, 4))
    return text, ordered, tuple(by_box[box].popleft() for box in ordered)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    box: Box
    certainty: float

    @property
    def is_upright(self) -> bool:
        return len(self.text) > 1 and is_upright(self.box.right - self.box.left, self.box.bottom - self.box.top)


def _joined(lines: Sequence[_Line]) -> list[_Line]:
    level = _cut([line for line in lines if not line.is_upright])
    runs = [_run(line, n) for n, line in enumerate(level, 1)]
    joined = [_one([level[n - 1] for n in dict.fromkeys(g.drawn for g in run.glyphs)]) for run in across_spaces(runs)]
    return joined + [line for line in lines if line.is_upright]


def _cut(lines: Sequence[_Line]) -> list[_Line]:
    """Lines, with those that were read across gutters split."""
    out: list[_Line] = []
    rows = Rows(line.box for line in lines)
    waiting = list(reversed(lines))
    while waiting:
        line = waiting.pop()
        found = gutter_in(line.box, rows) if len(line.text) > 1 else None
        if not found:
            out.append(line)
            continue
        parts = cut(line.text, line.box, found)
        waiting += [_Line(text, box, line.certainty) for text, box in reversed(parts) if text]
    return out


def _run(line: _Line, number: int) -> Run:
    """The line as characters that share its length, all drawn by the instruction of this number.

    They lie at its middle, since the edges of a box around ink depend on which characters a line has.
    """
    box = line.box
    middle = (box.top + box.bottom) / 2
    step = (box.right - box.left) / len(line.text)
    glyphs = (Glyph(c, box.left + n * step, middle, step, box.size, drawn=number) for n, c in enumerate(line.text))
    return Run(list(glyphs))


def _one(pieces: Sequence[_Line]) -> _Line:
    """The pieces of one line joined, from left to right."""
    if len(pieces) == 1:
        return pieces[0]
    text = pieces[0].text
    for before, piece in pairwise(pieces):
        gap = piece.box.left - before.box.right
        text += ("\u3000" if gap > WIDE_GAP * piece.box.size else " ") + piece.text
    boxes = [piece.box for piece in pieces]
    box = Box(
        boxes[0].left,
        min(b.top for b in boxes),
        max(b.right for b in boxes),
        max(b.bottom for b in boxes),
        max(zip(map(len, (p.text for p in pieces)), (b.size for b in boxes), strict=True))[1],
    )
    length = sum(len(piece.text) for piece in pieces)
    return _Line(text, box, sum(piece.certainty * len(piece.text) for piece in pieces) / length)
