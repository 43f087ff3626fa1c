"""Where the articles of an issue went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from broadsheet.installation import Installation
from delivery.keys import IssueKey
from delivery.ledger import LedgerEntry, LedgerPage, ended_days
from transforms.model import Item, Partner

COLOURS = 12


@dataclass(frozen=True, slots=True)
class Delivery:
    """An article, or an issue, at one partner. ``state``: delivered, waiting, behind, ended.

    ``lag``: how long after it was stored the partner had it, if that is known.
    """

    partner: Partner
    state: str
    version: int = 0
    at: datetime | None = None
    notified: datetime | None = None
    status: str = ""
    lag: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """An article as an issue lists it; ``colour`` is its number among the page's colours."""

    number: int
    colour: int
    item: Item
    deliveries: tuple[Delivery, ...]

    @property
    def words(self) -> int:
        """The number of characters of the text."""
        return len("".join(self.item.article.text.split()))


def rows_of(
    installation: Installation, key: IssueKey, items: Sequence[Item], pages: Mapping[str, LedgerPage | None]
) -> tuple[Row, ...]:
    """The articles of an issue with where each went."""
    return tuple(
        Row(n + 1, n % COLOURS, item, tuple(_deliveries(installation, key, item.guid, pages)))
        for n, item in enumerate(items)
    )


def _deliveries(
    installation: Installation, key: IssueKey, guid: str, pages: Mapping[str, LedgerPage | None]
) -> Iterator[Delivery]:
    for partner in installation.partners.values():
        page = pages.get(partner.id)
        entry = next((e for e in page.entries if e.guid == guid), None) if page else None
        if page and entry:
            yield _delivery(installation, key, partner, page, entry)


def _delivery(
    installation: Installation, key: IssueKey, partner: Partner, page: LedgerPage, entry: LedgerEntry
) -> Delivery:
    if key.date in ended_days(installation.store, partner.id, key.publication):
        return Delivery(partner, "ended", entry.version, status=entry.status.value)
    state = "delivered" if page.delivered else "behind"
    return Delivery(partner, state, entry.version, entry.delivered_at, entry.notified, entry.status.value)


def issue_delivery(installation: Installation, key: IssueKey, partner: Partner, page: LedgerPage | None) -> Delivery:
    """What a partner has of an issue: its state, the version, and when it was delivered."""
    if page is None:
        return Delivery(partner, "waiting")
    if key.date in ended_days(installation.store, partner.id, key.publication):
        return Delivery(partner, "ended", page.version)
    state = "waiting" if page.awaits else "delivered" if page.delivered else "behind"
    newest = max((e.delivered_at for e in page.entries if e.delivered_at), default=None)
    return Delivery(partner, state, page.version, newest)
