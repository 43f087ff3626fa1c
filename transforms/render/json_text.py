"""JSON out and in: the same value gives the same bytes, and what comes in must suit any reader."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from transforms.errors import InvalidOutput
from transforms.render.text import clean


def to_json(value: dict[str, Any]) -> bytes:
    """The value on one line in UTF-8, keys in the order given. The same value gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def load_json(content: bytes) -> dict[str, Any]:
    """The JSON object in a file.

    Raises InvalidOutput if it is not UTF-8, not JSON, not an object, or has a key twice, NaN, or characters that
    XML cannot carry.
    """
    try:
        value = json.loads(content.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidOutput(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise InvalidOutput("not a JSON object")
    unfit = next(_unfit(value, "$"), "")
    if unfit:
        raise InvalidOutput(f"{unfit}: a character that is not allowed in XML and HTML")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number in JSON")


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
