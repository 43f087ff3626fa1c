"""Draw the PDF pages of a bench as scans, for accuracy.py: scan_pages.py BENCH OUT DPI [ISSUES].

The first ISSUES folders (4) are drawn, grey as a scanner has them, each with its gold beside it. Recognising a page
takes 15 to 40 s of one core.
"""

from __future__ import annotations

import shutil
import sys
from itertools import islice
from pathlib import Path

import pypdfium2


def main() -> None:
    bench, out, dpi = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 4
    for folder in islice(sorted(p for p in bench.iterdir() if (p / "gold.json").exists()), count):
        place = out / folder.name
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / "gold.json", place)
        for path in sorted(folder.glob("page-*.pdf")):
            page = pypdfium2.PdfDocument(path)[0]
            image = page.render(scale=dpi / 72, grayscale=True).to_pil()
            image.save(place / f"{path.stem}.png", dpi=(dpi, dpi))


if __name__ == "__main__":
    main()
