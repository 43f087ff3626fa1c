"""Looks at the inbox every second or two, cheaply: the newest months, new days, days that are still open.

A look at everything, whose cost grows with the archive, comes in between as often as it is cheap
(``InboxTrigger``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from delivery import keys
from delivery.inbox import Upload, taken_up, uploads
from delivery.keys import IssueKey
from delivery.store import Store
from transforms.days import is_plausible, today
from transforms.model import Publication

AGAIN = timedelta(seconds=60)  # an event may be lost: it is repeated until a run was started
NEAR = (timedelta(days=-7), timedelta(0), timedelta(days=2))
STILL_OPEN = timedelta(days=2)


class Lookout:
    """Remembers what it has seen, so that each look costs a few listings, whatever the size of the archive."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._days: dict[str, set[str]] = {}
        self._open: set[IssueKey] = set()
        self._told: dict[IssueKey, tuple[str, datetime]] = {}
        self._worked_off: dict[IssueKey, str] = {}

    def look(self, publications: Iterable[Publication], now: datetime, everything: bool) -> list[Upload]:
        """Closed uploads for which no run was started and that were not reported within the last minute."""
        return [upload for paper in publications for upload in self._new_of(paper, now, everything)]

    def _new_of(self, publication: Publication, now: datetime, everything: bool) -> Iterator[Upload]:
        closed = []
        here = today(now, publication.timezone)
        for upload in self._seen(publication.id, now, everything):
            if not is_plausible(upload.issue.date, here):
                continue  # ``misdated`` names it
            if upload.is_closed(publication.watch, now):
                self._open.discard(upload.issue)
                closed.append(upload)
            elif now - upload.changed < STILL_OPEN:
                self._open.add(upload.issue)
            else:
                self._open.discard(upload.issue)
        fresh = [u for u in closed if self._worked_off.get(u.issue) != u.digest]
        known = taken_up(self._store, fresh)
        for upload in fresh:
            if upload.mark in known:
                self._worked_off[upload.issue] = upload.digest
            elif self._is_due(upload, now):
                self._told[upload.issue] = (upload.digest, now)
                yield upload

    def _is_due(self, upload: Upload, now: datetime) -> bool:
        digest, at = self._told.get(upload.issue, ("", now))
        return digest != upload.digest or now - at >= AGAIN

    def _seen(self, publication: str, now: datetime, everything: bool) -> Iterator[Upload]:
        if everything or publication not in self._days:
            self._days[publication] = set(self._store.folders(keys.inbox(publication)))
            yield from uploads(self._store, publication)
            return
        days = set(self._store.folders(keys.inbox(publication)))
        months = {(now + near).strftime("%Y-%m") for near in NEAR}
        near = {day for day in days if day[:7] in months}
        still_open = {i.date.isoformat() for i in self._open if i.publication == publication}
        far = (days - self._days[publication]) | still_open
        self._days[publication] = days
        for prefix in sorted({day[:7] for day in near} | {f"{day}/" for day in far - near}):
            yield from uploads(self._store, publication, prefix)
