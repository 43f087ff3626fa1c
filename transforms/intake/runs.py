"""Joins characters on a baseline into runs that never cross a gutter.

A newspaper's gutter is about as wide as a character of its body type: hardly wider than a space between two words
of a headline, and narrower than a gap in a spaced line. So at first only narrow gaps are joined, and wide ones if
the lines above and below show that there is no gutter.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from transforms.errors import BadInput
from transforms.intake.placed import Glyph, is_wide

SAME_BASELINE = 0.25  # of the type size, between characters drawn together; otherwise less
SAME_ROW = 0.1
SAME_SIZE = 1.12
MOST_OVERLAP = -0.6  # of the type size: successive punctuation marks each give up half a square
TIGHT = 0.6  # of the type size: the widest gap between characters drawn together
NARROWEST_GUTTER = 0.8  # of the body's type size
LOOSE = 0.15  # of the type size: after a gap wider than this, what begins at the edge of a column begins a line
NEXT_CELL = (
    0.97,
    1.03,
)  # of the type size, from origin to origin: as if both stood in squares, however narrow they are
WIDEST_SPACE = 2.6  # of the type size, inside one line
NEAR = 4  # of the type size: lines up to this far above and below show whether a gap is a gutter
MOST_PIECES = 12_000  # a page of a broadsheet has 2,000 lines
EDGE = 4  # line beginnings one below another that make the edge of a column
EDGE_REACH = 12  # of the type size, over which they are counted


@dataclass(slots=True)
class Run:
    """Characters of one line, left to right.

    ``y`` and ``size``: the baseline and type size of most of them, in points.
    """

    glyphs: list[Glyph]
    left: float = field(init=False)
    right: float = field(init=False)
    y: float = field(init=False)
    size: float = field(init=False)

    def __post_init__(self) -> None:
        first, last = self.glyphs[0], self.glyphs[-1]
        self.left, self.right = first.x, last.x + last.width
        sizes = Counter(g.size for g in self.glyphs)
        self.size = max(sizes, key=lambda s: (sizes[s], s))
        self.y = next(g.y for g in self.glyphs if g.size == self.size)

    def add(self, other: Run) -> None:
        """Append a run that follows on the same line."""
        if len(other.glyphs) > len(self.glyphs):
            self.y, self.size = other.y, other.size
        self.glyphs += other.glyphs
        self.right = max(self.right, other.right)


def runs_of(glyphs: Iterable[Glyph], body: float) -> list[Run]:
    """The lines that characters in drawing order make. ``body``: the type size of most of the page.

    Raises BadInput if the page has more than ``MOST_PIECES`` pieces, which no printed page has.
    """
    pieces = _drawn_together(glyphs, body)
    if len(pieces) > MOST_PIECES:
        raise BadInput(
            f"this page's text lies in {len(pieces):,} scattered pieces, more than the {MOST_PIECES:,} that one may"
            " have: export the page again from the layout system"
        )
    return across_spaces(_joined(pieces, body))


def _drawn_together(glyphs: Iterable[Glyph], body: float) -> list[Run]:
    """Neighbours in drawing order that are neighbours on the page too."""
    runs: list[Run] = []
    held: list[Glyph] = []
    for glyph in glyphs:
        if held and not (glyph.x > held[-1].x and _abut(held[-1], glyph, body)):
            runs.append(Run(held))
            held = []
        held.append(glyph)
    return [*runs, Run(held)] if held else runs


def _abut(a: Glyph, b: Glyph, body: float) -> bool:
    size = min(a.size, b.size)
    gap, pitch = b.x - a.x - a.width, b.x - a.x
    together = a.drawn and a.drawn == b.drawn
    if abs(a.y - b.y) > (SAME_BASELINE if together else SAME_ROW) * size:
        return False
    if together:
        return gap <= TIGHT * size or NEXT_CELL[0] <= pitch / size <= NEXT_CELL[1]
    return MOST_OVERLAP * size <= gap <= min(TIGHT * size, NARROWEST_GUTTER * body) or (
        NEXT_CELL[0] <= pitch / size <= NEXT_CELL[1]
    )


def _joined(runs: list[Run], body: float) -> list[Run]:
    """Runs that continue one another from left to right, wherever they stand in the drawing order."""
    high = max((r.size for r in runs), default=1.0) * SAME_BASELINE
    edges = _Edges(runs)
    rows: dict[int, list[Run]] = defaultdict(list)
    done: list[Run] = []
    for run in sorted(runs, key=lambda r: (r.left, r.y)):
        row = int(run.y // high)
        near = (line for n in (row - 1, row, row + 1) for line in rows[n])
        fitting = [
            (abs(run.left - line.right) + abs(run.y - line.y), n, line)
            for n, line in enumerate(near)
            if _abut(line.glyphs[-1], run.glyphs[0], body)
        ]
        best = min(fitting)[2] if fitting else None
        if best is not None and not (run.left - best.right > LOOSE * run.size and edges.begins(run)):
            best.add(run)
            continue
        rows[row] = [line for line in rows[row] if line.right > run.left - 4 * high] + [run]
        done.append(run)
    return done


class _Edges:
    """The left edges of columns: where many runs begin one below another."""

    def __init__(self, runs: Iterable[Run]) -> None:
        self.tops: dict[int, list[float]] = defaultdict(list)
        for run in runs:
            self.tops[round(run.left)].append(run.y)
        for tops in self.tops.values():
            tops.sort()

    def begins(self, run: Run) -> bool:
        reach, found = EDGE_REACH * run.size, 0
        for left in (round(run.left - 0.3), round(run.left + 0.3)):
            tops = self.tops.get(left, [])
            found = max(found, bisect_right(tops, run.y + reach) - bisect_left(tops, run.y - reach))
        return found >= EDGE


def across_spaces(runs: list[Run]) -> list[Run]:
    """Join what a wide space divides within one line.

    Unlike a space, a gutter continues in the lines above or below.
    """
    high = max((r.size for r in runs), default=1.0)
    rows: dict[int, list[Run]] = defaultdict(list)
    for run in sorted(runs, key=lambda r: (r.left, r.y)):
        rows[int(run.y // high)].append(run)
    lines: list[Run] = []
    gone: set[int] = set()
    for run in sorted(runs, key=lambda r: (r.left, r.y)):
        if id(run) in gone:
            continue
        while (after := _after(run, rows, high)) is not None and id(after) not in gone:
            gone.add(id(after))
            run = _absorbed(run, after, rows, high)
        lines.append(run)
    return lines


def _absorbed(run: Run, after: Run, rows: dict[int, list[Run]], high: float) -> Run:
    rows[int(after.y // high)].remove(after)
    run.add(after)
    return run


def _near_rows(y: float, reach: float, rows: dict[int, list[Run]], high: float) -> Iterator[Run]:
    for row in range(int((y - reach) // high), int((y + reach) // high) + 1):
        yield from rows.get(row, ())


def _after(run: Run, rows: dict[int, list[Run]], high: float) -> Run | None:
    """The run that continues after a wide space, if it belongs to the same line."""
    size = run.size
    right = [
        r
        for r in _near_rows(run.y, SAME_BASELINE * size, rows, high)
        if r is not run
        and abs(r.y - run.y) <= SAME_ROW * min(size, r.size)
        and max(size, r.size) <= SAME_SIZE * min(size, r.size)
        and 0 < r.left - run.right <= WIDEST_SPACE * size
    ]
    if not right:
        return None
    after = min(right, key=lambda r: r.left)
    if _letterspaced(run, after) or _short_name(run, after):
        return after
    return None if _is_gutter(run, after, rows, high) else after


def _letterspaced(run: Run, after: Run) -> bool:
    """Whether both are pieces of an evenly spaced word, as short headlines often are."""
    if len(after.glyphs) > 1 or not is_wide(after.glyphs[0].character):
        return False
    if len(run.glyphs) == 1:
        return is_wide(run.glyphs[0].character)
    gaps = [b.x - a.x - a.width for a, b in pairwise(run.glyphs)]
    return max(abs(after.left - run.right - g) for g in gaps) <= 0.25 * run.size


def _short_name(run: Run, after: Run) -> bool:
    """Whether the second character of a name follows, spaced to make the name as long as others."""
    a, b = run.glyphs[-1], after.glyphs[0]
    return (
        len(after.glyphs) == 1
        and is_wide(a.character)
        and is_wide(b.character)
        and a.drawn > 0
        and 0 <= b.drawn - a.drawn <= 2  # the space may be drawn too
        and b.x - a.x - a.width <= 1.3 * run.size
    )


def _is_gutter(run: Run, after: Run, rows: dict[int, list[Run]], high: float) -> bool:
    """Whether no more of the lines nearby reach over the gap than begin or end in it."""
    size = run.size
    left, right = run.right - 0.3 * size, after.left + 0.3 * size
    crossing, ending = set(), set()
    for other in _near_rows(run.y, NEAR * size, rows, high):
        row = round((other.y - run.y) / (0.5 * size))
        if not row:
            continue
        if other.left < left and other.right > right:
            crossing.add(row)
        elif left <= other.left <= right or left <= other.right <= right:
            ending.add(row)
    return len(crossing) <= len(ending - crossing)
