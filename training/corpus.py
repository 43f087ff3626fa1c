"""The training text: news transcripts that stay outside the project. Nothing of their wording is kept in it."""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
HEADLINE_MARK = re.compile(r"^【[^】]{2,20}】")


@dataclass(frozen=True)
class Story:
    """A plain article: headline and paragraphs, as broadcast."""

    headline: str
    body: tuple[str, ...]


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
