"""Single documents as their readers take them: ninjs objects and pages for people."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from typing import Any

from lxml import etree

from transforms.errors import InvalidOutput
from transforms.gate.feeds import dead_links, disordered
from transforms.gate.profiles import json_reasons
from transforms.render.html import DOCTYPE
from transforms.render.text import clean
from transforms.render.xml import XHTML, parse

_H = f"{{{XHTML}}}"


def load_json(content: bytes) -> dict[str, Any]:
    """The JSON object. Raises InvalidOutput: not UTF-8, not JSON, a key twice, NaN, characters unfit for text."""
    try:
        value = json.loads(content.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidOutput(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise InvalidOutput("not a JSON object")
    unfit = next(_unfit(value, "$"), "")
    if unfit:
        raise InvalidOutput(f"{unfit}: a character that XML and pages cannot carry")
    return value


def ninjs_reasons(item: dict[str, Any]) -> Iterator[str]:
    """Faults of a ninjs object."""
    yield from json_reasons("ninjs", item)
    yield from disordered(
        ("firstcreated", "versioncreated"), (str(item.get("firstcreated")), str(item.get("versioncreated")))
    )


def page_reasons(content: bytes, key: str, keys: Container[str]) -> Iterator[str]:
    """Faults of a page: it is well-formed, says its address, language and title, runs no script, has no dead link."""
    if not content.startswith(DOCTYPE.encode()):
        yield "the page does not begin with <!DOCTYPE html>"
        return
    try:
        root = parse(content[len(DOCTYPE) :])
    except InvalidOutput as error:
        yield str(error)
        return
    if not root.get("lang") or not root.findtext(f".//{_H}title"):
        yield "the page names no language or has no title"
    yield from _scripts(root)
    links = root.findall(f".//{_H}link")
    own = next((x.get("href", "") for x in links if x.get("rel") == "canonical"), "")
    targets = [x.get("href", "") for x in (*links, *root.iter(f"{_H}a"))]
    yield from dead_links(own, targets, key, keys)


def _scripts(root: etree._Element) -> Iterator[str]:
    for script in root.iter(f"{_H}script"):
        if script.get("type") != "application/ld+json":
            yield "the page runs a script"
            continue
        try:
            load_json((script.text or "").encode())
        except InvalidOutput as error:
            yield f"its JSON-LD: {error}"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number in JSON")


def _unfit(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, str):
        if clean(value) != value:
            yield path
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _unfit(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _unfit(inner, f"{path}[{number}]")
