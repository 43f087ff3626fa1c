"""What somebody must hear of: an issue that has not come, a partner left behind, a question nobody answered, a red run.

Each incident is a record in the store (``incidents/``), so that it is told once, however often it is looked for, and so
that the desk shows it. It ends when what it tells of is over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from broadsheet.installation import Installation
from broadsheet.steps import notify, review
from broadsheet.steps.syndication import lacking, pending_work
from delivery import issues
from delivery.codec import decode, json_file
from delivery.inbox import misdated, upload_of
from delivery.keys import IssueKey, VersionKey, checked_name
from delivery.publish import put_new
from delivery.quarantine import RECORDS, records_aside
from delivery.store import Store
from transforms.errors import BroadsheetError, NotFound
from transforms.model import Publication

BEHIND = timedelta(minutes=30)  # a partner without an issue for so long is behind
OPEN = "incidents/open/"
SHOWN = timedelta(days=7)  # a red run is shown for so long: whether a later one has mended it, we cannot know
TRIES = 3  # so many attempts at an endpoint in vain are an incident


class Kind(StrEnum):
    """What an incident is of; the first part of its id."""

    MISSING = "missing"
    REVIEW = "review"
    PARTNER = "partner"
    ENDPOINT = "endpoint"
    RUN = "run"
    INBOX = "inbox"
    RECORD = "record"


WATCHED = tuple(k for k in Kind if k is not Kind.RUN)  # what a look at the store finds; red runs tell of themselves


@dataclass(frozen=True, slots=True)
class Incident:
    """``name`` tells it from others of its kind; ``path`` is where Airflow shows more, below its address.

    ``told`` is when the alert went out, ``ended`` when it was over.
    """

    kind: Kind
    name: str
    title: str
    detail: str
    since: datetime
    path: str = ""
    told: datetime | None = None
    ended: datetime | None = None

    @property
    def key(self) -> str:
        """Open ones lie apart, so that looking at them costs the same after years."""
        if self.ended is None:
            return f"{OPEN}{self.kind}/{checked_name(self.name)}.json"
        return f"incidents/over/{self.kind}/{self.since:%Y%m%dT%H%M%S}-{checked_name(self.name)}.json"


Tell = Callable[[Incident], None]


def watch(installation: Installation, now: datetime) -> tuple[list[Incident], list[Incident]]:
    """Look at everything: the incidents that are open now, and those that this look found to be over."""
    found = {i.key: i for i in _found(installation, now)}
    noted = list(incidents(installation.store))
    known = {i.key: i for i in noted if i.kind in WATCHED}
    old = [i for i in noted if i.kind is Kind.RUN and now - i.since > SHOWN]
    over = [i for key, i in known.items() if key not in found]
    for incident in (*over, *old):
        _end(installation.store, incident, now)
    for key, incident in found.items():
        if key not in known:
            save(installation.store, incident)
    return [known.get(key, incident) for key, incident in found.items()], over


def tell_once(store: Store, incident: Incident, now: datetime, tell: Tell) -> bool:
    """Send the alert of an incident unless it went out already; whatever ``tell`` raises leaves it untold."""
    if incident.told:
        return False
    tell(incident)
    save(store, replace(incident, told=now))
    return True


def note_red_run(store: Store, dag: str, run: str, detail: str, now: datetime) -> Incident:
    """The incident of a run that failed; the same run again is the same incident."""
    path = f"/dags/{dag}/runs/{run}"
    incident = Incident(Kind.RUN, _safe(f"{dag}__{run}"), f"{dag} is red: {run}", detail, now, path)
    put_new(store, json_file(incident.key, incident, Incident))
    return decode(Incident, store.get(incident.key).content, incident.key)


def incidents(store: Store) -> Iterator[Incident]:
    """All that are open, in the order of their keys."""
    for stat in store.list(OPEN):
        try:
            yield decode(Incident, store.get(stat.key).content, stat.key)
        except NotFound:
            continue


def save(store: Store, incident: Incident) -> None:
    """Keep what is known of an incident."""
    store.put(json_file(incident.key, incident, Incident))


def _end(store: Store, incident: Incident, now: datetime) -> None:
    save(store, replace(incident, ended=now))
    store.delete([incident.key])


def _found(installation: Installation, now: datetime) -> Iterator[Incident]:
    for publication in installation.publications.values():
        yield from _missing(installation, publication, now)
        yield from _misdated(installation, publication, now)
    yield from _unanswered(installation, now)
    yield from _behind(installation, now)
    yield from _unheard(installation)
    yield from _set_aside(installation, now)


def _missing(installation: Installation, publication: Publication, now: datetime) -> Iterator[Incident]:
    """Today's issue, if its hour is past and nothing of it was received."""
    awaited = publication.watch
    here = now.astimezone(ZoneInfo(publication.timezone))
    if not awaited.expected_by or here.isoweekday() not in awaited.weekdays:
        return
    due = datetime.combine(here.date(), time.fromisoformat(awaited.expected_by), here.tzinfo)
    issue = IssueKey(publication.id, here.date())
    if here < due or issues.latest_upload(installation.store, issue):
        return
    upload = upload_of(installation.store, issue)
    state = f"{len(upload.files)} files are in the inbox, but it is not closed" if upload else "nothing has come"
    title = f"{publication.name} {issue.date} is missing"
    detail = f"It was expected by {awaited.expected_by}: {state}."
    yield Incident(Kind.MISSING, _safe(str(issue)), title, detail, due, "/dags/watch_inbox")


def _misdated(installation: Installation, publication: Publication, now: datetime) -> Iterator[Incident]:
    """Uploads whose folder names a day that no issue can have."""
    for upload in misdated(installation.store, publication, now):
        title = f"{publication.name}: {upload.issue.inbox} is misdated"
        detail = (
            f"No issue that comes in by itself can be dated {upload.issue.date}, so nothing reads it. Move its "
            "files to the folder of the right day, or, if the day is right, upload them with `broadsheet archive`."
        )
        yield Incident(Kind.INBOX, _safe(str(upload.issue)), title, detail, upload.changed, "/dags/watch_inbox")


def _set_aside(installation: Installation, now: datetime) -> Iterator[Incident]:
    """Records of ours that could not be understood."""
    for held in records_aside(installation.store):
        title = f"{held.name} cannot be understood"
        detail = f"It is kept as {RECORDS}{held.name}, and all else goes on: {held.reason}"
        yield Incident(Kind.RECORD, _safe(held.name), title, detail, now)


def _unanswered(installation: Installation, now: datetime) -> Iterator[Incident]:
    for question in review.waiting(installation):
        if question.until <= now:
            title = f"“{question.headline}” waits for the desk past its time"
            detail = f"It was to be answered by {question.until.isoformat()}."
            path = f"/dags/review_article/runs/{question.run}"
            yield Incident(Kind.REVIEW, _safe(question.run), title, detail, question.until, path)


def _behind(installation: Installation, now: datetime) -> Iterator[Incident]:
    """Partners that lack a version which was stored half an hour ago."""
    since = {s.key: s.modified for s in installation.store.list("pending/")}
    for work in pending_work(installation):
        for version in map(VersionKey.parse, lacking(installation, work)):
            stored = since.get(version.pending, now)
            if now - stored < BEHIND:
                continue
            title = f"{installation.partner(work.partner).name} has not got {version.issue}"
            detail = f"Version {version.number} was stored at {stored.isoformat()} and is not with this partner yet."
            yield Incident(
                Kind.PARTNER, _safe(f"{work.partner}__{version}"), title, detail, stored, "/dags/syndicate_issue"
            )


def _unheard(installation: Installation) -> Iterator[Incident]:
    """Endpoints of partners that did not take a message, however often it was tried."""
    seen: set[str] = set()
    for letter in notify.letters(installation):
        name = f"{letter.partner}__{letter.endpoint}"
        if name in seen or (letter.attempts < TRIES and letter.next_at is not None):
            continue
        seen.add(name)
        title = f"{letter.partner}: {letter.endpoint} takes no messages"
        path = "/dags/resend_notifications"
        yield Incident(Kind.ENDPOINT, _safe(name), title, f"{letter.reason}.", letter.first_at, path)


def _safe(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)[:200]


def tell_all(store: Store, found: Iterable[Incident], now: datetime, tell: Tell) -> tuple[list[str], list[str]]:
    """Tell of each that was not told of: the titles that went out, and why others did not."""
    told, failed = [], []
    for incident in found:
        try:
            if tell_once(store, incident, now, tell):
                told.append(incident.title)
        except BroadsheetError as error:
            failed.append(f"{incident.title}: {error}")
    return told, failed
