"""Print issues in a layout of our own that nothing is trained on: own_layout.py OUT [--issues 40]. Scored as the bench.

Stories wind through the page as legs of unequal depth (a staircase), some right to left; the extractor reads zones,
not columns, and leaves every gap alike. The texts are stories that training holds back.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

from training.corpus import Story
from training.dress import Printed, dress
from training.pages import page_pool

Leg = list[tuple[int, str]]  # (paragraph, text)


def legs(printed: Printed, width: int, rng: random.Random) -> list[Leg]:
    """The story's lines, cut into one to four legs of unequal depth."""
    lines = [
        (n, text[at : at + width]) for n, (_, text) in enumerate(printed.body) for at in range(0, len(text), width)
    ]
    count = min(len(lines), rng.choice([1, 2, 2, 3, 4]))
    cuts = sorted(rng.sample(range(1, len(lines)), count - 1)) if count > 1 else []
    return [lines[a:b] for a, b in zip([0, *cuts], [*cuts, len(lines)], strict=True)]


def page(stories: list[Printed], rng: random.Random) -> str:
    """Zones: a story's head and first leg; its other legs are set into the zones of the stories after it."""
    width, zones = rng.choice([12, 14, 16, 19]), []
    for story in stories:
        first, *others = legs(story, width, rng)
        zones.append([_head(story), _leg(first)])
        for leg in others:
            if rng.random() < 0.5:
                zones.append([_leg(leg)])
            else:
                zones[-1].append(_leg(leg))
    if rng.random() < 0.6:
        cut = rng.randrange(1, len(zones) + 1)
        zones = [*zones[::2], *zones[1::2]] if rng.random() < 0.5 else [*zones[cut:], *zones[:cut]]
    return "\n\n".join(part for zone in zones for part in zone) + "\n"


def _head(story: Printed) -> str:
    return "\n\n".join(text for _, text in story.head)


def _leg(leg: Leg) -> str:
    whole: dict[int, str] = {}
    for n, text in leg:
        whole[n] = whole.get(n, "") + text
    return "\n\n".join(whole.values())


def gold(story: Printed) -> dict[str, object]:
    headline = " ".join(text for role, text in story.head if role == "headline")
    body = [text for _, text in story.body]
    return {"headline": headline, "byline": story.names, "body": body}


def fits(story: Story) -> bool:
    return 120 <= sum(map(len, story.body)) <= 1500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--issues", type=int, default=40)
    args = parser.parse_args()
    rng, pool = random.Random(20260115), [s for s in page_pool(held=True).stories if fits(s)]
    for n in range(args.issues):
        drawn = [dress(s, rng) for s in rng.sample(pool, rng.randint(3, 6))]
        for story in drawn:  # the score takes the printed text whole: no closing credits, no captions
            story.body = [(role, text) for role, text in story.body if role in ("body", "crosshead")]
        folder = args.out / f"{n:03d}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "page-01.txt").write_text(page(drawn, rng), "utf-8")
        record = {"articles": [gold(s) for s in drawn]}
        (folder / "gold.json").write_text(json.dumps(record, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
