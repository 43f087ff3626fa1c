"""Names a version everywhere it stands, dates its changes, and says how to tag it: ``python scripts/release.py 0.2.0``.

Without a version it only checks that all files name the same one. Commits and tags nothing by itself.
"""

from __future__ import annotations

import re
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
VERSION = re.compile(r"\d+\.\d+\.\d+")
UNRELEASED = "## Unreleased\n"
# Where the version stands, and the text around it.
PLACES = {
    "pyproject.toml": ['version = "{}"'],
    "deploy/values.yaml": ['defaultAirflowTag: "{}"'],
    "deploy/watchdog.yaml": ["broadsheet:{}"],
    "docker-compose.yml": ["${{BROADSHEET_VERSION:-{}}}"],
    "docs/operators.md": ["broadsheet-{}-py3"],
}


def current(root: Path = ROOT) -> str:
    """The version of ``pyproject.toml``."""
    return str(tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def disagreements(root: Path = ROOT) -> list[str]:
    """The files that do not name the current version, and a changelog that has no section for it."""
    version = current(root)
    found = [
        f"{path}: {place.format(version)} is not there"
        for path, places in PLACES.items()
        for place in places
        if place.format(version) not in (root / path).read_text("utf-8")
    ]
    dated = re.compile(rf"^## {re.escape(version)} — \d{{4}}-\d\d-\d\d$", re.MULTILINE)
    if not dated.search((root / "CHANGELOG.md").read_text("utf-8")):
        found.append(f"CHANGELOG.md: “## {version} — YYYY-MM-DD” is not there")
    return found


def release(version: str, day: str, root: Path = ROOT) -> None:
    """Write a version into every file, and its section into the changelog. Raises ValueError if one is missing."""
    old = current(root)
    changes = (root / "CHANGELOG.md").read_text("utf-8")
    if not VERSION.fullmatch(version) or changes.partition(UNRELEASED)[2].lstrip().startswith("## "):
        raise ValueError(f"{version} is not a version such as 0.2.0, or nothing is listed as unreleased")
    (root / "CHANGELOG.md").write_text(
        changes.replace(UNRELEASED, f"{UNRELEASED}\n## {version} — {day}\n", 1), encoding="utf-8"
    )
    for path, places in PLACES.items():
        text = (root / path).read_text("utf-8")
        for place in places:
            text = text.replace(place.format(old), place.format(version))
        (root / path).write_text(text, encoding="utf-8")


def main() -> int:
    if len(sys.argv) > 1:
        release(sys.argv[1], datetime.now(UTC).date().isoformat())
    found = disagreements()
    print("\n".join(found) if found else f"All files name {current()}.")
    if len(sys.argv) > 1 and not found:
        tag = f'git tag -a v{current()} -m "{current()}"'
        print(f'Look through `git diff`, then: git commit -am "Release {current()}" && {tag}')
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
