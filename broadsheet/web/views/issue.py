"""An issue: its source pages, its articles, what is held and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from broadsheet.installation import Installation
from broadsheet.steps.revision import newest_items
from broadsheet.web.views.days import entries_of, shown_state, stages
from broadsheet.web.views.deliveries import Delivery, Row, issue_delivery, rows_of
from broadsheet.web.views.pages import pages_of
from delivery import issues, runs
from delivery.codec import decode
from delivery.keys import IssueKey, VersionKey
from delivery.ledger import page_of
from delivery.quarantine import Held, held_of
from transforms.errors import NotFound
from transforms.intake.page_images import is_pictured
from transforms.model import Box, Page, Publication, Reading
from transforms.outlines import outlines


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of a page's text: of an article (``row``), the ``place``-th of its pieces, or, without one, of none."""

    text: str
    row: Row | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class Outline:
    """Where an article (``row``) is on a page's image: blocks in points from the top left corner."""

    row: Row
    blocks: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's source text, cut into pieces; of a PDF or a scan its size in points and where its articles stand."""

    number: int
    pieces: tuple[Passage, ...]
    size: tuple[float, float] = (0.0, 0.0)
    outlines: tuple[Outline, ...] = ()


@dataclass(frozen=True, slots=True)
class IssueView:
    """An issue: its newest version, its pages, its articles, what is held and why."""

    key: IssueKey
    publication: Publication
    state: str
    version: int
    sheets: tuple[PageText, ...]
    rows: tuple[Row, ...]
    held: tuple[Held, ...]
    deliveries: tuple[Delivery, ...]
    characters: Mapping[str, int]
    runs: tuple[str, ...]


def issue_view(installation: Installation, key: IssueKey) -> IssueView:
    """All of one issue. Raises NotFound if nothing of it was ever received."""
    publication = installation.publication(key.publication)
    found = stages(installation.store, key.publication, key.date.isoformat())
    if key.date not in found:
        raise NotFound(f"nothing of {key} was received")
    stage, number = found[key.date]
    state = shown_state(stage, entries_of(installation.store, VersionKey(key, number)))
    items = newest_items(installation, key)
    pages = {p.id: page_of(installation.store, p.id, key) for p in installation.partners.values()}
    rows = rows_of(installation, key, items, pages)
    upload = issues.latest_upload(installation.store, key)
    versions = sorted({number, upload[0].number if upload else number})
    held = tuple(h for n in versions for h in held_of(installation.store, VersionKey(key, n)))
    read = pages_of(installation, key)
    sheets = tuple(_sheet(page, rows) for page in read)
    deliveries = tuple(
        issue_delivery(installation, key, p, pages[p.id]) for p in installation.partners.values() if pages[p.id]
    )
    return IssueView(
        key,
        publication,
        state,
        number,
        sheets,
        rows,
        held,
        deliveries,
        _account(installation, key),
        tuple(_runs(installation, key)),
    )


def _sheet(page: Page, rows: Sequence[Row]) -> PageText:
    """The page's text cut where pieces begin and end; where two articles claim a run, the first has it."""
    marks = sorted(
        (span, place + 1, row)
        for row in rows
        for place, span in enumerate(row.item.article.pieces or row.item.article.spans)
        if span.page == page.number
    ) if rows else []  # fmt: skip
    pieces: list[Passage] = []
    reached = 0
    for span, place, row in marks:
        start, end = max(span.start, reached), min(span.end, len(page.text))
        if end <= start:
            continue
        if start > reached:
            pieces.append(Passage(page.text[reached:start]))
        pieces.append(Passage(page.text[start:end], row, place))
        reached = end
    if reached < len(page.text):
        pieces.append(Passage(page.text[reached:]))
    if not is_pictured(page):
        return PageText(page.number, tuple(pieces))
    found = (Outline(row, tuple(outlines(page, row.item.article.spans))) for row in rows)
    return PageText(page.number, tuple(pieces), page.size, tuple(o for o in found if o.blocks))


def _account(installation: Installation, key: IssueKey) -> Mapping[str, int]:
    """Characters of the source by what became of them."""
    upload = issues.latest_upload(installation.store, key)
    if upload is None or installation.store.stat(upload[0].reading) is None:
        return {}
    return decode(Reading, installation.store.get(upload[0].reading).content, upload[0].reading).account()


def _runs(installation: Installation, key: IssueKey) -> Iterator[str]:
    """The ids of the runs that read it, newest first."""
    for _, claim in issues.claims(installation.store, key):
        if claim.change is None:
            yield runs.of_upload(key, claim.digest)
