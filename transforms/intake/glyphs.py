"""Characters with places to printed lines: by geometry alone, whatever order they were drawn in.

Coordinates are points from the top left corner of the page, y downwards. A line never reaches over the gutter between
two columns, which in newspapers is hardly wider than a character; so characters join only if the gap between them is
narrower than a gutter, or if the lines above and below show that no gutter is there.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from transforms.model import Box

TIGHT = 0.6  # of the type size: a wider gap between two characters may be a gutter
NEXT_CELL = 1.15  # of the type size, from origin to origin: as if both stood in squares, however narrow they are
WIDEST_SPACE = 2.6  # of the type size, inside one line
SAME_BASELINE = 0.25  # of the type size
SAME_SIZE = 1.12
ASCENT, DESCENT = 0.86, 0.14  # of the type size, as Chinese fonts fill their square


@dataclass(frozen=True, slots=True)
class Glyph:
    """A drawn character: left end of its baseline, advance width, type size, degrees clockwise from upright."""

    character: str
    x: float
    y: float
    width: float
    size: float
    angle: int = 0


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A printed line; ``angle`` as its characters have it, ``upright`` if they stand one below another."""

    text: str
    box: Box
    angle: int = 0
    upright: bool = False


@dataclass(slots=True)
class _Run:
    """Characters of one line, left to right."""

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

    def add(self, other: _Run) -> None:
        if len(other.glyphs) > len(self.glyphs):
            self.y, self.size = other.y, other.size
        self.glyphs += other.glyphs
        self.right = max(self.right, other.right)


def printed_lines(glyphs: Sequence[Glyph]) -> list[PlacedLine]:
    """The lines of a page, in no particular order. Characters drawn twice for a shadow count once."""
    lines: list[PlacedLine] = []
    by_angle: dict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        by_angle[glyph.angle].append(glyph)
    for angle, turned in sorted(by_angle.items()):
        level = _without_shadows([_level(g, angle) for g in turned])
        columns, rest = _upright_in_drawing_order(level)
        runs = _across_spaces(_joined(_runs(rest)))
        more, runs = _upright_in_space(runs)
        lines += [_stood(c, angle) for c in columns + more]
        lines += [_laid(r, angle) for r in runs if any(not g.character.isspace() for g in r.glyphs)]
    return lines


def _level(glyph: Glyph, angle: int) -> Glyph:
    """The character as it lies once the page is turned so that its line runs from left to right."""
    if not angle:
        return glyph
    turn = math.radians(angle)
    x = glyph.x * math.cos(turn) + glyph.y * math.sin(turn)
    y = glyph.y * math.cos(turn) - glyph.x * math.sin(turn)
    return Glyph(glyph.character, x, y, glyph.width, glyph.size, angle)


def _turned_box(left: float, top: float, right: float, bottom: float, size: float, angle: int) -> Box:
    if not angle:
        return Box(left, top, right, bottom, size)
    turn = math.radians(angle)
    corners = [(x, y) for x in (left, right) for y in (top, bottom)]
    xs = [x * math.cos(turn) - y * math.sin(turn) for x, y in corners]
    ys = [x * math.sin(turn) + y * math.cos(turn) for x, y in corners]
    return Box(min(xs), min(ys), max(xs), max(ys), size)


def _without_shadows(glyphs: list[Glyph]) -> list[Glyph]:
    """Shadows and fake bold draw a character again, a fraction of its width away."""
    kept: list[Glyph] = []
    near: dict[tuple[str, int, int], list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        step = max(1.0, glyph.size * 0.4)
        column, row = int(glyph.x // step), int(glyph.y // step)
        around = ((glyph.character, column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1))
        if any(_shadow(glyph, other) for key in around for other in near.get(key, ())):
            continue
        near[glyph.character, column, row].append(glyph)
        kept.append(glyph)
    return kept


def _shadow(a: Glyph, b: Glyph) -> bool:
    return (
        abs(a.size - b.size) <= 0.15 * b.size
        and abs(a.x - b.x) < 0.4 * max(0.2 * b.size, min(a.width, b.width))
        and abs(a.y - b.y) < 0.25 * b.size
    )


def _han(character: str) -> bool:
    return character >= "\u2e80"


def _below(a: Glyph, b: Glyph) -> bool:
    """Whether ``b`` stands right under ``a`` as in a headline set upright."""
    return (
        abs(a.x + a.width / 2 - b.x - b.width / 2) <= 0.15 * a.size
        and abs(a.size - b.size) <= 0.05 * a.size
        and 0.75 * a.size < b.y - a.y < 1.7 * a.size
    )


def _upright_in_drawing_order(glyphs: list[Glyph]) -> tuple[list[list[Glyph]], list[Glyph]]:
    """Columns of at least three characters drawn one below another, and all other characters."""
    columns: list[list[Glyph]] = []
    rest: list[Glyph] = []
    at = 0
    while at < len(glyphs):
        end = at + 1
        while end < len(glyphs) and _below(glyphs[end - 1], glyphs[end]):
            end += 1
        run = glyphs[at:end]
        if len(run) >= 3 and sum(_han(g.character) for g in run) * 2 > len(run):
            columns.append(run)
        else:
            rest += run
        at = end
    return columns, rest


def _runs(glyphs: Iterable[Glyph]) -> list[_Run]:
    """Neighbours in drawing order that are neighbours on the page too."""
    runs: list[_Run] = []
    held: list[Glyph] = []
    for glyph in glyphs:
        if held and not _follows(held[-1], glyph):
            runs.append(_Run(held))
            held = []
        held.append(glyph)
    return [*runs, _Run(held)] if held else runs


def _follows(a: Glyph, b: Glyph) -> bool:
    size = min(a.size, b.size)
    return abs(a.y - b.y) <= SAME_BASELINE * size and _abut(a, b, size) and b.x > a.x


def _abut(a: Glyph, b: Glyph, size: float) -> bool:
    gap = b.x - a.x - a.width
    return -0.5 * size <= gap <= TIGHT * size or 0 < b.x - a.x <= NEXT_CELL * size


def _joined(runs: list[_Run]) -> list[_Run]:
    """Runs that continue one another from left to right, wherever they stand in the drawing order."""
    high = max((r.size for r in runs), default=1.0) * SAME_BASELINE or 1.0
    rows: dict[int, list[_Run]] = defaultdict(list)
    done: list[_Run] = []
    for run in sorted(runs, key=lambda r: (r.left, r.y)):
        row = int(run.y // high)
        near = (line for n in (row - 1, row, row + 1) for line in rows[n])
        fitting = [
            (abs(run.left - line.right) + abs(run.y - line.y), n, line)
            for n, line in enumerate(near)
            if _continues(line, run)
        ]
        if fitting:
            min(fitting)[2].add(run)
            continue
        rows[row] = [line for line in rows[row] if line.right > run.left - high * 8] + [run]
        done.append(run)
    return done


def _continues(line: _Run, run: _Run) -> bool:
    size = min(line.size, run.size)
    return abs(line.y - run.y) <= SAME_BASELINE * size and _abut(line.glyphs[-1], run.glyphs[0], size)


def _across_spaces(runs: list[_Run]) -> list[_Run]:
    """Join what a wide space parts inside one line; a gutter goes on in the lines above or below, a space does not."""
    high = max((r.size for r in runs), default=1.0)
    rows: dict[int, list[_Run]] = defaultdict(list)
    for run in sorted(runs, key=lambda r: (r.left, r.y)):
        rows[int(run.y // high)].append(run)
    lines: list[_Run] = []
    gone: set[int] = set()
    for run in sorted(runs, key=lambda r: (r.left, r.y)):
        if id(run) in gone:
            continue
        while (after := _after(run, rows, high)) is not None and id(after) not in gone:
            gone.add(id(after))
            run = _absorbed(run, after, rows, high)
        lines.append(run)
    return lines


def _absorbed(run: _Run, after: _Run, rows: dict[int, list[_Run]], high: float) -> _Run:
    rows[int(after.y // high)].remove(after)
    run.add(after)
    return run


def _near_rows(y: float, reach: float, rows: dict[int, list[_Run]], high: float) -> Iterator[_Run]:
    for row in range(int((y - reach) // high), int((y + reach) // high) + 1):
        yield from rows.get(row, ())


def _after(run: _Run, rows: dict[int, list[_Run]], high: float) -> _Run | None:
    """The run that goes on after a wide space, if it belongs to the same line."""
    size = run.size
    right = [
        r
        for r in _near_rows(run.y, SAME_BASELINE * size, rows, high)
        if r is not run
        and abs(r.y - run.y) <= SAME_BASELINE * min(size, r.size)
        and max(size, r.size) <= SAME_SIZE * min(size, r.size)
        and 0 < r.left - run.right <= WIDEST_SPACE * size
    ]
    if not right:
        return None
    after = min(right, key=lambda r: r.left)
    if _letterspaced(run, after):
        return after
    return None if _is_gutter(run, after, rows, high) else after


def _letterspaced(run: _Run, after: _Run) -> bool:
    """Whether both are pieces of a word whose characters stand evenly apart, as short headlines often do."""
    if len(after.glyphs) > 1 or not _han(after.glyphs[0].character):
        return False
    if len(run.glyphs) == 1:
        return _han(run.glyphs[0].character)
    gaps = [b.x - a.x - a.width for a, b in pairwise(run.glyphs)]
    return max(abs(after.left - run.right - g) for g in gaps) <= 0.25 * run.size


def _is_gutter(run: _Run, after: _Run, rows: dict[int, list[_Run]], high: float) -> bool:
    """Whether a line near by begins or ends in the gap, or nothing near by reaches over it."""
    size, crossed = run.size, False
    for other in _near_rows(run.y, 4 * size, rows, high):
        if other is run or other is after or abs(other.y - run.y) <= SAME_BASELINE * size:
            continue
        left, right = run.right - 0.3 * size, after.left + 0.3 * size
        if left <= other.left <= right or left <= other.right <= right:
            return True
        crossed |= other.left < left and other.right > right and abs(other.y - run.y) <= 2.2 * size
    return not crossed


def _upright_in_space(runs: list[_Run]) -> tuple[list[list[Glyph]], list[_Run]]:
    """Columns of single characters that were not drawn one after another, and all other runs."""
    single = sorted((r for r in runs if len(r.glyphs) == 1), key=lambda r: (r.y, r.left))
    columns: list[list[Glyph]] = []
    for run in single:
        glyph = run.glyphs[0]
        above = next((c for c in reversed(columns) if _below(c[-1], glyph)), None)
        if above is not None:
            above.append(glyph)
        else:
            columns.append([glyph])
    columns = [c for c in columns if len(c) >= 3 and sum(_han(g.character) for g in c) * 2 > len(c)]
    taken = {id(g) for c in columns for g in c}
    return columns, [r for r in runs if id(r.glyphs[0]) not in taken]


def _stood(glyphs: list[Glyph], angle: int) -> PlacedLine:
    size = glyphs[0].size
    left, right = min(g.x for g in glyphs), max(g.x + g.width for g in glyphs)
    box = _turned_box(left, glyphs[0].y - ASCENT * size, right, glyphs[-1].y + DESCENT * size, size, angle)
    return PlacedLine("".join(g.character for g in glyphs).strip(), box, angle, upright=True)


def _laid(run: _Run, angle: int) -> PlacedLine:
    glyphs = run.glyphs
    while glyphs[0].character.isspace():
        glyphs = glyphs[1:]
    while glyphs[-1].character.isspace():
        glyphs = glyphs[:-1]
    top, bottom = run.y - ASCENT * run.size, run.y + DESCENT * run.size
    box = _turned_box(glyphs[0].x, top, glyphs[-1].x + glyphs[-1].width, bottom, run.size, angle)
    return PlacedLine(_text(glyphs), box, angle)


def _text(glyphs: Sequence[Glyph]) -> str:
    """The characters with the spaces that only geometry shows; even letterspacing is no space."""
    gaps = [b.x - a.x - a.width for a, b in pairwise(glyphs)]
    even = max(0.0, sorted(gaps)[len(gaps) // 2]) if gaps else 0.0
    out = [glyphs[0].character]
    for gap, a, b in zip(gaps, glyphs, glyphs[1:], strict=False):
        out += [_space(a, b, gap - even), b.character]
    return "".join(out)


def _space(a: Glyph, b: Glyph, gap: float) -> str:
    """The space that a gap stands for, if any: narrow between Latin letters, wide beside a Chinese character."""
    size = min(a.size, b.size)
    if a.character.isspace() or b.character.isspace() or abs(b.x - a.x - size) <= 0.03 * size:
        return ""
    if _han(a.character) or _han(b.character):
        return "\u3000" if gap > 0.7 * size else ""
    return " " if gap > 0.15 * size else ""
