"""Images of pages as pixels: rendered from a PDF, or decoded from JPEG, PNG and TIFF.

Runs in a child process with limits.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from transforms.errors import BadInput

DPI = 300  # pages are read at this; with less, the recogniser takes narrow gutters for spaces
MOST_ENLARGED = 2.0  # times; more gains nothing
MOST_PIXELS = 120_000_000  # a broadsheet page at 400 dpi
WORTH_WHILE = 1.2  # times
LONGEST_SIDE = 6000  # pixels; larger pictures are made smaller before they are read
MOST_FRAMES = 64
TALL_PAGE = 1100.0  # points: the longer side of an image that does not give its resolution

Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def drawn_pages(data: bytes, numbers: list[int]) -> Iterator[tuple[NDArray[np.uint8], float]]:
    """Pixels (height, width, 3) and points per pixel of these pages of a PDF. ``numbers`` count from 0."""
    document = pypdfium2.PdfDocument(data)
    for number in numbers:
        page = document[number]
        wide, high = page.get_size()
        scale = min(DPI / 72, LONGEST_SIDE / max(wide, high))
        yield page.render(scale=scale, rev_byteorder=False).to_numpy()[:, :, :3], 1 / scale
        page.close()
    document.close()


def frames(data: bytes) -> Iterator[tuple[NDArray[np.uint8], float]]:
    """Pixels (height, width, 3) and points per pixel of each image in a file.

    Raises BadInput if the file is damaged or has more than ``MOST_PIXELS`` pixels.
    """
    try:
        with Image.open(io.BytesIO(data)) as picture:
            count = min(MOST_FRAMES, getattr(picture, "n_frames", 1))
            if picture.width * picture.height > MOST_PIXELS:
                raise BadInput(
                    f"this picture has {picture.width:,} by {picture.height:,} pixels, more than the {MOST_PIXELS:,}"
                    " that one may have: scan it at 300 dpi"
                )
            for number in range(count):
                picture.seek(number)
                yield _pixels(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadInput("this picture is damaged or incomplete: scan or export it again") from error


def _pixels(picture: Image.Image) -> tuple[NDArray[np.uint8], float]:
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    dpi = picture.info.get("dpi", (0, 0))[0]
    longest = max(upright.size)
    points = 72 / float(dpi) if 72 < float(dpi) <= 1200 else TALL_PAGE / longest
    larger = min(MOST_ENLARGED, points * DPI / 72)
    factor = min(larger if larger > WORTH_WHILE else 1.0, LONGEST_SIDE / longest)
    if factor != 1:
        upright = upright.resize(
            (round(upright.width * factor), round(upright.height * factor)), Image.Resampling.BICUBIC
        )
        points *= longest / max(upright.size)
    return np.ascontiguousarray(np.asarray(upright)[:, :, ::-1]), points  # blue first, as OpenCV has it
