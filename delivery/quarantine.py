"""Quarantine: what could not be read or must not be published, kept with the reason.

``quarantine/<publication>/<date>/v<N>/<name>`` has the bytes, ``<name>.reason.json`` the reason. A record of ours
that cannot be understood is moved to ``quarantine/_records/<its key>``.
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
    """One thing in quarantine: its name, the stage that quarantined it, and why.

    ``guid``: of the article, if it is one.

    ``version``: ``<publication>/<date>/v<N>``, if a whole version of an issue is quarantined.
    """

    name: str
    stage: str
    reason: str
    guid: str = ""
    partner: str = ""
    version: str = ""

    def __str__(self) -> str:
        return f"{self.version or self.name}: {self.reason}"


def hold(store: Store, version: VersionKey, held: Held, content: bytes | None, media_type: str) -> None:
    """Store the bytes and the reason. What is in quarantine already stays as it is, so that a rerun writes nothing.

    ``content``: None to store only the reason, for files too large to be stored twice.
    """
    key = version.quarantine + stored_name(f"{held.partner}/{held.name}" if held.partner else held.name)
    kept = [] if content is None else [File(key, content, media_type, PRIVATE)]
    for file in (*kept, json_file(key + REASON, held, Held)):
        try:
            store.put(file, Absent())
        except Conflict:
            continue


def set_aside(store: Store, key: str, reason: str) -> None:
    """Move a record that cannot be understood out of the way of the others. Its bytes and the reason are kept."""
    try:
        blob = store.get(key)
    except NotFound:
        return  # somebody else has moved it
    store.put(File(QUARANTINED_RECORDS + key, blob.content, blob.media_type or "application/octet-stream", PRIVATE))
    store.put(json_file(QUARANTINED_RECORDS + key + REASON, Held(key, "record", reason), Held))
    store.delete([key])
    log.error("%s is set aside as %s%s: %s", key, QUARANTINED_RECORDS, key, reason)


def records_aside(store: Store) -> Iterator[Held]:
    """The records that were set aside, each named by its former key."""
    for stat in store.list(QUARANTINED_RECORDS):
        if stat.key.endswith(REASON):
            yield decode(Held, store.get(stat.key).content, stat.key)


def held_of(store: Store, version: VersionKey) -> Iterator[Held]:
    """Everything in quarantine from a version."""
    for stat in store.list(version.quarantine):
        if stat.key.endswith(REASON):
            yield decode(Held, store.get(stat.key).content, stat.key)


def held_between(store: Store, publication: str = "", day: date | None = None) -> Iterator[tuple[VersionKey, Held]]:
    """Everything in quarantine, oldest first: of one newspaper or all, of one day's issue or all."""
    everybody = (p for p in store.folders(quarantine()) if not p.startswith("_"))
    papers = [publication] if publication else list(everybody)
    for paper in papers:
        prefix = quarantine(paper, f"{day.isoformat()}/" if day else "")
        for stat in store.list(prefix):
            if stat.key.endswith(REASON):
                version = VersionKey.parse("/".join(stat.key.split("/")[1:4]))
                yield version, decode(Held, store.get(stat.key).content, stat.key)
