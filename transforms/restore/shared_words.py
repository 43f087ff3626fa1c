"""What two pieces of a page share that little other text has: names and terms of one story.

The networks see such words through a hashed table in which a long piece fills most places. Here they are compared one
by one. The weights were fitted by logistic regression on 270,000 pairs of pieces of 200 simulated pages (Cox 1958),
beside the networks' own odds; ``WEIGHT`` is the smallest at which most texts of 420 such pages come out whole
(training/shared_words.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from transforms.repair import HAN
from transforms.restore.evidence import Floats, encode
from transforms.restore.features import Evidence
from transforms.restore.ngrams import Hashes, grams

WORDS = re.compile(rf"[{HAN}A-Za-z0-9]{{2,400}}")
LENGTH = 2  # characters of a gram
COMMON = 8.0  # nats: what is more common than this tells nothing
SHORTEST = 20  # characters of a piece that tells by its words
MOST = 200  # pieces
SHARED, SIZES, ALWAYS, WEIGHT = 0.45, -0.37, 2.91, 4.0


def kinship(texts: Sequence[str], evidence: Evidence) -> Floats:
    """Log odds that two pieces are of one story by the rare words that they share, shape (N, N), symmetric; 0 for
    short pieces and on a page of too many.
    """
    count = len(texts)
    long = np.array([len(t) >= SHORTEST for t in texts], bool)
    if count > MOST or long.sum() < 2:
        return np.zeros((count, count), np.float32)
    sizes = np.log([max(1, len(t)) for t in texts])
    odds = SHARED * np.sqrt(shared(texts, evidence)) + SIZES * (sizes[:, None] + sizes[None, :]) + ALWAYS
    told: Floats = (WEIGHT * odds * (long[:, None] & long[None, :])).astype(np.float32)
    return told


def shared(texts: Sequence[str], evidence: Evidence) -> Floats:
    """The rarity of the grams that each two pieces share; a gram of many pieces counts less."""
    bags = [_bag(text, evidence) for text in texts]
    known, place, times = np.unique(np.concatenate(bags), return_inverse=True, return_counts=True)
    common = times > 1
    rarity = np.log(evidence.grams.total / (evidence.grams.counts(known[common]) + 1)) - COMMON
    weight = np.maximum(0, rarity) / (times[common] - 1)
    column, held = np.cumsum(common) - 1, common[place]
    rows = np.repeat(np.arange(len(texts)), [len(bag) for bag in bags])
    table = np.zeros((len(texts), int(common.sum())), np.float32)
    table[rows[held], column[place[held]]] = 1
    out: Floats = (table * weight.astype(np.float32)) @ table.T
    return out


def _bag(text: str, evidence: Evidence) -> Hashes:
    """The grams of a text, each once."""
    runs = [m[0] for m in WORDS.finditer(text)]
    found = [grams(codes, LENGTH) for codes in encode(evidence.alphabet, runs)] if runs else []
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.uint64)
