"""How the cost of a page grows with its pieces: growth.py [PIECES ...].

Pages are made of the sample issue's text, cut into short runs and mixed with a fixed seed: the worst case, as no two
runs stand in order. Prints seconds of CPU, the ratio to the first and the process's peak memory.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from datetime import date
from pathlib import Path

from broadsheet.steps.reading import Reader
from transforms.model import Issue, Page

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "yunzhou-daily" / "2026-01-15"
RUN = (40, 90)  # characters


def page_of(pieces: int, seed: int = 1) -> Page:
    """A page of so many runs of text."""
    rng = random.Random(seed)
    lines = [x for f in sorted(SAMPLE.glob("page-*.txt")) for x in f.read_text("utf-8").split("\n") if x.strip()]
    text = "".join(lines)
    runs, at = [], 0
    while len(runs) < pieces:
        size = rng.randint(*RUN)
        runs.append(text[at : at + size] or text[:size])
        at = (at + size) % (len(text) - 100)
    rng.shuffle(runs)
    return Page(1, "\n\n".join(runs) + "\n")


def main() -> None:
    reader = Reader.load()
    counts = [int(n) for n in sys.argv[1:]] or [150, 300, 600, 1000, 3000]
    first = 0.0
    for count in counts:
        start = time.process_time()
        reading = reader.read(Issue("growth", date(2026, 1, 15), (page_of(count),)))
        spent = time.process_time() - start
        first = first or spent
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        told = "; ".join(r.reason for r in reading.refused) or f"{len(reading.articles)} articles"
        print(f"{count:5} pieces {spent:7.2f} s  {spent / first:6.1f} times  {peak:6.0f} MB  {told}", flush=True)


if __name__ == "__main__":
    main()
