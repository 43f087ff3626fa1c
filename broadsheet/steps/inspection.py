"""Looks for everything that needs a person, and ends incidents whose cause is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import ParamSpec
from zoneinfo import ZoneInfo

from broadsheet.installation import Installation
from broadsheet.steps import dead_letters, review
from broadsheet.steps.audit import last_audit
from broadsheet.steps.contain import is_own, reason_of, records
from broadsheet.steps.failures import failures
from broadsheet.steps.incidents import WATCHED, Incident, IncidentKind, end, incident, incidents, issue_of_run, save
from broadsheet.steps.pending import lacking, pending_work
from broadsheet.steps.revision import find_issue
from delivery import issues, keys
from delivery.errors import NoConnection
from delivery.inbox import misdated, upload_of
from delivery.keys import IssueKey, VersionKey
from delivery.quarantine import records_aside
from delivery.strays import strays
from transforms.days import today
from transforms.errors import BadRecord, BroadsheetError, Damaged
from transforms.model import Partner, Publication, Status

BEHIND = timedelta(minutes=30)  # a partner without an issue for so long is behind
SHOWN = timedelta(days=7)  # a red run is shown for so long: whether a later one has mended it, we cannot know
NEAR = timedelta(days=14)  # issues of these days are looked at
STUCK = timedelta(minutes=30)  # an issue that nothing has read for so long
TRIES = 3  # so many failed attempts at an endpoint are an incident
LOOKS = timedelta(minutes=10)  # between two looks

ADD_STORE = (  # what makes a connection again
    "airflow connections add {0} --conn-type aws --conn-login KEY --conn-password SECRET "
    """--conn-extra '{{"endpoint_url": "https://…"}}'"""
)
ADD_WEBHOOK = "airflow connections add {0} --conn-type http --conn-host https://… --conn-password SECRET"

P = ParamSpec("P")


def watch(installation: Installation, now: datetime) -> tuple[list[Incident], list[Incident]]:
    """Look at everything: the incidents that are open now, and those that are over."""
    found = {i.key: i for i in _found(installation, now)}
    noted = list(incidents(installation.store))
    known = {i.key: i for i in noted if i.kind in WATCHED}
    red = [i for i in noted if i.kind is IncidentKind.RUN]
    old = [i for i in red if now - i.since > SHOWN or _is_look(i) or _is_mended(installation, i)]
    over = [i for key, i in known.items() if key not in found]
    for one in (*over, *old):
        end(installation.store, one, now)
    for key, one in found.items():
        if key not in known:
            save(installation.store, one)
    return [known.get(key, one) for key, one in found.items()], over


def open_now(installation: Installation, now: datetime) -> list[Incident]:
    """What is wrong at this moment, whenever ``watch`` last ran. Writes nothing."""
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
    yield from _look("questions to editors", now, _unanswered, installation, now)
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
        yield from _look(str(issue), now, _near_issue, installation, publication, issue, now)


def _near_issue(
    installation: Installation, publication: Publication, issue: IssueKey, now: datetime
) -> Iterator[Incident]:
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
        try:
            lacks, name = lacking(installation, work), installation.partner(work.partner).name
        except (Damaged, BadRecord):  # its file or its books cannot be understood, so it has nothing
            lacks, name = list(work.versions), work.partner
        for version in map(VersionKey.parse, lacks):
            stored = since.get(version.pending, now)
            if now - stored < BEHIND:
                continue
            values = (name, version.issue, version.number, stored.isoformat())
            yield incident(
                IncidentKind.PARTNER, f"{work.partner}__{version}", "behind", values, stored, "/dags/syndicate_issue"
            )


def _unconnected(installation: Installation, now: datetime) -> Iterator[Incident]:
    """Connections that partners' files name and Airflow has not, as after its database was lost."""
    for partner in installation.partners.values():
        yield from unconnected(installation, partner, now)


def unconnected(installation: Installation, partner: Partner, now: datetime) -> Iterator[Incident]:
    """The connections that a partner's file names and Airflow has not."""
    named = [(partner.connection, "no_store_connection", ADD_STORE)] if partner.connection else []
    named += [(webhook, "no_webhook_connection", ADD_WEBHOOK) for webhook in partner.webhooks]
    for name, code, command in named:
        if not is_there(installation, name):
            values = (partner.name, name, command.format(name))
            yield incident(IncidentKind.CONNECTION, f"{partner.id}__{name}", code, values, now, "/connections")


def is_there(installation: Installation, connection: str) -> bool:
    """Whether Airflow has a connection, as far as we can find out from here."""
    try:
        installation.connections(connection)
    except NoConnection:
        return False
    except BadRecord:
        return True  # outside Airflow only the environment's are known, and what is wrong with one is said at its use
    return True


def is_connection_back(installation: Installation, now: datetime) -> bool:
    """Whether a connection that partners lacked exists again since the last look, however far this look gets."""
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
