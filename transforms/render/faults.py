"""Faults that several formats can have: dates in the wrong order, broken links, a guid that occurs twice.

Each function yields one sentence per fault, and nothing if there is none.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from datetime import datetime

from lxml import etree

from transforms.render.keys import ITEMS, guid_of_key

_VERSION = re.compile(rf"^{ITEMS}[^/]+/v(\d+)\.")


def renamed(key: str, guid: str, version: str) -> Iterator[str]:
    """A document whose guid or version differs from its key."""
    match = _VERSION.match(key)
    if match and (guid, version) != (guid_of_key(key), match[1]):
        yield f"the document says {guid} version {version}, but its key does not"


def disordered(names: Iterable[str], dates: Iterable[str | None]) -> Iterator[str]:
    """Dates (ISO 8601) that are not in ascending order or cannot be read.

    ``names`` say what each is; a missing date counts as none.
    """
    given = [(name, text) for name, text in zip(names, dates, strict=True) if text]
    try:
        moments = [datetime.fromisoformat(text) for _, text in given]
        pairs = [n for n in range(len(moments) - 1) if moments[n] > moments[n + 1]]
    except (ValueError, TypeError):
        yield f"invalid dates: {', '.join(text for _, text in given)}"
        return
    for n in pairs:
        yield f"{given[n][0]} {given[n][1]} is later than {given[n + 1][0]} {given[n + 1][1]}"


def dead_links(own: str, targets: Iterable[str], key: str, keys: Container[str]) -> Iterator[str]:
    """Links below the feed's own address that lead to no file; or a feed that gives another address as its own.

    ``own``: the address that the document gives as its own. ``key``: where it is. ``keys``: all keys that exist.
    """
    if not own.endswith(key):
        yield f"the feed says that its address is {own or 'nothing'}, but it is at {key}"
        return
    base = own[: -len(key)]
    for target in targets:
        if base and target.startswith(base) and target != base and target[len(base) :] not in keys:
            yield f"{target} is a broken link"


def own_address(links: Iterable[etree._Element]) -> str:
    """The ``self`` link of a feed; empty if it has none."""
    return next((x.get("href", "") for x in links if x.get("rel") == "self"), "")


def doubled(guids: Iterable[str]) -> Iterator[str]:
    """Items without a guid, and guids that occur twice."""
    seen: set[str] = set()
    for guid in guids:
        if not guid or guid in seen:
            yield f"two items share the guid {guid}" if guid else "an item has no guid"
        seen.add(guid)
