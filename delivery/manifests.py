"""A version's manifest at a partner: the objects that it has, with their digests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from delivery.codec import decode, plain_json
from delivery.key_parts import parse_date
from delivery.objects import Placed
from delivery.plan import Plan, Shipment
from delivery.store import Store
from transforms.errors import NotFound
from transforms.model import File
from transforms.render.keys import manifest_key

IMMUTABLE = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Promise:
    """An object as a manifest lists it: its key below the partner's root, its SHA-256, and its size in bytes."""

    key: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class _Promises:
    objects: tuple[Promise, ...]


def read_manifest(public: Store, root: str, day: date, number: int) -> tuple[Promise, ...]:
    """What a version's manifest at a partner lists; empty if the partner never had that version."""
    key = root + manifest_key(day, number)
    try:
        return decode(_Promises, public.get(key).content, key).objects
    except NotFound:
        return ()


def manifest_file(plan: Plan, shipment: Shipment, stored: Iterable[Placed]) -> File:
    """The manifest of a shipment. ``stored``: its objects as the store has them."""
    day, number = shipment.version.split("/")[-2:]
    objects = [
        {"key": p.key[len(plan.root) :], "sha256": p.sha256, "size": p.size, "type": p.media_type} for p in stored
    ]
    record = {"publication": plan.publication, "date": day, "version": int(number[1:]), "objects": objects}
    return plain_json(plan.root + manifest_key(parse_date(day), int(number[1:])), record, IMMUTABLE)
