"""A newspaper's month: what became of each day's issue."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from broadsheet.installation import Installation
from broadsheet.steps import attention, incidents, review
from delivery import issues, keys
from delivery.issues import ItemEntry
from delivery.key_parts import date_in, parse_version
from delivery.keys import IssueKey, VersionKey
from delivery.quarantine import REASON
from delivery.stages import stage_of
from delivery.store import Store
from transforms.days import FIRST_NEWSPAPER
from transforms.errors import BadInput, NotFound
from transforms.model import Publication, Status

LAST_MONTH = date(9999, 12, 1)  # the month after it has no date


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar; ``state`` is out, stored, refused, read, received, landed, missing, or empty for nothing.

    An issue of which nothing is with anybody is not out: it is withheld, embargoed or withdrawn.
    """

    date: date
    state: str = ""
    version: int = 0
    articles: int = 0
    held: int = 0
    waiting: int = 0
    embargoed: int = 0


@dataclass(frozen=True, slots=True)
class Month:
    """A newspaper's month, as weeks of days (None before its first and after its last)."""

    first: date
    weeks: tuple[tuple[Day | None, ...], ...]
    before: date
    after: date


def month_of(installation: Installation, publication: Publication, first: date) -> Month:
    """The states of a month's days; a few listings, whatever it holds. Raises BadInput outside the calendar."""
    first = first.replace(day=1)
    if not FIRST_NEWSPAPER <= first < LAST_MONTH:
        raise BadInput(f"{first:%Y-%m} is outside the calendar, which begins in {FIRST_NEWSPAPER.year}")
    month = f"{first:%Y-%m}"
    found = stages(installation.store, publication.id, month)
    landed = {
        d for s in installation.store.list(keys.inbox(publication.id, month)) if (d := date_in(s.key.split("/")[2]))
    }
    held = Counter(_held(installation, publication, month))
    waiting = Counter(VersionKey.parse(q.version).issue.date for q in _waiting(installation, publication, month))
    ours = (i for i in incidents.incidents(installation.store) if i.kind is incidents.IncidentKind.MISSING)
    missing = {date_in(day) for name, _, day in (i.name.rpartition("_") for i in ours) if name == publication.id}

    def day(number: int) -> Day | None:
        if not number:
            return None
        this = first.replace(day=number)
        state, version = found.get(this, ("landed" if this in landed else "missing" if this in missing else "", 0))
        items = entries_of(installation.store, VersionKey(IssueKey(publication.id, this), version)) if version else ()
        embargoed = sum(i.status == Status.USABLE and i.embargoed is not None for i in items)
        usable = sum(i.status == Status.USABLE for i in items) - embargoed
        return Day(this, shown_state(state, items), version, usable, held[this], waiting[this], embargoed)

    weeks = tuple(tuple(day(n) for n in week) for week in calendar.monthcalendar(first.year, first.month))
    return Month(first, weeks, _shift(first, -1), _shift(first, 1))


def entries_of(store: Store, version: VersionKey) -> tuple[ItemEntry, ...]:
    """The items of a version; none if it is not stored."""
    manifest = issues.manifest_of(store, version)
    return manifest.items if manifest else ()


def shown_state(state: str, items: Sequence[ItemEntry]) -> str:
    """What has become of an issue: ``state``, unless it is stored or out and nothing of it is with anybody."""
    usable = [i for i in items if i.status == Status.USABLE]
    if state not in ("out", "stored") or not items or any(i.embargoed is None for i in usable):
        return state
    if usable:
        return "waiting"
    return "withheld" if any(i.status == Status.WITHHELD for i in items) else "canceled"


def latest_month(installation: Installation, publication: Publication) -> date | None:
    """The month of the newest issue; None if there is none."""
    days = [d for f in installation.store.folders(keys.all_issues(publication.id)) if (d := date_in(f))]
    return max(days, default=None)


def _shift(first: date, months: int) -> date:
    month = first.year * 12 + first.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def stages(store: Store, publication: str, month: str) -> dict[date, tuple[str, int]]:
    """By day, what the newest version has become, and its number."""
    found: dict[tuple[date, int], set[str]] = {}
    for stat in store.list(keys.all_issues(publication, month)):
        parts = stat.key.split("/")
        day, number = date_in(parts[2]), parse_version(parts[3]) if len(parts) > 4 else 0
        if day and number:
            found.setdefault((day, number), set()).add(parts[4])
    return {day: (_state(names), number) for (day, number), names in sorted(found.items())}


def _state(names: set[str]) -> str:
    stage = stage_of(names)
    return "out" if stage == "published" else stage


def _held(installation: Installation, publication: Publication, month: str) -> Iterator[date]:
    """The day of each thing that is held of the versions that count now."""
    found: dict[date, list[int]] = {}
    for stat in installation.store.list(keys.quarantine(publication.id, month)):
        parts = stat.key.split("/")
        if stat.key.endswith(REASON) and len(parts) > 4 and (day := date_in(parts[2])):
            found.setdefault(day, []).append(parse_version(parts[3]))
    for day, numbers in found.items():
        now = {v.number for v in attention.current(installation.store, IssueKey(publication.id, day))}
        yield from (day for number in numbers if number in now)


def _waiting(installation: Installation, publication: Publication, month: str) -> Iterator[review.Question]:
    for stat in installation.store.list(keys.reviews(publication.id, month)):
        try:
            question = review.load(installation.store, stat.key)
        except NotFound:
            continue
        if question.state is review.State.WAITING and review.is_open(installation, question):
            yield question
