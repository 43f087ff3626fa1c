"""The ledger: what each partner should have of an issue, and has. One page a partner and issue, in private."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from delivery.codec import decode, json_file
from delivery.issues import items_of
from delivery.keys import IssueKey, VersionKey, ledger, parse_date
from delivery.store import Store
from transforms.errors import BadInput, NotFound
from transforms.model import File, Item, Status


@dataclass(frozen=True, slots=True)
class Entry:
    """One article at one partner: expected from the day that it stands here, there when the page is ``delivered``.

    ``source`` is the issue's version that its text stands in. ``key`` (below the partner's root) is its NewsML file and
    ``sha256`` what the store holds under it. ``corrected`` and ``withdrawn`` are when its newest version was made.
    """

    guid: str
    version: int
    status: Status
    source: int
    sha256: str = ""
    key: str = ""
    corrected: datetime | None = None
    withdrawn: datetime | None = None
    notified: datetime | None = None


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """An issue at one partner. It is written before the first pointer, so that no guid is ever forgotten."""

    partner: str
    issue: str
    version: int
    delivered: bool
    entries: tuple[Entry, ...]

    @property
    def guids(self) -> frozenset[str]:
        return frozenset(e.guid for e in self.entries)

    def file(self) -> File:
        return json_file(ledger(self.partner, IssueKey.parse(self.issue)), self, LedgerPage)


def page_of(store: Store, partner: str, issue: IssueKey) -> LedgerPage | None:
    """What the ledger holds of an issue for a partner; None where nothing of it was ever on its way."""
    key = ledger(partner, issue)
    try:
        return decode(LedgerPage, store.get(key).content, key)
    except NotFound:
        return None


def days_of(store: Store, partner: str, publication: str) -> Iterator[date]:
    """The days of which a partner has an issue."""
    prefix = f"ledger/{partner}/{publication}/"
    for stat in store.list(prefix):
        try:
            yield parse_date(stat.key[len(prefix) :].removesuffix(".json"))
        except BadInput:
            continue


def items_at(store: Store, page: LedgerPage) -> tuple[Item, ...]:
    """The items that a page names, each as it stands in the version of the issue that the partner has it from."""
    issue = IssueKey.parse(page.issue)
    wanted = {e.guid: e.source for e in page.entries}
    found: list[Item] = []
    for source in sorted(set(wanted.values())):
        found += [i for i in items_of(store, VersionKey(issue, source)) if wanted.get(i.guid) == source]
    return tuple(found)
