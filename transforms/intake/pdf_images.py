"""Where photographs are on a PDF's page: images large enough to be one, but no backgrounds or ornaments."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import pypdfium2
import pypdfium2.raw as raw

from transforms.model import Box

FEWEST_PIXELS = 120  # of the shorter side; smaller images are icons
NARROWEST = 50.0  # points of the shorter side on the page; smaller ones are logos, codes to scan, signs
MOST_OF_PAGE = 0.8  # of the page's area; more is its background, or a scan
MOST_IMAGES = 400  # of a page that are large enough to be photographs
MOST_LOOKED_AT = 20_000  # of a page; layout programs cut shadows and gradients into thousands of strips
DEEPEST = 4  # nested forms
MOST_CLIPS, MOST_POINTS = 20, 2000

Rect = tuple[float, float, float, float]  # left, bottom, right, top, in the PDF's user space
EVERYWHERE: Rect = (float("-inf"), float("-inf"), float("inf"), float("inf"))


@dataclass(frozen=True, slots=True)
class Sides:
    """The rectangle that a whole image would fill, and the part of it that is visible."""

    whole: Rect
    seen: Rect


def placed_images(page: pypdfium2.PdfPage) -> Iterator[tuple[pypdfium2.PdfImage, Sides]]:
    """The images of a page that may be photographs, in drawing order; none if there are more than ``MOST_IMAGES``."""
    looked_at = ((image, _sides(page, image, matrix)) for image, matrix in islice(_images(page), MOST_LOOKED_AT))
    found = [(image, sides) for image, sides in looked_at if sides]
    yield from found if len(found) <= MOST_IMAGES else ()


def _images(
    page: pypdfium2.PdfPage, form: object = None, matrix: pypdfium2.PdfMatrix | None = None, depth: int = 0
) -> Iterator[tuple[pypdfium2.PdfImage, pypdfium2.PdfMatrix]]:
    """The images of a page and of the forms on it, each with the matrix of the forms around it."""
    matrix = matrix or pypdfium2.PdfMatrix()
    for found in page.get_objects(max_depth=1, form=form):
        if found.type == raw.FPDF_PAGEOBJ_IMAGE:
            yield found, matrix
        elif found.type == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
            yield from _images(page, found.raw, found.get_matrix().multiply(matrix), depth + 1)


def _sides(page: pypdfium2.PdfPage, image: pypdfium2.PdfImage, matrix: pypdfium2.PdfMatrix) -> Sides | None:
    """Where a photograph is on its page; None if it cannot be one."""
    try:
        whole = matrix.on_rect(*image.get_bounds())
        wide, high = image.get_px_size()
    except pypdfium2.PdfiumError:
        return None
    seen = _common(_common(whole, _clip(image, matrix)), page.get_cropbox())
    across, down = seen[2] - seen[0], seen[3] - seen[1]
    if min(across, down) < NARROWEST or min(wide, high) < FEWEST_PIXELS:
        return None
    left, bottom, right, top = page.get_cropbox()
    if across * down > MOST_OF_PAGE * (right - left) * (top - bottom):
        return None
    return Sides(whole, seen)


def _clip(image: pypdfium2.PdfImage, matrix: pypdfium2.PdfMatrix) -> Rect:
    """The rectangle around the visible part of an image; without limits if all of it is visible."""
    clip = raw.FPDFPageObj_GetClipPath(image.raw)
    shown = EVERYWHERE
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in range(max(0, min(MOST_CLIPS, raw.FPDFClipPath_CountPaths(clip))) if clip else 0):
        points = []
        for n in range(max(0, min(MOST_POINTS, raw.FPDFClipPath_CountPathSegments(clip, path)))):
            segment = raw.FPDFClipPath_GetPathSegment(clip, path, n)
            if segment and raw.FPDFPathSegment_GetPoint(segment, x, y):
                points.append(matrix.on_point(x.value, y.value))
        if points:
            across, down = zip(*points, strict=True)
            shown = _common(shown, (min(across), min(down), max(across), max(down)))
    return shown


def _common(one: Rect, other: Rect) -> Rect:
    return (max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3]))


def on_view(page: pypdfium2.PdfPage, sides: Rect) -> Box:
    """The rectangle in points from the top left corner of the page, as it is seen."""
    left, bottom, right, top = page.get_cropbox()
    x1, x2, y1, y2 = sides[0] - left, sides[2] - left, top - sides[3], top - sides[1]
    across, down = right - left, top - bottom
    turned = {
        0: (x1, y1, x2, y2),
        90: (down - y2, x1, down - y1, x2),
        180: (across - x2, down - y2, across - x1, down - y1),
        270: (y1, across - x2, y2, across - x1),
    }[page.get_rotation()]
    x1, y1, x2, y2 = (round(side, 2) for side in turned)
    return Box(x1, y1, x2, y2, 0.0)
