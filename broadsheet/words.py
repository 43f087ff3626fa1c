"""What people read of us, in their language: a TOML table of keys, each with the words in every language."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "zh")


@cache
def _table(path: Path) -> dict[str, list[str]]:
    return tomllib.loads(path.read_text("utf-8"))


class Words:
    """The words of one language; a key that is missing is a fault of ours and raises KeyError."""

    def __init__(self, language: str, path: Path) -> None:
        """``language`` is a BCP 47 tag; where we have no words in it, they are English."""
        spoken = language.partition("-")[0].lower()
        self.language = spoken if spoken in LANGUAGES else LANGUAGES[0]
        self._column = LANGUAGES.index(self.language)
        self._path = path

    def __call__(self, key: str, *values: object) -> str:
        text = _table(self._path)[key][self._column]
        return text.format(*values) if values else text

    def has(self, key: str) -> bool:
        """Whether there are words for a key that somebody else has chosen."""
        return key in _table(self._path)

    @property
    def tag(self) -> str:
        """For ``lang``."""
        return "zh-Hans" if self.language == "zh" else "en"
