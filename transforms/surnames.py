"""Chinese surnames, and given names that stand without one, from ``surnames.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path

_LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))

COMMON = "".join(_LISTS["common"].split())  # one character each
SINGLE = frozenset(COMMON) | frozenset("".join(_LISTS["rare"].split()))
COMPOUND = tuple(_LISTS["compound"])  # two characters each
ALONE = frozenset(_LISTS["alone"].split())  # two characters each
TRANSLITERATED = tuple(_LISTS["transliterated"].split())  # how names begin that are one word
