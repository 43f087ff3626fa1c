"""Numbers for operators, through Airflow's own metrics: StatsD or OpenTelemetry, as its ``[metrics]`` section says.

Names and meaning: docs/operators.md. Where metrics are off, this costs nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from broadsheet.installation import Installation
from broadsheet.steps.incidents import WATCHED, Incident
from broadsheet.steps.pending import Work
from delivery.issues import claim_of
from delivery.keys import VersionKey
from delivery.plan import Receipt
from delivery.quarantine import held_of
from transforms.model import Reading

PREFIX = "broadsheet"


def _stats() -> Any:
    from airflow.sdk.observability import stats

    return stats


def read(version: VersionKey, reading: Reading) -> None:
    """What came of an issue's pages: how many, how many articles, how sure of them (in percent)."""
    tags, stats = {"publication": version.issue.publication}, _stats()
    pages = {span.page for span, _ in reading.fates}
    stats.incr(f"{PREFIX}.pages", len(pages), tags=tags)
    for article in reading.articles:
        stats.incr(f"{PREFIX}.articles", tags=tags | {"section": article.section.value})
        stats.timing(f"{PREFIX}.confidence", article.order_confidence * 100, tags=tags | {"of": "order"})
        stats.timing(f"{PREFIX}.confidence", article.section_confidence * 100, tags=tags | {"of": "section"})


def stored(installation: Installation, version: VersionKey, now: datetime) -> None:
    """How long an issue took from the end of its upload until it was stored, and what of it is held."""
    tags, stats = {"publication": version.issue.publication}, _stats()
    stats.timing(f"{PREFIX}.stored_seconds", _since(installation, version, now), tags=tags)
    stats.incr(f"{PREFIX}.quarantined", sum(1 for _ in held_of(installation.store, version)), tags=tags)


def published(installation: Installation, work: Work, receipt: Receipt, now: datetime) -> None:
    """From the end of the upload to the partner's feeds, for each version; and what was written."""
    tags, stats = {"publication": work.publication, "partner": work.partner}, _stats()
    for version in map(VersionKey.parse, work.versions):
        stats.timing(f"{PREFIX}.feed_seconds", _since(installation, version, now), tags=tags)
    stats.incr(f"{PREFIX}.objects_written", receipt.written, tags=tags)


def undelivered(partner: str, number: int) -> None:
    """Messages that a partner's endpoint did not take."""
    if number:
        _stats().incr(f"{PREFIX}.undelivered", number, tags={"partner": partner})


def open_incidents(found: Iterable[Incident]) -> None:
    """How many incidents of each kind are open."""
    number = Counter(incident.kind for incident in found)
    for kind in WATCHED:
        _stats().gauge(f"{PREFIX}.incidents", number[kind], tags={"kind": kind.value})


def _since(installation: Installation, version: VersionKey, now: datetime) -> float:
    """Milliseconds since a version's pages were there, or since the change that made it."""
    claim = claim_of(installation.store, version)
    return max((now - claim.received_at).total_seconds(), 0.0) * 1000 if claim else 0.0
