"""What needs a person, over all newspapers, most urgent first.

Everything is looked up in the store at that moment, so an entry disappears once its problem is solved. What cannot
be solved may be dismissed; who did so is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from broadsheet.installation import Installation
from broadsheet.steps import incidents, inspection, review
from broadsheet.steps.incidents import Incident
from broadsheet.steps.inspection import NEAR
from broadsheet.steps.review import Question
from delivery import issues, keys
from delivery.codec import json_file
from delivery.key_parts import parse_date
from delivery.keys import IssueKey, VersionKey
from delivery.quarantine import Held, held_of
from delivery.store import Store
from transforms.days import today
from transforms.errors import BadInput
from transforms.model import Publication, Status

SOON = timedelta(hours=1)


class ConcernKind(StrEnum):
    """What kind of thing needs a person."""

    QUESTION = "question"
    INCIDENT = "incident"
    HELD = "held"
    EMBARGO = "embargo"


@dataclass(frozen=True, slots=True)
class Ending:
    """An embargo that ends today."""

    guid: str
    headline: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that needs a person. ``name`` identifies it.

    ``due``: its deadline, or when it began. ``rank``: 0 is urgent, 3 is for information. Exactly one of
    ``question``, ``incident``, ``held``, ``ending`` is given.
    """

    kind: ConcernKind
    name: str
    rank: int
    due: datetime
    issue: IssueKey | None = None
    question: Question | None = None
    incident: Incident | None = None
    held: Held | None = None
    ending: Ending | None = None

    @property
    def can_be_dismissed(self) -> bool:
        """Whether it can be dismissed. A question has to be answered, and an embargo ends by itself."""
        return self.kind in (ConcernKind.INCIDENT, ConcernKind.HELD)


@dataclass(frozen=True, slots=True)
class Dismissal:
    """The record that an editor no longer wants to see an entry."""

    name: str
    actor: str
    at: datetime


def entries(installation: Installation, now: datetime) -> list[Concern]:
    """Everything that needs a person at ``now``, most urgent first."""
    found = [*_questions(installation, now), *_incidents(installation, now)]
    for publication in installation.publications.values():
        found += [*_held(installation, publication, now), *_endings(installation, publication, now)]
    shown = [e for e in found if not e.can_be_dismissed or not installation.store.stat(keys.dismissed(e.name))]
    return sorted(shown, key=lambda e: (e.rank, e.due, e.name))


def dismiss(installation: Installation, name: str, actor: str, now: datetime) -> None:
    """Stop showing an entry. Raises BadInput if there is none with that name, or if it has to be answered."""
    entry = next((e for e in entries(installation, now) if e.name == name), None)
    if entry is None or not entry.can_be_dismissed:
        raise BadInput("this is over already, or cannot be dismissed")
    if entry.incident and entry.incident.kind is incidents.IncidentKind.RUN:
        incidents.end(installation.store, replace(entry.incident, by=actor), now)
    installation.store.put(json_file(keys.dismissed(name), Dismissal(name, actor, now), Dismissal))


def _questions(installation: Installation, now: datetime) -> Iterator[Concern]:
    for question in review.waiting(installation):
        rank = 0 if question.until - now < SOON else 1
        issue = VersionKey.parse(question.version).issue
        yield Concern(ConcernKind.QUESTION, f"question/{question.run}", rank, question.until, issue, question=question)


RANKS = {
    incidents.IncidentKind.MISSING: 0,
    incidents.IncidentKind.STUCK: 0,
    incidents.IncidentKind.RUN: 0,
    incidents.IncidentKind.CONNECTION: 0,
    incidents.IncidentKind.PARTNER: 1,
    incidents.IncidentKind.ENDPOINT: 1,
}


def _incidents(installation: Installation, now: datetime) -> Iterator[Concern]:
    """A question past its time shows as the question that it is."""
    for one in inspection.open_now(installation, now):
        if one.kind is not incidents.IncidentKind.REVIEW:
            name = f"{one.kind}/{one.name}"
            yield Concern(ConcernKind.INCIDENT, name, RANKS.get(one.kind, 2), one.since, _issue_of(one), incident=one)


def _issue_of(one: Incident) -> IssueKey | None:
    """The issue that an incident names in its path or its name."""
    for text in (one.name.replace("_", "/"), "/".join(incidents.issue_of_run(one))):
        parts = text.split("/")
        for n in range(len(parts) - 1):
            try:
                return IssueKey(parts[n], parse_date(parts[n + 1]))
            except BadInput:
                continue
    return None


def _held(installation: Installation, publication: Publication, now: datetime) -> Iterator[Concern]:
    for day in _near(installation, keys.quarantine(publication.id), publication, now):
        issue = IssueKey(publication.id, day)
        for version in current(installation.store, issue):
            stat = installation.store.stat(version.received)
            for held in held_of(installation.store, version):
                name = f"held/{version}/{held.partner}/{held.name}"
                yield Concern(ConcernKind.HELD, name, 1, stat.modified if stat else now, issue, held=held)


def current(store: Store, issue: IssueKey) -> list[VersionKey]:
    """The versions that may have quarantined articles: the newest, and the newest that was read from pages."""
    newest, upload = issues.latest_claim(store, issue), issues.latest_upload(store, issue)
    return sorted({found[0] for found in (newest, upload) if found})


def _endings(installation: Installation, publication: Publication, now: datetime) -> Iterator[Concern]:
    """The embargoes that end before the newspaper's day does."""
    here, day_there = ZoneInfo(publication.timezone), today(now, publication.timezone)
    for day in _near(installation, keys.all_issues(publication.id), publication, now):
        issue = IssueKey(publication.id, day)
        version = issues.latest_stored(installation.store, issue)
        manifest = issues.manifest_of(installation.store, version) if version else None
        for item in manifest.items if manifest else ():
            if item.embargoed and item.status == Status.USABLE and item.embargoed.astimezone(here).date() <= day_there:
                ending = Ending(item.guid, item.headline, item.embargoed)
                rank = 0 if item.embargoed < now - SOON else 3  # one that should have ended by itself is a fault
                yield Concern(ConcernKind.EMBARGO, f"embargo/{item.guid}", rank, item.embargoed, issue, ending=ending)


def _near(installation: Installation, prefix: str, publication: Publication, now: datetime) -> Iterator[date]:
    here = today(now, publication.timezone)
    return issues.days_between(installation.store, prefix, here - NEAR, here + NEAR)
