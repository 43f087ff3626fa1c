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

from training.corpus import Story
from training.dress import dress, furniture
from training.press import Cell, Line, PrintedPage, Sheet, jump, place, set_story

FONT = "STSong-Light"
MOST_UNKNOWN = 0.03


def pdf_page(pool: list[Story], rng: random.Random, folder: Path) -> PrintedPage | None:
    """One page through PDF; None where too much of what came back is not known again."""
    drawn = rng.sample(pool, rng.choice([3, 4, 4, 5, 5, 6, 7]) + 1)
    printed = [dress(s, rng, drawn[-1]) for s in drawn[:-1]]
    if rng.random() < 0.15:
        jump(printed, rng)
    width = rng.choice([11, 12, 14, 15, 16, 18, 20, 22])
    by_type = rng.random() < 0.15
    cells = place([set_story(n, p, width, by_type) for n, p in enumerate(printed)], rng, ways=(75, 15, 10))
    path = folder / "page.pdf"
    around = [Line(-1, "furniture", 0, True, furniture(rng, 1), 0) for _ in range(rng.choice([0, 0, 0, 1, 2]))]
    draw(cells, around, width, rng, path)
    return known_again(extract(path, rng), [x for c in cells for x in c.lines] + around)


def draw(cells: list[Cell], around: list[Line], width: int, rng: random.Random, path: Path) -> None:
    """Draw frames on their grid; rows that hold a headline are higher."""
    size = rng.choice([8, 9, 10])
    gutter, lead = size * rng.choice([1.1, 1.3, 1.6, 2, 2.5]), size * rng.choice([1.3, 1.45, 1.6])
    columns = 1 + max(c.column for c in cells)
    rows = 3 + max(c.row + len(c.lines) for c in cells)
    spans: dict[int, set[int]] = defaultdict(set)
    heights = [lead] * rows
    for cell in cells:
        spans[cell.story].add(cell.column)
        if cell.kind == "head" and cell.row < rows:
            heights[cell.row] = max(heights[cell.row], size * 2.7)
    deep = 90 + sum(heights)
    tops = [deep - 45 - sum(heights[:n]) for n in range(rows + 1)]
    page = canvas.Canvas(str(path), pagesize=(60 + columns * (width * size + gutter), deep))
    frames = []
    for cell in cells:
        left = 30 + cell.column * (width * size + gutter)
        wide = max(1, len(spans[cell.story])) * (width * size + gutter) - gutter
        frame = []
        for n, line in enumerate(cell.lines):
            big = cell.kind == "head" and n == 0
            s = min(size * 2, wide / max(1, len(line.text))) if big else size * (1.1 if cell.kind == "head" else 1)
            indent = 2 * size if line.opens and cell.kind != "head" else 0
            frame.append((left + indent, tops[min(rows, cell.row + n + 1)], s, line.text))
        frames.append(frame)
    frames += [[(30, rng.choice([deep - 25, 20]), size, line.text)] for line in around]
    if rng.random() < 0.4:
        rng.shuffle(frames)
    for x, y, s, text in (part for frame in frames for part in frame):
        page.setFont(FONT, s)
        page.drawString(x, y, text)
    page.save()


def extract(path: Path, rng: random.Random) -> str:
    how = rng.choice(["layout", "raw", "pdfium", "pdfminer"])
    if how == "pdfium":
        return "\f".join(p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(str(path))).replace("\r", "")
    if how == "pdfminer":
        return extract_text(str(path))
    flags = ["-raw"] if how == "raw" else []
    command = ["pdftotext", *flags, "-enc", "UTF-8", str(path), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def known_again(text: str, lines: list[Line]) -> PrintedPage | None:
    """Label the extracted text by the lines that were set."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for n, line in enumerate(lines):
        waiting[line.text.strip()].append(n)
    sheet, last, unknown = Sheet(), -1, 0
    for raw in text.rstrip("\f\n").split("\n"):
        rest = raw
        while rest.strip():
            space = rest[: len(rest) - len(rest.lstrip())]
            sheet.add(space)
            rest = rest[len(space) :]
            size = _longest(rest, waiting)
            if not size:
                unknown += len(rest)
                sheet.set(rest, Line(-1, "furniture", 0, True, rest, 0))
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
    from training.reader import page_pool

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    pool, rng, start = page_pool(), random.Random(args.seed), time.time()
    pages: list[PrintedPage] = []
    tried = 0
    with tempfile.TemporaryDirectory() as folder:
        while len(pages) < args.pages and time.time() - start < args.minutes * 60:
            tried += 1
            if page := pdf_page(pool, rng, Path(folder)):
                pages.append(page)
            if tried % 200 == 0:
                print(tried, "printed", len(pages), "kept", f"{time.time() - start:.0f}s", flush=True)
                args.out.write_bytes(pickle.dumps(pages))
    args.out.write_bytes(pickle.dumps(pages))


if __name__ == "__main__":
    main()
