"""Learn from real headline blocks what a kicker above its headline looks like, and what a headline above its subhead.

``python -m training.deckpairs --out deckpairs.npz``: prints the share told right over five folds, then fits all.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from training.corpus import learnt_heads, printed_heads
from transforms.segment.deckpairs import BUCKETS, SCALE, traits

FOLDS = 5
HELD = 20  # every so many of the printed blocks stand on the pages that confidence is fitted on
RIDGE = 0.3
STEPS = 60
DASHES = "—－-"


def fit(x: csr_matrix, y: np.ndarray) -> np.ndarray:
    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = x @ w[:-1] + w[-1]
        off = 1 / (1 + np.exp(-z)) - y
        value = float(np.sum(np.logaddexp(0, z) - y * z) + RIDGE / 2 * w[:-1] @ w[:-1])
        return value, np.append(x.T @ off + RIDGE * w[:-1], off.sum())

    return minimize(loss, np.zeros(BUCKETS + 1), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    blocks = [*learnt_heads(), *(h for n, h in enumerate(printed_heads()) if n % HELD)]
    pairs = [(h.kicker, h.headline, 1.0) for h in blocks if h.kicker]
    pairs += [(h.headline, h.subhead, 0.0) for h in blocks if h.subhead]
    # Most subheads here open with a dash, which papers set or leave out: without it the words must tell.
    pairs += [(h.headline, h.subhead.lstrip(DASHES), 0.0) for h in blocks if h.subhead[:1] in tuple(DASHES)]
    pairs += [(h.kicker.rstrip(DASHES), h.headline, 1.0) for h in blocks if h.kicker[-1:] in tuple(DASHES)]
    seen = [traits(a, b) for a, b, _ in pairs]
    sizes = np.array([len(s) for s in seen])
    values = np.repeat(SCALE / np.sqrt(sizes), sizes)
    x = csr_matrix((values, np.concatenate(seen), np.cumsum([0, *sizes])), shape=(len(seen), BUCKETS))
    y = np.array([label for *_, label in pairs])
    fold = np.random.default_rng(0).integers(0, FOLDS, len(y))
    right = []
    for n in range(FOLDS):
        w = fit(x[fold != n], y[fold != n])
        right.append(np.mean((x[fold == n] @ w[:-1] + w[-1] > 0) == (y[fold == n] > 0)))
    print(f"{len(y)} pairs, kickers {y.mean():.2f}, told right {np.mean(right):.3f}")
    np.savez(args.out, decks=fit(x, y).astype(np.float16))


if __name__ == "__main__":
    main()
