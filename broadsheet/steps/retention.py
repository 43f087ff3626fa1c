"""Deletes from the private bucket, once a day, what is old and no longer needed, as ``retention.toml`` says.

The ledger, issues and their sources, decisions, and everything that still waits are never touched.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from itertools import islice, takewhile
from pathlib import Path

from broadsheet.installation import Installation
from broadsheet.steps.contain import is_own, reason_of
from broadsheet.steps.dead_letters import letters
from delivery import issues, keys
from delivery.inbox import Upload, uploads
from delivery.keys import ARCHIVE, COMPLETE
from delivery.shipped import KEPT, old_notes
from delivery.store import Store
from transforms.days import AHEAD
from transforms.errors import BadRecord, NotFound
from transforms.model import File

OURS = b"being deleted\n"  # what the mark of an upload says while its pages go
SHIPPED = Path(__file__).parent / "retention.toml"


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days each kind is kept; 0 for ever."""

    inbox: int
    quarantine: int
    incidents: int
    letters: int
    audits: int


def load_retention(path: Path | None = None) -> Retention:
    """What a file says, with the defaults for the rest. Raises BadRecord, naming file and field."""
    shipped = tomllib.loads(SHIPPED.read_text("utf-8"))
    try:
        own = tomllib.loads(path.read_text("utf-8")) if path else {}
    except (OSError, ValueError) as error:
        raise BadRecord(f"{path} cannot be read: {error}") from error
    known = {field.name for field in fields(Retention)}
    for name, days in own.items():
        if name not in known:
            raise BadRecord(f"{path}: unknown field {name} (there are: {', '.join(sorted(known))})")
        if type(days) is not int or days < 0:
            raise BadRecord(f"{path}: {name} must be a number of days, or 0 for forever")
    return Retention(**(shipped | own))


def tidy(installation: Installation, retention: Retention, now: datetime) -> tuple[dict[str, int], list[str]]:
    """Delete what is too old: how many objects of each kind, and why a kind could not be deleted."""
    store = installation.store
    kinds: dict[str, tuple[int, Callable[[datetime], Iterator[list[str]]]]] = {
        "inbox": (retention.inbox, lambda before: _uploads(installation, before)),
        "quarantine": (retention.quarantine, lambda before: _quarantine(store, before)),
        "incidents": (retention.incidents, lambda before: _incidents(store, before)),
        "letters": (retention.letters, lambda before: _letters(installation, before)),
        "audits": (retention.audits, lambda before: _older(store, keys.AUDITS, before, before.date().isoformat())),
        "shipped": (KEPT.days, lambda before: _batches(old_notes(store, now.date()))),
    }
    gone, failed = dict.fromkeys(kinds, 0), []
    for kind, (days, old) in kinds.items():
        if not days:
            continue
        try:
            for found in old(_before(now, days)):
                store.delete(found)
                gone[kind] += len(found)
        except Exception as error:  # what cannot be tidied of one kind stays, and the others are tidied
            failed.append(f"{kind}: {reason_of(f'retention of {kind}', error)}")
    return gone, failed


def _before(now: datetime, days: int) -> datetime:
    try:
        return now - timedelta(days=days)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def _older(store: Store, prefix: str, before: datetime, end: str) -> Iterator[list[str]]:
    """The keys below a prefix that were last written before a moment, in batches.

    Keys from ``prefix + end`` on cannot be that old, so the listing stops there: what is kept costs nothing.
    """
    listed = takewhile(lambda stat: stat.key < prefix + end, store.list(prefix))
    return _batches(stat.key for stat in listed if stat.modified < before)


def _quarantine(store: Store, before: datetime) -> Iterator[list[str]]:
    """What was held of old issues: an issue arrives ``AHEAD`` of its day at the earliest."""
    for paper in store.folders(keys.quarantine()):
        prefix = f"{keys.quarantine()}{paper}/"
        end = "\U0010ffff" if prefix == keys.QUARANTINED_RECORDS else _day(before).isoformat()
        yield from _older(store, prefix, before, end)


def _incidents(store: Store, before: datetime) -> Iterator[list[str]]:
    for kind in store.folders(keys.OVER_INCIDENTS):
        yield from _older(store, f"{keys.OVER_INCIDENTS}{kind}/", before, f"{before:%Y%m%dT%H%M%S}")


def _day(before: datetime) -> date:
    """The first issue date for which a newspaper cannot have sent anything before a moment."""
    return before.date() + min(AHEAD + timedelta(days=2), date.max - before.date())


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while batch := list(islice(rest, 1000)):
        yield batch


def _letters(installation: Installation, before: datetime) -> Iterator[list[str]]:
    yield [one.key for one in letters(installation) if one.next_at is None and one.first_at < before]


def _uploads(installation: Installation, before: datetime) -> Iterator[list[str]]:
    """The files of uploads that a version was made of, closing marks included.

    While the pages go, the upload must not look like a smaller one: that would withdraw the articles of the missing
    pages. So it is first marked as archive, which only a backfill takes up, and that mark goes last.
    """
    store = installation.store
    for publication in installation.publications:
        old = takewhile(lambda u: u.issue.date <= _day(before), uploads(store, publication))
        for upload in old:
            if upload.changed >= before or not _can_go(store, upload):
                continue
            root = upload.issue.inbox
            store.put(File(root + ARCHIVE, OURS, "text/plain", "private, no-store"))
            store.delete([root + COMPLETE])
            yield [s.key for s in store.list(root) if s.key != root + ARCHIVE and s.modified < before]
            yield [root + ARCHIVE]


def _can_go(store: Store, upload: Upload) -> bool:
    """Whether an upload is kept elsewhere; if that cannot be told, it stays and the others go."""
    try:
        return _is_kept(store, upload)
    except Exception as error:
        if not is_own(error):
            raise
        reason_of(f"retention of {upload.issue}", error)
        return False


def _is_kept(store: Store, upload: Upload) -> bool:
    """Whether a settled version was made of an upload, and all of its files are kept with that version."""
    newest = issues.latest_upload(store, upload.issue)
    if newest is None or not issues.is_settled(store, newest[0]):
        return False
    if upload.digest != newest[1].digest and not _was_begun(store, upload):
        return False
    same = {(entry.name, entry.etag) for entry in newest[1].files}
    kept = {stat.key for stat in store.list(newest[0].sources)}
    return all((e.name, e.etag) in same and newest[0].source(e.name) in kept for e in upload.files)


def _was_begun(store: Store, upload: Upload) -> bool:
    """Whether an earlier run was killed while it deleted this upload."""
    try:
        return upload.archived and store.get(upload.issue.inbox + ARCHIVE).content == OURS
    except NotFound:
        return False
