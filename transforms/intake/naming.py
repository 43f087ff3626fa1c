"""What a file's name says: its page number, and its place among the others."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

NUMBERED = re.compile(r"(?:^|[/\\])page[-_ ]?0*([1-9]\d{0,2})\.[^./\\]*$", re.IGNORECASE)


def number_in(name: str) -> int:
    """The page number in a name such as page-03.txt; 0 if there is none."""
    found = NUMBERED.search(name)
    return int(found[1]) if found else 0


def pages_in(name: str, count: int) -> list[tuple[str, int]]:
    """Name and number of each of the ``count`` pages of a file.

    ``page-03.pdf#2`` is page 4. The numbers are 0 if the name has none.
    """
    first = number_in(name)
    return [(f"{name}#{n + 1}" if count > 1 else name, first and first + n) for n in range(count)]


def base_name(name: str) -> str:
    """A file's name in lower case, without its folders, which the inbox joins with two underscores."""
    return PurePosixPath(name.replace("\\", "/")).name.rpartition("__")[2].lower()


def natural(name: str) -> tuple[tuple[bool, int, str], ...]:
    """A key that sorts page-2 before page-10."""
    parts = re.split(r"(\d+)", name)
    return tuple((p.isdigit(), int(p) if p.isdecimal() else 0, p) for p in parts)
