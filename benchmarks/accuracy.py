"""Read every issue of a bench folder and write NNN.json beside one another: accuracy.py BENCH OUT.

Score with the bench's own scorer: ``score.py BENCH OUT``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from broadsheet.cli.read import record
from broadsheet.steps.reading import Reader
from transforms.intake import SourceFile, read_source
from transforms.model import Issue


def issue_of(folder: Path) -> Issue:
    """The pages of a bench folder, whatever kind of file they are."""
    files = [SourceFile(f.name, f.read_bytes()) for f in sorted(folder.glob("page-*"))]
    pages, refused = read_source(files)
    return Issue("bench", date(2025, 1, 1), pages, refused)


def readings(
    bench: Path, reader: Reader, change: Callable[[Issue], Issue] = lambda issue: issue
) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Name, gold and reading of each issue of a bench."""
    for folder in sorted(p for p in bench.iterdir() if (p / "gold.json").exists()):
        gold = json.loads((folder / "gold.json").read_text("utf-8"))
        yield folder.name, gold, record(reader.read(change(issue_of(folder))))


def keep(reading: dict[str, Any], out: Path, name: str) -> None:
    """Write a reading where score.py looks for it."""
    (out / f"{name}.json").write_text(json.dumps(reading, ensure_ascii=False, indent=1), "utf-8")


def main() -> None:
    bench, out = map(Path, sys.argv[1:3])
    out.mkdir(parents=True, exist_ok=True)
    for name, _, reading in readings(bench, Reader.load()):
        keep(reading, out, name)


if __name__ == "__main__":
    main()
