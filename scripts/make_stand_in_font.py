"""Write the font that stands in for fonts a PDF names but does not carry: one thin bar for each character there is.

``uv run --with fonttools scripts/make_stand_in_font.py``. PDFium drops single characters whose font it cannot find, and
what it finds depends on the machine; with this font every machine reads the same text.
"""

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

OUT = Path(__file__).resolve().parent.parent / "transforms" / "intake" / "stand_in.ttf"
EM = 1000


def bar() -> object:
    pen = TTGlyphPen(None)
    pen.moveTo((0, -90))
    for corner in ((0, 810), (100, 810), (100, -90)):  # PDFium takes an advance narrower than the shape for wrong
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


def main() -> None:
    font = FontBuilder(EM)
    font.setupGlyphOrder([".notdef", "bar"])
    font.setupGlyf({".notdef": bar(), "bar": bar()})
    font.setupHorizontalMetrics({".notdef": (EM, 0), "bar": (EM, 0)})
    font.setupHorizontalHeader(ascent=880, descent=-120)
    font.setupNameTable({"familyName": "Broadsheet Stand-in", "styleName": "Regular"})
    font.setupCharacterMap({0x20: "bar"})
    font.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    font.setupPost(keepGlyphNames=False)
    many = CmapSubtable.newSubtable(13)  # many characters to one glyph
    many.platformID, many.platEncID, many.format, many.reserved, many.length, many.language = 3, 10, 13, 0, 0, 0
    many.nGroups = 0
    many.cmap = dict.fromkeys(range(0x20, 0x110000), "bar")
    font.font["cmap"].tables = [many]
    font.font.recalcTimestamp = False
    font.font["head"].created = font.font["head"].modified = 0
    font.save(OUT)


if __name__ == "__main__":
    main()
