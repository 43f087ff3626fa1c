"""Counts of character n-grams in a hashed table: four bits of check and four of log2 of the count for each taken slot.

Two slots in three are empty. Only the taken ones are stored, behind one bit for each slot (Jacobson 1989), so that
nothing has to be unpacked at the start.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from transforms.restore.alphabet import Codes

BITS = 25
LONGEST = 6
BASE = 1_000_003
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
ONE = np.uint64(1)

Hashes = NDArray[np.uint64]
Floats = NDArray[np.float32]


def grams(codes: Codes, n: int) -> Hashes:
    """Hashes of all n-grams of a text, shape ``(len(codes) - n + 1,)``."""
    wide = codes.astype(np.uint64)
    out = np.zeros(len(codes) - n + 1, np.uint64)
    for k in range(n):
        out = out * np.uint64(BASE) + wide[k : len(codes) - n + 1 + k]
    return out


def join(left: Hashes, right: Hashes, length: int) -> Hashes:
    """Hash of a left gram followed by a right gram of ``length`` characters, equal to that of ``grams``."""
    return left * np.uint64(BASE**length % 2**64) + right


def slots(hashes: Hashes, bits: int = BITS) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Slot and check of each hash."""
    mixed = hashes * MULTIPLIER
    mixed ^= mixed >> np.uint64(31)
    mixed *= MULTIPLIER
    slot = (mixed >> np.uint64(64 - bits)).astype(np.int64)
    return slot, ((mixed >> np.uint64(64 - bits - 4)) & np.uint64(15)).astype(np.uint8)


@dataclass(frozen=True)
class NGrams:
    """The table, and the number of characters that were counted.

    ``taken``: 64 slots a number, the lowest bit first, shape (slots / 64,). ``entries``: one for each taken slot.
    """

    taken: Hashes
    entries: NDArray[np.uint8]
    total: int
    before: NDArray[np.uint32] = field(init=False, repr=False)  # taken slots before those of each number

    def __post_init__(self) -> None:
        each = np.bitwise_count(self.taken)
        object.__setattr__(self, "before", each.cumsum(dtype=np.uint32) - each)

    @classmethod
    def of(cls, table: NDArray[np.uint8], total: int) -> NGrams:
        """From a whole table, shape (slots,), in which 0 stands for an empty slot."""
        return cls(np.packbits(table > 0, bitorder="little").view("<u8"), table[table > 0], total)

    def counts(self, hashes: Hashes) -> Floats:
        """Approximate count of each gram; 0.3 for those never seen."""
        slot, check = slots(hashes, len(self.taken).bit_length() + 5)
        word, bit = self.taken[slot >> 6], (slot & 63).astype(np.uint64)
        place = self.before[slot >> 6] + np.bitwise_count(word & ((ONE << bit) - ONE))
        entry = self.entries[np.minimum(place, len(self.entries) - 1)]
        known = ((word >> bit) & ONE).astype(bool) & ((entry >> 4) == check)
        level = (entry & 15).astype(np.float32) - 1
        return np.where(known & (level >= 0), np.exp2(level), np.float32(0.3)).astype(np.float32)
