"""Write the PDF pages of a bench as OCR programs would, for accuracy.py: as_ocr_files.py BENCH OUT KIND [ISSUES].

KIND is page (PAGE-XML), alto, hocr, or layout (our JSON, its lines in no order). Lines stand at 300 dpi in boxes that
are some pixels off, as those around ink are; blocks come in the order that the PDF is read in. Each with its gold.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
from collections.abc import Callable
from html import escape
from itertools import islice
from pathlib import Path

from transforms.intake.pdf import read_pdf
from transforms.model import Box, Page

SCALE = 300 / 72
OFF = 2.0  # pixels, standard deviation

Row = tuple[str, tuple[int, int, int, int]]
Rows = list[list[Row]]


def rows_of(page: Page, rng: random.Random) -> Rows:
    """The blocks of a page: lines with their boxes in pixels."""
    boxes = iter(page.boxes)
    blocks: Rows = []
    for block in page.text.strip("\n").split("\n\n"):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        blocks.append([(line, _off(next(boxes), rng)) for line in lines])
    return blocks


def _off(box: Box, rng: random.Random) -> tuple[int, int, int, int]:
    left, top, right, bottom = (
        round(v * SCALE + rng.gauss(0, OFF)) for v in (box.left, box.top, box.right, box.bottom)
    )
    return max(0, left), max(0, top), max(left + 1, right), max(top + 1, bottom)


def page_xml(blocks: Rows) -> str:
    regions = "".join(
        f'<TextRegion id="r{n}"><Coords points="0,0 1,1"/>{"".join(map(_page_line, block))}</TextRegion>'
        for n, block in enumerate(blocks)
    )
    return (
        '<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15">'
        f'<Page imageFilename="p.png" imageWidth="9000" imageHeight="9000">{regions}</Page></PcGts>'
    )


def _page_line(row: Row) -> str:
    text, (left, top, right, bottom) = row
    outline = f"{left},{top} {right},{top} {right},{bottom} {left},{bottom}"
    return f'<TextLine><Coords points="{outline}"/><TextEquiv><Unicode>{escape(text)}</Unicode></TextEquiv></TextLine>'


def alto(blocks: Rows) -> str:
    texts = "".join(
        f'<TextBlock ID="b{n}">{"".join(map(_alto_line, block))}</TextBlock>' for n, block in enumerate(blocks)
    )
    return (
        '<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description><MeasurementUnit>pixel</MeasurementUnit>'
        f"</Description><Layout><Page><PrintSpace>{texts}</PrintSpace></Page></Layout></alto>"
    )


def _alto_line(row: Row) -> str:
    text, (left, top, right, bottom) = row
    place = f'HPOS="{left}" VPOS="{top}" WIDTH="{right - left}" HEIGHT="{bottom - top}"'
    return f'<TextLine {place}><String CONTENT="{escape(text)}"/></TextLine>'


def hocr(blocks: Rows) -> str:
    areas = "".join(f'<div class="ocr_carea">{"".join(map(_hocr_line, block))}</div>' for block in blocks)
    title = 'title="bbox 0 0 9000 9000; scan_res 300 300"'
    return f'<html><body><div class="ocr_page" {title}>{areas}</div></body></html>'


def _hocr_line(row: Row) -> str:
    text, box = row
    return f'<span class="ocr_line" title="bbox {" ".join(map(str, box))}">{escape(text)}</span>'


def layout(blocks: Rows) -> str:
    lines = [{"text": text, "box": box} for block in blocks for text, box in block]
    random.Random(len(lines)).shuffle(lines)
    return json.dumps({"format": "broadsheet-layout", "pages": [{"lines": lines}]}, ensure_ascii=False)


KINDS: dict[str, tuple[str, Callable[[Rows], str]]] = {
    "page": ("xml", page_xml),
    "alto": ("xml", alto),
    "hocr": ("html", hocr),
    "layout": ("json", layout),
}


def main() -> None:
    bench, out, kind = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    count = int(sys.argv[4]) if len(sys.argv) > 4 else None
    ending, write = KINDS[kind]
    rng = random.Random(19)
    for folder in islice(sorted(p for p in bench.iterdir() if (p / "gold.json").exists()), count):
        place = out / folder.name
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / "gold.json", place)
        for path in sorted(folder.glob("page-*.pdf")):
            (page,) = read_pdf(path.read_bytes())
            (place / f"{path.stem}.{ending}").write_text(write(rows_of(page, rng)), "utf-8")


if __name__ == "__main__":
    main()
