"""A day of issues, brought out step by step with the retries that Airflow gives, and a look at what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import TypeVar

import feedparser

from broadsheet.installation import Installation
from broadsheet.steps import ingest, serving
from broadsheet.steps.audit import audit
from broadsheet.steps.side_by_side import Limits
from delivery.keys import IssueKey, VersionKey
from delivery.ledger import page_of
from delivery.manifests import read_manifest
from delivery.notify import Allowance
from delivery.store import Store
from transforms.errors import StoreError
from transforms.intake import SourceFile

RUNS = 4  # max_active_runs of ingest_issue
TRIES = 3  # attempts that Airflow gives a task
ROUNDS = 10  # runs of syndicate_issue, after which what is still missing counts as lost

R = TypeVar("R")


def tried(step: Callable[[], R]) -> R:
    """The result of a step within as many attempts as Airflow gives a task."""
    for _ in range(TRIES - 1):
        try:
            return step()
        except StoreError:
            continue
    return step()


def days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=number) for number in range(count)]


def bring_in(installation: Installation, paper: str, days: Iterable[date], pages: Sequence[SourceFile]) -> None:
    """Upload an issue for each day, and close it."""
    with ThreadPoolExecutor(RUNS) as pool:
        list(pool.map(lambda day: tried(lambda: ingest.put_in_inbox(installation.store, paper, day, pages)), days))


def ingest_all(installation: Installation, paper: str, now: datetime) -> list[VersionKey]:
    """What ingest_issue does for all that waits in the inbox; the versions that were received."""
    publication = installation.publication(paper)
    found = tried(lambda: list(ingest.unsettled(installation, publication, now)))

    def take_in(issue: IssueKey) -> list[VersionKey]:
        versions = tried(lambda: ingest.receive_all(installation, [issue], now))
        for version in versions:
            tried(lambda version=version: ingest.read_pages(installation, version))
            tried(lambda version=version: ingest.store_articles(installation, version))
        return versions

    with ThreadPoolExecutor(RUNS) as pool:
        return list(chain.from_iterable(pool.map(take_in, found)))


def serve_all(
    installation: Installation, now: datetime, allowance: Allowance, limits: Limits, done: Callable[[], bool]
) -> tuple[int, dict[str, serving.Served]]:
    """Runs of syndicate_issue until ``done``; how many it took, and each partner's last result."""
    means, last = serving.Means(lambda: now, allowance, limits=limits), {}
    for round_ in range(1, ROUNDS + 1):
        run = f"round {round_}"
        works = tried(lambda run=run: serving.take(installation, run, datetime.now(UTC)))
        for batch in serving.batches(works, installation):
            last |= {s.work.partner: s for s in serving.serve_batch(installation, batch, means)}
        tried(lambda run=run: serving.release(installation, run))
        if done():
            break
    return round_, last


def wrong(installation: Installation, paper: str, days: Sequence[date], partners: Sequence[str]) -> Iterator[str]:
    """Everything that is wrong with what these partners have of these days; look at it over a line without faults."""
    for found in audit(installation, datetime.now(UTC).date(), deep=True):
        if found.partner not in partners:
            continue
        yield from (f"{found.partner}: missing or damaged: {key}" for key in (*found.missing, *found.damaged))
        yield from (f"{found.partner}: unknown object {key}" for key in found.extra)
        yield from (f"{found.partner}: not announced: {version}" for version in found.resent)
        yield from ([f"{found.partner}: {found.failed}"] if found.failed else [])
    for partner in partners:
        root = installation.root(installation.partner(partner), paper)
        told = _told(installation.shelf, root)
        yield from (f"{partner}: the feed has an article twice" for _ in range(len(told) != len(set(told))))
        known: set[str] = set()
        for day in days:
            page = page_of(installation.store, partner, IssueKey(paper, day))
            if page is None or not page.delivered:
                yield f"{partner}: {day} is not delivered"
                continue
            known |= page.guids
            if not read_manifest(installation.shelf, root, day, page.version):
                yield f"{partner}: {day} has no manifest"
        yield from (f"{partner}: the feed has {guid}, which is not in the ledger" for guid in {*told} - known)


def _told(shelf: Store, root: str) -> list[str]:
    return [entry.id for entry in feedparser.parse(shelf.get(f"{root}feeds/all.rss").content).entries]
