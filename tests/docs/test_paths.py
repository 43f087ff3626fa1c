"""The documentation names files and folders that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "models").glob("*.md")]
TOPS = (
    "benchmarks|broadsheet|dags|delivery|deploy|docs|models|plugins|samples|schemas|scripts|tests|training|transforms"
)
NAMED = re.compile(rf"`((?:{TOPS})/[\w./-]*)`")


def test_every_path_that_a_page_names_exists():
    named = [
        (page.relative_to(ROOT).as_posix(), path)
        for page in PAGES
        if page.name != "CHANGELOG.md"  # it speaks of what was, too
        for path in NAMED.findall(page.read_text("utf-8"))
    ]
    assert len(named) > 100
    assert [(page, path) for page, path in named if not (ROOT / path).exists()] == []
