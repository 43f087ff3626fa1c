"""The confidence in a whole article: heads, byline and body.

Logistic regression on what the network was unsure of (Platt 1999), fitted by training/calibrate.py on pages of stories
that were used for no other training.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from transforms.restore.chains import Chain
from transforms.restore.evidence import Weights
from transforms.restore.network import Scores
from transforms.restore.roles import ROLES

HEADS = tuple(ROLES.index(r) for r in ("headline", "kicker", "subhead", "byline", "label"))
HEADLINE = ROLES.index("headline")
NUMBERS = 15
LEAST = 9.0  # nats: what is less likely than this is as good as impossible


def doubts(chain: Chain, margin: float, scores: Scores) -> NDArray[np.float64]:
    """The features of an article's confidence, shape (NUMBERS,): a constant, links, roles, headline, kinship, jumps.

    ``margin``: nats by which the chosen roles of its head lines are more likely than the next best.
    """
    pieces, chances = chain.pieces, chain.chances
    rows = scores.roles[list(pieces)]
    best = rows.argmax(axis=1)
    unsure = -rows.max(axis=1)
    head = np.isin(best, HEADS)
    lost = np.logaddexp.reduce(rows[:, HEADS][~head], axis=1) if (~head).any() else np.array([-LEAST])
    kin = scores.same[np.ix_(list(pieces), list(pieces))]
    return np.array(
        [
            1.0,
            np.sqrt(max(0.0, -sum(chances))),
            min(LEAST, -min(chances)),
            np.log(len(chances)),
            np.sqrt(max(0.0, float(unsure.sum()))),
            min(LEAST, float(unsure.max())),
            min(LEAST, float(unsure[head].max())) if head.any() else 1.0,
            max(-LEAST, float(lost.max())) / 3,
            float((best == HEADLINE).any()),
            float((best == HEADLINE).sum() > 1),
            min(LEAST, float(-min(chances[0], chances[-1]))),
            float(np.clip(kin, -3, 3).mean()) if len(pieces) > 1 else 0.0,
            float(np.log1p(sum(b != a + 1 for a, b in pairwise(pieces)))),
            float(np.log1p(len(scores.ends))) / 3,
            np.sqrt(margin),
        ]
    )


def confidence_of(chain: Chain, margin: float, scores: Scores, weights: Weights) -> float:
    """Probability that the article is right in its heads, its byline and every character of its body."""
    return float(1 / (1 + np.exp(-float(doubts(chain, margin, scores) @ weights["confidence"]))))
