"""From a PDF with a text layer to pages, by PDFium: characters with positions, then lines, blocks and reading
order.

PDFium is C++ and PDFs may be hostile, so ``pdf_adapter.py`` runs this in a child process.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import pypdfium2
import pypdfium2.raw as raw

from transforms.errors import BadInput
from transforms.intake.layout import page_text
from transforms.intake.lines import printed_lines
from transforms.intake.naming import pages_in
from transforms.intake.pdf_fonts import use_stand_in
from transforms.intake.pdf_images import placed_images
from transforms.intake.pdf_text import LOST, check_text, mended
from transforms.intake.placed import Glyph, is_wide
from transforms.model import Box, Page

MOST_PAGES = 64  # per file; they are read within pdf_adapter.SECONDS
MOST_CHARACTERS = 200_000  # per page; a full page of small type has some 20,000
DASHES = "—…"  # they fill squares
SMALLEST = 0.5  # points; smaller characters are marks of the layout program


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page's text and boxes. ``fault``: why its text cannot be used; empty if it can.

    ``drawn``: whether the page can nevertheless be drawn, so that scans' recogniser may read it. ``illustrated``:
    whether it has images that may be photographs. ``size``: width and height in points, as seen.
    """

    text: str = ""
    boxes: tuple[Box, ...] = ()
    fault: str = ""
    drawn: bool = False
    illustrated: bool = False
    size: tuple[float, float] = (0.0, 0.0)


def read_pdf(data: bytes, first: int = 1, name: str = "") -> tuple[Page, ...]:
    """The pages of a PDF, numbered from ``first``. Raises BadInput if one of them cannot be read."""
    found = read_pages(data)
    fault = next((p.fault for p in found if p.fault), "")
    if fault:
        raise BadInput(fault)
    known = zip(pages_in(name, len(found)), found, strict=True)
    return tuple(Page(first + n, p.text, own, "pdf", p.boxes) for n, ((own, _), p) in enumerate(known))


def read_pages(data: bytes) -> list[ReadPage]:
    """The pages of a PDF in order, each with its fault if it has one.

    Raises BadInput if the file is encrypted, damaged, empty, or has more than ``MOST_PAGES`` pages.
    """
    use_stand_in()
    with closing(_opened(data)) as document:
        if len(document) > MOST_PAGES:
            raise BadInput(
                f"this PDF has {len(document):,} pages, more than the {MOST_PAGES} that one may have: split it"
            )
        if not len(document):
            raise BadInput("this PDF has no pages, so it is damaged: export it again")
        return [_read_page(document, n) for n in range(len(document))]


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD:
            raise BadInput("this PDF is locked with a password: export it without one") from error
        raise BadInput("this PDF is damaged or incomplete: export it again") from error


def _read_page(document: pypdfium2.PdfDocument, n: int) -> ReadPage:
    try:
        with closing(document[n]) as page, closing(page.get_textpage()) as text:
            glyphs = _unligated(list(_glyphs(page, text)))
            illustrated, size = any(placed_images(page)), _seen_size(page)
    except pypdfium2.PdfiumError:
        return ReadPage(fault="this page of the PDF is damaged: export it again")
    except BadInput as error:
        return ReadPage(fault=str(error))
    try:
        check_text(glyphs)
    except BadInput as error:
        return ReadPage(fault=str(error), drawn=True)
    try:
        return ReadPage(*page_text(printed_lines([g for g, _ in glyphs])), illustrated=illustrated, size=size)
    except BadInput as error:
        return ReadPage(fault=str(error))


def _seen_size(page: pypdfium2.PdfPage) -> tuple[float, float]:
    left, bottom, right, top = page.get_cropbox()
    wide, high = round(right - left, 2), round(top - bottom, 2)
    return (high, wide) if page.get_rotation() % 180 else (wide, high)


def _glyphs(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage) -> Iterator[tuple[Glyph, str]]:
    """Each character on the page with the name of its font, in drawing order; positions as the page is seen."""
    count = raw.FPDFText_CountChars(text)
    if count > MOST_CHARACTERS:
        raise BadInput(
            f"this page has {count:,} characters, more than the {MOST_CHARACTERS:,} that one may have: send each page"
            " as it was printed"
        )
    place, objects = _Placer(page), _Objects(text)
    matrix, loose = raw.FS_MATRIX(), raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    for n in range(count):
        code = raw.FPDFText_GetUnicode(text, n)
        if code in (10, 13) or raw.FPDFText_IsGenerated(text, n) == 1:
            continue
        raw.FPDFText_GetMatrix(text, n, matrix)
        raw.FPDFText_GetCharOrigin(text, n, x, y)
        raw.FPDFText_GetLooseCharBox(text, n, loose)
        a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
        size = abs(raw.FPDFText_GetFontSize(text, n)) * math.sqrt(abs(a * d - b * c))
        if not size >= SMALLEST:
            continue
        turn = _whole(math.degrees(math.atan2(-b, a)))
        wide, high = loose.right - loose.left, loose.top - loose.bottom
        width = wide if turn % 180 == 0 else high if turn % 180 == 90 else size
        drawn, font = objects.at(n)
        character = LOST if raw.FPDFText_HasUnicodeMapError(text, n) == 1 else mended(code, font)
        glyph = place(Glyph(character, x.value, y.value, width, size, turn, drawn))
        if glyph is not None:
            yield glyph, font


def _whole(angle: float) -> int:
    """Whole degrees in [0, 360); nearly level or nearly upright counts as exactly so."""
    quarter = round(angle / 90) * 90
    return int(quarter if abs(angle - quarter) < 3 else round(angle)) % 360


def _unligated(glyphs: list[tuple[Glyph, str]]) -> list[tuple[Glyph, str]]:
    """Characters that share one glyph, like the two halves of a Chinese dash, side by side."""
    spread: list[tuple[Glyph, str]] = []
    for glyph, font in glyphs:
        before = spread[-1][0] if spread else None
        if before and glyph.drawn and glyph.drawn == before.drawn and (glyph.x, glyph.y) == (before.x, before.y):
            spread[-1] = replace(before, width=before.width / 2), font
            step = glyph.size if is_wide(glyph.character) or glyph.character in DASHES else glyph.width / 2
            turn = math.radians(glyph.angle)
            x, y = glyph.x + step * math.cos(turn), glyph.y + step * math.sin(turn)
            glyph = replace(glyph, x=round(x, 2), y=round(y, 2), width=step)
        spread.append((glyph, font))
    return spread


class _Objects:
    """The text objects of a page: a number for each, and the name of its font."""

    def __init__(self, text: pypdfium2.PdfTextPage) -> None:
        self.text = text
        self.known: dict[int, tuple[int, str]] = {}
        self.buffer = ctypes.create_string_buffer(256)

    def at(self, n: int) -> tuple[int, str]:
        """Number and font of the object that character ``n`` belongs to; 0 if it belongs to none."""
        drawn = raw.FPDFText_GetTextObject(self.text, n)
        if not drawn:
            return 0, ""
        key = ctypes.addressof(drawn.contents)
        if key not in self.known:
            self.known[key] = len(self.known) + 1, self._name(raw.FPDFTextObj_GetFont(drawn))
        return self.known[key]

    def _name(self, font: ctypes._Pointer[ctypes.c_void_p]) -> str:
        if not font:
            return ""
        length = raw.FPDFFont_GetBaseFontName(font, self.buffer, len(self.buffer))
        return self.buffer.raw[: max(0, min(length, len(self.buffer)) - 1)].decode("utf-8", "replace")


class _Placer:
    """Moves characters from the user space of the PDF to the page as it is seen."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self.left, self.bottom, self.right, self.top = page.get_cropbox()
        self.turn = page.get_rotation()

    def __call__(self, glyph: Glyph) -> Glyph | None:
        """The character in its place, rounded to 1/100 point; None if it lies outside the page."""
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
        angle = (glyph.angle + self.turn) % 360
        width, size = round(glyph.width, 2), round(glyph.size, 2)
        return Glyph(glyph.character, round(x, 2), round(y, 2), width, size, angle, glyph.drawn)
