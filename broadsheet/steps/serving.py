"""Serves partners in batches: what many of them share is made once, but each fails, and is retried, alone.

Runs of ``syndicate_issue`` work side by side, so that no newspaper waits for another. Which run has taken up what
is recorded for each newspaper in ``serving/``; without that, a burst of issues would be served by every run that it
starts. The record only saves work: who may write a partner's feeds is decided by the turns in ``heads/``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain

from broadsheet.installation import Installation
from broadsheet.steps import rights
from broadsheet.steps.contain import is_own
from broadsheet.steps.notify import Outcome, is_news, notify
from broadsheet.steps.pending import Reach, Work, finish, has_all, pending_work
from broadsheet.steps.shared import Shared
from broadsheet.steps.side_by_side import Limits, side_by_side
from broadsheet.steps.syndication import serve
from delivery import keys
from delivery.codec import decode, json_file
from delivery.notify import Allowance
from delivery.parallel import at_once
from delivery.plan import Plan, Receipt
from delivery.store import Absent, Condition, Store, Unchanged
from transforms.errors import BroadsheetError, Conflict, Damaged, NotFound
from transforms.render.neutral import blanks, settings

BATCH = 25  # partners of one newspaper that one task serves
TRIES = 3
LOOKS = 16  # books of partners that are looked into at the same time
TAKEN = timedelta(minutes=10)  # after which another run takes up what a run that is gone left

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """What an Airflow run has taken up for a newspaper, and when. ``marks``: the pending marks as it saw them."""

    run: str
    marks: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Served:
    """The result of serving one partner. ``failed``: why it was not served; empty if it was."""

    work: Work
    held: tuple[str, ...] = ()
    lifts: tuple[datetime, ...] = ()
    undelivered: tuple[str, ...] = ()
    failed: str = ""


def take(installation: Installation, run: str, now: datetime) -> list[Work]:
    """What is pending and not taken up by another run, by partner and newspaper, without what partners have already."""
    papers: dict[str, list[Work]] = {}
    for work in pending_work(installation):
        papers.setdefault(work.publication, []).append(work)
    marks = _marks(installation.store)
    ours = [works for paper, works in papers.items() if _is_ours(installation.store, paper, marks, run, now)]
    return _left(installation, list(chain(*ours)))


def _left(installation: Installation, works: Sequence[Work]) -> list[Work]:
    """The works without what their partners have and were notified of."""
    reaches = [(w, Reach(installation, w.partner, w.publication)) for w in works]
    looks = [(w.partner, version, reach) for w, reach in reaches for version in w.versions]
    done = at_once(lambda look: _is_done(installation, *look), looks, LOOKS)
    left = {look[:2] for look, is_done in zip(looks, done, strict=True) if not is_done}
    kept = (replace(w, versions=tuple(v for v in w.versions if (w.partner, v) in left)) for w in works)
    return [w for w in kept if w.versions]


def _is_done(installation: Installation, partner: str, version: str, reach: Reach) -> bool:
    try:
        return has_all(installation, partner, version, reach) and not is_news(installation, partner, version)
    except BroadsheetError as error:
        if not is_own(error):
            raise
        return False  # the books cannot be understood: serving the partner holds the issue by name


def _marks(store: Store) -> dict[str, tuple[str, ...]]:
    """The pending marks of each newspaper. What is marked again has another mark: a run has it not yet that had it."""
    found: dict[str, list[str]] = {}
    for stat in store.list(keys.PENDING):
        paper = stat.key.removeprefix(keys.PENDING).partition("/")[0]
        found.setdefault(paper, []).append(f"{stat.key} {stat.etag} {stat.modified.isoformat()}")
    return {paper: tuple(sorted(marks)) for paper, marks in found.items()}


def _is_ours(store: Store, publication: str, marks: Mapping[str, tuple[str, ...]], run: str, now: datetime) -> bool:
    """Whether this run serves a newspaper's partners, which is noted then."""
    own = marks.get(publication, ())
    for _ in range(TRIES):
        known, condition = _note_of(store, keys.serving(publication))
        if known and known.run != run and now - known.at < TAKEN and set(own) <= set(known.marks):
            return False
        try:
            store.put(json_file(keys.serving(publication), Taken(run, own, now), Taken), condition)
        except Conflict:
            continue  # a run that began at the same moment was first, and may not have seen all that this one has
        return True
    return True  # served twice does no harm, left out does


def _note_of(store: Store, key: str) -> tuple[Taken | None, Condition]:
    try:
        blob = store.get(key)
    except NotFound:
        return None, Absent()
    try:
        return decode(Taken, blob.content, key), Unchanged(blob.etag)
    except Damaged:
        return None, Unchanged(blob.etag)  # it says nothing, so it is written over


def release(installation: Installation, run: str) -> list[str]:
    """Remove the pending marks of what every partner has, and give back what the run had taken; returns names of
    the former.
    """
    store = installation.store
    noted = [stat.key for stat in store.list(keys.serving())]
    notes = at_once(lambda key: _note_of(store, key)[0], noted)
    own = [key for key, note in zip(noted, notes, strict=True) if note and note.run == run]
    papers = {key.removeprefix(keys.serving()).removesuffix(".json") for key in own}
    done = finish(installation, [w for w in pending_work(installation) if w.publication in papers])
    store.delete(own)
    return done


def batches(works: Sequence[Work], installation: Installation, size: int = BATCH) -> list[list[Work]]:
    """The work in batches of one newspaper each. Partners with the same settings are next to each other."""
    found: list[list[Work]] = []
    for publication in sorted({w.publication for w in works}):
        own = sorted((w for w in works if w.publication == publication), key=lambda w: _kind(installation, w))
        found += [own[n : n + size] for n in range(0, len(own), size)]
    return found


def _kind(installation: Installation, work: Work) -> tuple[str, str]:
    partner = installation.partners.get(work.partner)
    return str(settings(partner, blanks(""))) if partner else "", work.partner


@dataclass(frozen=True, slots=True)
class Means:
    """How partners are served: when, where messages may go, and how results are reported."""

    now: Callable[[], datetime]
    allowance: Allowance
    quiet: Sequence[str] = ()
    label: Callable[[Work], None] = lambda work: None
    note: Callable[[Work, Receipt], None] = lambda work, receipt: None
    limits: Limits = field(default_factory=Limits)


def serve_batch(installation: Installation, works: Sequence[Work], means: Means) -> Iterator[Served]:
    """Render, check, publish and notify for each partner, several at once; the results, as they come."""
    _introduce(installation, works)
    shared, now = Shared(installation), means.now()

    def serve_one(work: Work) -> Served:
        means.label(work)
        try:
            plan, receipt = serve(installation, work, now, shared)
        except Exception as error:
            log.error("%s of %s is not served: %s", work.partner, work.publication, error)
            raise
        _log(plan, receipt)
        means.note(work, receipt)
        told = _notified(installation, work, means)
        lifts = (*plan.lifts, *rights.ends(installation, work, now))
        held = tuple(f"{plan.partner} {held}" for held in plan.held)
        return Served(work, held, lifts, told.failed)

    for work, result in side_by_side(works, serve_one, means.limits):
        if isinstance(result, Served):
            yield result
            continue
        if not isinstance(result, BroadsheetError):
            log.error("%s of %s is not served", work.partner, work.publication, exc_info=result)
        yield Served(work, failed=str(result) or type(result).__name__)


def _introduce(installation: Installation, works: Sequence[Work]) -> None:
    """Note where the files of each go, and open what is public once for all of them."""

    def is_new(work: Work) -> bool:
        try:
            return installation.note_place(installation.partner(work.partner))
        except BroadsheetError as error:
            log.warning("%s: %s", work.partner, error)  # serving it fails for the same reason, which is reported then
            return False

    if any(at_once(is_new, works)):
        installation.open_public()


def _notified(installation: Installation, work: Work, means: Means) -> Outcome:
    """What became of the news; its failure is not the issue's, which is out."""
    try:
        told = notify(installation, work, means.now(), means.allowance, means.quiet)
    except Exception as error:
        log.error("%s was not notified", work.partner, exc_info=error)
        return Outcome(failed=(f"{work.partner}: {error}",))
    for line in told.failed:
        log.warning("not delivered: %s", line)
    if told.told:
        log.info("%s notified: %s", work.partner, ", ".join(told.told))
    return told


def _log(plan: Plan, receipt: Receipt) -> None:
    for shipment in plan.shipments:
        for entry in shipment.page.entries:
            log.info("%s %s: %s version %d", plan.partner, shipment.version, entry.guid, entry.version)
    for held in plan.held:
        log.warning("%s held back: %s", plan.partner, held)
    log.info("%s: %d objects written, %d as they were", plan.partner, receipt.written, receipt.unchanged)
