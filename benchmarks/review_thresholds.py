"""What a threshold costs and catches: benchmarks/review_thresholds.py BENCH [--texts LABELLED.jsonl].

For each threshold: the share of articles that would wait for an editor, and of the wrong ones among those that
wait. Orders are judged on a bench's issues, sections on labelled texts by models that never saw them.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from benchmarks.accuracy import issue_of
from broadsheet.steps.reading import Reader
from training.train_sections import best_temperature, elsewhere, held_out, log_softmax, read_texts
from transforms.model import Article

SAME = 0.99  # likeness of bodies from which the bench calls an article exact
Judged = tuple[float, bool]  # how sure, and whether right


def squash(text: str) -> str:
    return re.sub(r"\s+", "", text)


def orders(bench: Path) -> Iterator[Judged]:
    """Each article that was read, beside the true one that it is most like."""
    reader = Reader.load()
    for folder in sorted(p for p in bench.iterdir() if (p / "gold.json").exists()):
        gold = json.loads((folder / "gold.json").read_text("utf-8"))["articles"]
        true = [(squash(g["headline"]), squash("".join(g["body"]))) for g in gold]
        yield from ((a.order_confidence, _exact(a, true)) for a in reader.read(issue_of(folder)).articles)


def _exact(article: Article, true: list[tuple[str, str]]) -> bool:
    text = squash(article.text)
    like, headline = max((Levenshtein.normalized_similarity(body, text), head) for head, body in true)
    return like >= SAME and headline == squash(article.headline)


def sections(path: Path) -> Iterator[Judged]:
    texts = read_texts(path)
    labels, scores = texts.labels, held_out(texts, elsewhere())
    chances = np.exp(log_softmax(scores.reshape(-1, scores.shape[-1]) / best_temperature(scores, labels)))
    right = chances.argmax(axis=1) == np.tile(labels, len(scores))
    yield from zip(chances.max(axis=1).tolist(), right.tolist(), strict=True)


def table(what: str, judged: Iterable[Judged]) -> None:
    rows = list(judged)
    wrong = sum(not right for _, right in rows)
    print(f"\n{what}: {len(rows)} judged, {wrong / len(rows):.3f} wrong")
    print("| below | wait | of the wrong ones | wrong among those that wait |\n|---|---|---|---|")
    for limit in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        waiting = [right for sure, right in rows if sure < limit]
        caught = waiting.count(False)
        share = caught / len(waiting) if waiting else 0.0
        print(f"| {limit} | {len(waiting) / len(rows):.3f} | {caught / max(wrong, 1):.2f} | {share:.2f} |")


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("bench", type=Path)
    args.add_argument("--texts", type=Path, help="texts labelled by section, as train_sections.py reads them")
    chosen = args.parse_args()
    table("order", orders(chosen.bench))
    if chosen.texts:
        table("section", sections(chosen.texts))


if __name__ == "__main__":
    main()
