"""The ledger: what each partner should have of an issue, and what it has. One page per partner and issue, private."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from delivery.codec import decode, json_file
from delivery.issues import items_of
from delivery.key_parts import date_in
from delivery.keys import LEDGERS, IssueKey, VersionKey, ended_rights, ledger, ledgers
from delivery.keys import changed_days as changed_days_key
from delivery.parallel import at_once
from delivery.store import Store
from transforms.audience.selection import let_out
from transforms.errors import NotFound
from transforms.model import File, Item, Status

GAP = 3  # months that are looked through one by one, before all days are listed at once


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One article at one partner. ``source``: the issue's version that has its text. ``sha256``: of its file.

    ``delivered_at``: when this version, or its withdrawal, was first complete at the partner. ``notified``: when
    the partner was notified of it; nobody is notified of ``quiet`` ones.
    """

    guid: str
    version: int
    status: Status
    source: int
    sha256: str = ""
    notified: datetime | None = None
    quiet: bool = False
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """One issue at one partner. It is written before the first pointer, so that no guid is ever forgotten."""

    partner: str
    issue: str
    version: int
    delivered: bool
    entries: tuple[LedgerEntry, ...]
    awaits: datetime | None = None  # when the partner may have what is left of this version

    @property
    def guids(self) -> frozenset[str]:
        """The guids of its articles."""
        return frozenset(e.guid for e in self.entries)

    def file(self) -> File:
        """The page as an object of the private bucket."""
        return json_file(ledger(self.partner, IssueKey.parse(self.issue)), self, LedgerPage)


def page_of(store: Store, partner: str, issue: IssueKey) -> LedgerPage | None:
    """A partner's ledger page for an issue; None if nothing of it was ever to be delivered. Raises Damaged."""
    key = ledger(partner, issue)
    try:
        return decode(LedgerPage, store.get(key).content, key)
    except NotFound:
        return None


def partners_with(store: Store, issue: IssueKey, guid: str) -> Iterator[LedgerPage]:
    """The pages of all partners that an article was ever to be delivered to, whatever they take now."""
    for partner in store.folders(LEDGERS):
        page = page_of(store, partner, issue)
        if page and guid in page.guids:
            yield page


@dataclass(frozen=True, slots=True)
class Ended:
    """The days for which a partner's rights in a newspaper have ended. ``gone``: those whose files are deleted.

    ``through``: the day up to which the ledger was searched; days that are delivered later are in ``shipped/``.
    """

    days: tuple[date, ...] = ()
    gone: tuple[date, ...] = ()
    through: date | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """Days older than the live feeds whose changes these list."""

    days: tuple[date, ...] = ()


def ended(store: Store, partner: str, publication: str) -> Ended:
    """The days for which a partner's rights in a newspaper have ended; none if nothing is recorded."""
    key = ended_rights(partner, publication)
    try:
        return decode(Ended, store.get(key).content, key)
    except NotFound:
        return Ended()


def note_ended(store: Store, partner: str, publication: str, record: Ended) -> None:
    """Record the days for which a partner's rights in a newspaper have ended."""
    store.put(json_file(ended_rights(partner, publication), record, Ended))


def ended_days(store: Store, partner: str, publication: str) -> frozenset[date]:
    """The days for which a partner's rights in a newspaper have ended, as a set."""
    return frozenset(ended(store, partner, publication).days)


def changed_days(store: Store, partner: str, publication: str) -> tuple[date, ...]:
    """The older days whose changes a partner's live feeds listed when they were last written."""
    key = changed_days_key(partner, publication)
    try:
        return decode(Changed, store.get(key).content, key).days
    except NotFound:
        return ()


def changed_file(partner: str, publication: str, days: tuple[date, ...]) -> File:
    """The record of the older days whose changes a partner's live feeds list, as an object."""
    return json_file(changed_days_key(partner, publication), Changed(days), Changed)


def days_of(store: Store, partner: str, publication: str) -> list[date]:
    """The days for which a partner has an issue, except those for which its rights have ended; oldest first."""
    over = ended_days(store, partner, publication)
    return sorted(d for d in _listed(store, partner, publication) if d not in over)


def _listed(store: Store, partner: str, publication: str, start: str = "") -> Iterator[date]:
    """The days of the ledger's pages; ``start`` is what the day begins with, such as 2026-01."""
    prefix = ledgers(partner, publication)
    for stat in store.list(prefix + start):
        if day := date_in(stat.key[len(prefix) :].removesuffix(".json")):
            yield day


class Calendar:
    """The days for which a partner has an issue or will have one, listed month by month as they are asked for.

    A plan looks at the newest days and at those that change, so that its cost does not grow with the archive. Days
    for which the partner's rights have ended are left out. ``more``: days that are being delivered.
    """

    def __init__(self, store: Store, partner: str, publication: str, more: Iterable[date] = ()) -> None:
        self._store, self._partner, self._publication = store, partner, publication
        self._more = frozenset(more)
        self._months: dict[str, list[date]] = {}
        self._whole: list[date] | None = None
        # Not cached_property: up to Python 3.11 it lets only one thread of the whole process read at a time.
        self._ended: frozenset[date] | None = None

    def __contains__(self, day: date) -> bool:
        return day in self._month(day)

    def between(self, first: date, last: date) -> list[date]:
        """The days from ``first`` to ``last``, oldest first."""
        months = list(_months(first, last))
        listed = [self._all()] if len(months) > GAP else at_once(self._month, months)
        return [day for days in listed for day in days if first <= day <= last]

    def before(self, day: date) -> Iterator[date]:
        """The days before ``day``, newest first. After a gap of months the whole ledger is listed, once."""
        month, empty = day, 0
        while empty < GAP:
            found = [d for d in self._month(month) if d < day]
            yield from reversed(found)
            empty = 0 if found else empty + 1
            start = month.replace(day=1)
            if start == date.min:
                return
            month = start - timedelta(days=1)
        yield from (d for d in reversed(self._all()) if d <= month)

    def after(self, day: date) -> date | None:
        """The first day after ``day``; None if there is none. After a gap of months the whole ledger is listed."""
        last = day + min(timedelta(days=31 * GAP), date.max - day)
        near = next((d for month in _months(day, last) for d in self._month(month) if d > day), None)
        return near or next((d for d in self._all() if d > day), None)

    def _month(self, day: date) -> list[date]:
        """The days of the month that ``day`` lies in, oldest first."""
        name = day.isoformat()[:7]
        if name not in self._months:
            listed = _listed(self._store, self._partner, self._publication, name)
            own = {d for d in self._more if d.isoformat()[:7] == name}
            self._months[name] = sorted({*(d for d in listed if d not in self._over()), *own})
        return self._months[name]

    def _all(self) -> list[date]:
        if self._whole is None:
            self._whole = sorted({*days_of(self._store, self._partner, self._publication), *self._more})
        return self._whole

    def _over(self) -> frozenset[date]:
        if self._ended is None:
            self._ended = ended_days(self._store, self._partner, self._publication)
        return self._ended


def _months(first: date, last: date) -> Iterator[date]:
    """A day of each month from that of ``first`` to that of ``last``."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        if (month.year, month.month) == (date.max.year, date.max.month):
            return
        month = (month + timedelta(days=31)).replace(day=1)


Out = Callable[[VersionKey], tuple[Item, ...]]


def items_at(store: Store, page: LedgerPage, out: Out | None = None) -> tuple[Item, ...]:
    """The items on a page, each as in the version of the issue from which the partner has it.

    ``out``: returns what a version may publish, for callers that have it already.
    """
    issue = IssueKey.parse(page.issue)
    wanted = {e.guid: e.source for e in page.entries}
    found: list[Item] = []
    for source in sorted(set(wanted.values())):
        version = VersionKey(issue, source)
        items = out(version) if out else let_out(items_of(store, version))
        found += [i for i in items if wanted.get(i.guid) == source]
    return tuple(found)
