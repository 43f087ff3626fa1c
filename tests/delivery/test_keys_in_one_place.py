"""Keys of the store are built in ``delivery/keys.py``, keys of partners' files in ``transforms/render/keys.py``."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("broadsheet", "delivery", "transforms", "dags", "plugins")
BUILDERS = {"delivery/keys.py", "transforms/render/keys.py"}
# A format says, as a pattern, where its files lie; formats are modules, so that is their place.
FORMATS = ("transforms/render/format.py", "transforms/render/formats/")
AREA = re.compile(r"^/?([a-z]+)/")


def _literals(source: str) -> Iterator[str]:
    """Every string in the code, and the beginning of every part of an f-string; docstrings aside."""
    tree = ast.parse(source)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
        if isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def _areas(source: str) -> set[str]:
    return {match[1] for text in _literals(source) if (match := AREA.match(text))}


def test_no_other_module_writes_where_objects_lie():
    code = {str(p.relative_to(ROOT)): p.read_text("utf-8") for folder in CODE for p in (ROOT / folder).rglob("*.py")}
    areas = set().union(*(_areas(code[builder]) for builder in BUILDERS))
    assert {"inbox", "ledger", "incidents", "items", "feeds"} <= areas
    others = {path: source for path, source in code.items() if path not in BUILDERS and not path.startswith(FORMATS)}
    found = {path: sorted(_areas(source) & areas) for path, source in others.items() if _areas(source) & areas}
    assert found == {}
