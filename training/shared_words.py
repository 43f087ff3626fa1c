"""Fit what the rare words that two pieces share tell of their being of one story, on stories never trained on.

``python -m training.shared_words --pages 200``: logistic regression (Cox 1958) over pairs of pieces, beside the odds that
the networks give; then, for each weight, how many texts of other pages come out whole. Prints the constants of
transforms/restore/shared_words.py.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from training.logistic import logistic
from training.pages import page_pool
from training.press import make_page
from training.printed import PrintedPage
from transforms import reading
from transforms.model import Issue, Page
from transforms.restore import shared_words
from transforms.restore.chains import adopt, chains_of, refine
from transforms.restore.features import Piece
from transforms.restore.network import Scores
from transforms.trained import Models, load_models

SEED = 77
BOUND = 5.0  # of the networks' log odds, which are surer than right
WEIGHTS = (0.0, 2.0, 4.0, 6.0, 10.0, 16.0)


@dataclass(frozen=True)
class Judged:
    """A page as the networks and form judge it: its pieces, the story of each (-1: none) and their places in it."""

    texts: tuple[str, ...]
    scores: Scores
    story: np.ndarray
    place: np.ndarray


def judged(pages: int, seed: int, models: Models) -> Iterator[Judged]:
    """So many simulated pages, each as it stands before its pieces are chained."""
    pool, rng, kept = page_pool(held=True), random.Random(seed), reading.by_form
    seen: list[tuple[list[Piece], Scores]] = []

    def watched(told: Scores, left: list[Piece], *rest: object, **options: object) -> Scores:
        seen.append((left, kept(told, left, *rest, **options)))  # type: ignore[arg-type]
        return seen[-1][1]

    reading.by_form = watched  # type: ignore[assignment]
    try:
        for _ in range(pages):
            page = make_page(pool, rng)
            seen.clear()
            reading.read_issue(Issue("page", date(2026, 1, 1), (Page(1, page.text, boxes=page.boxes),)), models)
            yield from (_of(page, left, scores) for left, scores in seen)
    finally:
        reading.by_form = kept


def _of(page: PrintedPage, left: Sequence[Piece], scores: Scores) -> Judged:
    story, place = [], []
    for piece in left:
        at = np.concatenate([np.arange(line.start, line.end) for line in piece.lines])
        owners, counts = np.unique(page.story[at], return_counts=True)
        story.append(int(owners[counts.argmax()]))
        place.append(int(page.place[at[page.story[at] == story[-1]]].min()))
    return Judged(tuple(p.text for p in left), scores, np.array(story), np.array(place))


def pairs(page: Judged, models: Models) -> tuple[np.ndarray, np.ndarray]:
    """What each two long pieces are judged by, shape (pairs, 4), and whether they are of one story."""
    long = np.array([n for n, t in enumerate(page.texts) if len(t) >= shared_words.SHORTEST and page.story[n] >= 0])
    if len(long) < 2:
        return np.zeros((0, 4)), np.zeros(0)
    first, second = (long[k] for k in np.triu_indices(len(long), 1))
    sizes = np.log([max(1, len(t)) for t in page.texts])
    rare = np.sqrt(shared_words.shared(page.texts, models.evidence))
    odds = np.clip(page.scores.same, -BOUND, BOUND)
    rows = np.stack(
        [odds[first, second], rare[first, second], sizes[first] + sizes[second], np.ones(len(first))], axis=1
    )
    return rows, (page.story[first] == page.story[second]).astype(float)


def whole(page: Judged, weight: float, models: Models) -> tuple[int, int]:
    """How many texts of the page are put together as they were printed, and of how many."""
    told = shared_words.kinship(page.texts, models.evidence) * (weight / shared_words.WEIGHT)
    scores = replace(page.scores, same=page.scores.same + told)
    found = {
        tuple(n for n in chain.pieces if page.story[n] >= 0)
        for chain in adopt(refine(chains_of(scores), scores), scores)
    }
    stories: dict[int, list[int]] = defaultdict(list)
    for n in np.argsort(page.place, kind="stable"):
        if page.story[n] >= 0:
            stories[int(page.story[n])].append(int(n))
    return sum(tuple(pieces) in found for pieces in stories.values()), len(stories)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=200)
    args = parser.parse_args()
    models = load_models()
    rows, same = map(np.concatenate, zip(*(pairs(p, models) for p in judged(args.pages, SEED, models)), strict=True))
    # What the networks say themselves comes first, so that the others tell what they add to it.
    _, shared, sizes, always = logistic(rows, same, np.zeros(rows.shape[1]))
    print(f"{len(rows):,} pairs: SHARED {shared:.2f}, SIZES {sizes:.2f}, ALWAYS {always:.2f}")
    others = list(judged(args.pages, SEED + 1, models))
    for weight in WEIGHTS:
        right, stories = np.sum([whole(page, weight, models) for page in others], axis=0)
        print(f"WEIGHT {weight:4.1f}: {right} of {stories} texts whole")


if __name__ == "__main__":
    main()
