"""The photographs on a PDF's pages, with their places. Runs in a child process, as ``pdf.py`` does."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pypdfium2
from PIL import Image, UnidentifiedImageError

from transforms.errors import BadInput
from transforms.intake.pdf_images import FEWEST_PIXELS, Sides, on_view, placed_images
from transforms.intake.photos import MOST_PIXELS, renditions_of
from transforms.model import Box, Photo

MOST_PHOTOS = 40  # per page
PLAIN = 64  # colours among 4,096 points; a plain or graded background has no more
DAMAGED = "its file in the PDF is damaged, or compressed in a way that is not known"
TIMES = 2  # an image that occurs more often in the file is an ornament, such as a column's heading


@dataclass(frozen=True, slots=True)
class Lost:
    """A picture on the page that could not be extracted: why, and where it is."""

    reason: str
    digest: str
    box: Box


def photos_on(data: bytes, numbers: list[int]) -> list[list[Photo | Lost]]:
    """The photographs of these pages, each page's in drawing order. ``numbers`` count from 0."""
    with closing(pypdfium2.PdfDocument(data)) as document:
        found = [list(_on_page(document, n)) for n in numbers]
    times = Counter(photo.digest for page in found for photo in page if photo.digest)
    return [[photo for photo in page if times[photo.digest] <= TIMES] for page in found]


def _on_page(document: pypdfium2.PdfDocument, number: int) -> Iterator[Photo | Lost]:
    seen: set[str] = set()
    with closing(document[number]) as page:
        for image, sides in placed_images(page):
            digest = _digest(image, sides)
            if digest in seen or len(seen) >= MOST_PHOTOS:
                continue
            seen.add(digest)
            box = on_view(page, sides.seen)
            try:
                picture = _pixels(image, sides)
            except BadInput as error:
                yield Lost(str(error), digest, box)
                continue
            if picture is not None:
                yield Photo("", digest, tuple(renditions_of(picture)), box)


def _digest(image: pypdfium2.PdfImage, sides: Sides) -> str:
    """Of the image's data and, if it is cropped, of the crop: the same file may be cropped in two ways."""
    try:
        data = bytes(image.get_data())
    except pypdfium2.PdfiumError:
        data = b""
    cut = [round(seen - whole, 1) for seen, whole in zip(sides.seen, sides.whole, strict=True)]
    return hashlib.sha256(data + (repr(cut).encode() if any(cut) else b"")).hexdigest()


def _pixels(image: pypdfium2.PdfImage, sides: Sides) -> Image.Image | None:
    """What the page shows of the image; None if it is not a photograph but a mask or a plain area of colour.

    Raises BadInput if it cannot be decoded.
    """
    wide, high = image.get_px_size()
    if wide * high > MOST_PIXELS:
        raise BadInput(f"it has {wide:,} by {high:,} pixels, more than the {MOST_PIXELS:,} that one may have")
    try:
        picture: Image.Image = image.get_bitmap(render=True, scale_to_original=True).to_pil()
    except (pypdfium2.PdfiumError, ValueError, RuntimeError) as error:
        raise BadInput(DAMAGED) from error
    if "A" in picture.getbands():
        layer = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    picture = picture.convert("RGB")
    whole, seen = sides.whole, sides.seen
    across, down = picture.width / (whole[2] - whole[0]), picture.height / (whole[3] - whole[1])
    left, right = round((seen[0] - whole[0]) * across), round((seen[2] - whole[0]) * across)
    top, bottom = round((whole[3] - seen[3]) * down), round((whole[3] - seen[1]) * down)
    shown = picture.crop((left, top, right, bottom))  # what the layout cropped was not printed, perhaps on purpose
    if min(shown.size) < FEWEST_PIXELS:
        return None
    if _is_plain(shown):
        if _is_blank_for_damage(image):
            raise BadInput(DAMAGED)
        return None
    if _ends_early(image, picture):
        raise BadInput(DAMAGED)
    return shown


def _is_plain(picture: Image.Image) -> bool:
    return picture.resize((64, 64)).getcolors(PLAIN) is not None


def _is_blank_for_damage(image: pypdfium2.PdfImage) -> bool:
    """Whether it is black because PDFium could not decode it; then it returns no pixels if asked for them alone."""
    try:
        image.get_bitmap(render=False)
    except pypdfium2.PdfiumError:
        return True
    return False


def _ends_early(image: pypdfium2.PdfImage, picture: Image.Image) -> bool:
    """Whether a JPEG is cut off, which leaves grey at the bottom. Lacking only its end marker, it is complete."""
    if image.get_filters()[-1:] != ["DCTDecode"]:
        return False
    last = picture.crop((0, picture.height - 2, picture.width, picture.height - 1))
    if last.getcolors(1) is None:
        return False
    try:
        with Image.open(io.BytesIO(bytes(image.get_data(decode_simple=True))), formats=["JPEG"]) as file:
            file.draft("L", (1, 1))
            file.load()
    except UnidentifiedImageError:
        return False  # PDFium reads more of such files than Pillow
    except OSError:
        return True
    return False
