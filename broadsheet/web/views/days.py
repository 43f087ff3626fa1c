"""A newspaper's month: what became of each day's issue."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from broadsheet.installation import Installation
from broadsheet.steps import incidents, review
from broadsheet.steps.incidents import Incident
from delivery import issues
from delivery.keys import IssueKey, VersionKey, parse_date, parse_version
from delivery.quarantine import REASON
from delivery.store import Store
from transforms.days import FIRST_NEWSPAPER
from transforms.errors import BadInput, NotFound
from transforms.model import Publication, Status

MOST_INCIDENTS = 20
LAST_MONTH = date(9999, 12, 1)  # the month after it has no date
# From the furthest to the nearest: what an issue's newest version has become.
STAGES = (
    ("published.json", "out"),
    ("manifest.json", "stored"),
    ("refused.json", "refused"),
    ("received.json", "read"),
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar; ``state`` is out, stored, refused, read, landed, missing, or empty for nothing."""

    date: date
    state: str = ""
    version: int = 0
    articles: int = 0
    held: int = 0
    waiting: int = 0


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
    prefix = f"{publication.id}/{first:%Y-%m}"
    found = stages(installation.store, prefix)
    landed = {d for s in installation.store.list(f"inbox/{prefix}") if (d := _day(s.key.split("/")[2]))}
    held = Counter(_held(installation.store, prefix))
    waiting = Counter(VersionKey.parse(q.version).issue.date for q in _waiting(installation, prefix))
    ours = (i for i in incidents.incidents(installation.store) if i.kind is incidents.Kind.MISSING)
    missing = {_day(day) for name, _, day in (i.name.rpartition("_") for i in ours) if name == publication.id}

    def day(number: int) -> Day | None:
        if not number:
            return None
        this = first.replace(day=number)
        state, version = found.get(this, ("landed" if this in landed else "missing" if this in missing else "", 0))
        usable = _usable(installation.store, VersionKey(IssueKey(publication.id, this), version)) if version else 0
        return Day(this, state, version, usable, held[this], waiting[this])

    weeks = tuple(tuple(day(n) for n in week) for week in calendar.monthcalendar(first.year, first.month))
    return Month(first, weeks, _shift(first, -1), _shift(first, 1))


def _usable(store: Store, version: VersionKey) -> int:
    manifest = issues.manifest_of(store, version)
    return sum(i.status == Status.USABLE for i in manifest.items) if manifest else 0


def latest_month(installation: Installation, publication: Publication) -> date | None:
    """The month of the newest issue; None where there is none."""
    days = [d for f in installation.store.folders(f"issues/{publication.id}/") if (d := _day(f))]
    return max(days, default=None)


def _shift(first: date, months: int) -> date:
    month = first.year * 12 + first.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def stages(store: Store, prefix: str) -> dict[date, tuple[str, int]]:
    """By day, what the newest version has become, and its number."""
    keys: dict[tuple[date, int], set[str]] = {}
    for stat in store.list(f"issues/{prefix}"):
        parts = stat.key.split("/")
        day, number = _day(parts[2]), parse_version(parts[3]) if len(parts) > 4 else 0
        if day and number:
            keys.setdefault((day, number), set()).add(parts[4])
    return {day: (next((state for name, state in STAGES if name in names), "read"), number)
            for (day, number), names in sorted(keys.items())}  # fmt: skip


def _held(store: Store, prefix: str) -> Iterator[date]:
    """The day of each thing that is held of the newest version of which anything is."""
    found: dict[date, list[int]] = {}
    for stat in store.list(f"quarantine/{prefix}"):
        parts = stat.key.split("/")
        if stat.key.endswith(REASON) and len(parts) > 4 and (day := _day(parts[2])):
            found.setdefault(day, []).append(parse_version(parts[3]))
    for day, versions in found.items():
        yield from (day for version in versions if version == max(versions))


def _waiting(installation: Installation, prefix: str) -> Iterator[review.Question]:
    for stat in installation.store.list(f"review/{prefix}"):
        try:
            question = review.load(installation.store, stat.key)
        except NotFound:
            continue
        if question.state is review.State.WAITING and review.is_open(installation, question):
            yield question


def open_incidents(installation: Installation) -> list[Incident]:
    """What somebody should look at, newest first."""
    return sorted(incidents.incidents(installation.store), key=lambda i: i.since, reverse=True)[:MOST_INCIDENTS]


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except BadInput:
        return None
