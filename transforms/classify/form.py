"""An article as named features, each about 0 to 1, for a linear model.

Words are read only in the first ``WINDOW`` and the last ``TAIL`` characters. That bounds the cost, and a long piece
is judged by how it begins and ends, as a reader would.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import log1p
from operator import add

from transforms.classify.families import FAMILIES, HELD, OFFER, SIGNS, TRAITS
from transforms.model import Article

WINDOW, TAIL = 1200, 300
OPENING, CLOSING = 110, 90
START = 400
NAMED_BY = 150  # a course is what the piece is about if it is named within so many characters
WORD_WEIGHT = 0.5  # a single word is weaker evidence than its family: a smaller input is a stronger prior

_SIGNS = tuple((sign.what, sign.zone, sign.pattern.search) for sign in SIGNS)
_WORDS = tuple((f"much that {name}", tuple((w, w[:2], f"says {w}") for w in words)) for name, words in FAMILIES)
_NUMBERED = re.compile(
    r"第[一二三四五六七八九十]{1,3}[条章]|[一二三四五六七八九十]、|[（(][一二三四五六七八九十][)）]|(?<!\d)\d[、．]"
)
_LOCAL_WE = re.compile(r"我[市县省区州镇校院局国乡]")
_SPEECH = re.compile(r"[说道][，：:。]|表示|介绍|告诉")
_SENTENCE_END = re.compile(r"[。！？!?]")
_STOPS = tuple('。！？!?”"：:；;…）)')
_CROSSHEAD = range(4, 26)
_COLUMN_LINE = 40  # paragraphs shorter than this on average are lines: verse, lists, tables


@dataclass(frozen=True, slots=True)
class Zones:
    """Where marks are searched: offsets (code points) in the article's own text."""

    headline: str
    opening: str
    start: str
    closing: str
    text: str


def zones(article: Article) -> Zones:
    """The zones of an article."""
    body = article.text
    lead = body if body.startswith(article.dateline) else f"{article.dateline} {body}"
    text = body if len(body) <= WINDOW + TAIL else f"{body[:WINDOW]}\n{body[-TAIL:]}"
    headline = " ".join(part for part in (article.label, article.kicker, article.headline, article.subhead) if part)
    return Zones(headline, lead[:OPENING], text[:START], body[-CLOSING:], text)


def features(article: Article) -> dict[str, float]:
    """Every nonzero feature of ``article`` by its readable name, in a fixed order."""
    zone = zones(article)
    found = _shape(article, zone) | _lines(article) | _texture(zone.text) | _signs(zone) | _course(zone)
    _count_words(zone.text, found)
    return {what: value for what, value in found.items() if value}


def _shape(article: Article, zone: Zones) -> dict[str, float]:
    length = sum(len(paragraph.text) for paragraph in article.body)
    return {
        "its length": min(log1p(length / 200) / 3, 1.5),
        "under 400 characters": float(length < 400),
        "over 1,500 characters": float(length > 1500),
        "many paragraphs": min(len(article.body) / 12, 1.0),
        "a byline": float(bool(article.byline)),
        "a dateline": float(bool(article.dateline)),
        "a subhead": float(bool(article.subhead)),
        "part of another story": float(article.parent >= 0),
        "a short headline": float(len(zone.headline) < 9),
        "a long headline": float(len(zone.headline) > 24),
    }


def _lines(article: Article) -> dict[str, float]:
    """Lines that end without a stop: verse, lists and tables are made of them, and crossheads are such lines."""
    texts = [paragraph.text for paragraph in article.body if paragraph.text]
    total = sum(map(len, texts))
    if not total:
        return {}
    bare = [text for text in texts if not text.endswith(_STOPS)]
    prose = total / len(texts) >= _COLUMN_LINE
    heads = sum(len(text) in _CROSSHEAD for text in bare[:-1]) if prose else 0
    return {
        "lines without a full stop": sum(map(len, bare)) / total,
        "many lines without a full stop": min(len(bare) / 12, 1.0),
        "short lines": float(not prose and len(texts) > 3),
        "crossheads": min(heads / 5, 1.0),
    }


def _texture(text: str) -> dict[str, float]:
    """Densities per 1,000 characters, on a scale that saturates."""
    per = 1000 / max(len(text), 200)
    local = len(_LOCAL_WE.findall(text))
    digits = sum(map(text.count, "0123456789"))
    return {
        "first person": _rate(text.count("我") - local, per),
        "speaks as the place (我市)": _rate(local, per),
        "quotation marks": _rate(text.count("“"), per),
        "speech reported": _rate(len(_SPEECH.findall(text)), per),
        "questions": _rate(text.count("？") + text.count("?"), per),
        "exclamations": _rate(text.count("！") + text.count("!"), per),
        "numbered points": _rate(len(_NUMBERED.findall(text)), per),
        "figures": min(digits * per / 100, 1.5),
        "colons": _rate(text.count("：") + text.count(":"), per),
        "ages (岁)": _rate(text.count("岁"), per),
        "full stops": _rate(text.count("。"), per),
        "long sentences": min(len(text) / max(1, len(_SENTENCE_END.findall(text))) / 60, 2.0),
        **{what: _rate(len(pattern.findall(text)), per) for what, pattern in TRAITS},
    }


def _rate(count: int, per: float) -> float:
    return log1p(count * per) / 3


def _signs(zone: Zones) -> dict[str, float]:
    where = {"headline": zone.headline, "opening": zone.opening, "start": zone.start, "closing": zone.closing}
    return {what: 1.0 for what, name, search in _SIGNS if search(where[name])}


def _course(zone: Zones) -> dict[str, float]:
    """A course that the piece is about, not one that it mentions: named at once, and told as such pieces tell it."""
    if "培训" not in zone.headline and "培训" not in zone.text[:NAMED_BY]:
        return {}
    return {
        "a course that is offered": float(bool(OFFER.search(zone.text))),
        "a course that was held": float(bool(HELD.search(zone.text))),
    }


def _count_words(text: str, found: dict[str, float]) -> None:
    """Only words whose first two characters occur side by side are searched for: most are not there at all."""
    per = 1000 / max(len(text), 200)
    pairs = set(map(add, text, text[1:])) | set(text)
    for family, words in _WORDS:
        total = 0
        for word, start, what in words:
            if start in pairs and (count := text.count(word)):
                total += count
                found[what] = WORD_WEIGHT * min(log1p(count * per) / 2, 1.0)
        found[family] = log1p(total * per) / 3
