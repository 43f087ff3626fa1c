"""Decodes text: several strict decodings are tried, and the one that reads most like Chinese wins.

Statistical detectors need more text than a short page has (charset-normalizer takes “本报讯” in GB18030
for Big5), and Chinese newspapers use only a few encodings. So each is tried strictly, and the results
are compared (``plausible.py``). Damage is reported, not repaired.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.errors import BadInput
from transforms.intake.language import WORDS, language_of
from transforms.intake.plausible import plausibility

SAMPLE = 1 << 16  # characters judged; the whole is still decoded strictly
READABLE = 0.1  # a lower mean weight is not Chinese; right decodings are above 0.5
SHORTEST_MISREAD = 8  # characters; a rare name alone must not be taken for damage
# What U+FFFD becomes when its UTF-8 bytes are read as GBK.
LOST_IN_GBK = re.compile("锟斤拷|烫烫烫|屯屯屯")
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like UTF-16's, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
LADDER = ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
PRIOR = {"gb18030": 0.25}  # worth three characters of evidence: the mainland's encoding is more likely
NAMES = {"big5hkscs": "big5"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and its encoding, without the byte order mark."""

    text: str
    encoding: str


def decode(data: bytes) -> Decoded:
    """Decode the bytes of a text file.

    Raises BadInput if it is empty, not text, damaged, or not in Chinese; the message says what to do.
    """
    if not data.strip(b" \t\r\n\f\x00"):
        raise BadInput("the file is empty: send the page again")
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding)
    return _best(data)


def _marked(data: bytes, encoding: str) -> Decoded:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadInput(
            f"its byte order mark says {encoding}, but byte {error.start} is not: export the page again as UTF-8"
        ) from error
    return Decoded(_sound(text), encoding)


def _best(data: bytes) -> Decoded:
    if b"\x00" not in data and data.isascii():
        return Decoded(_sound(data.decode("ascii")), "utf-8")
    if language := _foreign(data):
        raise BadInput(f"the page is in {language}: only Chinese pages can be read. Leave it out")
    tried = [(_rank(encoding, text), encoding, text) for encoding, text in _lawful(data)]
    if not tried:
        raise BadInput(_unlawful(data))
    _, encoding, text = max(tried, key=lambda t: t[0])
    # UTF-8 is recognised by its validity alone, so text in any script passes; other encodings must make sense.
    if encoding != "utf-8" and plausibility(text[:SAMPLE]) < READABLE:
        raise BadInput(_unlawful(data))
    return Decoded(_sound(text), NAMES.get(encoding, encoding))


def _foreign(data: bytes) -> str:
    """The language of a page in its own country's encoding, whose bytes would pass for Chinese."""
    if b"\x00" in data or _decoded(data, "utf-8"):
        return ""
    if language_of(_decoded(data, "euc_jp")) == "Japanese":
        return "Japanese"
    # Chinese in GB 2312 makes Korean syllables too, but as many Chinese characters.
    korean = _decoded(data, "euc_kr")
    syllables = sum("가" <= c <= "힣" for c in korean)
    return "Korean" if language_of(korean) == "Korean" and syllables > 10 * _han(korean) else ""


def _western(data: bytes) -> str:
    """The language of a page in Windows-1252, by its commonest words; empty if it is none of those."""
    text = "" if b"\x00" in data else _decoded(data, "cp1252")
    language = language_of(text) if _latin(text) else ""
    return language if language in WORDS else ""


def _decoded(data: bytes, encoding: str) -> str:
    """The text that is judged; empty if the bytes are not valid."""
    try:
        return data.decode(encoding)[:SAMPLE]
    except UnicodeDecodeError:
        return ""


def _lawful(data: bytes) -> Iterator[tuple[str, str]]:
    for encoding in LADDER:
        try:
            yield encoding, data.decode(encoding)
        except UnicodeDecodeError:
            continue


def _rank(encoding: str, text: str) -> float:
    """Plausibility. For UTF-8 its validity counts too: random bytes seldom are, the less so the more there are."""
    sample = text[:SAMPLE]
    if encoding != "utf-8":
        return plausibility(sample) + PRIOR.get(encoding, 0.0)
    return plausibility(sample) + min(4.0, 0.5 * sum(c > "\x7f" for c in sample))


def _unlawful(data: bytes) -> str:
    if language := _western(data):
        return f"the page is in {language}: only Chinese pages can be read. Leave it out"
    if b"\x00" in data or sum(b < 9 or 13 < b < 32 for b in data[:SAMPLE]) > len(data[:SAMPLE]) / 50:
        return "this is binary data, not text: export the page's text (UTF-8) and send that"
    return (
        "its text does not read as Chinese in UTF-8, GB18030, Big5 or UTF-16; part of it may be damaged or"
        f" in two encodings{_first_fault(data)}: export the page again as UTF-8"
    )


def _first_fault(data: bytes) -> str:
    faults = []
    for encoding in ("utf-8", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError as error:
            faults.append((error.start, NAMES.get(encoding, encoding)))
    if not faults:
        return ""
    start, encoding = max(faults)
    return f" ({encoding} breaks at byte {start})"


def _sound(text: str) -> str:
    """The text itself, unless it shows that it was decoded wrongly before it was saved."""
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise BadInput("the file is empty: send the page again")
    sample = text[:SAMPLE]
    lost = text.count("\ufffd")
    if lost * 500 > len(text):
        raise BadInput(
            f"{lost} characters were lost before the file was saved (they stand as \ufffd): "
            "export the page again from the layout system as UTF-8"
        )
    if len(LOST_IN_GBK.findall(text)) >= 2:
        raise BadInput("its text was decoded wrongly twice (锟斤拷): export the page again as UTF-8")
    if controls := sum(_is_control(c) for c in sample):
        _refuse_controls(controls, len(sample))
    if wrong := misread(sample):
        raise BadInput(
            f"its text was {wrong} and saved so: export the page again, or open it as UTF-8 and save it again"
        )
    return text


def _is_control(character: str) -> bool:
    return character < "\t" or "\r" < character < " " or character == "\x7f"


def _refuse_controls(controls: int, length: int) -> None:
    if controls * 100 > length:
        raise BadInput("this is binary data, not text: export the page's text (UTF-8) and send that")


def misread(text: str) -> str:
    """How a text was misread before it was saved (“UTF-8 read as GBK”); empty if it reads well.

    The misreading is undone, losing single bytes, and reported if that gives much better Chinese.
    """
    here = plausibility(text)
    if here > 0.35 or len(text) < SHORTEST_MISREAD or _latin(text):
        return ""
    # A share of the letters must come back as Chinese; a few good characters in rubble prove nothing.
    enough = max(3, sum(c > "\x7f" for c in text) / 6)
    for codec, true, words in MISREADINGS:
        if codec in CHINESE and _other_script(text):
            continue
        undone = text.encode(codec, "ignore").decode(true, "ignore")
        if _han(undone) >= enough and plausibility(undone) > max(here + 0.5, 0.35):
            return words
    return ""


def _han(text: str) -> int:
    return sum("一" <= c <= "鿿" for c in text)


def _latin(text: str) -> bool:
    """Whether the text is really in Latin letters, some with accents. Misread Chinese has hardly any plain letters."""
    return sum("A" <= c <= "z" for c in text) > 2 * sum(c > "\x7f" for c in text)


def _other_script(text: str) -> bool:
    """Whether it is really Cyrillic, Greek or Japanese, which can also be read as Big5. Damage mixes all three."""
    letters = [sum(low <= c <= high for c in text) for low, high in OTHER_SCRIPTS]
    return sum(n > 0 for n in letters) == 1 and max(letters) * 3 > sum(c > "\x7f" for c in text)


OTHER_SCRIPTS = (("Ͱ", "Ͽ"), ("Ѐ", "ӿ"), ("ぁ", "ヿ"))  # Greek, Cyrillic, kana
CHINESE = frozenset(("gb18030", "big5hkscs"))
MISREADINGS = (
    ("gb18030", "utf-8", "UTF-8 read as GBK"),
    ("cp1252", "utf-8", "UTF-8 read as Latin-1"),
    ("latin-1", "utf-8", "UTF-8 read as Latin-1"),
    ("latin-1", "gb18030", "GBK read as Latin-1"),
    ("cp1252", "gb18030", "GBK read as Latin-1"),
    ("latin-1", "big5hkscs", "Big5 read as Latin-1"),
    ("gb18030", "big5hkscs", "Big5 read as GBK"),
    ("big5hkscs", "gb18030", "GBK read as Big5"),
    ("big5hkscs", "utf-8", "UTF-8 read as Big5"),
)
