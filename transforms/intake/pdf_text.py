"""The characters that a PDF says it shows: radicals and symbols corrected, unknown characters counted by font."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

from transforms.errors import BadInput
from transforms.intake.placed import Glyph
from transforms.intake.plausible import plausibility

LOST = "\ufffd"
MOST_LOST = 1 / 500  # of a page's characters, as for text files
READABLE = 0.1  # mean plausibility; a text layer below it is not Chinese
ENOUGH = 40  # characters beyond ASCII; fewer are not judged
MOST_NAMED = 4  # fonts named in a message
# Radicals, each with the character of the same shape (Unicode's EquivalentUnifiedIdeograph); NFKC leaves these alone.
_PAIRS = (
    "⺀丶⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇几⺈刀⺉刂⺊卜⺋㔾⺌小⺎兀⺒巳⺓幺⺖忄⺘扌⺙攵⺜日⺝月⺞歹⺟母⺠民⺡氵⺢氺⺣灬⺤爫"
    "⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糸⺰纟⺲罒⺳网⺶羊⺷羊⺸羊⺹耂⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃西⻄西"
    "⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟食⻠饣"
    "⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫齊⻬齐⻭齒⻮齿⻯龍⻰龙⻱龜⻲龜⻳龟"
)
RADICALS = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
# What the symbol fonts of office programs put on private code points (U+F000 and the byte).
SYMBOLS = {0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: "□", 0x71: "□", 0x75: "◆", 0x76: "◇", 0xA7: "■", 0xA8: "□"}
SYMBOLS |= {0xB7: "·", 0xD8: "➢", 0xFC: "√"}
SYMBOL_FONTS = ("wingdings", "symbol", "zapfdingbats", "webdings")


def mended(code: int, font: str) -> str:
    """The character of a code point as PDFium gives it; U+FFFD if nobody can know what it shows.

    >>> mended(0x2F83, "SimSun"), mended(0x2EE2, "SimSun"), mended(0xF06E, "ABCDEF+Wingdings")
    ('自', '马', '■')
    """
    if code == 2:  # a hyphen at the end of a line
        return "-"
    character = chr(code)
    if 0xF000 <= code <= 0xF0FF and any(name in font.lower() for name in SYMBOL_FONTS):
        return SYMBOLS.get(code & 0xFF, LOST)
    if 0x2E80 <= code <= 0x2FD5 or 0xF900 <= code <= 0xFAFF or 0xFE30 <= code <= 0xFE4F:  # the last for upright lines
        return RADICALS.get(character) or unicodedata.normalize("NFKC", character)
    if code == 0xA0:
        return " "
    return LOST if unicodedata.category(character) in ("Co", "Cn", "Cs", "Cc") else character


def check_text(glyphs: Iterable[tuple[Glyph, str]]) -> None:
    """Raise BadInput if the Unicode maps of the fonts are missing or wrong, naming the fonts.

    ``glyphs``: characters, each with its font.
    """
    seen: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    texts: dict[str, list[str]] = {}
    for glyph, font in glyphs:
        seen[font] += 1
        lost[font] += glyph.character == LOST
        texts.setdefault(font, []).append(glyph.character)
    if sum(lost.values()) > sum(seen.values()) * MOST_LOST:
        raise BadInput(
            f"{sum(lost.values())} of its {sum(seen.values())} characters have no known meaning, because the font"
            f" {_names(lost)} has no Unicode map: export the PDF with text that can be searched and copied"
        )
    wrong = Counter({font: len(text) for font, text in texts.items() if _nonsense("".join(text))})
    if sum(wrong.values()) * 10 > sum(seen.values()):
        raise BadInput(
            f"its text does not read as Chinese, because the Unicode map of the font {_names(wrong)} is wrong:"
            " export the PDF with text that can be searched and copied"
        )


def _nonsense(text: str) -> bool:
    beyond = [c for c in text if c > "\x7f" and c != LOST]
    han = sum("\u4e00" <= c <= "\u9fff" for c in beyond)
    return len(beyond) >= ENOUGH and han * 2 > len(beyond) and plausibility(text.replace(LOST, "")) < READABLE


def _names(fonts: Counter[str]) -> str:
    names = [name.partition("+")[2] or name or "without a name" for name, n in fonts.most_common(MOST_NAMED) if n]
    return ", ".join(dict.fromkeys(names))
