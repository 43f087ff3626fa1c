"""Columns that an extractor wrote side by side on the same lines, as pdftotext -layout does, parted again.

Between two columns stands a gutter: places that are blank in every line of both. A table has gutters too, but no prose.

Shapes: places are counted in half-width units.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from transforms.width import measure

NARROWEST = 2  # places of a gutter
INDENTS = (0, 4)  # places by which a line of the right column may begin later
MOST_GUTTERS = 3  # that are tried
MOST_LINES = 3000  # of a page that is looked at
LEAST_LINES = 4  # with text on both sides
LEAST_CHARACTERS = 60  # on each side
LEAST_MARKS = 3  # of punctuation on each side
MARKS = "，。；、？！：,;"

Row = tuple[int, int, int]  # number of the line, first and last character of the part that is taken


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of a line without a wide blank: characters ``start`` to ``end``, places ``left`` to ``right``."""

    start: int
    end: int
    left: int
    right: int


def parted(lines: Sequence[str]) -> list[Row] | None:
    """The parts of the lines in reading order, column by column; None if no columns stand side by side.

    A part of length 0 is an empty line, which parts one column from the next.
    """
    if sum(NARROWEST * " " in line.strip() or "\u3000\u3000" in line.strip() for line in lines) < LEAST_LINES:
        return None
    if len(lines) > MOST_LINES:
        return None
    rows = [(n, 0, len(line)) for n, line in enumerate(lines)]
    out = _parted(lines, rows)
    return out if out != rows else None


def _parted(lines: Sequence[str], rows: list[Row]) -> list[Row]:
    runs = [_runs(lines[n], a, b) for n, a, b in rows]
    out: list[Row] = []
    at = 0
    for first, end, gutter in _regions(lines, rows, runs):
        left = [(n, a, _cut(own, gutter, a)) for (n, a, _), own in zip(rows[first:end], runs[first:end], strict=True)]
        right = [(n, _place(lines[n], a, b, gutter), b) for n, a, b in rows[first:end]]
        n, a, _ = rows[first]
        out += [*rows[at:first], *_parted(lines, left), (n, a, a), *_parted(lines, right)]
        at = end
    return out + rows[at:]


def _cut(own: list[_Run], gutter: int, start: int) -> int:
    """Where the left part of a line ends."""
    return max([r.end for r in own if r.right < gutter], default=start)


def _place(line: str, start: int, end: int, place: int) -> int:
    """The character of a line at a place; its end if it is shorter."""
    at = 0
    for k in range(start, end):
        if at >= place:
            return k
        at += measure(line[k])
    return end


def _runs(line: str, start: int, end: int) -> list[_Run]:
    out: list[_Run] = []
    place = 0
    for k in range(start, end):
        wide = measure(line[k])
        if not line[k].isspace():
            if out and place - out[-1].right < NARROWEST:
                out[-1] = _Run(out[-1].start, k + 1, out[-1].left, place + wide)
            else:
                out.append(_Run(k, k + 1, place, place + wide))
        place += wide
    return out


def _regions(lines: Sequence[str], rows: list[Row], runs: list[list[_Run]]) -> list[tuple[int, int, int]]:
    """The lines that stand side by side, from the top: first, end, and where the right column begins."""
    begins = Counter(b.left - indent for own in runs for a, b in pairwise(own) for indent in INDENTS)
    found: list[tuple[int, int, int]] = []
    for gutter, count in begins.most_common(MOST_GUTTERS):
        first = 0
        while count >= LEAST_LINES and first < len(rows):
            end = first
            while end < len(rows) and _is_open(runs[end], gutter):
                end += 1
            both = [k for k in range(first, end) if _is_both(runs[k], gutter)]
            if len(both) >= LEAST_LINES and _is_prose(lines, rows, runs, both, gutter):
                found.append((_first(runs, both[0], first), _last(runs, both[-1], end), gutter))
            first = max(end, first + 1)
    free: list[tuple[int, int, int]] = []
    for region in sorted(found, key=lambda r: (r[0] - r[1], r)):
        if all(region[1] <= first or end <= region[0] for first, end, _ in free):
            free.append(region)
    return sorted(free)


def _is_open(own: list[_Run], gutter: int) -> bool:
    """Whether a line leaves the gutter blank."""
    return all(r.right <= gutter - NARROWEST or r.left >= gutter for r in own)


def _is_both(own: list[_Run], gutter: int) -> bool:
    return bool(own) and own[0].left < gutter <= own[-1].left


def _first(runs: list[list[_Run]], at: int, least: int) -> int:
    while at > least and runs[at - 1]:
        at -= 1
    return at


def _last(runs: list[list[_Run]], at: int, most: int) -> int:
    while at + 1 < most and runs[at + 1]:
        at += 1
    return at + 1


def _is_prose(lines: Sequence[str], rows: list[Row], runs: list[list[_Run]], both: list[int], gutter: int) -> bool:
    """Whether sentences stand on both sides."""
    sides = ["", ""]
    for k in both:
        for run in runs[k]:
            sides[run.left >= gutter] += lines[rows[k][0]][run.start : run.end]
    return all(len(s) >= LEAST_CHARACTERS and sum(map(s.count, MARKS)) >= LEAST_MARKS for s in sides)
