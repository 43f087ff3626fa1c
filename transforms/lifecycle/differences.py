"""What a reader would notice between two versions of an article, and the note that describes it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from transforms.model import Article
from transforms.multilingual import Words
from transforms.private_numbers import masked

_QUOTED = 40  # characters of a headline that a note cites


def seen_by_readers(article: Article) -> tuple[object, ...]:
    """Everything in an article that counts as content; not where it was found, nor the confidence."""
    return (
        article.headline,
        article.shown_kicker,
        article.subhead,
        tuple((c.name, c.role) for c in article.byline),
        article.dateline,
        article.section.value,
        tuple((p.kind.value, p.text) for p in article.body),
        pictures_of(article),
    )


def pictures_of(article: Article) -> tuple[object, ...]:
    """The pictures of an article as a reader sees them."""
    return tuple((m.digest or m.url, m.caption, m.credit) for m in article.media)


def describe_changes(old: Article, new: Article, language: str) -> str:
    """One sentence on what changed, in Chinese for ``zh*``, otherwise in English; empty if nothing did."""
    if seen_by_readers(old) == seen_by_readers(new):
        return ""
    words = Words(language, "change")
    return words("frame", all=words("comma").join(_changes(old, new, words)))


def _changes(old: Article, new: Article, words: Words) -> Iterator[str]:
    pairs = {
        "headline": (old.headline, new.headline),
        "kicker": (old.shown_kicker, new.shown_kicker),
        "subhead": (old.subhead, new.subhead),
        "byline": (_names(old, words), _names(new, words)),
        "dateline": (old.dateline, new.dateline),
        "section": (old.section.value, new.section.value),
        "media": (repr(pictures_of(old)), repr(pictures_of(new))),
    }
    for name, (before, after) in pairs.items():
        if before != after:
            yield words(name, old=_short(before, words), new=_short(after, words))
    yield from _body_changes(old, new, words)


def _body_changes(old: Article, new: Article, words: Words) -> Iterator[str]:
    before, after = ([(p.kind.value, p.text) for p in a.body] for a in (old, new))
    changed: list[int] = []
    added = removed = 0
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        both = min(i2 - i1, j2 - j1)
        changed += range(j1 + 1, j1 + both + 1)
        added += (j2 - j1) - both
        removed += (i2 - i1) - both
    if changed:
        yield words("changed", where=words("list").join(map(str, changed)))
    if added:
        yield words("added", count=added)
    if removed:
        yield words("removed", count=removed)


def _names(article: Article, words: Words) -> str:
    return words("list").join(f"{c.role} {c.name}".strip() for c in article.byline)


def _short(text: str, words: Words) -> str:
    if not text:
        return words("none")
    text = masked(text)  # before it is cut: half a number would be known for none
    return text if len(text) <= _QUOTED else text[:_QUOTED] + "…"
