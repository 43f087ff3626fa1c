"""Count character n-grams of the corpus into one small hashed table: the count-based half of the seam's evidence."""

from __future__ import annotations

import numpy as np

from training.corpus import Story
from transforms.restore.alphabet import Alphabet
from transforms.restore.ngrams import BITS, LONGEST, NGrams, grams, slots

LEAST = {1: 1, 2: 1, 3: 2, 4: 2, 5: 3}


def count(corpus: list[Story], alphabet: Alphabet) -> NGrams:
    """Build the table from every paragraph, n-grams up to ``LONGEST``."""
    texts = [alphabet.encode("".join(s.body)) for s in corpus]
    table = np.zeros(1 << BITS, np.uint8)
    kept = []
    for n in range(1, LONGEST + 1):
        hashes, counts = np.unique(np.concatenate([grams(t, n) for t in texts if len(t) >= n]), return_counts=True)
        enough = counts >= LEAST[n]
        kept.append((hashes[enough], counts[enough]))
        print(n, "grams", len(hashes), "kept", int(enough.sum()))
    for hashes, counts in reversed(kept):  # shorter grams, being surer, overwrite longer ones
        slot, check = slots(hashes)
        level = np.clip(np.round(np.log2(counts) * 1.0), 0, 14).astype(np.uint8) + 1
        order = np.argsort(counts, kind="stable")
        table[slot[order]] = (check[order] << 4) | level[order]
    return NGrams(table, sum(map(len, texts)))
