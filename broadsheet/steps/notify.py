"""Telling partners of news: what is told, when it is tried again, and what the operator sees of it.

A message goes to each endpoint of a partner: its WebSub hub and its webhooks. One that does not arrive becomes a dead
letter in the store, which ``resend_notifications`` tries again on a schedule that thins out over three days, and the
operator whenever they like. Nothing here is waited for by publication.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from broadsheet.installation import Installation
from broadsheet.steps.contain import reason_of, records
from broadsheet.steps.syndication import Work
from delivery import keys
from delivery.codec import json_file
from delivery.errors import Undelivered
from delivery.keys import IssueKey, VersionKey
from delivery.ledger import Entry, LedgerPage, page_of
from delivery.notify import Allowance, ping_hub, post_webhook
from delivery.publish import amend
from transforms.errors import BadInput, BadRecord, NotFound
from transforms.model import Partner
from transforms.render.registry import item_formats

HUB = "hub"
# Minutes from one attempt to the next: three days in all, as Standard Webhooks advises.
RETRY_AFTER_MINUTES = (1, 5, 30, 120, 300, 600, 840, 1200, 1440)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that did not arrive. ``next_at`` is when it is tried again; None: only the operator will.

    ``id`` is the message's own over all endpoints and attempts; ``endpoint`` is ``hub`` or a connection's id. ``guids``
    are the articles that it tells of, ``body`` is what is sent, for a hub the addresses of feeds, one a line.
    """

    id: str
    partner: str
    issue: str
    endpoint: str
    body: str
    guids: tuple[str, ...]
    attempts: int
    first_at: datetime
    next_at: datetime | None
    reason: str = ""

    @property
    def key(self) -> str:
        return f"{keys.dead_letters(self.partner)}{self.id}-{self.endpoint}.json"


@dataclass(frozen=True, slots=True)
class Gone:
    """An endpoint that said it is there no more (410): nothing is sent to it until the operator sends again."""

    endpoint: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of messages: who was notified, and which did not arrive and why."""

    told: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


def quiet_versions(installation: Installation, versions: Sequence[str]) -> list[str]:
    """Those that are published without telling anybody, such as a backfill's."""
    return [v for v in versions if _is_quiet(installation, VersionKey.parse(v))]


def _is_quiet(installation: Installation, version: VersionKey) -> bool:
    try:
        return bool(json.loads(installation.store.get(version.pending).content).get("quiet"))
    except (NotFound, ValueError, AttributeError):
        return False


def notify(
    installation: Installation, work: Work, now: datetime, allowance: Allowance, quiet: Sequence[str] = ()
) -> Outcome:
    """Tell a partner's endpoints of all that it has and was not told of. Run again, it tells only what is left."""
    partner = installation.partner(work.partner)
    told: list[str] = []
    failed: list[str] = []
    for version in map(VersionKey.parse, work.versions):
        page = page_of(installation.store, partner.id, version.issue)
        if page is None or not page.delivered:
            continue
        news = tuple(e for e in page.entries if e.notified is None and not e.quiet)
        if str(version) in quiet:
            _mark(installation, page, {e.guid for e in news}, None)
        elif news and _endpoints(partner):
            outcome = _tell(installation, partner, page, news, now, allowance)
            told += outcome.told
            failed += outcome.failed
    return Outcome(tuple(told), tuple(failed))


def is_news(installation: Installation, partner_id: str, version: str) -> bool:
    """Whether a partner with endpoints was not notified of all that it has of a version's issue."""
    page = page_of(installation.store, partner_id, VersionKey.parse(version).issue)
    news = page is not None and any(e.notified is None and not e.quiet for e in page.entries)
    return news and bool(_endpoints(installation.partner(partner_id)))


def is_unannounced(installation: Installation, partner: Partner, page: LedgerPage, since: datetime) -> bool:
    """Whether a partner was sent no message of something that it has had since a moment, not even one that failed."""
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
    news: tuple[Entry, ...],
    now: datetime,
    allowance: Allowance,
) -> Outcome:
    told, failed = [], []
    for endpoint in _endpoints(partner):
        letter = _letter(installation, partner, page, news, endpoint, now)
        if installation.store.stat(letter.key):
            failed.append(f"{partner.id} {endpoint}: it waits in {letter.key}")
            continue
        problem = _attempt(installation, partner, letter, now, allowance)
        if problem:
            failed.append(f"{partner.id} {endpoint}: {problem}")
        else:
            told.append(endpoint)
    if not failed:
        _mark(installation, page, {e.guid for e in news}, now)
    return Outcome(tuple(told), tuple(failed))


def _letter(
    installation: Installation, partner: Partner, page: LedgerPage, news: Sequence[Entry], endpoint: str, now: datetime
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
    return [f"{base}/{s.key[len(root) :]}" for s in installation.shelf_of(partner).beside(f"{root}feeds/")]


def _body(installation: Installation, partner: Partner, page: LedgerPage, news: Sequence[Entry]) -> str:
    issue = IssueKey.parse(page.issue)
    base = installation.base_url(partner, issue.publication)
    items = [
        {"guid": e.guid, "version": e.version, "status": e.status.value} | _address(base, partner, e) for e in news
    ]
    data = {
        "partner": partner.id,
        "publication": issue.publication,
        "date": issue.date.isoformat(),
        "version": page.version,
        "manifest": f"{base}/manifests/{issue.date.isoformat()}/v{page.version}.json",
        "items": items,
    }
    return json.dumps({"type": "issue.published", "data": data}, ensure_ascii=False, separators=(",", ":"))


def _address(base: str, partner: Partner, entry: Entry) -> dict[str, str]:
    first = next(iter(item_formats(partner.formats)), None)
    return {"url": f"{base}/{first.key(entry.guid, entry.version)}"} if first else {}


def _attempt(installation: Installation, partner: Partner, letter: Letter, now: datetime, allowance: Allowance) -> str:
    """Send once; return what went wrong, if anything. The letter is kept for its next time, or deleted on arrival."""
    mark = keys.endpoint(partner.id, letter.endpoint)
    if letter.attempts == 0 and installation.store.stat(mark):
        _keep(installation, replace(letter, next_at=None, reason="the endpoint said that it is gone (410)"))
        return f"not sent, it said earlier that it is gone (410): kept as {letter.key}"
    try:
        _send(installation, partner, letter, now, allowance)
    except Undelivered as error:
        return _failed(installation, letter, now, error)
    except BadRecord as error:  # no connection, no secret: the schedule goes on while the operator mends it
        return _failed(installation, letter, now, Undelivered(str(error)))
    gone = [mark] if letter.attempts and installation.store.stat(mark) else []
    installation.store.delete([*gone, letter.key] if letter.attempts else gone)
    return ""


def _send(installation: Installation, partner: Partner, letter: Letter, now: datetime, allowance: Allowance) -> None:
    if letter.endpoint == HUB:
        return ping_hub(partner.hub, letter.body.splitlines(), allowance)
    connection = installation.connections(letter.endpoint)
    # Signed when it is sent: receivers refuse what is older than five minutes, and others may have been waited for.
    sent = max(now, datetime.now(UTC))
    return post_webhook(connection.url, connection.password, letter.id, letter.body.encode(), sent, allowance)


def _failed(installation: Installation, letter: Letter, now: datetime, error: Undelivered) -> str:
    attempts = letter.attempts + 1
    wait = RETRY_AFTER_MINUTES[attempts - 1] * 60.0 if attempts <= len(RETRY_AFTER_MINUTES) else 0.0
    next_at = now + timedelta(seconds=max(wait, error.retry_after)) if wait and not error.gone else None
    _keep(installation, replace(letter, attempts=attempts, next_at=next_at, reason=str(error)))
    if error.gone:
        mark = Gone(letter.endpoint, now)
        installation.store.put(json_file(keys.endpoint(letter.partner, letter.endpoint), mark, Gone))
        return f"{error}: it is gone, so nothing more is sent to it until you send again; kept as {letter.key}"
    then = f"tried again from {next_at:%Y-%m-%d %H:%M} UTC" if next_at else "given up"
    return f"{error}: {then}, kept as {letter.key}"


def _keep(installation: Installation, letter: Letter) -> None:
    installation.store.put(json_file(letter.key, letter, Letter))


def _mark(installation: Installation, page: LedgerPage, guids: set[str], now: datetime | None) -> None:
    """Note in the ledger when the partner was notified of these; without a time, that it must not be."""
    versions = {e.guid: e.version for e in page.entries if e.guid in guids}

    def told(entry: Entry) -> Entry:
        if versions.get(entry.guid) != entry.version or entry.notified:
            return entry
        return replace(entry, notified=now, quiet=now is None)

    def marked(old: LedgerPage | None) -> LedgerPage | None:
        return replace(old, entries=tuple(map(told, old.entries))) if old else None

    amend(installation.store, page, marked)


def letters(installation: Installation, partner: str = "") -> Iterator[Letter]:
    """The dead letters of a partner, or of all."""
    yield from records(installation.store, Letter, keys.dead_letters(partner))


def gone_endpoints(installation: Installation, partner: str) -> list[Gone]:
    """The endpoints of a partner that said they are there no more."""
    return list(records(installation.store, Gone, keys.endpoints(partner)))


def resend(
    installation: Installation, now: datetime, allowance: Allowance, partner: str = "", everything: bool = False
) -> Outcome:
    """Try letters again: those whose time has come, or, as the operator's act, all of them."""
    told, failed = [], []
    for letter in letters(installation, partner):
        due = letter.next_at is not None and letter.next_at <= now
        if not (due or everything):
            continue
        try:
            problem = _again(installation, letter, now, allowance)
        except Exception as error:  # one letter's trouble is no other's
            problem = reason_of(letter.key, error)
        name = f"{letter.partner} {letter.endpoint}"
        if problem:
            failed.append(f"{name}: {problem}")
        else:
            told.append(name)
    return Outcome(tuple(told), tuple(failed))


def _partner(installation: Installation, partner_id: str) -> Partner | None:
    try:
        return installation.partner(partner_id)
    except BadInput:
        return None


def _again(installation: Installation, letter: Letter, now: datetime, allowance: Allowance) -> str:
    partner = _partner(installation, letter.partner)
    if partner is None or letter.endpoint not in _endpoints(partner):
        installation.store.delete([letter.key])
        return "it is no endpoint of a partner any more, so the letter was thrown away"
    problem = _attempt(installation, partner, replace(letter, attempts=max(letter.attempts, 1)), now, allowance)
    page = page_of(installation.store, partner.id, IssueKey.parse(letter.issue))
    if not problem and page and not any(other.id == letter.id for other in letters(installation, partner.id)):
        _mark(installation, page, set(letter.guids), now)
    return problem
