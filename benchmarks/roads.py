"""Read the pages of a bench by every road and print a line of figures for each: roads.py BENCH OUT [ROAD[=ISSUES] ...].

Roads: pdf (the pages as they are), chromium (set again by a browser), alto, hocr, page, layout (as OCR programs write
them), scan150 and scan300 (drawn, clean), worn150 and worn300 (askew, blurred, noisy). OUT/ROAD keeps the pages,
OUT/read/ROAD what was read. Articles are scored by the bench's own score.py, which must lie beside BENCH. Besides:

  captions   share of the printed captions that come out as captions, text and credit, 90 of 100 characters alike
  notices    notices and advertisements with a sentence that ended up in an article
  seconds    wall time a page, with extraction; on a machine at work on other things it says little
  megabytes  peak memory of this process, and of the largest of its children (PDFium, the recogniser)
"""

from __future__ import annotations

import json
import re
import resource
import runpy
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from benchmarks.accuracy import keep, readings
from broadsheet.steps.reading import Reader

SCANS = {"scan150": ("150", False), "scan300": ("300", False), "worn150": ("150", True), "worn300": ("300", True)}
ROADS = {"pdf": 0, "chromium": 0, "alto": 0, "hocr": 0, "page": 0, "layout": 0} | dict.fromkeys(SCANS, 10)
ALIKE = 90  # of 100 characters
SHORTEST = 12  # characters of a notice's sentence that are looked for in articles


def make(road: str, bench: Path, out: Path, issues: int) -> None:
    """The pages of a bench as this road takes them; ``issues`` 0 for all."""
    count = [str(issues or 9999)]
    if road in SCANS:
        dpi, worn = SCANS[road]
        command = ["benchmarks.scan_pages", str(bench), str(out), dpi, *count, *(["worn"] if worn else [])]
    elif road == "chromium":
        command = ["benchmarks.typeset", str(bench), str(out), *count]
    else:
        command = ["benchmarks.as_ocr_files", str(bench), str(out), road, *count]
    subprocess.run([sys.executable, "-m", *command], check=True)


def read(bench: Path, out: Path, reader: Reader) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Gold and reading of each issue."""
    out.mkdir(parents=True, exist_ok=True)
    pairs = []
    for name, gold, reading in readings(bench, reader):
        keep(reading, out, name)
        pairs.append((gold, reading))
    return pairs


def figures(pairs: list[tuple[dict[str, Any], dict[str, Any]]], score: dict[str, Any]) -> dict[str, Any]:
    """What score.py says of the articles, and what becomes of captions and notices."""
    total: dict[str, Any] = score["total"]([score["score_issue"](g["articles"], r["articles"]) for g, r in pairs])
    captions = [_is_found(_said(c), r["captions"]) for g, r in pairs for c in g.get("captions", ())]
    notices = [_said(n) for g, _ in pairs for n in g.get("adverts", ())]
    astray = sum(_is_in_an_article(_said(n), r["articles"]) for g, r in pairs for n in g.get("adverts", ()))
    found = round(sum(captions) / len(captions), 4) if captions else None
    return total | {"captions": found, "of_captions": len(captions), "notices": astray, "of_notices": len(notices)}


def _said(part: Any) -> str:
    return _solid(part if isinstance(part, str) else str(part.get("text", "")))


def _solid(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _is_found(caption: str, captions: list[dict[str, Any]]) -> bool:
    return any(fuzz.ratio(caption, _solid(c["text"])) >= ALIKE for c in captions)


def _is_in_an_article(notice: str, articles: list[dict[str, Any]]) -> bool:
    said = [part for part in re.split("[。；！？]", notice) if len(part) >= SHORTEST]
    bodies = [_solid("".join(a["body"])) for a in articles]
    return any(part in body for part in said for body in bodies)


def main() -> None:
    bench, out = map(Path, sys.argv[1:3])
    wanted = dict(_wanted(name) for name in sys.argv[3:]) or ROADS
    score, reader = runpy.run_path(str(bench.parent / "score.py")), Reader.load()
    for road, issues in wanted.items():
        pages = bench if road == "pdf" else out / road
        if road != "pdf" and not pages.exists():
            make(road, bench, pages, issues)
        start = time.monotonic()
        pairs = read(pages, out / "read" / road, reader)
        seconds = time.monotonic() - start
        peaks = [resource.getrusage(of).ru_maxrss >> 10 for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        cost = {"seconds": round(seconds / len(pairs), 2), "megabytes": peaks}
        print(json.dumps({"road": road} | figures(pairs, score) | cost), flush=True)


def _wanted(name: str) -> tuple[str, int]:
    road, _, issues = name.partition("=")
    return road, int(issues) if issues else ROADS[road]


if __name__ == "__main__":
    main()
