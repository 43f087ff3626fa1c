"""One substitute for all fonts that a PDF uses but does not embed, so every machine reads the same text.

PDFium looks for such a font on the machine, and drops characters that it finds nowhere. ``stand_in.ttf``
(scripts/make_stand_in_font.py) has a thin bar for each character. It is used to read text, never to draw it.
"""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2

STAND_IN = Path(__file__).with_name("stand_in.ttf")
NAME = b"Broadsheet Stand-in\x00"
HANDLE = 1


class _StandIn(pypdfium2.PdfSysfontBase):  # type: ignore[misc]  # pypdfium2 is not typed
    """Answers PDFium's questions for a font of the system (fpdf_sysfontinfo.h)."""

    data = STAND_IN.read_bytes()

    def EnumFonts(self, _: Any, mapper: Any) -> None:  # noqa: N802 - named by PDFium, as are all below
        pass

    def MapFont(self, _: Any, *wanted: Any) -> int:  # noqa: N802
        return HANDLE

    def GetFont(self, _: Any, face: Any) -> int:  # noqa: N802
        return HANDLE

    def GetFontData(self, _: Any, font: Any, table: int, buffer: Any, size: int) -> int:  # noqa: N802
        """The whole file (table 0) or one table of it; without room for it, its length alone."""
        part = self.data if not table else _table(self.data, table.to_bytes(4, "big"))
        if buffer and size >= len(part):
            ctypes.memmove(buffer, part, len(part))
        return len(part)

    def GetFaceName(self, _: Any, font: Any, buffer: Any, size: int) -> int:  # noqa: N802
        if buffer and size >= len(NAME):
            ctypes.memmove(buffer, NAME, len(NAME))
        return len(NAME)

    def GetFontCharset(self, _: Any, font: Any) -> int:  # noqa: N802
        return 1  # FXFONT_DEFAULT_CHARSET

    def DeleteFont(self, _: Any, font: Any) -> None:  # noqa: N802
        pass


def _table(font: bytes, tag: bytes) -> bytes:
    count = int.from_bytes(font[4:6], "big")
    for n in range(count):
        entry = font[12 + 16 * n : 28 + 16 * n]
        if entry[:4] == tag:
            start, length = int.from_bytes(entry[8:12], "big"), int.from_bytes(entry[12:16], "big")
            return font[start : start + length]
    return b""


@cache
def use_stand_in() -> None:
    """Make PDFium use the substitute font in this process."""
    _StandIn().setup()
