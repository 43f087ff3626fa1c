"""The quality gate: what the reader reaches is pinned; raising a figure is a commit, lowering one a visible act."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks.accuracy import issue_of, readings
from broadsheet.cli.read import record
from broadsheet.steps.reading import Reader
from transforms.model import Issue, Page

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
SAMPLE = ROOT / "samples" / "yunzhou-daily" / "2026-01-15"
SLACK = 0.01
PINNED = json.loads((Path(__file__).parent / "pinned.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


@pytest.fixture(scope="module")
def score() -> ModuleType:
    path = SHARED / "bench" / "score.py"
    if not path.exists():
        pytest.skip("the bench is not at hand: its texts lie beside the repository and are not published with it")
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize("bench", sorted(PINNED))
def test_the_bench_does_not_fall(bench: str, reader: Reader, score: ModuleType) -> None:
    read = readings(SHARED / "bench" / bench, reader)
    reached = score.total([score.score_issue(gold["articles"], found["articles"]) for _, gold, found in read])
    fallen = {name: (reached[name], figure) for name, figure in PINNED[bench].items() if reached[name] < figure - SLACK}
    assert not fallen, f"{bench}: reached and pinned: {fallen}"


def test_the_real_page_is_read_whole(reader: Reader, score: ModuleType) -> None:
    seed = SHARED / "gold" / "seed"
    gold = json.loads((seed / "gold.json").read_text("utf-8"))["articles"]
    issue = Issue("real", issue_of(SAMPLE).date, (Page(1, (seed / "page.txt").read_text("utf-8"), "page.txt"),))
    reading = reader.read(issue)
    reached = score.total([score.score_issue(gold, record(reading)["articles"])])
    assert [reached[k] for k in ("exact_f1", "headline", "byline", "section")] == [1, 1, 1, 1]
    note = next(a for a in reading.articles if a.headline == "笔者手记")
    assert reading.articles[note.parent].headline == "杜军伟：用爱心善举温暖他人"
    assert reading.articles[0].jump_to == "4"


def squash(text: str) -> str:
    return "".join(text.split())


def test_the_sample_issue_keeps_its_articles_apart(reader: Reader) -> None:
    """Six of eight are exact; of a feature and its sidebar the border is not found."""
    gold = json.loads((SAMPLE / "gold.json").read_text("utf-8"))["articles"]
    read = {squash(a["headline"]): a for a in record(reader.read(issue_of(SAMPLE)))["articles"]}
    assert read.keys() == {squash(a["headline"]) for a in gold}
    assert [read[squash(a["headline"])]["byline"] for a in gold] == [a["byline"] for a in gold]
    assert [read[squash(a["headline"])]["section"] for a in gold] == [a["section"] for a in gold]
    exact = [a for a in gold if squash("".join(read[squash(a["headline"])]["body"])) == squash("".join(a["body"]))]
    assert len(exact) >= 6
