"""Every pattern of the product bears its own worst input: no text of a page can keep a machine busy.

Strings are made from each pattern's own syntax tree: for each repeat, what leads to it, then its body many times over,
then something that fits nothing; also each of its characters by itself. What is linear takes milliseconds of CPU time
for them, what is not takes minutes, so the bound between does not depend on the machine or what else it does.
"""

import ast
import importlib
import re
import signal
from pathlib import Path

import pytest

import broadsheet
import delivery
import transforms

pytestmark = pytest.mark.slow  # it imports the whole product

PACKAGES = (transforms, delivery, broadsheet)
# These belong to Airflow's own processes: literals in them are found without importing them.
NOT_IMPORTED = ("broadsheet.airflow", "broadsheet.cli.__main__", "broadsheet.plugin")
LENGTH = 60_000  # characters; a page has seldom so many
ALLOWED = 1.5  # seconds of CPU time for one pattern and one text; linear ones take milliseconds, others minutes
MISFIT = "\x00"
CALLS = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}


def written() -> set[tuple[str, int, str]]:
    """Patterns that stand as literals in calls of ``re``, with the module that they stand in and their flags."""
    found = set()
    for path in files():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            module, text = node.func.value, node.args[0]
            if getattr(module, "id", "") == "re" and node.func.attr in CALLS and isinstance(text, ast.Constant):
                found.add((path.name, 0, text.value))
    return found


def compiled() -> set[tuple[str, int, str]]:
    """Patterns that modules hold, however they were put together, at the top level or inside of collections."""
    found = set()
    for name in modules():
        module = importlib.import_module(name)
        for value in vars(module).values():
            found |= {(name, p.flags & ~re.UNICODE, p.pattern) for p in patterns_in(value, 3)}
    return found


def files() -> list[Path]:
    return sorted(path for package in PACKAGES for path in Path(package.__file__).parent.rglob("*.py"))


def modules() -> list[str]:
    """The modules that are looked into."""
    top = Path(transforms.__file__).parents[1]
    names = (".".join(path.relative_to(top).with_suffix("").parts).removesuffix(".__init__") for path in files())
    return [name for name in names if not name.startswith(NOT_IMPORTED)]


def patterns_in(value, depth: int):
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth and isinstance(value, dict):
        for inner in (*value.keys(), *value.values()):
            yield from patterns_in(inner, depth - 1)
    elif depth and isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from patterns_in(inner, depth - 1)
    elif depth and hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        for name in value.__dataclass_fields__:
            yield from patterns_in(getattr(value, name, None), depth - 1)


PATTERNS = sorted({(flags, text) for _, flags, text in written() | compiled()})


def fitting(tree) -> str:
    """A short text that a part of a pattern fits."""
    return "".join(one(op, value) for op, value in tree)


def one(op, value) -> str:
    name = str(op)
    if name in ("LITERAL", "NOT_LITERAL"):
        return chr(value) if name == "LITERAL" else ("x" if value != ord("x") else "y")
    if name == "IN":
        return member(value)
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return fitting(value[2]) * max(1, value[0])
    if name == "SUBPATTERN":
        return fitting(value[-1])
    if name == "ATOMIC_GROUP":
        return fitting(value)
    if name == "BRANCH":
        return fitting(value[1][0])
    return "x" if name in ("ANY", "ANY_ALL") else ""


def member(choices) -> str:
    for op, value in choices:
        name = str(op)
        if name == "LITERAL":
            return chr(value)
        if name == "RANGE":
            return chr(value[0])
        if name == "CATEGORY":
            return {"CATEGORY_DIGIT": "0", "CATEGORY_SPACE": " "}.get(str(value), "字")
    return "字"


def pumps(tree, before: str = ""):
    """What leads to each repeat of a pattern, and its body."""
    for op, value in tree:
        name = str(op)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            yield before, fitting(value[2])
            yield from pumps(value[2], before)
        elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
            yield from pumps(value[-1] if name == "SUBPATTERN" else value, before)
        elif name == "BRANCH":
            for branch in value[1]:
                yield from pumps(branch, before)
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from pumps(value[1], before)
        before += one(op, value)


def characters(tree):
    """One character for each place of a pattern."""
    for op, value in tree:
        name = str(op)
        if name == "BRANCH":
            for branch in value[1]:
                yield from characters(branch)
        elif name in ("SUBPATTERN", "MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            yield from characters(value[-1])
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from characters(value[1])
        elif name in ("LITERAL", "IN", "ANY"):
            yield one(op, value)


def worst(pattern: str, flags: int):
    tree = re._parser.parse(pattern, flags)
    for before, body in set(pumps(tree)):
        if body:
            yield before + body * (LENGTH // len(body)) + MISFIT
            yield (before + body) * (LENGTH // len(before + body)) + MISFIT
    for character in sorted(set(characters(tree)))[:40]:
        yield character * LENGTH + MISFIT


class Endless(Exception):
    """A pattern was at one text for longer than any linear one is."""


@pytest.fixture
def bounded():
    """Ends a test that uses more CPU time of its own than ``ALLOWED``; what else the machine does is not counted."""

    def stop(number, frame):
        raise Endless

    before = signal.signal(signal.SIGVTALRM, stop)
    yield lambda seconds: signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


def is_linear(pattern: str, flags: int, bounded) -> str:
    """The beginning of a text that a pattern does not bear; empty if it bears all."""
    found = re.compile(pattern, flags)
    for text in worst(pattern, flags):
        bounded(ALLOWED)
        try:
            for _ in found.finditer(text):
                pass
        except Endless:
            return text[:40]
        finally:
            bounded(0)
    return ""


@pytest.mark.parametrize(("flags", "pattern"), PATTERNS, ids=[p[:60] for _, p in PATTERNS])
def test_a_pattern_bears_its_worst_input(flags: int, pattern: str, bounded):
    assert is_linear(pattern, flags, bounded) == ""


@pytest.mark.parametrize("bad", [r"(?:a+)+b", r"\s+$", r"(?:a|b|ab)*c", r"x*y"])
def test_the_check_finds_what_is_not_linear(bad: str, bounded):
    assert is_linear(bad, 0, bounded)


def test_patterns_are_found_in_modules_and_in_their_collections():
    assert len(PATTERNS) > 150
    held = {module.partition(".")[0] for module, _, _ in compiled()}
    assert held == {"transforms", "delivery", "broadsheet"}
