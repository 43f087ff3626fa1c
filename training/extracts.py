"""A set page as extractors write it out: gaps, indents, wraps, characters lost or misread."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from training.printed import NOBODY, Cell, PrintedPage, SetLine
from training.surroundings import furniture
from transforms.restore.roles import ROLES

NOISE = "的一是在了人有我他这中大来上国"


@dataclass
class Traces:
    """What the extractor leaves between lines: drawn once a page."""

    wrapped: bool
    indent: str
    paragraph_gap: int
    cell_gaps: tuple[int, ...]
    noise: float
    head_gap: int
    by_type: bool


def draw_traces(rng: random.Random) -> Traces:
    if rng.random() < 0.2:
        return pdf_traces(rng)
    wrapped = rng.random() < 0.35
    gaps = rng.choice([(2, 2, 2, 4), (2, 2, 2, 4), (2,), (2, 4), (4,), (1,) if wrapped else (2,), (2, 3)])
    return Traces(
        wrapped=wrapped,
        indent=rng.choice(["　　", "　　", "", "", "    "]) if wrapped else rng.choice(["", "", "", "　　"]),
        paragraph_gap=rng.choice([1, 1, 1, 2]) if wrapped else rng.choice([2, 2, 2, 1]),
        cell_gaps=gaps,
        noise=rng.choice([0, 0, 0, 0.002, 0.004]),
        head_gap=rng.choice([2, 2, 2, 1]),
        by_type=rng.random() < 0.3,
    )


def pdf_traces(rng: random.Random) -> Traces:
    """Extractors of PDF keep lines and lose indents; some leave an empty line between frames, some nothing."""
    return Traces(
        wrapped=True,
        indent=rng.choice(["", "", "", "　　"]),
        paragraph_gap=1,
        cell_gaps=rng.choice([(1,), (2,), (2,), (1, 2)]),
        noise=0,
        head_gap=rng.choice([1, 2, 2]),
        by_type=True,
    )


class PressSheet:
    """Collects characters with their labels."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.labels: list[np.ndarray] = []

    def add(self, text: str) -> None:
        """Add text that belongs to nobody: gaps and indents."""
        self.parts.append(text)
        self.labels.append(np.full((4, len(text)), -1, np.int32))

    def set(self, text: str, line: SetLine, at: int = 0) -> None:
        """Add text of a line, ``at`` characters into it."""
        labels = np.empty((4, len(text)), np.int32)
        labels[0], labels[2], labels[3] = line.story, ROLES.index(line.role), line.paragraph
        labels[1] = np.arange(line.place + at, line.place + at + len(text))
        self.parts.append(text)
        self.labels.append(labels)

    def page(self) -> PrintedPage:
        return PrintedPage("".join(self.parts), *np.concatenate(self.labels, axis=1))


def emit(cells: list[Cell], rng: random.Random, traces: Traces) -> PrintedPage:
    """Write the frames out as an extractor would."""
    sheet, page = PressSheet(), rng.randint(1, 8)
    around = [furniture(rng, page) for _ in range(rng.choice([0, 0, 1, 1, 2, 3]))]
    spots = sorted(rng.choice([0, 0, len(cells), len(cells), rng.randint(0, len(cells))]) for _ in around)
    for n in range(len(cells) + 1):
        while spots and spots[0] == n:
            spots.pop(0)
            line = SetLine(NOBODY, "furniture", 0, True, around.pop(), 0)
            sheet.set(line.text, line)
            sheet.add("\n" * rng.choice(traces.cell_gaps))
        if n == len(cells):
            break
        if cells[n].kind == "break":
            sheet.add("\n\n" if traces.cell_gaps == (2, 2, 2, 4) else "")
            continue
        (emit_head if cells[n].kind == "head" else emit_text)(cells[n], sheet, rng, traces)
        sheet.add("\n" * rng.choice(traces.cell_gaps))
    return sheet.page()


def emit_head(cell: Cell, sheet: PressSheet, rng: random.Random, traces: Traces) -> None:
    for n, line in enumerate(cell.lines):
        if n:
            sheet.add("\n" if not line.opens else "\n" * traces.head_gap)
        sheet.set(line.text, line)


def emit_text(cell: Cell, sheet: PressSheet, rng: random.Random, traces: Traces) -> None:
    for n, line in enumerate(cell.lines):
        fresh = n == 0 or line.paragraph != cell.lines[n - 1].paragraph
        if n and (fresh or traces.wrapped):
            sheet.add("\n" * (traces.paragraph_gap if fresh else 1))
        if line.opens:
            sheet.add(traces.indent)
        add_noisy(line, sheet, rng, traces.noise)


def add_noisy(line: SetLine, sheet: PressSheet, rng: random.Random, rate: float) -> None:
    """Set a line with a character lost or misread here and there."""
    at = 0
    for n, character in enumerate(line.text) if rate else ():
        r = rng.random()
        if r >= rate:
            continue
        if n > at:
            sheet.set(line.text[at:n], line, at)
        if r >= rate / 2:
            sheet.set(rng.choice(NOISE) if "一" <= character <= "鿿" else character, line, n)
        at = n + 1
    if at < len(line.text):
        sheet.set(line.text[at:], line, at)
