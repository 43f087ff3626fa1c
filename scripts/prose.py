"""Checks documentation, docstrings, comments and messages against the phrases of ``scripts/prose.toml``."""

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


def main() -> int:
    rules = [
        (re.compile(r["pattern"], re.IGNORECASE), r["instead"])
        for r in tomllib.loads(RULES.read_text("utf-8"))["phrase"]
    ]
    found = [one for path in files() for one in findings(path, rules)]
    print("\n".join(found) if found else "The prose has none of the listed phrases.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
