"""Publishing: carries out a plan so that a partner who looks at any moment sees the old state or the new one.

Order of writes: the ledger says what is coming; the immutable objects; the manifest that names them with their
digests; the pointers, archives first and the feed of everything last; the notice over what was withdrawn; the ledger
says that it is there. Killed anywhere and run again, the same plan writes what is missing and nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from delivery.codec import plain_json
from delivery.keys import checked_relative
from delivery.ledger import LedgerPage
from delivery.quarantine import Held
from delivery.store import Absent, Store
from transforms.errors import Conflict, StoreError
from transforms.model import File

IMMUTABLE = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Shipment:
    """One version of an issue on its way to a partner: its objects (keys below the root) and its ledger page."""

    version: str
    files: tuple[File, ...]
    page: LedgerPage


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is to be written for one partner and publication; ``held`` is what does not go out, and why.

    ``waiting`` names the versions of which the partner may not have all yet, ``private`` the articles that the desk
    must see. ``replaced`` are objects of earlier versions that must not be read any more, ``stale`` those that go.
    ``moments`` are when something of an issue comes or goes by itself.
    """

    partner: str
    publication: str
    root: str
    shipments: tuple[Shipment, ...]
    pointers: tuple[File, ...]
    held: tuple[Held, ...] = ()
    waiting: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    replaced: tuple[File, ...] = ()
    stale: tuple[str, ...] = ()
    moments: tuple[tuple[datetime, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What publishing did: how many objects were new or changed, how many were there already."""

    written: int
    unchanged: int


def carry_out(private: Store, public: Store, plan: Plan) -> Receipt:
    """Write a plan. Raises StoreError where the store fails; running it again completes the work."""
    written = total = 0
    for shipment in plan.shipments:
        if not _is_delivered(private, shipment.page):
            put_changed(private, shipment.page.file())
        if not shipment.files:
            continue  # all of it is under embargo
        files = [_placed(f, plan.root) for f in shipment.files]
        stored, new = put_immutable(public, files)
        written += new + put_new(public, _manifest(plan, shipment, stored))
        total += len(files) + 1
    for file in sorted(plan.pointers, key=_pointer_order):
        written += put_changed(public, _placed(file, plan.root))
        total += 1
    # No pointer names them any more, so nobody is led from an old feed to a text that is being taken away.
    written += _take_back(public, plan)
    for shipment in plan.shipments:
        put_changed(private, replace(shipment.page, delivered=True).file())
    return Receipt(written, total - written)


def _take_back(public: Store, plan: Plan) -> int:
    """Put the notice over what earlier versions hold of a withdrawn article, and make their manifests say so."""
    if not plan.replaced and not plan.stale:
        return 0
    files = [_placed(f, plan.root) for f in plan.replaced]
    written = sum(put_changed(public, f) for f in files)
    public.delete([plan.root + checked_relative(key) for key in plan.stale])
    for shipment in plan.shipments:
        written += amend_manifests(public, plan.root, shipment.version.split("/")[-2], plan.replaced, plan.stale)
    return written


def amend_manifests(public: Store, root: str, day: str, files: Iterable[File], gone: Sequence[str] = ()) -> int:
    """Let a day's manifests hold the digests of what now stands under their keys; how many were changed."""
    new = {f.key: {"sha256": hashlib.sha256(f.content).hexdigest(), "size": len(f.content)} for f in files}
    written = 0
    for stat in list(public.list(f"{root}manifests/{day}/")):
        record: dict[str, Any] = json.loads(public.get(stat.key).content)
        record["objects"] = [o | new.get(o["key"], {}) for o in record["objects"] if o["key"] not in gone]
        written += put_changed(public, plain_json(stat.key, record, IMMUTABLE))
    return written


def _is_delivered(private: Store, page: LedgerPage) -> bool:
    done = replace(page, delivered=True).file()
    stat = private.stat(done.key)
    return stat is not None and stat.etag == _md5(done)


def put_immutable(store: Store, files: Sequence[File]) -> tuple[list[tuple[File, str]], int]:
    """Write what is not there; each file comes back with the SHA-256 of what the store holds, and how many were new.

    What was published stays: a file that would now be rendered differently keeps its first bytes.
    """
    stored: list[tuple[File, str]] = []
    new = 0
    for file, answer in store.put_all((f, Absent()) for f in files):
        if isinstance(answer, Conflict):
            file = replace(file, content=store.get(file.key).content)
        elif isinstance(answer, StoreError):
            raise answer
        else:
            new += 1
        stored.append((file, hashlib.sha256(file.content).hexdigest()))
    return stored, new


def put_new(store: Store, file: File) -> bool:
    """Write one object where none is; whether it was written."""
    try:
        store.put(file, Absent())
    except Conflict:
        return False
    return True


def put_changed(store: Store, file: File) -> bool:
    """Write a pointer where its bytes differ from what is there; whether it was written."""
    stat = store.stat(file.key)
    if stat is not None and stat.etag == _md5(file):
        return False
    store.put(file)
    return True


def _md5(file: File) -> str:
    return hashlib.md5(file.content, usedforsecurity=False).hexdigest()


def _placed(file: File, root: str) -> File:
    return replace(file, key=root + checked_relative(file.key))


def _manifest(plan: Plan, shipment: Shipment, stored: Iterable[tuple[File, str]]) -> File:
    day, number = shipment.version.split("/")[-2:]
    objects = [
        {"key": f.key[len(plan.root) :], "sha256": digest, "size": len(f.content), "type": f.media_type}
        for f, digest in stored
    ]
    record = {"publication": plan.publication, "date": day, "version": int(number[1:]), "objects": objects}
    return plain_json(f"{plan.root}manifests/{day}/{number}.json", record, IMMUTABLE)


def _pointer_order(file: File) -> tuple[int, str]:
    """Vocabulary, archives, feeds by section, then the feeds of everything, which most partners poll."""
    if not file.key.startswith("feeds/"):
        return 0, file.key
    if file.key.startswith("feeds/archive/"):
        return 1, file.key
    return (3 if file.key.startswith("feeds/all.") else 2), file.key
