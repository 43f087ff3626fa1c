"""Print dressed stories onto simulated pages and read them back as extractors do, keeping what came from where.

Every character of the page text carries its story, its place in that story and its role, so that labels
follow from whatever pieces the reader cuts. Layouts, reading orders and the traces that they leave (gaps,
indents, wraps) are drawn at random and widely; they need not look like any one bench. Some pages keep the box of
each line, as readers of PDF and scans give it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from training.corpus import Head, Story
from training.dress import Printed, aside, dress
from training.extracts import PressSheet, draw_traces, emit
from training.printed import NOBODY, Cell, PrintedPage, SetLine
from training.surroundings import furniture, standing
from transforms.intake.layout import page_text
from transforms.intake.placed import PlacedLine
from transforms.model import Box

BOXED = 0.2
NOTE_APART = 0.12  # share of pages with a note that stands apart from its story, in a box of its own
MOST_TEXT = 7500


@dataclass
class Pool:
    """What pages are printed from: stories, which of them are of one topic, and headline blocks that fit each.

    ``mates`` (stories, K): nearest first, itself among them.
    """

    stories: list[Story]
    mates: np.ndarray
    fitting: dict[int, list[Head]]
    heads: list[Head]


def make_page(pool: Pool, rng: random.Random, boxes: float = BOXED) -> PrintedPage:
    """One page of stories drawn from the pool; ``boxes``: the share of pages that keep where each line stood."""
    printed = draw_stories(pool, rng)
    if rng.random() < 0.25:
        jump(printed, rng)
    width = rng.choice([9, 11, 12, 13, 14, 15, 16, 17, 18, 20, 22, 24])
    boxed, traces = rng.random() < boxes, draw_traces(rng)
    sizes = type_sizes(rng) if boxed else {}
    cells = place([set_story(n, p, width, boxed or traces.by_type, sizes) for n, p in enumerate(printed)], rng)
    cells += standing_cells(pool, cells, rng)
    return boxed_page(cells, Layout(width, rng), rng) if boxed else emit(order(cells, rng), rng, traces)


def boxed_page(cells: list[Cell], lay: Layout, rng: random.Random) -> PrintedPage:
    """The page as readers of PDF and scans give it: lines with boxes, in the order that geometry alone gives."""
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        line = SetLine(NOBODY, "furniture", 0, True, furniture(rng, rng.randint(1, 8)), 0, rng.choice([0.9, 1.0, 1.6]))
        cells.append(Cell(rng.randrange(6), -rng.choice([3, 4]), "head", [line], NOBODY))
    placed, known = [], {}
    for cell in cells:
        row = cell.row
        for line in cell.lines:
            if line.text.strip():
                placed.append(PlacedLine(line.text, lay.box(cell, row, line)))
                known[placed[-1].box] = line
            row += line.rows
    text, boxes = page_text(placed)
    sheet, of = PressSheet(), iter(boxes)
    for raw in text.split("\n")[:-1]:
        if raw.strip():
            line = known[next(of)]
            at = len(line.text) - len(line.text.lstrip())
            set_as = raw.lstrip(" \u3000")
            sheet.add(raw[: len(raw) - len(set_as)])
            sheet.set(set_as, line, at)
        sheet.add("\n")
    page = sheet.page()
    page.boxes = boxes
    return page


def draw_stories(pool: Pool, rng: random.Random) -> list[Printed]:
    """Two to nine stories, often of one topic, that together are no longer than a page."""
    anchor = rng.randrange(len(pool.stories))
    near, chosen = list(pool.mates[anchor]), [anchor]
    alike = rng.choice([0.0, 0.3, 0.6])
    for _ in range(rng.choice([2, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9])):
        n = int(rng.choice(near)) if rng.random() < alike else rng.randrange(len(pool.stories))
        if n not in chosen:
            chosen.append(n)
    other = pool.stories[chosen.pop()] if len(chosen) > 2 else pool.stories[rng.randrange(len(pool.stories))]
    printed, size = [], 0
    for n in chosen:
        one = dress(pool.stories[n], rng, other, pool.fitting.get(n, ()), pool.heads)
        size += sum(len(t) for _, t in one.body)
        printed.append(one)
        if size > MOST_TEXT:
            break
    if rng.random() < NOTE_APART:
        printed.append(aside(pool.stories[int(rng.choice(pool.mates[rng.choice(chosen)]))], rng))
    return printed


def standing_cells(pool: Pool, cells: list[Cell], rng: random.Random) -> list[Cell]:
    """Blocks of standing matter below the stories or beside one."""
    out = []
    for _ in range(rng.choice([0, 0, 0, 0, 1, 1, 2])):
        lines = [SetLine(NOBODY, "notice", n, True, t, 0) for n, t in enumerate(standing(rng, pool.stories))]
        low = max(c.row + sum(x.rows for x in c.lines) for c in cells)
        out.append(Cell(rng.randrange(1 + max(c.column for c in cells)), low + 1 + len(out) * 9, "head", lines, NOBODY))
    return out


def type_sizes(rng: random.Random) -> dict[str, float]:
    """Type sizes of the parts of a head, of the body's; papers keep them in this order."""
    kicker = rng.uniform(1.0, 1.5)
    return {
        "headline": rng.uniform(1.5, 3.2),
        "kicker": kicker,
        "subhead": rng.uniform(1.0, 1.5),
        "label": rng.uniform(0.9, 1.6),
        "byline": rng.choice([1.0, 1.0, 0.9, 1.1]),
        "caption": rng.choice([0.85, 0.9, 1.0]),
        "crosshead": rng.choice([1.0, 1.0, 1.1, 1.2]),
        "sidebar": rng.choice([1.0, 1.2]),
        "note": rng.choice([1.0, 0.95]),
    }


class Layout:
    """Turns columns and rows into points."""

    def __init__(self, width: int, rng: random.Random) -> None:
        self.size = rng.choice([8.0, 8.5, 9.0, 10.0, 10.5])
        self.column = width * self.size
        self.gutter = self.size * rng.uniform(1.0, 2.6)
        self.lead = self.size * rng.uniform(1.25, 1.7)
        self.indent = rng.choice([2 * self.size, 2 * self.size, 0.0])
        self.centred = rng.random() < 0.5
        self.left, self.top, self.rng = rng.uniform(20, 60), rng.uniform(40, 90), rng

    def box(self, cell: Cell, row: int, line: SetLine) -> Box:
        size = line.size * self.size
        units = sum(1 if ord(c) < 0x2000 else 2 for c in line.text) / 2
        left = self.left + cell.column * (self.column + self.gutter)
        right = left + units * size
        if cell.kind == "text":
            left += self.indent if line.opens and line.role == "body" else 0
            right = min(left + units * size, self.left + cell.column * (self.column + self.gutter) + self.column)
        elif self.centred and line.role in ("headline", "kicker", "subhead"):
            room = cell.span * (self.column + self.gutter) - self.gutter - (right - left)
            left, right = left + max(0.0, room / 2), right + max(0.0, room / 2)
        top = self.top + row * self.lead + (line.rows * self.lead - size) / 2
        worn = self.rng.uniform(-0.3, 0.3)
        return Box(*(round(x, 2) for x in (left + worn, top + worn, right + worn, top + size + worn, size)))


def jump(printed: list[Printed], rng: random.Random) -> None:
    """Cut one story short (下转) or make it the rest of another page's (上接)."""
    story = rng.choice(printed)
    page = rng.randint(2, 8)
    if rng.random() < 0.5:
        keep = rng.randint(1, len(story.body))
        story.body = story.body[:keep]
        role, text = story.body[-1]
        mark = rng.choice(["（下转{}版）", "（下转第{}版）", "（转{}版）", "▶下转{}版", "（紧接{}版）"]).format(page)
        story.body[-1] = (role, (text[: rng.randint(len(text) // 2, len(text))] if rng.random() < 0.3 else text) + mark)
        return
    drop = rng.randint(0, len(story.body) - 1)
    story.body = story.body[drop:]
    mark = rng.choice(["（上接{}版）", "（上接第{}版）", "上接{}版", "（紧接第{}版）", "▶上接{}版"]).format(page)
    heads = [h for h in story.head if h[0] == "headline"]
    story.head = [("continuation", mark)] if rng.random() < 0.5 else [*heads, ("continuation", mark)]
    if rng.random() < 0.3:
        role, text = story.body[0]
        story.body[0] = (role, text[rng.randint(0, len(text) // 2) :])


@dataclass
class Setting:
    story: int
    head: list[SetLine]
    lines: list[SetLine]
    caption: list[SetLine]


def set_lines(text: str, width: int, by_type: bool) -> list[str]:
    """Break a paragraph into lines of ``width`` characters, two fewer in the first; by type, digits count half."""
    if not by_type:
        return [text[: width - 2], *(text[at : at + width] for at in range(width - 2, len(text), width))]
    out, used = [""], 4
    for character in text:
        size = 1 if ord(character) < 0x2000 else 2
        if used + size > 2 * width:
            out, used = [*out, ""], 0
        out[-1] += character
        used += size
    return out


def set_story(
    number: int, printed: Printed, width: int, by_type: bool, sizes: dict[str, float] | None = None
) -> Setting:
    """Break a story into lines of ``width`` characters, two fewer where a paragraph opens."""
    sizes = sizes or {}
    head, lines, place, paragraph = [], [], 0, 0
    for role, text in printed.head:
        for n, part in enumerate(text.split("\n")):
            head.append(SetLine(number, role, paragraph, n == 0, part, place, sizes.get(role, 1.0)))
            place += len(part)
        paragraph += 1
    for role, text in printed.body:
        at = 0
        for part in set_lines(text, width, by_type):
            lines.append(SetLine(number, role, paragraph, at == 0, part, place + at, sizes.get(role, 1.0)))
            at += len(part)
        place += len(text)
        paragraph += 1
    small = sizes.get("caption", 1.0)
    folded = (
        [printed.caption[at : at + width] for at in range(0, len(printed.caption), width)]
        if sizes
        else [printed.caption]
    )
    caption = [SetLine(number, "caption", 0, n == 0, t, n * width, small) for n, t in enumerate(folded) if t]
    return Setting(number, head, lines, caption)


def depth(lines: list[SetLine]) -> int:
    """Rows that lines take."""
    return sum(x.rows for x in lines)


def place(stories: list[Setting], rng: random.Random, ways: tuple[int, int, int] = (55, 25, 20)) -> list[Cell]:
    """Lay the stories out: bands, nested blocks or columns that run on."""
    columns = rng.choice([3, 4, 4, 5, 5, 6, 6, 7, 8])
    way = rng.choices(["bands", "blocks", "flow"], ways)[0]
    cells: list[Cell] = []
    if way == "flow":
        return flow(stories, columns, rng)
    if way == "blocks":
        block(stories, 0, 0, columns, cells, rng)
        return cells
    top, queue = 0, list(stories)
    while queue:
        share = rng.choice([1, 2, 2, 3, 3])
        band, queue = queue[:share], queue[share:]
        top += row_of(band, 0, top, columns, cells, rng)
    return cells


def row_of(band: list[Setting], left: int, top: int, columns: int, cells: list[Cell], rng: random.Random) -> int:
    """Set stories side by side; returns the depth in lines."""
    weights = [sum(len(x.text) for x in s.lines) for s in band]
    spans = [max(1, round(columns * w / max(1, sum(weights)))) for w in weights]
    while sum(spans) > max(columns, len(band)):
        spans[spans.index(max(spans))] -= 1
    depth, x = 0, left
    for story, span in zip(band, spans, strict=True):
        depth = max(depth, set_block(story, x, top, span, cells, rng))
        x += span
    return depth + 1


def set_block(story: Setting, x: int, top: int, span: int, cells: list[Cell], rng: random.Random) -> int:
    cells.append(Cell(x, top, "head", story.head, story.story, span))
    top += depth(story.head)
    picture = 0
    if story.caption:
        picture = rng.choice([0, 0, 6, 10])  # rows of the picture above its caption, in the last column
        cells.append(Cell(x + span - 1, top + picture, "head", story.caption, story.story))
        picture += len(story.caption) if picture else 0
    height = -(-(len(story.lines) + picture) // span)
    at = 0
    for n in range(span):
        drop = picture if n == span - 1 else 0
        part = story.lines[at : at + height - drop] if n < span - 1 else story.lines[at:]
        at += len(part)
        if part:
            cells.append(Cell(x + n, top + drop, "text", part, story.story))
    return depth(story.head) + height


def block(stories: list[Setting], left: int, top: int, columns: int, cells: list[Cell], rng: random.Random) -> int:
    """Guillotine layout: split the stories by width or by height until one is left; returns the depth."""
    if len(stories) == 1:
        return set_block(stories[0], left, top, columns, cells, rng) + 1
    cut = rng.randint(1, len(stories) - 1)
    one, two = stories[:cut], stories[cut:]
    if columns >= 2 and rng.random() < 0.55:
        w = [sum(len(x.text) for s in part for x in s.lines) for part in (one, two)]
        share = min(columns - 1, max(1, round(columns * w[0] / max(1, sum(w)))))
        return max(block(one, left, top, share, cells, rng), block(two, left + share, top, columns - share, cells, rng))
    depth = block(one, left, top, columns, cells, rng)
    return depth + block(two, left, top + depth, columns, cells, rng)


def flow(stories: list[Setting], columns: int, rng: random.Random) -> list[Cell]:
    """Stories follow one another down the columns; a head stands in the column where its story begins."""
    total = sum(depth(s.head) + len(s.lines) + len(s.caption) for s in stories)
    height, x, row = -(-total // columns) + 1, 0, 0
    cells: list[Cell] = []
    for story in stories:
        if row and height - row < depth(story.head) + 2:
            x, row = x + 1, 0
        cells.append(Cell(x, row, "head", story.head, story.story))
        row += depth(story.head)
        at = 0
        while at < len(story.lines):
            part = story.lines[at : at + max(1, height - row)]
            cells.append(Cell(x, row, "text", part, story.story))
            at, row = at + len(part), row + len(part)
            if row >= height:
                x, row = x + 1, 0
        if story.caption:
            cells.append(Cell(x, row, "head", story.caption, story.story))
            row += len(story.caption)
    return cells


def order(cells: list[Cell], rng: random.Random) -> list[Cell]:
    """The extractor's order over the frames."""
    ways = ["tidy", "column", "slice", "swap", "rows", "heads_first", "frames", "moves", "right"]
    way = rng.choices(ways, [10, 20, 42, 8, 5, 5, 7, 6, 2])[0]
    if way == "column":
        return sorted(cells, key=lambda c: (c.column, c.row))
    if way == "right":
        return sorted(cells, key=lambda c: (-c.column, c.row))
    if way == "rows":
        return sorted(cells, key=lambda c: (c.row, c.column))
    if way == "heads_first":
        return sorted(cells, key=lambda c: c.kind != "head")
    if way == "frames":
        return rng.sample(cells, len(cells))
    if way == "slice":
        return slice_cells(cells, rng)
    cells = list(cells)
    for _ in range(rng.randint(1, max(1, len(cells) // 3)) if way in ("swap", "moves") else 0):
        i = rng.randrange(len(cells))
        cell = cells.pop(i)
        cells.insert(i + rng.choice([-1, 1]) if way == "swap" and i > 0 else rng.randrange(len(cells) + 1), cell)
    return cells


def slice_cells(cells: list[Cell], rng: random.Random) -> list[Cell]:
    """Cut all columns at the same heights; read each band column by column."""
    height = max(c.row + depth(c.lines) for c in cells)
    cuts = sorted(rng.sample(range(3, max(8, height - 1)), k=min(rng.choice([1, 1, 2, 2, 3, 4]), max(1, height // 6))))
    out: list[Cell] = []
    for low, high in zip([0, *cuts], [*cuts, 10**9], strict=True):
        band = []
        for c in cells:
            if c.kind == "head":
                part = c.lines if low <= c.row < high else []
            else:
                part = c.lines[max(0, low - c.row) : max(0, high - c.row)]
            if part:
                band.append(Cell(c.column, max(c.row, low), c.kind, part, c.story, c.span))
        band.sort(key=lambda c: (c.column, c.row))
        out += [*band, Cell(0, 0, "break", [], -1)]
    return out
