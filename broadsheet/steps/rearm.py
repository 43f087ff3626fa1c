"""What should be waiting in Airflow, read from the store, so that losing Airflow's database loses nothing that
waits.

The ids are those that the DAGs give these runs, so that a run that exists is not started twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from broadsheet.installation import Installation
from broadsheet.steps import changes, review
from broadsheet.steps.ingest import unsettled
from broadsheet.steps.pending import lacking, pending_work
from delivery import runs
from delivery.inbox import upload_of
from delivery.issues import claim_of, issues_between, issues_received, items_of, latest_stored, pending_versions
from delivery.keys import PENDING, IssueKey, VersionKey
from delivery.store import Store
from transforms.audience.selection import waits_until
from transforms.lifecycle.change import ChangeKind
from transforms.model import Item

SOON = timedelta(days=2)
A_WEEK = timedelta(days=7)  # uploads of these days are looked at each time
NEAR = timedelta(days=62)  # embargoes last for days, those of magazines for weeks
EVER = datetime.min.replace(tzinfo=UTC)
LATE = timedelta(minutes=10)  # what came just now is still on its way by itself
A_DAY = 144  # times LATE


@dataclass(frozen=True, slots=True)
class Awaited:
    """A run that should exist: its DAG, its id and its parameters.

    ``retry``: the id under which it is started again if it ended without doing its work; empty for not now.
    """

    dag: str
    run: str
    conf: dict[str, str] = field(default_factory=dict)
    retry: str = ""


def awaited(installation: Installation, now: datetime, reach: timedelta | None = NEAR) -> list[Awaited]:
    """Every run that something in the store waits for, whether Airflow has it or not.

    Embargoes are looked for in issues dated at most ``reach`` before or after ``now``, and uploads from as long
    before; None for the whole archive and inbox.
    """
    return [
        *_embargoes(installation, now, reach),
        *_lifts(installation),
        *(Awaited("review_article", q.run, {"article": q.guid}) for q in review.waiting(installation)),
        *_withdrawals(installation),
        *_uploads(installation, now, reach),
    ]


def is_undelivered(installation: Installation) -> bool:
    """Whether a stored version is pending for a partner who could have it now."""
    return any(lacking(installation, work) for work in pending_work(installation))


def is_delivery_due(installation: Installation, now: datetime) -> bool:
    """Whether to try again to deliver what a partner lacks: less and less often, see ``attempt``."""
    since = {stat.key: stat.modified for stat in installation.store.list(PENDING)}
    late = {v for work in pending_work(installation) for v in lacking(installation, work)}
    return any(attempt(now - since.get(VersionKey.parse(v).pending, now)) for v in late)


def attempt(age: timedelta) -> int:
    """The number of the attempt that is due for something of that age; 0 if none is due.

    Attempts are due 10, 20, 40, 80 … minutes after something began to wait, and from the second day on
    once a day. A look every ten minutes meets each of them once.
    """
    looks = age // LATE
    if looks < A_DAY:
        return looks.bit_length() if looks and not looks & (looks - 1) else 0
    return A_DAY.bit_length() + looks // A_DAY if looks % A_DAY == 0 else 0


def _embargoes(installation: Installation, now: datetime, reach: timedelta | None) -> Iterator[Awaited]:
    for publication in installation.publications.values():
        for issue in _issues(installation.store, publication.id, now.date(), reach):
            version = latest_stored(installation.store, issue)
            yield from of_embargoes(changes.embargoes(installation, version) if version else ())


def _issues(store: Store, publication: str, here: date, reach: timedelta | None) -> Iterator[IssueKey]:
    if reach is None:
        return issues_received(store, publication)
    return issues_between(store, publication, here - reach, here + reach)


def of_embargoes(items: Iterable[Item]) -> Iterator[Awaited]:
    """The runs that wait for the ends of embargoes."""
    for item in items:
        if item.embargoed:
            moment = item.embargoed.isoformat()
            yield Awaited("release_embargo", runs.of_embargo(item.guid, moment), {"guid": item.guid, "at": moment})


def _lifts(installation: Installation) -> Iterator[Awaited]:
    """The moments at which partners that have everything later may have what is pending."""
    moments = set()
    for work in pending_work(installation):
        partner = installation.partners.get(work.partner)
        for version in map(VersionKey.parse, work.versions if partner else ()):
            lift = waits_until(items_of(installation.store, version), partner, EVER) if partner else None
            moments |= {lift.isoformat()} if lift else set()
    yield from (Awaited("release_embargo", runs.of_lift(moment), {"at": moment}) for moment in sorted(moments))


def _withdrawals(installation: Installation) -> Iterator[Awaited]:
    """Withdrawals that are not with every partner yet: their runs prove them."""
    for version in pending_versions(installation.store):
        claim = claim_of(installation.store, version)
        change = claim.change if claim else None
        dag, _, run = change.id.partition("/") if change else ("", "", "")
        if change and change.kind is ChangeKind.WITHDRAW and dag == "withdraw_article":
            form = {"guid": change.guid, "reason": change.reason, "message": change.message}
            yield Awaited(dag, run, {name: text for name, text in form.items() if text})


def _uploads(installation: Installation, now: datetime, reach: timedelta | None) -> Iterator[Awaited]:
    """Closed uploads of which no version was stored, whatever became of the run that took them up."""
    for publication in installation.publications.values():
        back = None if reach is None else max(reach, A_WEEK)
        for issue in unsettled(installation, publication, now, back=back):
            upload = upload_of(installation.store, issue)
            if upload and now - upload.closed_at >= LATE:
                conf = {"publication": issue.publication, "date": issue.date.isoformat()}
                again = attempt(now - upload.closed_at)
                yield Awaited("ingest_issue", upload.run_id, conf, runs.again(upload.run_id, again) if again else "")
