"""What the pages say, in the reader's language."""

from __future__ import annotations

from pathlib import Path

from broadsheet.words import LANGUAGES, Words

PATH = Path(__file__).parent / "words.toml"


def words_of(language: str) -> Words:
    return Words(language, PATH)


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
