"""Quarantine: what could not be read or must not go out, kept beside the reason.

``quarantine/<publication>/<date>/v<N>/<name>`` holds the bytes, ``<name>.reason.json`` says why they are there. A
record of ours that cannot be understood is moved to ``quarantine/_records/<its key>``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from delivery.codec import PRIVATE, decode, json_file
from delivery.key_parts import stored_name
from delivery.keys import QUARANTINED_RECORDS, VersionKey, quarantine
from delivery.store import Absent, Store
from transforms.errors import Conflict, NotFound
from transforms.model import File

REASON = ".reason.json"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Held:
    """One thing in quarantine: what it is called, which stage held it, why; ``guid`` if it is an article's.

    ``version`` is given if a whole version of an issue is held, as ``<publication>/<date>/v<N>``."""

    name: str
    stage: str
    reason: str
    guid: str = ""
    partner: str = ""
    version: str = ""

    def __str__(self) -> str:
        return f"{self.version or self.name}: {self.reason}"


def hold(store: Store, version: VersionKey, held: Held, content: bytes | None, media_type: str) -> None:
    """Keep the bytes and the reason. What is held already stays as it is, so that a rerun writes nothing.

    ``content`` None keeps the reason alone, for bytes too many to be kept beside the version's source.
    """
    key = version.quarantine + stored_name(f"{held.partner}/{held.name}" if held.partner else held.name)
    kept = [] if content is None else [File(key, content, media_type, PRIVATE)]
    for file in (*kept, json_file(key + REASON, held, Held)):
        try:
            store.put(file, Absent())
        except Conflict:
            continue


def set_aside(store: Store, key: str, reason: str) -> None:
    """Move a record that cannot be understood out of the way of its neighbours; its bytes and the reason are kept."""
    try:
        blob = store.get(key)
    except NotFound:
        return  # somebody else has moved it
    store.put(File(QUARANTINED_RECORDS + key, blob.content, blob.media_type or "application/octet-stream", PRIVATE))
    store.put(json_file(QUARANTINED_RECORDS + key + REASON, Held(key, "record", reason), Held))
    store.delete([key])
    log.error("%s is set aside as %s%s: %s", key, QUARANTINED_RECORDS, key, reason)


def records_aside(store: Store) -> Iterator[Held]:
    """The records that were set aside, each named by the key that it had."""
    for stat in store.list(QUARANTINED_RECORDS):
        if stat.key.endswith(REASON):
            yield decode(Held, store.get(stat.key).content, stat.key)


def held_of(store: Store, version: VersionKey) -> Iterator[Held]:
    """All that is in quarantine of a version."""
    for stat in store.list(version.quarantine):
        if stat.key.endswith(REASON):
            yield decode(Held, store.get(stat.key).content, stat.key)


def held_between(store: Store, publication: str = "", day: date | None = None) -> Iterator[tuple[VersionKey, Held]]:
    """All that is in quarantine: of one newspaper or of all, of one day's issue or of every one; oldest first."""
    everybody = (p for p in store.folders(quarantine()) if not p.startswith("_"))
    papers = [publication] if publication else list(everybody)
    for paper in papers:
        prefix = quarantine(paper, f"{day.isoformat()}/" if day else "")
        for stat in store.list(prefix):
            if stat.key.endswith(REASON):
                version = VersionKey.parse("/".join(stat.key.split("/")[1:4]))
                yield version, decode(Held, store.get(stat.key).content, stat.key)
