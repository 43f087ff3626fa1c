"""Writes single objects: those that never change, and those that are written only if they differ."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from delivery.store import Absent, Condition, Stat, Store, Unchanged
from transforms.errors import Conflict, NotFound, StoreError
from transforms.model import File

TRIES = 50  # lost races for one object, after which something else must be wrong


@dataclass(frozen=True, slots=True)
class Placed:
    """An immutable object as the store has it. ``size``: bytes."""

    key: str
    sha256: str
    size: int
    media_type: str


def put_immutable(store: Store, files: Sequence[File]) -> tuple[list[Placed], int]:
    """Write the files that do not exist yet.

    Returns all of them as the store has them, by key, and how many are new.

    What was published stays: a file that would now be rendered differently keeps its first bytes. Raises
    StoreError.
    """
    stored, there = [], []
    for file, answer in store.put_all((f, Absent()) for f in files):
        if isinstance(answer, Conflict):
            there.append(file)
        elif isinstance(answer, StoreError):
            raise answer
        else:
            stored.append(written_as(file))
    for file, stat in zip(there, store.stat_all([f.key for f in there]), strict=True):
        stored.append(_found(store, file, stat))
    return sorted(stored, key=lambda p: p.key), len(files) - len(there)


def written_as(file: File) -> Placed:
    """How the store will have a file that is written now."""
    return Placed(file.key, hashlib.sha256(file.content).hexdigest(), len(file.content), file.media_type)


def _found(store: Store, file: File, stat: Stat | None) -> Placed:
    if stat and stat.holds(file):
        return written_as(file)
    if stat and stat.sha256:
        return Placed(file.key, stat.sha256, stat.size, file.media_type)
    return written_as(replace(file, content=store.get(file.key).content))


def put_new(store: Store, file: File) -> bool:
    """Write an object unless it exists; whether it was written."""
    try:
        store.put(file, Absent())
    except Conflict:
        return False
    return True


def put_changed(store: Store, file: File) -> bool:
    """Write an object unless it has the same bytes; whether it was written."""
    stat = store.stat(file.key)
    if stat is not None and stat.holds(file):
        return False
    put_over(store, file, stat)
    return True


def put_over(store: Store, file: File, seen: Stat | None = None) -> None:
    """Write an object whatever is there; ``seen`` is what was there, if anything is known of it.

    Each attempt is under the condition that what it replaces is still there. So an attempt that is given up and carried
    out late never comes over what was written after it, and need not be waited for as long as one without a condition.
    """
    for _ in range(TRIES):
        try:
            store.put(file, as_seen(seen))
        except (Conflict, NotFound):
            seen = store.stat(file.key)
            continue
        return
    raise StoreError(f"{file.key} was changed by others {TRIES} times")


def as_seen(stat: Stat | None) -> Condition:
    """The condition that an object is still as it was seen."""
    return Unchanged(stat.etag) if stat else Absent()
