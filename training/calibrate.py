"""Fit how sure the reader may be of a text's order, on pages of stories that it was never trained on.

``python -m training.calibrate --out calibration.npz [--table]``: logistic regression of "this chain is the whole story
in true order" on a chain's log chances (Platt 1999). Half of the pages fit it, the other half says how well.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from training.press import ROLES, make_page
from training.reader import page_pool
from transforms.model import Page
from transforms.restore.chains import adopt, chains_of, refine
from transforms.restore.features import features_of, pieces_of, sheet_of
from transforms.restore.network import doubts, joined_lines, score
from transforms.trained import Models, load_models

APART = {ROLES.index("furniture"), ROLES.index("caption")}


def judged(models: Models, pages: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """What each chain is judged by, and whether it is right, over simulated pages."""
    pool, rng = page_pool(held=True), random.Random(seed)
    rows, right = [], []
    for _ in range(pages):
        page = make_page(pool, rng)
        sheet = sheet_of(Page(1, page.text), models.evidence)
        pieces = pieces_of(sheet, joined_lines(sheet, models.evidence, models.weights))
        if not pieces:
            continue
        firsts = [p.lines[0].start for p in pieces]
        scores = score(features_of(pieces, sheet.width, models.evidence), models.weights)
        for chain in adopt(refine(chains_of(scores), scores), scores):
            story = page.story[firsts[chain.pieces[0]]]
            if story < 0:
                continue
            whole = [n for n in range(len(pieces)) if page.story[firsts[n]] == story]
            whole.sort(key=lambda n: page.place[firsts[n]])
            rows.append(doubts(chain.chances))
            right.append(whole == list(chain.pieces))
    return np.array(rows), np.array(right, float)


def fit(rows: np.ndarray, right: np.ndarray) -> np.ndarray:
    def loss(w: np.ndarray) -> float:
        z = rows @ w
        return float(np.mean(np.logaddexp(0, z) - right * z) + 1e-3 * (w @ w))

    return minimize(loss, np.zeros(rows.shape[1]), method="L-BFGS-B").x


def table(said: np.ndarray, right: np.ndarray) -> None:
    """Share that was right by what was said, and the expected calibration error."""
    error = 0.0
    print("| said | mean | right | chains |\n|---|---|---|---|")
    for low, high in ((0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.01)):
        band = (said >= low) & (said < high)
        if band.any():
            print(
                f"| {low:.2f} to {min(high, 1):.2f} | {said[band].mean():.3f} | {right[band].mean():.3f} | {band.sum()} |"
            )
            error += abs(said[band].mean() - right[band].mean()) * band.mean()
    print(f"\nexpected calibration error {error:.3f}; right {right.mean():.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    rows, right = judged(load_models(), args.pages, 4242)
    half = len(rows) // 2
    weights = fit(rows[:half], right[:half])
    table(1 / (1 + np.exp(-(rows[half:] @ weights))), right[half:])
    np.savez(args.out, confidence=weights)


if __name__ == "__main__":
    main()
