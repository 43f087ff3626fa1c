"""Texts in several languages: a folder of TOML files, one a language, each with the same tables and keys."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh")
FOLDER = Path(__file__).parent / "language"


@cache
def _texts(folder: Path, language: str) -> dict[str, Any]:
    return tomllib.loads((folder / f"{language}.toml").read_text("utf-8"))


class Words:
    """One table of texts in one language. A missing key is a fault in our code and raises KeyError."""

    def __init__(self, language: str, table: str, folder: Path = FOLDER) -> None:
        """``language`` is a BCP 47 tag; English if there are no texts in it. ``table`` is a dotted path in the file."""
        spoken = language.partition("-")[0].lower()
        self.language = spoken if spoken in LANGUAGES else LANGUAGES[0]
        texts = _texts(folder, self.language)
        for name in table.split("."):
            texts = texts.get(name, {})
        self._texts: dict[str, str] = texts

    def __call__(self, key: str, *values: object, **named: object) -> str:
        """The text with its values; that of ``<key>_1`` if the first is 1 and the language has one for it."""
        text = self._texts.get(f"{key}_1" if values[:1] == (1,) else key) or self._texts[key]
        return text.format(*values, **named) if values or named else text

    def has(self, key: str) -> bool:
        """Whether there is a text for a key that comes from outside, such as the name of a kind."""
        return key in self._texts

    def all_keys(self) -> Collection[str]:
        """The keys of the table, in their order."""
        return self._texts.keys()

    @property
    def gap(self) -> str:
        """What stands between two sentences."""
        return "" if self.language == "zh" else " "

    @property
    def tag(self) -> str:
        """The language as a value of HTML's ``lang``."""
        return "zh-Hans" if self.language == "zh" else "en"


def note_in(language: str, key: str, *values: object) -> str:
    """A note that stands with an article, in the article's language."""
    return Words(language, "note")(key, *values)
