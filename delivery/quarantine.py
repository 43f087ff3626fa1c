"""Quarantine: what could not be read or must not go out, kept beside the reason in words.

``quarantine/<publication>/<date>/v<N>/<name>`` holds the bytes, ``<name>.reason.json`` says why they are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from delivery.codec import decode, json_file
from delivery.keys import VersionKey, stored_name
from delivery.store import Absent, Store
from transforms.errors import Conflict
from transforms.model import File

REASON = ".reason.json"


@dataclass(frozen=True, slots=True)
class Held:
    """One thing in quarantine: what it is called, which stage held it, why; ``guid`` where it is an article's."""

    name: str
    stage: str
    reason: str
    guid: str = ""
    partner: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


def hold(store: Store, version: VersionKey, held: Held, content: bytes, media_type: str) -> None:
    """Keep the bytes and the reason. What is held already stays as it is, so that a rerun writes nothing."""
    key = version.quarantine + stored_name(f"{held.partner}/{held.name}" if held.partner else held.name)
    for file in (File(key, content, media_type, "private, no-store"), json_file(key + REASON, held, Held)):
        try:
            store.put(file, Absent())
        except Conflict:
            continue


def held_of(store: Store, version: VersionKey) -> Iterator[Held]:
    """All that is in quarantine of a version."""
    for stat in store.list(version.quarantine):
        if stat.key.endswith(REASON):
            yield decode(Held, store.get(stat.key).content, stat.key)
