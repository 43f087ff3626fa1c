"""Checks documentation and docstrings against the phrases of ``scripts/prose.toml``; exits with 1 if one is found."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
RULES = Path(__file__).with_suffix(".toml")
QUOTED = re.compile(r"`[^`\n]*`")


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Lines of prose with their numbers: all of a Markdown file, the docstrings of a module."""
    content = path.read_text("utf-8")
    if path.suffix == ".md":
        yield from enumerate(content.splitlines(), start=1)
        return
    for node in ast.walk(ast.parse(content)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node, clean=False):
            string = node.body[0]
            for number, line in enumerate(content.splitlines()[string.lineno - 1 : string.end_lineno]):
                yield string.lineno + number, line


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
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *code])


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
