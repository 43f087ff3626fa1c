"""What editors and operators read: ``language/en.toml`` and ``language/zh.toml``, a table for each place."""

from __future__ import annotations

from pathlib import Path

from transforms.multilingual import LANGUAGES as LANGUAGES
from transforms.multilingual import Words as Words

FOLDER = Path(__file__).parent / "language"


def words_of(language: str, table: str) -> Words:
    """A table's texts in a language (BCP 47); English if we have none in it."""
    return Words(language, table, FOLDER)
