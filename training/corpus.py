"""The training text: news transcripts that stay outside the project. Nothing of their wording is kept in it."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
HELD_SHARE = 4  # pages are printed from every fourth story, and nothing that reads them may have learnt from it


@dataclass(frozen=True)
class Story:
    """A plain article: headline and paragraphs, as broadcast."""

    headline: str
    body: tuple[str, ...]


def learnt_from(corpus: list[Story]) -> list[Story]:
    """What the language models learn from: never a story that pages are printed from."""
    return [s for n, s in enumerate(corpus) if n % HELD_SHARE]


def printed_from(corpus: list[Story]) -> list[Story]:
    """What pages are printed from."""
    return corpus[::HELD_SHARE]


def stories(years: tuple[int, ...] = (2022, 2023, 2024), shared: Path = SHARED) -> Iterator[Story]:
    """Yield the corpus in file order; raises FileNotFoundError with words where it is absent."""
    for year in years:
        path = shared / "corpus" / f"xwlb_{year}.jsonl.xz"
        if not path.exists():
            raise FileNotFoundError(f"{path} is absent: training needs the shared corpus beside the project")
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                body = tuple(p.strip() for p in row["body"] if p.strip())
                if body:
                    yield Story(row["headline"].strip(), body)
