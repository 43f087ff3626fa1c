"""The kind of a short line by its words: log probabilities from a table of hashed n-grams.

Trained by training/linekinds.py.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

KINDS = ("text", "headline", "kicker", "subhead", "crosshead", "caption")
SIZE = 1 << 16
LONGEST = 80  # characters; longer pieces are text
BASE = 1_000_003
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
DIGITS = re.compile(r"[0-9０-９]+")

Floats = NDArray[np.float32]


def grams_of(text: str) -> NDArray[np.int64]:
    """Hashed buckets of a line's characters, pairs and triples, with its ends marked and its length in steps."""
    plain = "\x02" + DIGITS.sub("0", text) + "\x03"
    points = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    parts = [np.array([0xE000 + min(len(text), LONGEST) // 4], np.uint64)]
    for n in (1, 2, 3):
        count = len(points) - n + 1
        mixed = np.full(count, n, np.uint64)
        for k in range(n):
            mixed = mixed * np.uint64(BASE) + points[k : k + count]
        parts.append(mixed)
    return ((np.concatenate(parts) * MULTIPLIER) >> np.uint64(48)).astype(np.int64)


def kinds_of(texts: list[str], table: Floats, bias: Floats) -> Floats:
    """Log probability of each kind, shape (len(texts), len(KINDS)); 0 for texts too long for a head or byline."""
    out = np.zeros((len(texts), len(KINDS)), np.float32)
    for n, text in enumerate(texts):
        if len(text) <= LONGEST:
            score = table[grams_of(text)].mean(axis=0) + bias
            top = score - score.max()
            out[n] = top - np.log(np.exp(top).sum())
    return out.clip(-8, 0)
