"""From characters with positions to printed lines, horizontal, vertical or turned, by geometry alone.

Coordinates are points from the top left corner of the page, y downwards.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from transforms.intake.placed import Glyph, PlacedLine, is_wide
from transforms.intake.runs import Run, runs_of
from transforms.model import Box

ASCENT, DESCENT = 0.86, 0.14  # of the type size, as Chinese fonts fill their squares
HIGHEST = 200  # points from one character of an upright headline to the next
SIDEWAYS = 90  # degrees clockwise
CLOSEST = 0.75  # of the type size, from one character of an upright line to the next
CLOSEST_MARK = 0.4  # if one of them is a mark: successive marks each give up half a square
OPENING = frozenset("（《〈「『“‘【〔")
NARROW_SPACE = 0.18  # of the type size, beyond what the line is spread by: browsers leave out the space itself
MARKS = frozenset("，。、；：！？（）《》〈〉「」『』“”‘’【】〔〕·")


def printed_lines(glyphs: Sequence[Glyph]) -> list[PlacedLine]:
    """The lines of a page, in no particular order. Characters drawn twice for a shadow count once."""
    lines: list[PlacedLine] = []
    sizes = Counter(g.size for g in glyphs)
    body = max(sizes, key=lambda s: (sizes[s], s), default=0.0)
    by_angle: dict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        by_angle[glyph.angle].append(glyph)
    for angle, turned in sorted(by_angle.items()):
        level = _without_shadows([_level(g, angle) for g in turned])
        columns, rest = _upright_in_drawing_order(level)
        runs = runs_of(rest, body)
        more, runs = _upright_in_space(runs)
        lines += [_stood(c, angle) for c in columns + more]
        lines += [_laid(r, angle) for r in runs if any(not g.character.isspace() for g in r.glyphs)]
    return _with_sideways(lines)


def _with_sideways(lines: list[PlacedLine]) -> list[PlacedLine]:
    """Upright lines with the figures and Latin words in them that are set sideways."""
    taken = {id(x): x for x in lines if x.upright and not x.angle}
    loose: dict[int, list[PlacedLine]] = defaultdict(list)
    for line in lines:
        if line.angle == SIDEWAYS or (not line.angle and not line.upright and len(line.text) <= 1):
            loose[_stripe(line)].append(line)
    waiting = list(taken.values())
    while waiting:
        piece = waiting.pop()
        near = [x for n in (-1, 0, 1) for x in loose[_stripe(piece) + n]]
        found = [x for x in near if id(x) not in taken and (_goes_on(x, piece) or _goes_on(piece, x))]
        taken.update((id(x), x) for x in found)
        waiting += found
    done: dict[int, list[PlacedLine]] = defaultdict(list)
    for piece in sorted(taken.values(), key=lambda x: x.box.top):
        stripe = _stripe(piece)
        above = next(
            ((s, n) for s in (stripe - 1, stripe, stripe + 1) for n, x in enumerate(done[s]) if _goes_on(x, piece)),
            None,
        )
        if above is None:
            done[stripe].append(piece)
        else:
            done[above[0]][above[1]] = _prolonged(done[above[0]][above[1]], piece)
    return [x for x in lines if id(x) not in taken] + [x for s in sorted(done) for x in done[s]]


def _stripe(line: PlacedLine) -> int:
    """The number of the inch-wide stripe of the page in which the middle of a line is."""
    return int((line.box.left + line.box.right) / 2 // 72)


def _prolonged(line: PlacedLine, piece: PlacedLine) -> PlacedLine:
    a, b = line.box, piece.box
    box = Box(min(a.left, b.left), a.top, max(a.right, b.right), b.bottom, a.size)
    return PlacedLine(line.text + piece.text, box, upright=True)


def _goes_on(above: PlacedLine, piece: PlacedLine) -> bool:
    a, b = above.box, piece.box
    return (
        abs(a.left + a.right - b.left - b.right) <= 0.8 * a.size
        and abs(a.size - b.size) <= 0.05 * a.size
        and -0.3 * a.size <= b.top - a.bottom <= 0.8 * a.size
    )


def _level(glyph: Glyph, angle: int) -> Glyph:
    """The character after turning the page so that its line runs from left to right."""
    if not angle:
        return glyph
    turn = math.radians(angle)
    x = glyph.x * math.cos(turn) + glyph.y * math.sin(turn)
    y = glyph.y * math.cos(turn) - glyph.x * math.sin(turn)
    return replace(glyph, x=x, y=y)


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


def _below(a: Glyph, b: Glyph) -> bool:
    """Whether ``b`` is right under ``a``, as in a headline set upright."""
    least = CLOSEST_MARK if a.character in MARKS or b.character in MARKS else CLOSEST
    return (
        min(abs(a.x - b.x), abs(a.x + a.width / 2 - b.x - b.width / 2)) <= 0.15 * a.size
        and abs(a.size - b.size) <= 0.05 * a.size
        and least * a.size < b.y - a.y < 1.7 * a.size
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
        if len(run) >= 3 and sum(is_wide(g.character) for g in run) * 2 > len(run):
            columns.append(run)
        else:
            rest += run
        at = end
    return columns, rest


def _upright_in_space(runs: list[Run]) -> tuple[list[list[Glyph]], list[Run]]:
    """Columns of single characters that were not drawn one after another, and all other runs."""
    single = sorted((r for r in runs if len(r.glyphs) == 1), key=lambda r: (r.y, r.left))
    columns: list[list[Glyph]] = []
    open_: dict[int, list[list[Glyph]]] = defaultdict(list)
    for run in single:
        glyph = run.glyphs[0]
        stripe = int(glyph.x // 18)
        near = (c for n in (stripe - 1, stripe, stripe + 1) for c in reversed(open_[n]))
        above = next((c for c in near if _below(c[-1], glyph)), None)
        if above is not None:
            above.append(glyph)
            continue
        columns.append([glyph])
        open_[stripe] = [c for c in open_[stripe] if glyph.y - c[-1].y < HIGHEST] + [columns[-1]]
    columns = [c for c in columns if len(c) >= 3 and sum(is_wide(g.character) for g in c) * 2 > len(c)]
    taken = {id(g) for c in columns for g in c}
    return columns, [r for r in runs if id(r.glyphs[0]) not in taken]


def _stood(glyphs: list[Glyph], angle: int) -> PlacedLine:
    size = glyphs[0].size
    left, right = min(g.x for g in glyphs), max(g.x + g.width for g in glyphs)
    box = _turned_box(left, glyphs[0].y - ASCENT * size, right, glyphs[-1].y + DESCENT * size, size, angle)
    return PlacedLine("".join(g.character for g in glyphs).strip(), box, angle, upright=True)


def _laid(run: Run, angle: int) -> PlacedLine:
    glyphs = run.glyphs
    while glyphs[0].character.isspace():
        glyphs = glyphs[1:]
    while glyphs[-1].character.isspace():
        glyphs = glyphs[:-1]
    top, bottom = run.y - ASCENT * run.size, run.y + DESCENT * run.size
    box = _turned_box(glyphs[0].x, top, glyphs[-1].x + glyphs[-1].width, bottom, run.size, angle)
    return PlacedLine(_text(glyphs), box, angle)


def _text(glyphs: Sequence[Glyph]) -> str:
    """The characters with the spaces that only geometry shows; even letterspacing is not a space."""
    pairs = list(pairwise(glyphs))
    squares = [b.x - a.x - a.size for a, b in pairs if _in_squares(a, b)]
    spread = sorted(squares)[(len(squares) - 1) // 2] if squares else 0.0
    gaps = [b.x - a.x - a.width for a, b in pairs]
    by_kind: dict[bool, list[float]] = {True: [], False: []}
    for (a, b), gap in zip(pairs, gaps, strict=True):
        by_kind[_beside_wide(a, b)].append(gap)
    even = {kind: max(0.0, sorted(g)[(len(g) - 1) // 2]) if g else 0.0 for kind, g in by_kind.items()}
    out = [glyphs[0].character]
    for (a, b), gap in zip(pairs, gaps, strict=True):
        space = _space(a, b, gap - even[_beside_wide(a, b)])
        if not space and _in_squares(a, b) and b.x - a.x - a.size - max(0.0, spread) > NARROW_SPACE * a.size:
            space = " "
        out += [space, b.character]
    return "".join(out)


def _in_squares(a: Glyph, b: Glyph) -> bool:
    """Whether two characters would follow one another by just their type size if nothing stood between them.

    Marks are none of these, since layout programs squeeze and widen the room after them.
    """
    return _is_han(a.character) and (_is_han(b.character) or b.character in OPENING) and a.size == b.size


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _beside_wide(a: Glyph, b: Glyph) -> bool:
    return is_wide(a.character) or is_wide(b.character)


def _space(a: Glyph, b: Glyph, gap: float) -> str:
    """The space that a gap stands for, if any: narrow between Latin letters, wide beside a Chinese character."""
    size = min(a.size, b.size)
    if a.character.isspace() or b.character.isspace() or abs(b.x - a.x - size) <= 0.03 * size:
        return ""
    if _beside_wide(a, b):
        return "\u3000" if gap > 0.7 * size else ""
    return " " if gap > 0.15 * size else ""
