"""Print simulated pages as real PDF and let real extractors read them, keeping what came from where.

``python -m training.pdf --pages 2500 --out pdf_pages.pkl``. Needs reportlab, pypdfium2, pdfminer.six and pdftotext.
Extractors move and merge lines but seldom break them, so that an extracted line is known again by its text.
"""

from __future__ import annotations

import argparse
import pickle
import random
import subprocess
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import pypdfium2
from pdfminer.high_level import extract_text
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from training.extracts import PressSheet
from training.pages import page_pool
from training.press import (
    Layout,
    Pool,
    draw_stories,
    jump,
    place,
    set_story,
    standing_cells,
    type_sizes,
)
from training.printed import NOBODY, Cell, PrintedPage, SetLine
from training.surroundings import furniture
from transforms.errors import BadInput
from transforms.intake.pdf import read_pdf

FONT = "STSong-Light"
MOST_UNKNOWN = 0.03


def pdf_page(pool: Pool, rng: random.Random, folder: Path) -> list[PrintedPage]:
    """One page through PDF, as an extractor of text reads it and as our own adapter does, each if enough is known again."""
    printed = draw_stories(pool, rng)
    if rng.random() < 0.15:
        jump(printed, rng)
    width = rng.choice([11, 12, 14, 15, 16, 18, 20, 22])
    by_type = rng.random() < 0.15
    parts = [set_story(n, p, width, by_type, type_sizes(rng)) for n, p in enumerate(printed)]
    cells = place(parts, rng, ways=(75, 15, 10))
    cells += standing_cells(pool, cells, rng)
    for _ in range(rng.choice([0, 0, 1, 2])):
        line = SetLine(NOBODY, "furniture", 0, True, furniture(rng, 1), 0)
        cells.append(Cell(rng.randrange(4), -3, "head", [line], NOBODY))
    path = folder / "page.pdf"
    draw(cells, Layout(width, rng), rng, path)
    lines = [x for c in cells for x in c.lines if x.text.strip()]
    return [p for p in (known_again(extract(path, rng), lines), boxed_again(path, lines)) if p]


def boxed_again(path: Path, lines: list[SetLine]) -> PrintedPage | None:
    """The page as our own adapter reads it; None if it refuses it, or too little is known again."""
    try:
        page = read_pdf(path.read_bytes())[0]
    except BadInput:
        return None
    boxed = known_again(page.text, lines)
    if boxed:
        boxed.boxes = page.boxes
    return boxed


def draw(cells: list[Cell], lay: Layout, rng: random.Random, path: Path) -> None:
    """Draw frames where their boxes are, often not in reading order."""
    frames = []
    for cell in cells:
        row, frame = cell.row, []
        for line in cell.lines:
            frame.append((lay.box(cell, row, line), line.text))
            row += line.rows
        frames.append(frame)
    boxes = [b for frame in frames for b, _ in frame]
    wide, deep = max(b.right for b in boxes) + 40, max(b.bottom for b in boxes) + 60
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    page = canvas.Canvas(str(path), pagesize=(wide, deep))
    if rng.random() < 0.4:
        rng.shuffle(frames)
    for box, text in (part for frame in frames for part in frame):
        page.setFont(FONT, box.size)
        page.drawString(box.left, deep - box.bottom + 0.14 * box.size, text)
    page.save()


def extract(path: Path, rng: random.Random) -> str:
    how = rng.choices(["layout", "raw", "pdfium", "pdfminer"], [2, 3, 2, 3])[0]
    if how == "pdfium":
        return "\f".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(str(path))).replace("\r", "")
    if how == "pdfminer":
        return extract_text(str(path))
    flags = ["-raw"] if how == "raw" else []
    command = ["pdftotext", *flags, "-enc", "UTF-8", str(path), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def known_again(text: str, lines: list[SetLine]) -> PrintedPage | None:
    """Label the extracted text by the lines that were set."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for n, line in enumerate(lines):
        waiting[line.text.strip()].append(n)
    sheet, last, unknown = PressSheet(), -1, 0
    for raw in text.rstrip("\f\n").split("\n"):
        rest = raw
        while rest.strip():
            space = rest[: len(rest) - len(rest.lstrip())]
            sheet.add(space)
            rest = rest[len(space) :]
            size = _longest(rest, waiting)
            if not size:
                unknown += len(rest)
                sheet.set(rest, SetLine(-1, "furniture", 0, True, rest, 0))
                break
            found = waiting[rest[:size]]
            n = last + 1 if last + 1 in found else found[0]
            found.remove(n)
            if not found:
                del waiting[rest[:size]]
            sheet.set(rest[:size], lines[n])
            rest, last = rest[size:], n
        sheet.add("\n")
    return sheet.page() if unknown <= MOST_UNKNOWN * len(text) else None


def _longest(rest: str, waiting: dict[str, list[int]]) -> int:
    """Length of the longest set line that ``rest`` opens with; 0 for none."""
    whole = rest.rstrip()
    if whole in waiting:
        return len(whole)
    return next((k for k in range(min(len(whole), 60), 3, -1) if whole[:k] in waiting), 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2500)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    pool, rng, start = page_pool(), random.Random(args.seed), time.time()
    pages: list[PrintedPage] = []
    tried = 0
    with tempfile.TemporaryDirectory() as folder:
        while len(pages) < args.pages and time.time() - start < args.minutes * 60:
            tried += 1
            pages += pdf_page(pool, rng, Path(folder))
            if tried % 200 == 0:
                print(tried, "printed", len(pages), "kept", f"{time.time() - start:.0f}s", flush=True)
                args.out.write_bytes(pickle.dumps(pages))
    args.out.write_bytes(pickle.dumps(pages))


if __name__ == "__main__":
    main()
