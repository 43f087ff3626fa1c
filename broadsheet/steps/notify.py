"""Notifies partners: of what, when it is tried again, and what the operator sees.

A message goes to each endpoint of a partner: its WebSub hub and its webhooks. One that is not delivered becomes a
dead letter in the store, which ``resend_notifications`` tries again on a schedule that thins out over three days,
and the operator at any time. Publication never waits for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from broadsheet.installation import Installation
from broadsheet.steps.contain import reason_of
from broadsheet.steps.dead_letters import HUB, Letter, letters, next_at_after
from broadsheet.steps.pending import Reach, Work, out_of_reach
from broadsheet.steps.sending import Taken, attempt_all
from delivery import issues, places
from delivery.codec import decode, json_file
from delivery.keys import IssueKey, VersionKey
from delivery.ledger import LedgerEntry, LedgerPage, page_of
from delivery.notify import Allowance
from delivery.parallel import at_once
from delivery.publish import amend
from delivery.store import Unchanged
from transforms.audience.selection import let_out
from transforms.errors import BadInput, Conflict, NotFound
from transforms.model import Partner, Status
from transforms.render.keys import FEEDS, manifest_key
from transforms.render.registry import item_formats


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of messages: who was notified, and which were not delivered and why."""

    told: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


def quiet_versions(installation: Installation, versions: Sequence[str]) -> list[str]:
    """The versions among these that are published without notifying anybody, such as those of a backfill."""
    return [v for v in versions if _is_quiet(installation, VersionKey.parse(v))]


def _is_quiet(installation: Installation, version: VersionKey) -> bool:
    try:
        return bool(json.loads(installation.store.get(version.pending).content).get("quiet"))
    except (NotFound, ValueError, AttributeError):
        return False


def notify(
    installation: Installation, work: Work, now: datetime, allowance: Allowance, quiet: Sequence[str] = ()
) -> Outcome:
    """Notify a partner's endpoints of everything they have not yet been notified of.

    Running it again sends only the rest.

    A partner that no longer gets anything still hears about withdrawals of what it had.
    """
    partner = installation.partner(work.partner)
    reach = Reach(installation, partner.id, work.publication)
    versions = [VersionKey.parse(name) for name in work.versions]
    found = at_once(lambda version: _news(installation, partner, version, reach, str(version) in quiet), versions)
    outcomes = [
        _tell(installation, one.target, one.page, one.entries, now, allowance)
        for one in found
        if one and _endpoints(one.target)
    ]
    return Outcome(tuple(t for o in outcomes for t in o.told), tuple(f for o in outcomes for f in o.failed))


@dataclass(frozen=True, slots=True)
class _News:
    """What a partner, as it is to be notified, has not heard of an issue."""

    target: Partner
    page: LedgerPage
    entries: tuple[LedgerEntry, ...]


def _news(
    installation: Installation, partner: Partner, version: VersionKey, reach: Reach, is_silent: bool
) -> _News | None:
    """The news of a version; what came quietly is noted in the ledger. None if there are no news."""
    page = page_of(installation.store, partner.id, version.issue)
    if page and reach.is_out(version.issue):
        # Neither feeds nor files of its are there, so the message is all that it gets.
        page = _withdrawals(_with_withdrawals(installation, page, version))
        amend(installation.store, page, partial(_recalled, installation, version))
        partner = replace(partner, hub="", formats=())
    elif page is None or not page.delivered:
        return None
    news = tuple(e for e in page.entries if e.notified is None and not e.quiet)
    if not news:
        return None
    came_quietly = _quiet_ones(installation, version)
    silent = {e.guid for e in news if is_silent or came_quietly(e)}
    if silent:
        _mark(installation, page, silent, None)
    loud = tuple(e for e in news if e.guid not in silent)
    return _News(partner, page, loud) if loud else None


def is_news(installation: Installation, partner_id: str, version: str) -> bool:
    """Whether a partner with endpoints still has to be notified of something in a version's issue."""
    key = VersionKey.parse(version)
    page = page_of(installation.store, partner_id, key.issue)
    if page is None or not _endpoints(installation.partner(partner_id)):
        return False
    if out_of_reach(installation, partner_id, key.issue):
        page = _withdrawals(_with_withdrawals(installation, page, key))
    return any(e.notified is None and not e.quiet for e in page.entries)


def _quiet_ones(installation: Installation, version: VersionKey) -> Callable[[LedgerEntry], bool]:
    """Whether what a partner has of an article first stood in a version that nobody hears about, such as a backfill's.

    A loud change to one article of an issue says nothing of the others.
    """
    store = installation.store
    numbers = (n for n in issues.versions(store, version.issue) if n <= version.number)
    quiet = {n: issues.is_quiet(store, VersionKey(version.issue, n)) for n in numbers}
    first: dict[tuple[str, int, Status], int] = {}
    for number in sorted(quiet) if any(quiet.values()) else ():
        one = VersionKey(version.issue, number)
        if issues.manifest_of(store, one) is not None:
            for item in let_out(issues.items_of(store, one)):
                first.setdefault((item.guid, item.version, item.status), number)
    return lambda entry: quiet.get(first.get((entry.guid, entry.version, entry.status), 0), False)


def _with_withdrawals(installation: Installation, page: LedgerPage, version: VersionKey) -> LedgerPage:
    """The page of a partner that is no longer served, with what was withdrawn since."""
    withdrawn = {i.guid: i for i in issues.items_of(installation.store, version) if i.status is Status.CANCELED}

    def recalled(entry: LedgerEntry) -> LedgerEntry:
        item = withdrawn.get(entry.guid)
        if item is None or entry.status is Status.CANCELED:
            return entry
        return replace(entry, version=item.version, status=item.status, notified=None, quiet=False)

    return replace(page, entries=tuple(map(recalled, page.entries)))


def _recalled(installation: Installation, version: VersionKey, old: LedgerPage | None) -> LedgerPage | None:
    return _with_withdrawals(installation, old, version) if old else None


def _withdrawals(page: LedgerPage) -> LedgerPage:
    """Of a page, what a partner that is no longer served still hears of; no file of that is there."""
    return replace(page, entries=tuple(e for e in page.entries if e.status is Status.CANCELED), delivered=False)


def is_unannounced(installation: Installation, partner: Partner, page: LedgerPage, since: datetime) -> bool:
    """Whether a partner was not sent any message, not even one that failed, about something it has had since
    ``since``.
    """
    if not _endpoints(partner):
        return False
    news = [e for e in page.entries if e.notified is None and not e.quiet and e.delivered_at and e.delivered_at > since]
    return bool(news) and all(letter.issue != page.issue for letter in letters(installation, partner.id))


def _endpoints(partner: Partner) -> tuple[str, ...]:
    return (*((HUB,) if partner.hub else ()), *partner.webhooks)


def _tell(
    installation: Installation,
    partner: Partner,
    page: LedgerPage,
    news: tuple[LedgerEntry, ...],
    now: datetime,
    allowance: Allowance,
) -> Outcome:
    made = [_letter(installation, partner, page, news, endpoint, now) for endpoint in _endpoints(partner)]
    waiting = [letter for letter in made if installation.store.stat(letter.key)]
    failed = [f"{partner.id} {letter.endpoint}: it waits in {letter.key}" for letter in waiting]
    fresh = [letter for letter in made if letter not in waiting]
    problems = attempt_all(installation, [(partner, letter, "") for letter in fresh], now, allowance)
    failed += [f"{partner.id} {one.endpoint}: {said}" for one, said in zip(fresh, problems, strict=True) if said]
    if not failed:
        _mark(installation, page, {e.guid for e in news}, now)
    told = (one.endpoint for one, said in zip(fresh, problems, strict=True) if not said)
    return Outcome(tuple(told), tuple(failed))


def _letter(
    installation: Installation,
    partner: Partner,
    page: LedgerPage,
    news: Sequence[LedgerEntry],
    endpoint: str,
    now: datetime,
) -> Letter:
    """The message as a letter that was not sent yet. The same news have the same id, so that a receiver knows it."""
    said = "\n".join([partner.id, page.issue, *sorted(f"{e.guid} {e.version} {e.status}" for e in news)])
    name = f"msg_{hashlib.sha256(said.encode()).hexdigest()[:32]}"
    body = (
        "\n".join(_topics(installation, partner, page)) if endpoint == HUB else _body(installation, partner, page, news)
    )
    guids = tuple(e.guid for e in news)
    return Letter(name, partner.id, page.issue, endpoint, body, guids, 0, now, now)


def _topics(installation: Installation, partner: Partner, page: LedgerPage) -> list[str]:
    """The addresses of the partner's live feeds."""
    publication = IssueKey.parse(page.issue).publication
    root, base = installation.root(partner, publication), installation.base_url(partner, publication)
    # Only those beside one another: the archives below them grow by some every day.
    return [f"{base}/{s.key[len(root) :]}" for s in installation.shelf_of(partner).beside(root + FEEDS)]


def _body(installation: Installation, partner: Partner, page: LedgerPage, news: Sequence[LedgerEntry]) -> str:
    issue = IssueKey.parse(page.issue)
    base = installation.base_url(partner, issue.publication)
    items = [
        {"guid": e.guid, "version": e.version, "status": e.status.value} | _address(base, partner, e) for e in news
    ]
    data: dict[str, Any] = {
        "partner": partner.id if page.delivered else places.known_as(installation.store, partner.id),
        "publication": issue.publication,
        "date": issue.date.isoformat(),
        "version": page.version,
    }
    if page.delivered:
        data["manifest"] = f"{base}/{manifest_key(issue.date, page.version)}"
    data["items"] = items
    return json.dumps({"type": "issue.published", "data": data}, ensure_ascii=False, separators=(",", ":"))


def _address(base: str, partner: Partner, entry: LedgerEntry) -> dict[str, str]:
    first = next(iter(item_formats(partner.formats)), None)
    return {"url": f"{base}/{first.key(entry.guid, entry.version)}"} if first else {}


def _mark(installation: Installation, page: LedgerPage, guids: set[str], now: datetime | None) -> None:
    """Note in the ledger when the partner was notified of these; without a time, that it must not be."""
    versions = {e.guid: e.version for e in page.entries if e.guid in guids}

    def told(entry: LedgerEntry) -> LedgerEntry:
        if versions.get(entry.guid) != entry.version or entry.notified:
            return entry
        return replace(entry, notified=now, quiet=now is None)

    def marked(old: LedgerPage | None) -> LedgerPage | None:
        return replace(old, entries=tuple(map(told, old.entries))) if old else None

    amend(installation.store, page, marked)


def retry_messages(
    installation: Installation, now: datetime, allowance: Allowance, partner: str = "", everything: bool = False
) -> Outcome:
    """Try letters again: those that are due, or all of them if the operator says so (``everything``).

    If two runs do this at once, each letter is sent once, by whichever takes it up first.
    """
    told: list[str] = []
    failed: list[str] = []
    taken: list[Taken] = []
    for letter in letters(installation, partner):
        if not everything and (letter.next_at is None or letter.next_at > now):
            continue
        name = f"{letter.partner} {letter.endpoint}"
        target = _partner(installation, letter.partner)
        if target is None or letter.endpoint not in _endpoints(target):
            installation.store.delete([letter.key])
            failed.append(f"{name}: the partner no longer has this endpoint, so the message was deleted")
            continue
        try:
            one = take_up(installation, target, letter, now)
        except Exception as error:  # one letter's trouble is no other's
            failed.append(f"{name}: {reason_of(letter.key, error)}")
            continue
        taken += [one] if one else []
    problems = attempt_all(installation, taken, now, allowance)
    for (_, letter, _), problem in zip(taken, problems, strict=True):
        name = f"{letter.partner} {letter.endpoint}"
        if problem:
            failed.append(f"{name}: {problem}")
        else:
            told.append(name)
            _note_told(installation, letter, now)
    return Outcome(tuple(told), tuple(failed))


def take_up(installation: Installation, partner: Partner, letter: Letter, now: datetime) -> Taken | None:
    """The letter, which is ours to send until its next time; None if another run has it or has sent it."""
    counted = max(letter.attempts, 1)
    file = json_file(letter.key, replace(letter, attempts=counted, next_at=next_at_after(counted, now)), Letter)
    try:
        blob = installation.store.get(letter.key)
        if decode(Letter, blob.content, letter.key) != letter:
            return None
        etag = installation.store.put(file, Unchanged(blob.etag))
    except (Conflict, NotFound):
        return None
    return partner, replace(letter, attempts=counted), etag


def _partner(installation: Installation, partner_id: str) -> Partner | None:
    try:
        return installation.partner(partner_id)
    except BadInput:
        return None


def _note_told(installation: Installation, letter: Letter, now: datetime) -> None:
    """Note in the ledger that a letter arrived, once it has at each endpoint."""
    page = page_of(installation.store, letter.partner, IssueKey.parse(letter.issue))
    if page and not any(other.id == letter.id for other in letters(installation, letter.partner)):
        _mark(installation, page, set(letter.guids), now)
