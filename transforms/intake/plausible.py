"""How much a text reads like Chinese, to choose between decodings that are all valid.

Almost any bytes are valid GB18030, Big5 or UTF-16, but only the right decoding gives the characters that people
write. The weights are coarse on purpose, because right and wrong decodings are far apart (about +0.8 and -0.8 per
character).
"""

from __future__ import annotations

import codecs
import unicodedata
from collections import Counter
from functools import lru_cache

from transforms.intake.common import SIMPLIFIED, TRADITIONAL

PUNCTUATION = frozenset("，。、：；？！“”‘’（）《》〈〉「」『』【】〔〕—…·　－～％＋□■○●△▲◆◇★☆※→①②③④⑤⑥⑦⑧⑨⑩")
LAYOUT = frozenset("\n\r\t\f\v\ufeff\u200b\u2028\u2029\x85")


def _level_one(codec: str, first: int, last: int) -> frozenset[str]:
    """The frequent half of a national standard: its rows ``first`` to ``last`` (lead bytes)."""
    low = range(0x40, 0x7F) if codec == "big5" else range(0)
    trails = [*low, *range(0xA1, 0xFF)]
    pairs = bytes(b for lead in range(first, last + 1) for trail in trails for b in (lead, trail))
    return frozenset(codecs.decode(pairs, codec, "ignore"))


COMMON = frozenset(SIMPLIFIED + TRADITIONAL)
# GB 2312 rows 16-55 and Big5 A4-C6 hold the everyday characters, ordered before the rare ones.
EVERYDAY = _level_one("gb2312", 0xB0, 0xD7) | _level_one("big5", 0xA4, 0xC6)


@lru_cache(maxsize=16384)
def weight(character: str) -> float:
    """How typical of Chinese a character is, from 1 (a frequent character) to -3 (a control code)."""
    if character in COMMON:
        return 1.0
    if character in PUNCTUATION or "！" <= character <= "～":
        return 0.8
    if character in EVERYDAY and "一" <= character <= "鿿":
        return 0.4
    if "一" <= character <= "鿿":
        return -0.8 if character.encode("gb2312", "ignore") else -1.2
    return -3.0 if unicodedata.category(character)[0] == "C" else -1.2


def plausibility(text: str) -> float:
    """The mean weight of the characters beyond ASCII, from -3 to 1; 1 if there are none and all is printable."""
    counts = Counter(text)
    total = seen = 0.0
    for character, count in counts.items():
        if character in LAYOUT or " " <= character <= "~":
            continue
        total += count * weight(character)
        seen += count
    return total / seen if seen else 1.0
