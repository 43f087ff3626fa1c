"""How wide text is printed: ideographs take a cell, Latin letters and digits half of one."""

import unicodedata


def measure(text: str) -> int:
    """Width of a text in half-width units."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)
