"""What the pages say, in the reader's language."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "zh")


@cache
def _table() -> dict[str, list[str]]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))


class Words:
    """The words of one language; a key that is missing is a fault of ours and raises KeyError."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self._column = LANGUAGES.index(self.language)

    def __call__(self, key: str, *values: object) -> str:
        text = _table()[key][self._column]
        return text.format(*values) if values else text

    @property
    def tag(self) -> str:
        """For ``lang``."""
        return "zh-Hans" if self.language == "zh" else "en"


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
