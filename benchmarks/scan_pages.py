"""Draw the PDF pages of a bench as scans, for accuracy.py: scan_pages.py BENCH OUT DPI [ISSUES [worn]].

The first ISSUES folders (4) are drawn, grey as a scanner has them, each with its gold beside it. Worn ones lie askew by
up to 0.8 degrees, and are blurred, unevenly lit and noisy. Recognising a page takes 15 to 40 s of one core.
"""

from __future__ import annotations

import shutil
import sys
from itertools import islice
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

PAPER, INK = 228, 60  # grey of a worn page
UNEVEN, GRAIN = 18, 9  # by which the paper's grey differs from edge to edge, and from point to point


def worn(page: Image.Image, dpi: int, seed: int) -> Image.Image:
    """The page as a hasty scan of old paper has it; the same seed gives the same scan."""
    rng = np.random.default_rng(seed)
    turned = page.rotate(float(rng.uniform(-0.8, 0.8)), expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    blurred = turned.filter(ImageFilter.GaussianBlur(dpi / 300 * float(rng.uniform(0.6, 1.2))))
    grey = np.asarray(blurred).astype(np.float32)
    high, wide = grey.shape
    across = np.linspace(0, 1, wide)[None, :] * rng.uniform(-UNEVEN, UNEVEN)
    paper = PAPER + across + np.linspace(0, 1, high)[:, None] * rng.uniform(-UNEVEN, UNEVEN)
    grey = INK + grey / 255 * (paper - INK) + rng.normal(0, GRAIN, grey.shape)
    return Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))


def main() -> None:
    bench, out, dpi = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 4
    folders = sorted(p for p in bench.iterdir() if (p / "gold.json").exists())
    for number, folder in enumerate(islice(folders, count)):
        place = out / folder.name
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / "gold.json", place)
        for path in sorted(folder.glob("page-*.pdf")):
            page = pypdfium2.PdfDocument(path)[0]
            image = page.render(scale=dpi / 72, grayscale=True).to_pil()
            image = worn(image, dpi, number) if "worn" in sys.argv[5:] else image
            image.save(place / f"{path.stem}.png", dpi=(dpi, dpi))


if __name__ == "__main__":
    main()
