"""Write the font that stands in for fonts a PDF names but does not carry: one square for each character there is.

``uv run --with fonttools scripts/make_square_font.py``. PDFium drops single characters whose font it cannot find, and
what it finds depends on the machine; with this font every machine reads the same text.
"""

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

OUT = Path(__file__).resolve().parent.parent / "transforms" / "intake" / "square.ttf"
EM = 1000


def square() -> object:
    pen = TTGlyphPen(None)
    pen.moveTo((50, -90))
    for corner in ((50, 810), (950, 810), (950, -90)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


def main() -> None:
    font = FontBuilder(EM)
    font.setupGlyphOrder([".notdef", "square"])
    font.setupGlyf({".notdef": square(), "square": square()})
    font.setupHorizontalMetrics({".notdef": (EM, 50), "square": (EM, 50)})
    font.setupHorizontalHeader(ascent=880, descent=-120)
    font.setupNameTable({"familyName": "Broadsheet Square", "styleName": "Regular"})
    font.setupCharacterMap({0x20: "square"})
    font.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    font.setupPost(keepGlyphNames=False)
    many = CmapSubtable.newSubtable(13)  # many characters to one glyph
    many.platformID, many.platEncID, many.format, many.reserved, many.length, many.language = 3, 10, 13, 0, 0, 0
    many.nGroups = 0
    many.cmap = dict.fromkeys(range(0x20, 0x110000), "square")
    font.font["cmap"].tables = [many]
    font.font.recalcTimestamp = False
    font.font["head"].created = font.font["head"].modified = 0
    font.save(OUT)


if __name__ == "__main__":
    main()
