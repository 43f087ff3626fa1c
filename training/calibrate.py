"""Fit how sure the reader may be of a whole article, on pages of stories that it was never trained on.

Every third page or so is printed as PDF and read back by an extractor, or by our own adapter: needs what training/pdf.py
needs.

``python -m training.calibrate --pages 1200 --out calibration.npz``: logistic regression of "headline, kicker, subhead and
body are right" on what the network was unsure of (Platt 1999). The whole of transforms.reading reads the pages, so what
is judged is what would go out. Half of the pages fit it, and the other half says how well; then all of them fit what is
written.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from multiprocessing import Pool as Workers
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from rapidfuzz.distance import Levenshtein

from training.logistic import logistic
from training.pages import page_pool
from training.pdf import pdf_page
from training.press import make_page
from training.printed import PrintedPage
from transforms import reading
from transforms.model import Article, Issue, Page
from transforms.restore import confidence
from transforms.restore.chains import Chain
from transforms.restore.evidence import Weights
from transforms.restore.network import Scores
from transforms.restore.roles import ROLES
from transforms.trained import load_models

BODY = [ROLES.index(r) for r in ("body", "crosshead")]
PDF_SHARE = 0.3
SEED = 4242
RIDGE, NEAR_START, FRESH = 1e-2, 0.3, 0.25
NEAR = 0.99  # the bench's own measure of a right body
EDGES = (0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 1.01)


@dataclass(frozen=True)
class Gold:
    """A story as it was printed, without white space."""

    headline: str
    kicker: str
    subhead: str
    label: str
    body: str


def squash(text: str) -> str:
    return re.sub(r"\s+", "", text)


def golds_of(page: PrintedPage) -> list[Gold]:
    """What should come of the page, from the labels of its characters; sidebars and notes are left to their stories."""
    letters = np.array(list(page.text))
    out = []
    for story in sorted(set(page.story.tolist()) - {-1}):
        mine = np.flatnonzero(page.story == story)
        mine = mine[np.argsort(page.place[mine], kind="stable")]
        roles = page.role[mine]
        aside = np.flatnonzero(roles == ROLES.index("sidebar"))
        if len(aside):
            mine, roles = mine[: aside[0]], roles[: aside[0]]
        heads = [
            squash("".join(letters[mine[roles == ROLES.index(r)]])) for r in ("headline", "kicker", "subhead", "label")
        ]
        out.append(Gold(*heads, squash("".join(letters[mine[np.isin(roles, BODY)]]))))
    return out


def is_right(article: Article, golds: Sequence[Gold]) -> bool:
    """Whether the article is one of the page's stories in its heads and its body."""
    body = squash("".join(p.text for p in article.body))

    def same(gold: Gold) -> bool:
        heads = (gold.headline, gold.subhead.lstrip("—-"))
        said = (squash(article.headline), squash(article.subhead).lstrip("—-"))
        kicker = squash(article.kicker)
        # The name of a column goes out as a kicker, without the marks around it.
        if kicker != gold.kicker and not (gold.label and kicker.endswith(gold.kicker) and kicker[:2] in gold.label):
            return False
        # A closing credit is taken out of the body, so the printed one may be a little longer.
        return heads == said and (
            Levenshtein.normalized_similarity(gold.body, body) >= NEAR
            or (gold.body.startswith(body) and len(gold.body) - len(body) <= 40)
        )

    return any(same(g) for g in golds)


class Recorder:
    """Stands in for the confidence while pages are read: notes what it would be judged by, answers with its number."""

    def __init__(self) -> None:
        self.rows: list[np.ndarray] = []

    def __call__(self, chain: Chain, margin: float, scores: Scores, weights: Weights) -> float:
        self.rows.append(confidence.doubts(chain, margin, scores))
        return len(self.rows) / 10_000


def printed(pages: int, seed: int) -> Iterator[PrintedPage]:
    """So many pages of stories that were never trained on."""
    pool, rng = page_pool(held=True), random.Random(seed)
    with TemporaryDirectory() as folder:
        for _ in range(pages):
            extracts = pdf_page(pool, rng, Path(folder)) if rng.random() < PDF_SHARE else []
            yield rng.choice(extracts) if extracts else make_page(pool, rng)


def judged(pages: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """What each article is judged by, and whether it is right, over simulated pages."""
    models = load_models()
    rows, right, kept = [], [], reading.confidence_of
    try:
        for page in printed(pages, seed):
            recorder = reading.confidence_of = Recorder()
            issue = Issue("page", date(2026, 1, 1), (Page(1, page.text, boxes=page.boxes),))
            golds = golds_of(page)
            for article in reading.read_issue(issue, models).articles:
                number = round(article.order_confidence * 10_000) - 1
                if article.parent < 0 and 0 <= number < len(recorder.rows):
                    rows.append(recorder.rows[number])
                    right.append(is_right(article, golds))
    finally:
        reading.confidence_of = kept
    return np.array(rows), np.array(right, float)


def fit(rows: np.ndarray, right: np.ndarray, start: np.ndarray | None = None) -> np.ndarray:
    """Weights; with ``start``, an earlier fit scaled again, most of the way back to it: few pages tell little."""
    fresh = logistic(rows, right, np.zeros(rows.shape[1]), RIDGE)
    if start is None:
        return fresh
    start = np.append(start, np.zeros(rows.shape[1] - len(start)))
    offset, scale = logistic(np.stack([np.ones(len(rows)), rows @ start], 1), right, np.zeros(2), RIDGE / 100)
    scaled = start * scale
    scaled[0] += offset
    return (1 - FRESH) * logistic(rows, right, scaled, NEAR_START) + FRESH * fresh


def table(said: np.ndarray, right: np.ndarray) -> None:
    """Share that was right by what was said, and the expected calibration error."""
    error = 0.0
    print("| said | mean | right | articles |\n|---|---|---|---|")
    for low, high in pairwise(EDGES):
        band = (said >= low) & (said < high)
        if band.any():
            print(
                f"| {low:.2f} to {min(high, 1):.2f} | {said[band].mean():.3f} | {right[band].mean():.3f} | {band.sum()} |"
            )
            error += abs(said[band].mean() - right[band].mean()) * band.mean()
    print(f"\nexpected calibration error {error:.3f}; right {right.mean():.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1200)
    parser.add_argument("--lanes", type=int, default=2)
    parser.add_argument("--start", type=Path, help="an earlier calibration to stay near")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    with Workers(args.lanes) as workers:
        told = workers.starmap(judged, [(args.pages // args.lanes, SEED + lane) for lane in range(args.lanes)])
    rows, right = (np.concatenate(part) for part in zip(*told, strict=True))
    half = len(rows) // 2
    start = np.load(args.start)["confidence"] if args.start else None
    weights = fit(rows[:half], right[:half], start)
    table(1 / (1 + np.exp(-(rows[half:] @ weights))), right[half:])
    weights = fit(rows, right, start)
    print("weights", np.round(weights, 2))
    np.savez(args.out, confidence=weights)


if __name__ == "__main__":
    main()
