"""What partners were sent recently, by the day of sending: ``shipped/<day>/<partner>/<publication>/<issue's day>``.

With it, a day's audit and the end of rights look only at what changed, not at everything that a partner ever had.
What a partner has is only in the ledger; if a note is lost, the next audit of everything makes up for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from delivery import keys
from delivery.codec import PRIVATE
from delivery.key_parts import date_in
from delivery.keys import IssueKey
from delivery.objects import put_new
from delivery.store import Store
from transforms.model import File

KEPT = timedelta(days=31)


def note_shipped(store: Store, day: date, partner: str, issue: IssueKey) -> None:
    """Record, before anything is sent, that a partner is sent something of an issue today."""
    key = f"{keys.shipped(day, partner, issue.publication)}{issue.date}"
    put_new(store, File(key, b"", "text/plain", PRIVATE))


def shipped_since(store: Store, partner: str, publication: str, first: date, last: date) -> list[date]:
    """Days from ``first`` to ``last`` on which a partner was sent part of that day's issue, oldest first."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    prefixes = (keys.shipped(day, partner, publication) for day in days)
    found = (stat.key[len(prefix) :] for prefix in prefixes for stat in store.list(prefix))
    return sorted({day for name in found if (day := date_in(name))})


def old_notes(store: Store, now: date) -> Iterator[str]:
    """The keys of notes that are no longer needed."""
    for folder in store.folders(keys.SHIPPED):
        day = date_in(folder)
        if day and day < now - KEPT:
            yield from (stat.key for stat in store.list(keys.shipped(day)))
