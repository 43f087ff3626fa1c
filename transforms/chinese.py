"""Traditional and simplified Chinese: which of the two a text is in, and one as the other, character by character."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

from transforms.model import Article

SIMPLIFIED, TRADITIONAL = "zh-Hans", "zh-Hant"


@cache
def _table() -> tuple[dict[int, str], frozenset[str], frozenset[str]]:
    """What traditional characters are in simplified Chinese; which only one of the two prints."""
    record = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    pairs = dict(zip(record["traditional"], record["simplified"], strict=True))
    old = frozenset(record["traditional"]) - frozenset(record["shared"])
    return str.maketrans(pairs), old, frozenset(record["new"])


def simplified(text: str) -> str:
    """The text in simplified characters; as long as before, so that offsets stay."""
    return text.translate(_table()[0])


def script_of_tag(tag: str) -> str:
    """The script that a BCP 47 tag of Chinese stands for: zh-Hant, and zh-TW, zh-HK and zh-MO, are traditional."""
    return TRADITIONAL if {"hant", "tw", "hk", "mo"} & set(tag.lower().split("-")[1:]) else SIMPLIFIED


def script_of(text: str) -> str:
    """``zh-Hans`` or ``zh-Hant``, by the characters that only one of them prints; empty if there are none."""
    _, old, new = _table()
    traditional, recent = sum(c in old for c in text), sum(c in new for c in text)
    if traditional == recent:
        return ""
    return TRADITIONAL if traditional > recent else SIMPLIFIED


def in_simplified(article: Article) -> Article:
    """An article in simplified characters, for models and lists of words that know no others; its spans stay."""
    if script_of(f"{article.headline}{article.text}") != TRADITIONAL:
        return article
    return replace(
        article,
        headline=simplified(article.headline),
        kicker=simplified(article.kicker),
        label=simplified(article.label),
        subhead=simplified(article.subhead),
        dateline=simplified(article.dateline),
        byline=tuple(replace(c, name=simplified(c.name), role=simplified(c.role)) for c in article.byline),
        body=tuple(replace(p, text=simplified(p.text)) for p in article.body),
    )
