"""What each part of the reader is worth: exact F1 of benches with one part left out at a time, as a table.

    python -m benchmarks.ablation BENCH [BENCH ...] [--only PART ...]

Each BENCH is a folder of issues with gold.json; the scorer is score.py beside it. The network learnt with all parts
there, so a part that is left out costs more than it would in a reader trained without it.
"""

from __future__ import annotations

import argparse
import runpy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.accuracy import readings
from broadsheet.steps.reading import Reader
from transforms import reading
from transforms.model import Issue
from transforms.restore import chains, features, network
from transforms.segment import decks

PARTS: dict[str, tuple[Any, str, Any]] = {
    "the transformers": (features, "MOST_ENCODED", 0),
    "the transformers' look at doubtful lines": (network, "TORN", float("-inf")),
    "the second pass": (network, "_again", lambda w, links, between, x: between),
    "exchanges and moves": (reading, "refine", lambda chains, scores: chains),
    "kinship of pieces": (chains, "KINSHIP", 0.0),
    "the bound on kinship": (chains, "KIN_COUNTS", 1e9),
    "what form alone tells": (reading, "by_form", lambda scores, *_: scores),
    "texts without a head joined": (reading, "adopt", lambda chains, scores: chains),
    "heads without a text joined": (reading, "together", lambda chains, *_: chains),
    "lines joined by place": (reading, "runs_on", lambda lines, marks: set()),
    "the wording of heads": (decks, "WORDING", 0.0),
}
NO_PLACES = "places on the page"


def without_places(issue: Issue) -> Issue:
    """The issue as plain text."""
    return replace(issue, pages=tuple(replace(page, boxes=()) for page in issue.pages))


@contextmanager
def left_out(part: str) -> Iterator[None]:
    if part not in PARTS:
        yield
        return
    with patch.object(*PARTS[part]):
        yield


def exact(bench: Path, reader: Reader, change: Callable[[Issue], Issue]) -> float:
    score = runpy.run_path(str(bench.parent / "score.py"))
    pairs = [(gold["articles"], read["articles"]) for _, gold, read in readings(bench, reader, change)]
    rows = [score["score_issue"](*pair) for pair in pairs]
    return float(score["total"](rows)["exact_f1"])


def rows_of(benches: Sequence[Path], parts: Sequence[str]) -> Iterator[tuple[str, list[float]]]:
    reader = Reader.load()
    for part in parts:
        with left_out(part):
            change = without_places if part == NO_PLACES else lambda issue: issue
            yield part, [exact(bench, reader, change) for bench in benches]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("benches", nargs="+", type=Path, metavar="BENCH")
    parser.add_argument(
        "--only", action="append", choices=[*PARTS, NO_PLACES], metavar="PART", help="leave out only this"
    )
    args = parser.parse_args()
    print("| without |" + "".join(f" {bench.name} |" for bench in args.benches))
    print("|---" * (1 + len(args.benches)) + "|")
    for part, figures in rows_of(args.benches, ["–", *(args.only or [*PARTS, NO_PLACES])]):
        print(f"| {part} |" + "".join(f" {x:.3f} |" for x in figures), flush=True)


if __name__ == "__main__":
    main()
