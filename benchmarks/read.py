"""Time of reading beside ``jieba.lcut`` on the same text, in one run: read.py [FOLDER ...] [--ratio-only]

Reading is restoring, segmenting and classifying with models loaded. FOLDER holds pages (page-NN.txt, in it or below);
default: the sample issue. Prints the page's time, the ratio, a page of 300 pieces, the start and the memory.
"""

from __future__ import annotations

import argparse
import logging
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import jieba

from broadsheet.steps.reading import Reader
from transforms.model import Issue, Page

PROJECT = Path(__file__).parents[1]
ROUNDS = 5


def pages_in(folders: list[Path]) -> list[Page]:
    files = sorted(f for folder in folders for f in folder.rglob("page-*.txt"))
    return [Page(n, f.read_text("utf-8"), f.name) for n, f in enumerate(files, 1)]


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def paired(reader: Reader, pages: list[Page]) -> tuple[float, float]:
    """Seconds for all pages by the reader and by jieba: medians of alternating rounds."""
    issues = [Issue("bench", date(2026, 1, 15), (page,)) for page in pages]
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(seconds(lambda: [reader.read(issue) for issue in issues]))
        theirs.append(seconds(lambda: [jieba.lcut(page.text) for page in pages]))
    return statistics.median(ours), statistics.median(theirs)


def crowded(pages: list[Page], pieces: int = 300) -> Page:
    """One page of about so many pieces: paragraphs of all pages, cut and shuffled."""
    rng = random.Random(1)
    parts = [p for page in pages for p in page.text.split("\n\n") if p.strip()]
    while len(parts) < pieces:
        parts += [p[: len(p) // 2] for p in parts] + [p[len(p) // 2 :] for p in parts]
    return Page(1, "\n\n".join(rng.sample(parts, pieces)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", default=[PROJECT / "samples"])
    parser.add_argument("--ratio-only", action="store_true")
    args = parser.parse_args()
    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    pages = pages_in(args.folders)
    reader = Reader.load()
    reader.read(Issue("warm", date(2026, 1, 15), (pages[0],)))
    ours, theirs = paired(reader, pages)
    if not args.ratio_only:
        characters = sum(len(p.text) for p in pages)
        print(f"{len(pages)} pages, {characters:,} characters")
        print(
            f"reading {ours / len(pages) * 1000:.1f} ms a page, jieba.lcut {theirs / len(pages) * 1000:.1f} ms a page"
        )
        full = Issue("crowded", date(2026, 1, 15), (crowded(pages),))
        print(f"a page of 300 pieces {seconds(lambda: reader.read(full)):.2f} s")
        command = [sys.executable, "-c", "from broadsheet.steps.reading import Reader; Reader.load()"]
        print(f"start with models {seconds(lambda: subprocess.run(command, cwd=PROJECT, check=True)):.2f} s")
        print(
            f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB, jieba's words included"
        )
    print(f"{ours / theirs:.2f}")


if __name__ == "__main__":
    main()
