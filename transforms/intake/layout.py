"""From printed lines to the text of a page, by geometry alone: lines to blocks, blocks to reading order.

The text has one line per printed line, an empty line between blocks, and two ideographic spaces before an indented
line. All inputs with boxes (PDF, OCR, ALTO) use it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import groupby, pairwise

from transforms.intake.placed import PlacedLine
from transforms.intake.runs import SAME_SIZE
from transforms.model import Box, commonest_size

INDENT = "\u3000\u3000"
MOST_PITCH = 2.3  # of the type size: the most from line to line in one block
WIDER_PITCH = 1.35  # of what is usual for that size: a new block begins
HEAD = 1.12  # of the body's type size: a headline, kicker or subhead
FOLIO = 1.3  # of the body's type size: the largest type of the first row, if that is the folio
ROW_GAP = -0.3  # of the body's type size, between rows: their boxes may overlap this much
MOST_TANGLED = 800  # blocks; a page of more is a table
OVERLAP = 0.1  # of the body's type size: boxes may overlap this much


@dataclass(slots=True)
class _Block:
    lines: list[PlacedLine]
    left: float = field(init=False)
    top: float = field(init=False)
    right: float = field(init=False)
    bottom: float = field(init=False)

    def __post_init__(self) -> None:
        boxes = [line.box for line in self.lines]
        self.left, self.top = min(b.left for b in boxes), min(b.top for b in boxes)
        self.right, self.bottom = max(b.right for b in boxes), max(b.bottom for b in boxes)

    @property
    def size(self) -> float:
        return self.lines[0].box.size


def page_text(lines: Sequence[PlacedLine]) -> tuple[str, tuple[Box, ...]]:
    """The text of a page, and the box of each of its lines that is not blank, in the same order."""
    if not lines:
        return "", ()
    body = body_size(lines)
    blocks = _in_order(_blocks(lines), body)
    texts = [[_indent(line, block, body) + line.text for line in block.lines] for block in blocks]
    indented = _lone_indents(blocks, body)
    texts = [[INDENT + t[0].lstrip(), *t[1:]] if n in indented else t for n, t in enumerate(texts)]
    return "\n\n".join("\n".join(t) for t in texts) + "\n", tuple(_rounded(x.box) for b in blocks for x in b.lines)


def _rounded(box: Box) -> Box:
    return Box(round(box.left, 2), round(box.top, 2), round(box.right, 2), round(box.bottom, 2), round(box.size, 2))


def body_size(lines: Sequence[PlacedLine]) -> float:
    """The most common type size of the page's characters, in points."""
    return commonest_size((line.box, line.text) for line in lines)


def _indent(line: PlacedLine, block: _Block, body: float) -> str:
    """Two ideographic spaces if the line begins one to three characters right of its block, as paragraphs do."""
    if line.upright or line.angle or len(block.lines) < 2 or line.box.size > HEAD * body:
        return ""
    return INDENT if 1.2 * line.box.size <= line.box.left - block.left <= 3.3 * line.box.size else ""


def _lone_indents(blocks: Sequence[_Block], body: float) -> set[int]:
    """Blocks whose lines are all indented, recognised by the edge of their column."""
    columns = [b for b in blocks if len(b.lines) >= 3 and b.size <= HEAD * body and not _odd(b)]
    found = set()
    for n, block in enumerate(blocks):
        flush = all(abs(x.box.left - block.left) < 0.3 * block.size for x in block.lines)
        if not flush or len(block.lines) > 2 or block.size > HEAD * body or _odd(block):
            continue
        if any(
            abs(block.left - c.left - 2 * block.size) < 0.3 * block.size and block.right <= c.right + block.size
            for c in columns
        ):
            found.add(n)
    return found


def _odd(block: _Block) -> bool:
    return bool(block.lines[0].upright or block.lines[0].angle)


def _blocks(lines: Sequence[PlacedLine]) -> list[_Block]:
    level = [x for x in lines if not x.upright and not x.angle]
    chains = _chains(sorted(level, key=lambda x: (x.box.top, x.box.left)))
    pitch = _usual_pitch(chains)
    blocks = [_Block(part) for chain in chains for part in _parts(chain, pitch)]
    turned = [_Block([x]) for x in lines if x.angle]
    return blocks + turned + _upright_blocks([x for x in lines if x.upright and not x.angle])


def _upright_blocks(lines: Sequence[PlacedLine]) -> list[_Block]:
    """Upright lines side by side, which are read from right to left."""
    blocks: list[list[PlacedLine]] = []
    for line in sorted(lines, key=lambda x: -x.box.left):
        right = next((b for b in blocks if _beside(b[-1].box, line.box)), None)
        if right is None:
            blocks.append([line])
        else:
            right.append(line)
    return [_Block(b) for b in blocks]


def _beside(right: Box, left: Box) -> bool:
    return (
        min(right.bottom, left.bottom) - max(right.top, left.top)
        > 0.6 * min(right.bottom - right.top, left.bottom - left.top)
        and abs(right.size - left.size) <= 0.05 * right.size
        and 0 <= right.left - left.right <= 1.2 * right.size
    )


def _chains(lines: Sequence[PlacedLine]) -> list[list[PlacedLine]]:
    """Lines one under another in a column, each with at most one above and one below."""
    chains: list[list[PlacedLine]] = []
    open_: list[list[PlacedLine]] = []
    tallest = max((x.box.size for x in lines), default=0.0)
    for line in lines:
        open_ = [c for c in open_ if line.box.top - c[-1].box.top <= MOST_PITCH * tallest]
        reach = line.box.bottom - MOST_PITCH * line.box.size * SAME_SIZE
        above = [c for c in open_ if c[-1].box.bottom >= reach and _under(c[-1], line)]
        best = max(above, key=lambda c: (c[-1].box.top, _shared(c[-1].box, line.box)), default=None)
        if best is None:
            best = []
            chains.append(best)
            open_.append(best)
        best.append(line)
    return chains


def _under(above: PlacedLine, line: PlacedLine) -> bool:
    a, b = above.box, line.box
    size = min(a.size, b.size)
    if max(a.size, b.size) > SAME_SIZE * size or not 0.5 * size < b.bottom - a.bottom <= MOST_PITCH * size:
        return False
    if _shared(a, b) < 0.6 * min(a.right - a.left, b.right - b.left):
        return False
    left, centre = abs(a.left - b.left), abs(a.left + a.right - b.left - b.right) / 2
    return min(left / 3.3, centre, abs(a.right - b.right)) <= size


def _shared(a: Box, b: Box) -> float:
    return min(a.right, b.right) - max(a.left, b.left)


def _usual_pitch(chains: Sequence[Sequence[PlacedLine]]) -> dict[int, float]:
    """The median pitch by type size in whole points."""
    pitches: dict[int, list[float]] = {}
    for chain in chains:
        for a, b in pairwise(chain):
            pitches.setdefault(round(b.box.size), []).append(b.box.bottom - a.box.bottom)
    return {size: sorted(p)[len(p) // 2] for size, p in pitches.items()}


def _parts(chain: list[PlacedLine], usual: dict[int, float]) -> list[list[PlacedLine]]:
    """A chain split at gaps wider than usual, and where lines across columns are followed by a column."""
    parts = [chain[:1]]
    for a, b in pairwise(chain):
        pitch = b.box.bottom - a.box.bottom
        if pitch > WIDER_PITCH * min(usual[round(b.box.size)], 1.75 * b.box.size):
            parts.append([])
        parts[-1].append(b)
    return [piece for part in parts for piece in _by_width(part)]


def _by_width(part: list[PlacedLine]) -> list[list[PlacedLine]]:
    """A byline or standfirst set over several columns does not belong to the first of them."""
    for n in range(1, min(4, len(part) - 2)):
        below = max(x.box.right for x in part[n:])
        if min(x.box.right for x in part[:n]) > below + 1.5 * part[0].box.size:
            return [part[:n], part[n:]]
    return [part]


# --- order ---


@dataclass(slots=True)
class _Area:
    """A block with the area that it governs in the reading order: a headline governs the columns below it."""

    block: _Block
    left: float
    right: float

    @property
    def top(self) -> float:
        return self.block.top

    @property
    def bottom(self) -> float:
        return self.block.bottom


def _in_order(blocks: Sequence[_Block], body: float) -> list[_Block]:
    areas = [_Area(b, b.left, b.right) for b in blocks]
    _widen(areas, body)
    areas.sort(key=lambda a: (a.top, a.left))
    first = _split(areas, _upright_side, ROW_GAP * body)[0]
    folio = sorted(first, key=lambda a: a.left) if _is_folio(first, body) else []
    rest = [a for a in areas if a not in folio]
    return [a.block for a in (*folio, *_cut([rest] if rest else [], body))]


def _is_folio(row: Sequence[_Area], body: float) -> bool:
    """Whether a row has only single lines in small type, like the folio and the imprint of a page."""
    return all(len(a.block.lines) == 1 and a.block.size <= FOLIO * body and not _odd(a.block) for a in row)


def _widen(areas: Sequence[_Area], body: float) -> None:
    """Let each headline govern the columns below it that have no other block on top."""
    if len(areas) > MOST_TANGLED:
        return
    heads = [a for a in areas if a.block.size > HEAD * body and not _odd(a.block)]
    for head in sorted(heads, key=lambda a: -a.top):
        beside = [a for a in areas if a is not head and a.top < head.bottom - OVERLAP and a.bottom > head.top + OVERLAP]
        left_wall = max((a.block.right for a in beside if a.block.right <= head.block.left), default=0.0)
        right_wall = min((a.block.left for a in beside if a.block.left >= head.block.right), default=float("inf"))
        below = [a for a in areas if a.top >= head.bottom - body and left_wall < a.left and a.right < right_wall]
        own = [a for a in below if a.left < head.block.right and a.right > head.block.left]
        if not own:
            continue
        first = min(own, key=lambda a: a.top)
        if first.top - head.bottom > 4 * head.block.size:
            continue
        row = [a for a in own if a.top < first.top + 2 * body]
        deep = max(a.bottom for a in row)
        row += [a for a in below if a not in row and first.top - body < a.top < deep and _tops(a, head, areas)]
        left, right = _span(head, sorted(row, key=lambda a: a.left), body)
        head.left, head.right = min(head.left, left), max(head.right, right)


def _tops(area: _Area, head: _Area, areas: Sequence[_Area]) -> bool:
    """Whether there is nothing between the block and the headline's height."""
    return not any(
        a is not area
        and a is not head
        and a.bottom > head.top
        and a.bottom <= area.top + OVERLAP
        and a.left < area.right
        and a.right > area.left
        for a in areas
    )


def _span(head: _Area, row: Sequence[_Area], body: float) -> tuple[float, float]:
    """The edges between which the headline governs: to the right if flush left, to both sides if centred."""
    under = [a for a in row if a.left < head.block.right and a.right > head.block.left]
    left, right = min(a.left for a in under), max(a.right for a in under)
    if abs(left - head.block.left) <= 0.5 * body:
        return left, max(a.right for a in row)
    reach = max(head.block.left + head.block.right - 2 * left, 2 * right - head.block.left - head.block.right) / 2
    centre, best = (head.block.left + head.block.right) / 2, (left, right)
    lefts, rights = sorted({a.left for a in row}), sorted({a.right for a in row})
    for a in lefts:
        for b in rights:
            even = abs((a + b) / 2 - centre) <= 1.5 * body
            if a <= left and b >= right and even and b - a > best[1] - best[0]:
                best = (a, b)
    return best if reach else (left, right)


def _cut(waiting: list[list[_Area]], body: float) -> list[_Area]:
    """Recursive cuts through white space: columns first, else rows, else from top to bottom and left to right."""
    done: list[_Area] = []
    while waiting:
        region = waiting.pop()
        if len(region) < 2:
            done += region
            continue
        parts = _right_to_left(_split(region, _level_side, OVERLAP * body))
        if len(parts) < 2:
            parts = _split(region, _upright_side, ROW_GAP * body)
        if len(parts) < 2:
            done += _tangled(region)
            continue
        waiting += reversed(parts)
    return done


def _right_to_left(parts: list[list[_Area]]) -> list[list[_Area]]:
    """Columns from left to right, with those of upright text that stand side by side from right to left."""
    ordered: list[list[_Area]] = []
    for upright, group in groupby(parts, key=lambda part: all(area.block.lines[0].upright for area in part)):
        beside = list(group)
        ordered += reversed(beside) if upright else beside
    return ordered


def _level_side(area: _Area) -> tuple[float, float]:
    return area.left, area.right


def _upright_side(area: _Area) -> tuple[float, float]:
    return area.top, area.bottom


def _split(region: Sequence[_Area], side: Callable[[_Area], tuple[float, float]], least: float) -> list[list[_Area]]:
    """The groups between gaps wider than ``least`` along one side."""
    ordered = sorted(region, key=side)
    parts, end = [[ordered[0]]], side(ordered[0])[1]
    for area in ordered[1:]:
        start, stop = side(area)
        if start - end > least:
            parts.append([])
        parts[-1].append(area)
        end = max(end, stop)
    return parts


def _tangled(region: Sequence[_Area]) -> list[_Area]:
    """Blocks that no straight cut separates: each after those above it in the same columns, left before right."""
    if len(region) > MOST_TANGLED:
        return sorted(region, key=lambda a: (a.top, a.left))
    ordered = sorted(region, key=lambda a: (a.block.left, a.top))
    above = [sum(_over(b, a) for b in ordered) for a in ordered]
    below = [[n for n, b in enumerate(ordered) if _over(a, b)] for a in ordered]
    ready = [n for n, count in enumerate(above) if not count]
    done: list[_Area] = []
    while ready:  # “above” compares the tops, so no two wait for each other
        first = heappop(ready)
        done.append(ordered[first])
        for n in below[first]:
            above[n] -= 1
            if not above[n]:
                heappush(ready, n)
    return done


def _over(a: _Area, b: _Area) -> bool:
    return a.top < b.top and a.left < b.right and a.right > b.left
