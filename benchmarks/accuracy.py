"""Read every issue of a bench folder and write NNN.json beside one another: accuracy.py BENCH OUT.

Score with the bench's own scorer: ``score.py BENCH OUT``.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

from broadsheet.cli.read import record
from broadsheet.steps.reading import Reader
from transforms.intake import SourceFile, read_source
from transforms.model import Issue


def issue_of(folder: Path) -> Issue:
    """The pages of a bench folder, whatever kind of file they are."""
    files = [SourceFile(f.name, f.read_bytes()) for f in sorted(folder.glob("page-*"))]
    pages, refused = read_source(files)
    return Issue("bench", date(2025, 1, 1), pages, refused)


def main() -> None:
    bench, out = map(Path, sys.argv[1:3])
    out.mkdir(parents=True, exist_ok=True)
    reader = Reader.load()
    for folder in sorted(p for p in bench.iterdir() if (p / "gold.json").exists()):
        reading = record(reader.read(issue_of(folder)))
        text = json.dumps(reading, ensure_ascii=False, indent=1)
        (out / f"{folder.name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
