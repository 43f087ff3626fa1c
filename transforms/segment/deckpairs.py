"""Whether two lines of a headline block are kicker and headline, headline and subhead, or one headline that was broken.

Chinese newspapers word kickers and subheads unlike headlines, and a broken headline makes sense only as a whole. Two
small networks tell by what the encoders of ``transforms.restore.continuation`` know at both ends of either line;
training/deckpairs.py trained them on real headline blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from transforms.restore.continuation import STATE
from transforms.restore.evidence import Floats, Weights

FEWER_KICKERS = 0.6  # nats: the paper that the blocks are from sets two kickers to a subhead, most others few
SIZES = 5
NUMBERS = 4 * STATE + SIZES


@dataclass(frozen=True)
class Deck:
    """The lines of a kicker, headline or subhead: ``size`` characters, and what the encoders know of them, reading to
    the ``end`` and back to the ``start``, shape (STATE,) each.
    """

    size: int
    end: Floats
    start: Floats


def deck_of(sizes: Sequence[int], states: Floats) -> Deck:
    """One deck of one line or more of these sizes; ``states`` (lines, 2 * STATE)."""
    return Deck(sum(sizes), states[-1, :STATE], states[0, STATE:])


def numbers_of(above: Deck, below: Deck) -> Floats:
    """What a pair is told by, shape (NUMBERS,)."""
    a, b = above.size, below.size
    sizes = np.array([a / 10, b / 10, np.log(a), np.log(b), np.log(a / b)], np.float32)
    return np.concatenate([above.end, above.start, below.end, below.start, sizes])


def kicker_odds(above: Deck, below: Deck, weights: Weights) -> float:
    """Log odds that ``above`` is the kicker of ``below`` rather than its headline."""
    return _odds("decks", above, below, weights) - FEWER_KICKERS


def broken_odds(above: Deck, below: Deck, weights: Weights) -> float:
    """Log odds that two lines are halves of one headline rather than two decks."""
    return _odds("broken", above, below, weights)


def _odds(name: str, above: Deck, below: Deck, weights: Weights) -> float:
    hidden = np.maximum(weights[f"{name}.0.weight"] @ numbers_of(above, below) + weights[f"{name}.0.bias"], 0)
    return float(weights[f"{name}.1.weight"] @ hidden + weights[f"{name}.1.bias"])


def log_chance(decks: tuple[Deck | None, Deck | None, Deck | None], weights: Weights) -> float:
    """Log probability of (kicker, headline, subhead), some absent; 0 for a headline alone."""
    given = [(n, d) for n, d in enumerate(decks) if d]
    total = 0.0
    for (n, above), (_, below) in pairwise(given):
        odds = kicker_odds(above, below, weights)
        total -= float(np.logaddexp(0, -odds if n == 0 else odds))
    return total
