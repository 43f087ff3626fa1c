"""The photographs on a PDF's pages, with their places. Runs apart, as ``transforms.intake.pdf`` does."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import pypdfium2
from PIL import Image

from transforms.intake.pdf_images import FEWEST_PIXELS, Sides, on_view, placed_images
from transforms.intake.photos import renditions_of
from transforms.model import Photo

MOST_PHOTOS = 40  # a page
PLAIN = 64  # colours, of 4,096 points; a ground of one tint or a gradient has no more
TIMES = 2  # an image that stands more often in the file is an ornament, such as a column's heading


def photos_on(data: bytes, numbers: list[int]) -> list[list[Photo]]:
    """The photographs of these pages, counted from 0, each page's in drawing order."""
    with closing(pypdfium2.PdfDocument(data)) as document:
        found = [list(_on_page(document, n)) for n in numbers]
    times = Counter(photo.digest for page in found for photo in page)
    return [[photo for photo in page if times[photo.digest] <= TIMES] for page in found]


def _on_page(document: pypdfium2.PdfDocument, number: int) -> Iterator[Photo]:
    seen: set[str] = set()
    with closing(document[number]) as page:
        for image, sides in placed_images(page):
            digest = _digest(image, sides)
            if not digest or digest in seen or len(seen) >= MOST_PHOTOS:
                continue
            seen.add(digest)
            picture = _pixels(image, sides)
            if picture is not None:
                yield Photo("", digest, tuple(renditions_of(picture)), on_view(page, sides.seen))


def _digest(image: pypdfium2.PdfImage, sides: Sides) -> str:
    """Of the image's data, and of the part that is seen if that is not all: the same file may be cropped twice."""
    try:
        data = bytes(image.get_data())
    except pypdfium2.PdfiumError:
        return ""
    cut = [round(seen - whole, 1) for seen, whole in zip(sides.seen, sides.whole, strict=True)]
    return hashlib.sha256(data + (repr(cut).encode() if any(cut) else b"")).hexdigest()


def _pixels(image: pypdfium2.PdfImage, sides: Sides) -> Image.Image | None:
    """What the page shows of the image; None if it is damaged, a mask, or a plain area of colour."""
    try:
        picture: Image.Image = image.get_bitmap(render=True, scale_to_original=True).to_pil()
    except (pypdfium2.PdfiumError, ValueError, RuntimeError):
        return None
    if "A" in picture.getbands():
        layer = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    picture = picture.convert("RGB")
    whole, seen = sides.whole, sides.seen
    across, down = picture.width / (whole[2] - whole[0]), picture.height / (whole[3] - whole[1])
    left, right = round((seen[0] - whole[0]) * across), round((seen[2] - whole[0]) * across)
    top, bottom = round((whole[3] - seen[3]) * down), round((whole[3] - seen[1]) * down)
    picture = picture.crop((left, top, right, bottom))  # what the layout cut off was not printed, perhaps for a reason
    if min(picture.size) < FEWEST_PIXELS or picture.resize((64, 64)).getcolors(PLAIN) is not None:
        return None
    return picture
