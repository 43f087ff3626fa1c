"""Counts of character n-grams in a hashed table, one byte per slot: four bits of check, four of log2 of the count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.restore.alphabet import Codes

BITS = 25
LONGEST = 6
BASE = 1_000_003
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)

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
    """The table, and the number of characters that were counted."""

    table: NDArray[np.uint8]
    total: int

    def counts(self, hashes: Hashes) -> Floats:
        """Approximate count of each gram; 0.3 for those never seen."""
        slot, check = slots(hashes, len(self.table).bit_length() - 1)
        entry = self.table[slot]
        known = ((entry >> 4) == check) & (entry > 0)
        level = (entry & 15).astype(np.float32) - 1
        return np.where(known & (level >= 0), np.exp2(level), np.float32(0.3)).astype(np.float32)
