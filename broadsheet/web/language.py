"""What the pages say, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from broadsheet import texts
from broadsheet.texts import LANGUAGES, Words
from transforms.model import Doubt


def words_of(language: str) -> Words:
    """The desk's texts in a language."""
    return texts.words_of(language, "desk")


def doubts(said: Words, found: Iterable[Doubt]) -> str:
    """Why an article waits, in the reader's language; of a kind that we have no words for, as it was noted."""
    known = ("order", "section", "private", "rejected", "remade")
    return said("and").join(said(f"doubt_{d.kind}") if d.kind in known else d.detail for d in found)


def preferred(asked: str, kept: str, accepted: str) -> str:
    """The language asked for now, else the one kept in a cookie, else the browser's first that we have."""
    for wish in (asked, kept):
        if wish in LANGUAGES:
            return wish
    for wish in accepted.split(","):
        language = wish.split(";")[0].strip().lower()[:2]
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]
