"""Problems that need a person: a missing issue, a partner that is behind, an unanswered question, a failed run.

Each incident is a record in the store (``incidents/``), so that it is told once, however often it is looked for, and so
that the desk shows it. It ends when its cause is over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import ParamSpec
from zoneinfo import ZoneInfo

from broadsheet.installation import Installation
from broadsheet.steps import dead_letters, review
from broadsheet.steps.audit import last_audit
from broadsheet.steps.contain import is_own, reason_of, records
from broadsheet.steps.failures import failures
from broadsheet.steps.pending import lacking, pending_work
from broadsheet.steps.reasons import reason_in
from broadsheet.steps.revision import find_issue
from broadsheet.texts import words_of
from delivery import issues, keys
from delivery.codec import decode, json_file
from delivery.errors import NoConnection
from delivery.inbox import misdated, upload_of
from delivery.keys import IssueKey, VersionKey
from delivery.objects import put_new
from delivery.quarantine import records_aside
from delivery.store import Store
from delivery.strays import strays
from transforms.days import today
from transforms.errors import BadRecord, BroadsheetError
from transforms.model import Publication, Status

BEHIND = timedelta(minutes=30)  # a partner without an issue for so long is behind
ISSUE_RUN = re.compile(r"\A([a-z0-9-]+)__(\d{4}-\d\d-\d\d)__")  # the ids of runs that are made for one issue
SHOWN = timedelta(days=7)  # a red run is shown for so long: whether a later one has mended it, we cannot know
NEAR = timedelta(days=14)  # issues of these days are looked at
STUCK = timedelta(minutes=30)  # an issue that nothing has read for so long
TRIES = 3  # so many failed attempts at an endpoint are an incident
LOOKS = timedelta(minutes=10)  # between two looks
RED = "red_"  # begins the codes of failed runs; the DAG's id follows


ADD_STORE = (  # what makes a connection again
    "airflow connections add {0} --conn-type aws --conn-login KEY --conn-password SECRET "
    """--conn-extra '{{"endpoint_url": "https://…"}}'"""
)
ADD_WEBHOOK = "airflow connections add {0} --conn-type http --conn-host https://… --conn-password SECRET"

P = ParamSpec("P")


class IncidentKind(StrEnum):
    """What an incident is of; the first part of its id."""

    MISSING = "missing"
    REVIEW = "review"
    PARTNER = "partner"
    ENDPOINT = "endpoint"
    RUN = "run"
    INBOX = "inbox"
    RECORD = "record"
    CONNECTION = "connection"
    STUCK = "stuck"


WATCHED = tuple(
    k for k in IncidentKind if k is not IncidentKind.RUN
)  # what a look at the store finds; failed runs report themselves


@dataclass(frozen=True, slots=True)
class Incident:
    """``name`` tells it from others of its kind; ``path`` is where Airflow shows more, below its address.

    ``told`` is when the alert went out, ``ended`` when it was over, ``by`` who said so, if a person did. ``title`` and
    ``detail`` are English; ``code`` and ``values`` say the same in any language that we have.
    """

    kind: IncidentKind
    name: str
    title: str
    detail: str
    since: datetime
    path: str = ""
    told: datetime | None = None
    ended: datetime | None = None
    code: str = ""
    values: tuple[str, ...] = ()
    by: str = ""
    about: str = ""  # of a failed run: the guid or issue that it was for

    def said(self, language: str) -> tuple[str, str]:
        """Title and detail in a language; as they were written if the incident is older than its code."""
        return words(self.code, language, self.values) if self.code else (self.title, self.detail)

    @property
    def key(self) -> str:
        """Open ones lie apart, so that looking at them costs the same after years."""
        if self.ended is None:
            return keys.open_incident(self.kind, self.name)
        return keys.past_incident(self.kind, self.name, self.since)


def words(code: str, language: str, values: Sequence[str]) -> tuple[str, str]:
    """Title and detail of an incident's code in a language; English if we lack that language."""
    said, told = words_of(language, f"incident.{code}"), [reason_in(value, language) for value in values]
    detail = task_words(code.removeprefix(RED), values[-1], language) if code.startswith(RED) else ""
    return said("title", *told), detail or said("detail", *told)


def task_words(dag: str, task: str, language: str) -> str:
    """What a task that failed was doing, and what to do about it; empty for a task that we do not know."""
    said = words_of(language, f"task.{dag}.{task}")
    return words_of(language, "task")("failed", said("doing"), task, said("advice")) if said.has("doing") else ""


def incident(
    kind: IncidentKind, name: str, code: str, values: Sequence[object], since: datetime, path: str = ""
) -> Incident:
    """An incident of one of our codes; any ``name`` that tells it from others of its kind."""
    given = tuple(map(str, values))
    title, detail = words(code, "en", given)
    return Incident(kind, _safe(name), title, detail, since, path, code=code, values=given)


Tell = Callable[[Incident], None]


def watch(installation: Installation, now: datetime) -> tuple[list[Incident], list[Incident]]:
    """Look at everything: the incidents that are open now, and those that this look found to be over."""
    found = {i.key: i for i in _found(installation, now)}
    noted = list(incidents(installation.store))
    known = {i.key: i for i in noted if i.kind in WATCHED}
    red = [i for i in noted if i.kind is IncidentKind.RUN]
    old = [i for i in red if now - i.since > SHOWN or _is_look(i) or _is_mended(installation, i)]
    over = [i for key, i in known.items() if key not in found]
    for incident in (*over, *old):
        end(installation.store, incident, now)
    for key, incident in found.items():
        if key not in known:
            save(installation.store, incident)
    return [known.get(key, incident) for key, incident in found.items()], over


def open_now(installation: Installation, now: datetime) -> list[Incident]:
    """What is the matter at this moment, whenever ``watch`` looked last; nothing is written."""
    red = [i for i in incidents(installation.store) if i.kind is IncidentKind.RUN]
    return [*_found(installation, now), *(i for i in red if not _is_mended(installation, i))]


def _is_look(red: Incident) -> bool:
    """Whether a look itself failed: the next one does all its work."""
    return red.path.startswith("/dags/watch_desk/")


def _is_audited(installation: Installation, since: datetime) -> bool:
    """Whether an audit since then found nothing that it could not mend."""
    last = last_audit(installation.store)
    return last is not None and last[0] > since and not any(one.lost for one in last[1])


def _is_mended(installation: Installation, red: Incident) -> bool:
    """Whether the store shows that what a failed run was for is done, or is shown as what is the matter with it."""
    dag, _, run = red.path.removeprefix("/dags/").partition("/runs/")
    if dag == "syndicate_issue":
        return not pending_work(installation)
    if dag == "audit_delivery" and "audit" in red.values:
        return _is_audited(installation, red.since)
    if dag == "ingest_issue" and (parts := issue_of_run(red)):
        upload = issues.latest_upload(installation.store, IssueKey.parse("/".join(parts)))
        return upload is not None and issues.is_settled(installation.store, upload[0])
    if dag == "withdraw_article" and "prove_withdrawal" in red.values:
        return False  # a partner still has the text
    try:
        issue = _issue_about(installation, red.about)
    except BroadsheetError:
        return False
    made = issues.find_change(installation.store, issue, f"{dag}/{run}") if issue else None
    return made is not None and issues.manifest_of(installation.store, made) is not None


def _issue_about(installation: Installation, about: str) -> IssueKey | None:
    if not about:
        return None
    return find_issue(installation, about) if about.startswith("urn:") else IssueKey.parse(about)


def issue_of_run(red: Incident) -> tuple[str, ...]:
    """Newspaper and day of a run that was made for one issue; empty for any other."""
    named = ISSUE_RUN.match(red.path.rpartition("/")[2])
    return (named[1], named[2]) if named else ()


def tell_once(store: Store, incident: Incident, now: datetime, tell: Tell) -> bool:
    """Send the alert of an incident unless it went out already; whatever ``tell`` raises leaves it untold."""
    if incident.told:
        return False
    tell(incident)
    save(store, replace(incident, told=now))
    return True


def note_red_run(store: Store, dag: str, run: str, failed: str, now: datetime, about: str = "") -> Incident:
    """The incident of a run that failed at a task; the same run again is the same incident.

    ``about`` is the guid, or the issue, that the run was for.
    """
    path = f"/dags/{dag}/runs/{run}"
    code, issue = f"{RED}{dag}", ISSUE_RUN.match(run)
    subject = f"{issue[1]} {issue[2]}" if issue else dag
    known = code if words_of("en", f"incident.{code}").has("title") else "red_run"
    noted = incident(IncidentKind.RUN, f"{dag}__{run}", known, (subject, failed), now, path)
    noted = replace(noted, about=about)
    put_new(store, json_file(noted.key, noted, Incident))
    return decode(Incident, store.get(noted.key).content, noted.key)


def incidents(store: Store) -> Iterator[Incident]:
    """All that are open, in the order of their keys."""
    yield from records(store, Incident, keys.OPEN_INCIDENTS)


def save(store: Store, incident: Incident) -> None:
    """Keep what is known of an incident."""
    store.put(json_file(incident.key, incident, Incident))


def end(store: Store, incident: Incident, now: datetime) -> None:
    """Note that an incident is over."""
    save(store, replace(incident, ended=now))
    store.delete([incident.key])


def _found(installation: Installation, now: datetime) -> Iterator[Incident]:
    missing = []
    for publication in installation.publications.values():
        late = list(_look(f"late issues of {publication.id}", now, _missing, installation, publication, now))
        missing += [i for i in late if i.kind is IncidentKind.MISSING]
        yield from late
        yield from _look(f"uploads of {publication.id}", now, _misdated, installation, publication, now)
        yield from _look(f"issues of {publication.id}", now, _near_issues, installation, publication, now)
    named = frozenset("/".join(i.name.rsplit("_", 1)) for i in missing)
    yield from _look("the inbox", now, _strays, installation, named, now)
    yield from _look("questions to the desk", now, _unanswered, installation, now)
    yield from _look("what partners lack", now, _behind, installation, now)
    yield from _look("connections", now, _unconnected, installation, now)
    yield from _look("dead letters", now, _unheard, installation)
    yield from _look("records that were set aside", now, _set_aside, installation, now)
    yield from _look("what failed", now, _failed, installation)
    yield from _bad_files(installation, now)


def _look(
    what: str, now: datetime, find: Callable[P, Iterator[Incident]], /, *args: P.args, **more: P.kwargs
) -> Iterator[Incident]:
    """What one look finds; a look that fails at a record is an incident itself, and the others go on."""
    try:
        yield from find(*args, **more)
    except Exception as error:
        if not is_own(error):
            raise
        yield incident(IncidentKind.RECORD, f"look-{what}", "look_failed", (what, reason_of(what, error)), now)


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
    values = [publication.name, issue.date, awaited.expected_by, len(upload.files) if upload else 0]
    code = "missing_open" if upload else "missing"
    yield incident(IncidentKind.MISSING, str(issue), code, values, due, "/dags/watch_inbox")


def _misdated(installation: Installation, publication: Publication, now: datetime) -> Iterator[Incident]:
    """Uploads whose folder names a day that no issue can have."""
    for upload in misdated(installation.store, publication, now):
        values = (publication.name, upload.issue.inbox, upload.issue.date)
        yield incident(IncidentKind.INBOX, str(upload.issue), "misdated", values, upload.changed, "/dags/watch_inbox")


def _near_issues(installation: Installation, publication: Publication, now: datetime) -> Iterator[Incident]:
    """What is wrong with issues of the days around ``now``."""
    here = today(now, publication.timezone)
    for issue in issues.issues_between(installation.store, publication.id, here - NEAR, here + NEAR):
        upload = issues.latest_upload(installation.store, issue)
        if upload:
            yield from _stuck(installation, publication, upload[0], now)
            yield from _misprinted(installation, publication, upload[0], now)


def _stuck(
    installation: Installation, publication: Publication, version: VersionKey, now: datetime
) -> Iterator[Incident]:
    """An issue that was received some time ago and has not progressed since."""
    claimed = installation.store.stat(version.received)
    if issues.is_settled(installation.store, version) or not claimed or now - claimed.modified < STUCK:
        return
    values = (publication.name, version.issue.date, claimed.modified.isoformat(timespec="minutes"))
    yield incident(IncidentKind.STUCK, str(version), "stuck", values, claimed.modified, "/dags/ingest_issue")


def _misprinted(
    installation: Installation, publication: Publication, version: VersionKey, now: datetime
) -> Iterator[Incident]:
    """An issue whose pages print another day than its folder's, until its articles are withdrawn or replaced."""
    printed = issues.printed_of(installation.store, version)
    if printed is None:
        return
    newest = issues.latest_stored(installation.store, version.issue)
    if newest and all(i.status is Status.CANCELED for i in issues.items_of(installation.store, newest)):
        return
    noted = installation.store.stat(version.printed)
    values = (publication.name, version.issue.date, printed, version.issue.inbox, publication.id)
    since = noted.modified if noted else now
    yield incident(IncidentKind.INBOX, f"{version}-printed", "misprinted", values, since, "/dags/ingest_issue")


def _strays(installation: Installation, missing: frozenset[str], now: datetime) -> Iterator[Incident]:
    """Uploads that will not be read. ``missing`` issues are left out, since they are incidents already."""
    for stray in strays(installation.store, installation.publications.values(), now):
        if stray.name in installation.bad_publications:
            continue  # its file is an incident of its own
        if stray.code != "unclosed" or stray.name not in missing:
            yield incident(IncidentKind.INBOX, stray.name, stray.code, stray.values, stray.since, "/dags/watch_inbox")


def _set_aside(installation: Installation, now: datetime) -> Iterator[Incident]:
    """Records of ours that could not be understood."""
    for held in records_aside(installation.store):
        values = (held.name, keys.QUARANTINED_RECORDS + held.name, held.reason)
        yield incident(IncidentKind.RECORD, held.name, "record", values, now)


def _failed(installation: Installation) -> Iterator[Incident]:
    """Work on one element that failed while everything else continued."""
    for one in failures(installation.store):
        yield incident(
            IncidentKind.RECORD, f"{one.doing}-{one.name}", f"failed_{one.doing}", (one.name, one.reason), one.at
        )


def _bad_files(installation: Installation, now: datetime) -> Iterator[Incident]:
    """Records of newspapers and partners that do not keep to their schema."""
    for path, reason in installation.bad_files.items():
        yield incident(IncidentKind.RECORD, f"file-{path}", "bad_file", (path, reason), now)


def _unanswered(installation: Installation, now: datetime) -> Iterator[Incident]:
    for question in review.waiting(installation):
        if question.until <= now:
            path = f"/dags/review_article/runs/{question.run}"
            values = (question.headline, question.until.isoformat())
            yield incident(IncidentKind.REVIEW, question.run, "unanswered", values, question.until, path)


def _behind(installation: Installation, now: datetime) -> Iterator[Incident]:
    """Partners that lack a version which was stored half an hour ago."""
    since = {s.key: s.modified for s in installation.store.list(keys.PENDING)}
    for work in pending_work(installation):
        for version in map(VersionKey.parse, lacking(installation, work)):
            stored = since.get(version.pending, now)
            if now - stored < BEHIND:
                continue
            unknown = work.partner in installation.bad_partners and work.partner not in installation.partners
            name = work.partner if unknown else installation.partner(work.partner).name
            values = (name, version.issue, version.number, stored.isoformat())
            yield incident(
                IncidentKind.PARTNER, f"{work.partner}__{version}", "behind", values, stored, "/dags/syndicate_issue"
            )


def _unconnected(installation: Installation, now: datetime) -> Iterator[Incident]:
    """Connections that partners' files name and Airflow has not, as after its database was lost."""
    for partner in installation.partners.values():
        named = [(partner.connection, "no_store_connection", ADD_STORE)] if partner.connection else []
        named += [(webhook, "no_webhook_connection", ADD_WEBHOOK) for webhook in partner.webhooks]
        for name, code, command in named:
            if not is_there(installation, name):
                values = (partner.name, name, command.format(name))
                yield incident(IncidentKind.CONNECTION, f"{partner.id}__{name}", code, values, now, "/connections")


def is_there(installation: Installation, connection: str) -> bool:
    """Whether Airflow has a connection, as far as this can be known here."""
    try:
        installation.connections(connection)
    except NoConnection:
        return False
    except BadRecord:
        return True  # outside Airflow only the environment's are known, and what is wrong with one is said at its use
    return True


def is_connection_back(installation: Installation, now: datetime) -> bool:
    """Whether a connection that partners lacked is there again since the last look, however far this one has come."""
    lacked = (i for i in incidents(installation.store) if i.kind is IncidentKind.CONNECTION)
    known = {c for p in installation.partners.values() for c in (p.connection, *p.webhooks)}
    if any(i.values[1] in known and is_there(installation, i.values[1]) for i in lacked):
        return True
    over = records(installation.store, Incident, keys.past_incidents(IncidentKind.CONNECTION))
    return any(i.ended and now - i.ended < LOOKS for i in over)


def _unheard(installation: Installation) -> Iterator[Incident]:
    """Endpoints of partners that did not take a message, however often it was tried."""
    seen: set[str] = set()
    for letter in dead_letters.letters(installation):
        name = f"{letter.partner}__{letter.endpoint}"
        if name in seen or (letter.attempts < TRIES and letter.next_at is not None):
            continue
        seen.add(name)
        values = (letter.partner, letter.endpoint, letter.reason)
        yield incident(IncidentKind.ENDPOINT, name, "unheard", values, letter.first_at, "/dags/resend_notifications")


def _safe(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)[:200]


def tell_all(store: Store, found: Iterable[Incident], now: datetime, tell: Tell) -> tuple[list[str], list[str]]:
    """Send an alert for each that had none: the titles that went out, and why others did not."""
    told, failed = [], []
    for incident in found:
        try:
            if tell_once(store, incident, now, tell):
                told.append(incident.title)
        except Exception as error:  # whatever a service's library raises: the others must go out
            failed.append(f"{incident.title}: {reason_of(incident.name, error)}")
    return told, failed
