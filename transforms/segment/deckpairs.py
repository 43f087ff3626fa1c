"""Whether two lines of a headline block are kicker and headline, or headline and subhead.

Logistic regression on character n-grams and lengths of both lines, trained on real headline blocks by
training/deckpairs.py. Chinese newspapers word kickers and subheads quite unlike headlines.
"""

from __future__ import annotations

import re
import zlib
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from transforms.restore.evidence import Floats

BUCKETS = 1 << 15
SCALE = 3.0
LONGEST_RUN = 3
DIGIT = re.compile(r"\d")
COLUMN = re.compile(r"（[^（）]{2,24}）$")
FEWER_KICKERS = 1.35  # nats: the paper that the blocks are from sets two kickers to a subhead, most others few
MOST_READ = 80  # characters of a deck


def traits(above: str, below: str) -> NDArray[np.int64]:
    """The feature buckets of two lines, each once, in order."""
    above, below = above[:MOST_READ], below[:MOST_READ]
    seen = [*_of_line("a", above), *_of_line("b", below)]
    ratio = 4 * np.log2((len(above) + 1) / (len(below) + 1))
    seen += [f"ratio{int(np.clip(ratio, -8, 8))}", f"sizes{len(above) // 4},{len(below) // 4}"]
    return np.array(sorted({zlib.crc32(s.encode()) % BUCKETS for s in seen}), np.int64)


def _of_line(place: str, line: str) -> list[str]:
    framed = f"^{DIGIT.sub('0', line)}$"
    runs = [framed[i : i + n] for n in range(1, LONGEST_RUN + 1) for i in range(len(framed) - n + 1)]
    spaced = " " in line or "\u3000" in line
    halves = COLUMN.sub("", line).split()
    couplet = len(halves) == 2 and len(halves[0]) == len(halves[1])
    return [place + r for r in (*runs, f"size{min(len(line) // 2, 15)}", f"spaced{spaced}", f"couplet{couplet}")]


def kicker_odds(above: str, below: str, weights: Floats) -> float:
    """Log odds that ``above`` is the kicker of ``below`` rather than its headline. The last weight is the bias."""
    at = traits(above, below)
    return float(SCALE * weights[at].sum() / np.sqrt(len(at)) + weights[-1]) - FEWER_KICKERS


def log_chance(decks: tuple[str, str, str], weights: Floats) -> float:
    """Log probability of (kicker, headline, subhead), each with its lines joined, some empty; 0 for a headline
    alone.
    """
    given = [(n, d) for n, d in enumerate(decks) if d]
    total = 0.0
    for (n, above), (_, below) in pairwise(given):
        odds = kicker_odds(above, below, weights)
        total -= float(np.logaddexp(0, -odds if n == 0 else odds))
    return total
