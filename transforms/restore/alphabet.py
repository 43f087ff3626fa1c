"""Maps characters to small integers, the same way in training and in reading."""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import NDArray

PAD, UNKNOWN, DIGIT, LETTER, SPACE = 0, 1, 2, 3, 4
FIRST_FREE = 5

Codes = NDArray[np.int32]


class Alphabet:
    """Maps text to codes: digits are one code, Latin letters one, unseen characters one."""

    def __init__(self, characters: str) -> None:
        """``characters``: the known ones, in the order of their codes (first gets ``FIRST_FREE``)."""
        self.characters = characters
        self._table = np.full(0x10000, UNKNOWN, dtype=np.int32)
        for code, character in enumerate(characters, FIRST_FREE):
            self._table[ord(character)] = code
        self._map(SPACE, " \t\u3000\n")
        for point in (*range(0x30, 0x7B), *range(0xFF00, 0xFFF0)):  # ASCII, and what is set in other widths
            self._fold(point)

    def __len__(self) -> int:
        return FIRST_FREE + len(self.characters)

    def encode(self, text: str) -> Codes:
        """Codes of shape ``(len(text),)``; characters beyond the basic plane count as unknown."""
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        return self._table[np.minimum(points, 0xFFFF)]

    def _map(self, code: int, characters: str) -> None:
        for character in characters:
            self._table[ord(character)] = code

    def _fold(self, point: int) -> None:
        plain = unicodedata.normalize("NFKC", chr(point))
        if plain.isdigit() and plain.isascii():
            self._table[point] = DIGIT
        elif plain.isalpha() and plain.isascii():
            self._table[point] = LETTER
