"""Topics of IPTC's Media Topics by their words, and the paper's own columns by theirs."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import log1p
from operator import add
from pathlib import Path

from transforms.model import Article, Column, Subject

FOLDER = Path(__file__).parents[1] / "taxonomy"
HEADLINE = 4.0  # a word in the headline counts as so many in the text
STRONG, WEAK = 2.0, 1.0
ENOUGH = 2.2  # log weight per topic from which on it is named
MOST = 3
SHARE = 0.45  # a further topic must weigh so much of the first
WINDOW = 4000  # characters of a story that are looked at


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with its words and what each is worth."""

    code: str
    name: str
    words: tuple[tuple[str, float], ...]


@cache
def topics(language: str = "zh-Hans") -> tuple[Topic, ...]:
    """The taxonomy of a language. Raises OSError or KeyError if its file is not there or not sound."""
    data = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    return tuple(Topic(t["code"], t["name"], _weighed(t)) for t in data["topic"])


def _weighed(topic: dict[str, list[str]]) -> tuple[tuple[str, float], ...]:
    return tuple((w, STRONG) for w in topic["strong"]) + tuple((w, WEAK) for w in topic["words"])


def subjects_in(article: Article) -> tuple[tuple[Subject, ...], tuple[str, ...]]:
    """The topics, surest first, and the words that told them. Confidence grows with what spoke, and is never 1."""
    headline = f"{article.label} {article.kicker} {article.headline} {article.subhead}"
    text = article.text[:WINDOW]
    pairs = set(map(add, headline + text, (headline + text)[1:]))  # most words are not there, and this shows it at once
    found = [(*_weight(topic, headline, text, pairs), topic) for topic in topics()]
    found.sort(key=lambda f: (-f[0], f[2].code))
    top = found[0][0] if found else 0.0
    chosen = [f for f in found[:MOST] if f[0] >= max(ENOUGH, SHARE * top)]
    subjects = tuple(Subject(t.code, t.name, round(min(0.95, weight / (weight + 2)), 2)) for weight, _, t in chosen)
    return subjects, tuple(word for _, words, _ in chosen for word in words[:2])


def _weight(topic: Topic, headline: str, text: str, pairs: set[str]) -> tuple[float, tuple[str, ...]]:
    spoke = []
    for word, worth in topic.words:
        if len(word) > 1 and word[:2] not in pairs:
            continue
        said = text.count(word) + HEADLINE * headline.count(word)
        if said:
            spoke.append((worth * log1p(said), word))
    spoke.sort(key=lambda s: (-s[0], s[1]))
    density = 1 / (1 + len(text) / 3000)  # a long piece mentions much
    return sum(weight for weight, _ in spoke) * density, tuple(word for _, word in spoke if len(word) > 1)


def column_of(article: Article, columns: Sequence[Column]) -> Column | None:
    """The paper's own column whose name stands above the story; the first where several do."""
    heads = f"{article.label}\n{article.kicker}\n{article.headline}"
    return next((c for c in columns if any(mark in heads for mark in c.marks)), None)
