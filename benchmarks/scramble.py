"""How well is the sample issue read when it is set in other ways? Prints exact articles and what goes wrong, by kind.

Each way has its own column width, its own places and widths of the stories, and its own rules across the page, where
the extractor cuts: features of two to four columns with crossheads, two on a page, as nothing on the bench has them.

    python -m benchmarks.scramble [--ways 30] [--list]
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from broadsheet.steps.reading import Reader
from samples import press_sample as press
from transforms.model import Article, Issue, Page

GOLD = Path(__file__).parents[1] / "samples" / "yunzhou-daily" / "2026-01-15" / "gold.json"
DAY = date(2026, 1, 15)
SLACK = 5  # characters by which a text may be longer or shorter and count as another kind of fault
KINDS = ("exact", "loses text", "takes in others' text", "order inside", "exchanges text", "not found")


def heads(story: dict[str, Any]) -> tuple[str, ...]:
    """What stands above a story: kicker, headline, subhead, byline."""
    subhead = f"——{story['subhead']}" if story.get("subhead") else ""
    byline = f"□ 本报记者 {' '.join(story['byline'])}" if story.get("byline") else ""
    return tuple(part for part in (story.get("kicker", ""), story["headline"], subhead, byline) if part)


def page(stories: list[dict[str, Any]], rng: random.Random) -> str:
    """Stories in pairs across six columns, the longer one wider, cut by one to three rules."""
    blocks, top = [], 0
    order = rng.sample(stories, len(stories))
    for pair in zip(order[::2], order[1::2], strict=True):
        longer, shorter = sorted(pair, key=lambda s: -len("".join(s["body"])))
        wide = rng.choice([2, 3, 4, 4])
        places = [(longer, wide), (shorter, 6 - wide)]
        x, deepest = 0, 0
        for story, columns in rng.sample(places, 2):
            block = press.Block(heads(story), tuple(story["body"]), x, columns, top)
            blocks.append(block)
            x += columns
            deepest = max(deepest, *(c.row + len(c.lines) for c in press.cells(block)))
        top = deepest + 2
    cuts = sorted(rng.sample(range(6, max(top, 10)), rng.randint(1, 3)))
    return press.extract(blocks, cuts, "2026年1月15日 星期四 第1版 要闻", "责任编辑：温若谷 校对：齐小满")


def ways(gold: list[dict[str, Any]], number: int) -> Iterator[Issue]:
    """The issue in so many settings; the same number gives the same settings."""
    for seed in range(number):
        rng = random.Random(seed)
        press.LINE = rng.choice([13, 15, 17, 19, 21])
        drawn = rng.sample(gold, len(gold))
        texts = [page(drawn[:4], rng), page(drawn[4:], rng)]
        yield Issue("scrambled", DAY, tuple(Page(n, t, f"page-{n:02}.txt", "utf-8") for n, t in enumerate(texts, 1)))


def kind(story: dict[str, Any], read: list[Article]) -> str:
    """What became of a story."""
    found = next((a for a in read if a.headline == story["headline"]), None)
    if found is None:
        return "not found"
    want, got = "".join(story["body"]), "".join(p.text for p in found.body)
    if got == want:
        return "exact"
    if abs(len(got) - len(want)) > SLACK:
        return "loses text" if len(got) < len(want) else "takes in others' text"
    return "order inside" if Counter(got) == Counter(want) else "exchanges text"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ways", type=int, default=30)
    parser.add_argument("--list", action="store_true", help="every story that was not exact, by its setting")
    asked = parser.parse_args()
    gold = json.loads(GOLD.read_text("utf-8"))["articles"]
    reader, found = Reader.load(), Counter[tuple[str, str]]()
    for number, issue in enumerate(ways(gold, asked.ways)):
        read = list(reader.read(issue).articles)
        for story in gold:
            what = kind(story, read)
            found[story["headline"], what] += 1
            if asked.list and what != "exact":
                print(f"{number:3} {what:22} {story['headline']}")
    total = asked.ways * len(gold)
    for name in KINDS:
        count = sum(n for (_, k), n in found.items() if k == name)
        print(f"{name:22} {count:5} {count / total:6.1%}")
    for story in gold:
        print(f"{found[story['headline'], 'exact'] / asked.ways:6.1%} exact: {story['headline']}")


if __name__ == "__main__":
    main()
