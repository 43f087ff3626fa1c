"""Looks at what a partner's bucket holds beside what ledger and manifests say. Reads only; repairs are others' work."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from delivery.ledger import LedgerPage
from delivery.store import Store
from transforms.errors import StoreError


@dataclass(frozen=True, slots=True)
class Account:
    """One partner and publication. Keys are below the partner's root; ``undelivered`` names issues' versions."""

    partner: str
    publication: str
    objects: int
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    undelivered: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def broken(self) -> tuple[str, ...]:
        return tuple(sorted({*self.missing, *self.damaged}))


@dataclass(frozen=True, slots=True)
class Named:
    """An object that a manifest of ``day`` names, in the version of the issue that named it first."""

    key: str
    sha256: str
    size: int
    day: date
    version: int


def named_objects(shelf: Store, root: str) -> tuple[dict[str, Named], list[str]]:
    """All that the manifests below a root name, by key; and the manifests that cannot be read."""
    found: dict[str, Named] = {}
    unreadable = []
    for stat in sorted(shelf.list(f"{root}manifests/"), key=lambda s: (len(s.key), s.key)):
        try:
            record: dict[str, Any] = json.loads(shelf.get(stat.key).content)
            day, number = date.fromisoformat(record["date"]), int(record["version"])
            objects = [Named(o["key"], o["sha256"], o["size"], day, number) for o in record["objects"]]
        except (ValueError, KeyError, TypeError, StoreError):
            unreadable.append(stat.key[len(root) :])
            continue
        for one in objects:
            found.setdefault(one.key, one)
    return found, unreadable


def compare(
    shelf: Store,
    root: str,
    pages: Iterable[LedgerPage],
    partner: str,
    publication: str,
    pointers: dict[str, bytes],
    deep: Collection[date],
) -> Account:
    """The account of one partner and publication; ``pointers`` is what its feeds and pages should hold now.

    Objects of the days ``deep`` are read and their digests compared; of older ones presence and size.
    """
    stock = {s.key[len(root) :]: s for s in shelf.list(root)}
    named, unreadable = named_objects(shelf, root)
    missing = [k for k in (*named, *pointers) if k not in stock]
    damaged = list(unreadable)
    for key, one in named.items():
        if key in stock and (
            stock[key].size != one.size or (one.day in deep and _digest(shelf, root + key) != one.sha256)
        ):
            damaged.append(key)
    for key, content in pointers.items():
        if key in stock and stock[key].etag != hashlib.md5(content, usedforsecurity=False).hexdigest():
            damaged.append(key)
    undelivered = [f"{p.issue}/v{p.version}" for p in pages if not p.delivered or not _complete(p, named)]
    known = {*named, *pointers}
    extra = [k for k in stock if k not in known and not k.startswith(("manifests/", "feeds/archive/", "articles/"))]
    lists = (tuple(sorted(set(keys))) for keys in (missing, damaged, undelivered, extra))
    return Account(partner, publication, len(stock), *lists)


def _complete(page: LedgerPage, named: Collection[str]) -> bool:
    return all(not e.key or e.key in named for e in page.entries)


def _digest(shelf: Store, key: str) -> str:
    return hashlib.sha256(shelf.get(key).content).hexdigest()
