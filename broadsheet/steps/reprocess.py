"""Reads issues again, for example with a newer model: first what would change, then a new version.

Comparing writes nothing. A new version keeps every guid, and what readers would not notice stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from broadsheet.installation import Installation
from broadsheet.steps import ingest
from broadsheet.steps.review import asks_of
from broadsheet.steps.revision import newest_items
from broadsheet.steps.sources import sources_of
from delivery import issues
from delivery.issues import issues_received
from delivery.keys import IssueKey, VersionKey
from transforms.errors import BadInput
from transforms.intake import read_source
from transforms.lifecycle.items import fault_of, items_of
from transforms.model import Issue, Item, Status
from transforms.private_numbers import masked


@dataclass(frozen=True, slots=True)
class Difference:
    """What would change in an article. ``kind``: new, changed or gone. ``detail``: what, as the note would say it."""

    issue: IssueKey
    kind: str
    headline: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.issue} {self.kind}: {masked(self.headline)}{f' ({self.detail})' if self.detail else ''}"


def issues_between(installation: Installation, publication: str, first: date, last: date) -> list[IssueKey]:
    """The issues of a newspaper that were ever received, from ``first`` to ``last``, oldest first."""
    paper = installation.publication(publication)
    return [i for i in issues_received(installation.store, paper.id) if first <= i.date <= last]


def compare(installation: Installation, issue: IssueKey, at: datetime) -> list[Difference]:
    """What would change if the issue were read again now. Raises BadInput if it was never received."""
    earlier = newest_items(installation, issue)
    known = {i.guid: i for i in earlier}
    return [
        d
        for item in _read_again(installation, issue, at, earlier)
        if (d := _difference(issue, known.get(item.guid), item))
    ]


def publish(installation: Installation, issue: IssueKey, at: datetime, quiet: bool = True) -> VersionKey:
    """Read the issue again and store the result as a new version.

    Run again with the same ``at``, it completes itself.
    """
    newest, claim = _upload(installation, issue)
    done = next((v for v, c in issues.claims(installation.store, issue) if c.redo and c.received_at == at), None)
    wanted = replace(claim, redo=newest.number, received_at=at, quiet=quiet)
    version = done or issues.claim(installation.store, issue, wanted)
    made_of = issues.claim_of(installation.store, version) or wanted
    issues.copy_source(installation.store, VersionKey(issue, made_of.redo), version)
    ingest.read_pages(installation, version)
    ingest.store_articles(installation, version)
    return version


def _upload(installation: Installation, issue: IssueKey) -> tuple[VersionKey, issues.Received]:
    upload = issues.latest_upload(installation.store, issue)
    if upload is None:
        raise BadInput(f"{issue} was never received, so there is nothing to read again")
    return upload


def _read_again(
    installation: Installation, issue: IssueKey, at: datetime, earlier: tuple[Item, ...]
) -> tuple[Item, ...]:
    from broadsheet.steps.reading import reading_of

    version, claim = _upload(installation, issue)
    publication = installation.publication(issue.publication)
    pages, refused = read_source(sources_of(installation.store, version, claim), publication)
    reading = reading_of(Issue(publication.id, issue.date, pages, refused), publication)
    faulty = any(fault_of(a) for a in reading.articles)
    return items_of(
        reading.articles,
        publication,
        issue.date,
        at,
        version=version.number,
        earlier=earlier,
        embargoes=ingest.embargoes_of(installation.store, version, claim),
        asks=asks_of(installation.partners.values(), publication),
        incomplete=bool(reading.refused or faulty or any(ingest.without_article(pages, reading))),
    )


def _difference(issue: IssueKey, before: Item | None, after: Item) -> Difference | None:
    if before is None:
        return Difference(issue, "new", after.article.headline)
    if after.version == before.version or before.status is Status.CANCELED:
        return None
    if after.status is Status.CANCELED:
        return Difference(issue, "gone", before.article.headline)
    return Difference(issue, "changed", before.article.headline, after.ed_note)
