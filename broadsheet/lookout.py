"""Looks at the inbox every second or two, cheaply: the newest months, new days, days that are still open.

Everything is looked at only every few minutes, because a page that is sent again for an old issue is rare.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from delivery.inbox import Upload, taken_up, uploads
from delivery.keys import IssueKey
from delivery.store import Store
from transforms.model import Publication

SWEEP = timedelta(minutes=5)
AGAIN = timedelta(seconds=60)  # an event may be lost: it is repeated until a run was started
NEAR = (timedelta(days=-7), timedelta(0), timedelta(days=2))
STILL_OPEN = timedelta(days=2)


class Lookout:
    """Remembers what it has seen, so that each look costs a few listings, whatever the archive's size."""

    def __init__(self, store: Store, publications: Mapping[str, Publication]) -> None:
        self._store = store
        self._publications = publications
        self._days: dict[str, set[str]] = {}
        self._open: set[IssueKey] = set()
        self._swept: datetime | None = None
        self._told: dict[IssueKey, tuple[str, datetime]] = {}
        self._worked_off: dict[IssueKey, str] = {}

    def look(self, now: datetime) -> list[Upload]:
        """Closed uploads that no run was started for and that were not told within the last minute."""
        sweep = self._swept is None or now - self._swept >= SWEEP
        found = [u for p in self._publications.values() for u in self._new_of(p, now, sweep)]
        if sweep:
            self._swept = now
        return found

    def _new_of(self, publication: Publication, now: datetime, sweep: bool) -> Iterator[Upload]:
        closed = []
        for upload in self._seen(publication.id, now, sweep):
            if upload.is_closed(publication.watch, now):
                self._open.discard(upload.issue)
                closed.append(upload)
            elif now - upload.changed < STILL_OPEN:
                self._open.add(upload.issue)
            else:
                self._open.discard(upload.issue)
        fresh = [u for u in closed if self._worked_off.get(u.issue) != u.digest]
        known = taken_up(self._store, publication.id) if fresh else set()
        for upload in fresh:
            if upload.mark in known:
                self._worked_off[upload.issue] = upload.digest
            elif self._is_due(upload, now):
                self._told[upload.issue] = (upload.digest, now)
                yield upload

    def _is_due(self, upload: Upload, now: datetime) -> bool:
        digest, at = self._told.get(upload.issue, ("", now))
        return digest != upload.digest or now - at >= AGAIN

    def _seen(self, publication: str, now: datetime, sweep: bool) -> Iterator[Upload]:
        if sweep:
            self._days[publication] = set(self._store.folders(f"inbox/{publication}/"))
            yield from uploads(self._store, publication)
            return
        days = set(self._store.folders(f"inbox/{publication}/"))
        months = {(now + near).strftime("%Y-%m") for near in NEAR}
        near = {day for day in days if day[:7] in months}
        still_open = {i.date.isoformat() for i in self._open if i.publication == publication}
        far = (days - self._days[publication]) | still_open
        self._days[publication] = days
        for prefix in sorted({day[:7] for day in near} | {f"{day}/" for day in far - near}):
            yield from uploads(self._store, publication, prefix)
