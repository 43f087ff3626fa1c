"""Checks documentation, docstrings, comments and messages against the phrases and terms of ``scripts/prose.toml``."""

from __future__ import annotations

import io
import re
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
RULES = Path(__file__).with_suffix(".toml")
QUOTED = re.compile(r"`[^`\n]*`")
FSTRING = getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)  # a token of its own from Python 3.12 on


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Lines of prose with their numbers: all of a text file; the docstrings, comments and messages of a module."""
    content = path.read_text("utf-8")
    if path.suffix != ".py":
        yield from enumerate(content.splitlines(), start=1)
        return
    for token in tokenize.generate_tokens(io.StringIO(content).readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING, FSTRING):
            yield from enumerate(token.string.splitlines(), start=token.start[0])


def findings(path: Path, rules: list[tuple[re.Pattern[str], str]]) -> list[str]:
    """What is wrong in one file, as ``file:line: phrase: what to write``."""
    name = path.relative_to(ROOT).as_posix()
    return [
        f"{name}:{number}: “{match[0]}”: {instead}"
        for number, line in texts(path)
        for pattern, instead in rules
        for match in pattern.finditer(QUOTED.sub("", line))
    ]


def files() -> list[Path]:
    folders = ("broadsheet", "delivery", "transforms", "dags", "plugins")
    code = [p for folder in folders for p in (ROOT / folder).rglob("*.py")]
    said = [ROOT / "broadsheet" / "language" / "en.toml", *(ROOT / "broadsheet").rglob("*.html")]
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *code, *said])


def chinese_files() -> list[Path]:
    """Where people read Chinese: the catalogues, Airflow's forms, the documentation."""
    catalogues = [*(ROOT / "broadsheet" / "language").rglob("zh.toml"), ROOT / "transforms" / "language" / "zh.toml"]
    return sorted([*catalogues, *(ROOT / "dags").glob("*.py"), *(ROOT / "docs").rglob("*.md")])


def all_findings() -> list[str]:
    rules = tomllib.loads(RULES.read_text("utf-8"))
    phrases = [(re.compile(r["pattern"], re.IGNORECASE), r["instead"]) for r in rules["phrase"]]
    terms = [(re.compile(r["retired"]), r["instead"]) for r in rules["term"]]
    english = [one for path in files() for one in findings(path, phrases)]
    return english + [one for path in chinese_files() for one in findings(path, terms)]


def main() -> int:
    found = all_findings()
    print("\n".join(found) if found else "The prose has none of the listed phrases and terms.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
