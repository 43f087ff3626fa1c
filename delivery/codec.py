"""Our values as JSON and back. The same value gives the same bytes: fields in the order in which they are declared."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from transforms.errors import Damaged
from transforms.model import File

T = TypeVar("T")

JSON_TYPE = "application/json; charset=utf-8"
PRIVATE = "private, no-store"


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def warm_up(kinds: Iterable[Any]) -> None:
    """Build what validates these types now, which takes longer than to use it."""
    for kind in kinds:
        _adapter(kind)


def encode(value: object, kind: Any) -> bytes:
    """A value of one of our types as JSON, with bytes as base64."""
    return _adapter(kind).dump_json(value, indent=1) + b"\n"


def decode(kind: type[T], content: bytes, key: str) -> T:
    """The value in a JSON object. Raises Damaged, naming the object, if it is not a ``kind``."""
    try:
        value: T = _adapter(cast(Hashable, kind)).validate_json(content)
    except ValidationError as error:
        raise Damaged(f"{key} cannot be understood: {error}") from error
    return value


def json_file(key: str, value: object, kind: Any) -> File:
    """A record as an object for the private bucket. ``kind``: the type of ``value``."""
    return File(key, encode(value, kind), JSON_TYPE, PRIVATE)


def plain_json(key: str, value: object, cache_control: str = PRIVATE) -> File:
    """A JSON object made of plain values, for people and partners, with keys in the order given."""
    content = json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"
    return File(key, content, JSON_TYPE, cache_control)
