"""Count character n-grams of the corpus into one small hashed table: the count-based half of the seam's evidence."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np

from training.corpus import Story, learnt_from, stories
from training.seams import make_alphabet
from transforms.restore.alphabet import Alphabet
from transforms.restore.ngrams import BITS, LONGEST, NGrams, grams, slots

LEAST = {1: 1, 2: 1, 3: 2, 4: 2, 5: 2, 6: 3}


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
    return NGrams.of(table, sum(map(len, texts)))


def pair_weights(texts: list[np.ndarray], buckets: Callable[[np.ndarray], np.ndarray], size: int) -> np.ndarray:
    """How much a bucket of character pairs tells of a text's topic: its inverse document frequency, 0 to 1."""
    seen = np.zeros(size)
    for text in texts:
        seen[np.unique(buckets(text))] += 1
    return np.log(len(texts) / (1 + seen)).clip(0) / np.log(len(texts))


def main() -> None:
    """``python -m training.ngrams --out ngrams.npz``"""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    corpus = learnt_from(list(stories()))
    counted = count(corpus, make_alphabet(corpus))
    np.savez_compressed(args.out, taken=counted.taken, entries=counted.entries, total=counted.total)


if __name__ == "__main__":
    main()
