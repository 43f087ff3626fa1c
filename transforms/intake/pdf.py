"""PDF with a text layer to pages, by PDFium: characters with their places, then lines, blocks and a reading order."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as raw

from transforms.errors import BadInput
from transforms.intake.glyphs import Glyph, printed_lines
from transforms.intake.layout import page_text
from transforms.intake.pdf_fonts import use_square_fonts
from transforms.model import Page


def read_pdf(data: bytes, first: int = 1, name: str = "") -> tuple[Page, ...]:
    """The pages of a PDF file, numbered from ``first``. Raises BadInput if PDFium cannot open it."""
    use_square_fonts()
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise BadInput(f"this PDF cannot be opened ({error}): export it again") from error
    try:
        pages = []
        for n, page in enumerate(document):
            text, boxes = page_text(printed_lines(list(_glyphs(page))))
            label = f"{name}#{n + 1}" if len(document) > 1 else name
            pages.append(Page(first + n, text, label, "pdf", boxes))
            page.close()
        return tuple(pages)
    finally:
        document.close()


def _glyphs(page: pypdfium2.PdfPage) -> Iterator[Glyph]:
    """Each character that the page shows, in drawing order, in points from the top left corner as it is seen."""
    text = page.get_textpage()
    place = _Placer(page)
    matrix, loose = raw.FS_MATRIX(), raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    for n in range(raw.FPDFText_CountChars(text)):
        code = raw.FPDFText_GetUnicode(text, n)
        if raw.FPDFText_IsGenerated(text, n) or code in (0, 10, 13):
            continue
        raw.FPDFText_GetMatrix(text, n, matrix)
        raw.FPDFText_GetCharOrigin(text, n, x, y)
        raw.FPDFText_GetLooseCharBox(text, n, loose)
        a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
        size = abs(raw.FPDFText_GetFontSize(text, n)) * math.sqrt(abs(a * d - b * c))
        if size <= 0:
            continue
        turn = _whole(math.degrees(math.atan2(-b, a)))
        wide, high = loose.right - loose.left, loose.top - loose.bottom
        width = wide if turn % 180 == 0 else high if turn % 180 == 90 else size
        character = "-" if code == 2 else chr(code)  # PDFium marks a hyphen at a line's end so
        glyph = place(Glyph(character, x.value, y.value, width, size, turn))
        if glyph is not None:
            yield glyph
    text.close()


def _whole(angle: float) -> int:
    """Whole degrees in [0, 360); what is nearly level or nearly upright is taken for it."""
    quarter = round(angle / 90) * 90
    return int(quarter if abs(angle - quarter) < 3 else round(angle)) % 360


class _Placer:
    """Moves characters from the user space of the PDF to the page as it is seen."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self.left, self.bottom, self.right, self.top = page.get_cropbox()
        self.turn = page.get_rotation()

    def __call__(self, glyph: Glyph) -> Glyph | None:
        x, y = glyph.x - self.left, self.top - glyph.y
        wide, high = self.right - self.left, self.top - self.bottom
        if not (-glyph.size < x < wide + glyph.size and -glyph.size < y < high + glyph.size):
            return None
        if self.turn == 90:
            x, y = high - y, x
        elif self.turn == 180:
            x, y = wide - x, high - y
        elif self.turn == 270:
            x, y = y, wide - x
        return Glyph(glyph.character, x, y, glyph.width, glyph.size, (glyph.angle + self.turn) % 360)
