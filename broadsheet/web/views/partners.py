"""Partners: what each has, what it lacks, which messages did not arrive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from broadsheet.installation import Installation
from broadsheet.steps import dead_letters
from broadsheet.steps.incidents import Incident
from broadsheet.steps.inspection import unconnected
from broadsheet.steps.pending import lacking, pending_work
from broadsheet.steps.revision import newest_items
from broadsheet.web.views.deliveries import Delivery, issue_delivery
from delivery import issues
from delivery.keys import IssueKey, VersionKey
from delivery.ledger import LedgerPage, days_of, page_of
from transforms.audience.decide import audience
from transforms.model import Item, Partner, Publication, Status

LOOKED_AT = 7  # newest issues, among which one with an article for the partner is looked for


@dataclass(frozen=True, slots=True)
class PartnerShare:
    """What a partner would get now of a newspaper's newest issue: how many articles, and how many are embargoed."""

    key: IssueKey
    publication: Publication
    articles: int
    of: int
    embargoed: int


@dataclass(frozen=True, slots=True)
class PartnerPaper:
    """What a partner has of a newspaper: how many issues, and the newest one that brought it articles."""

    publication: Publication
    issues: int
    key: IssueKey | None = None
    last: Delivery | None = None


@dataclass(frozen=True, slots=True)
class PartnerView:
    """A partner: what it last got of each newspaper, what it lacks, which messages did not arrive.

    ``unconnected``: connections that its file names and Airflow has not.
    """

    partner: Partner
    papers: tuple[PartnerPaper, ...]
    behind: tuple[str, ...]
    letters: tuple[dead_letters.Letter, ...]
    gone: tuple[dead_letters.Gone, ...]
    shares: tuple[PartnerShare, ...]
    unconnected: tuple[Incident, ...] = ()

    @property
    def is_bad(self) -> bool:
        """Whether anything about the partner needs attention."""
        return bool(self.behind or self.letters or self.gone or self.unconnected)


def partner_views(installation: Installation, now: datetime) -> list[PartnerView]:
    """All partners with what they have and lack, and what each would get at ``now``."""
    newest = list(_newest(installation))
    behind: dict[str, list[str]] = {}
    for work in pending_work(installation):
        behind.setdefault(work.partner, []).extend(lacking(installation, work))
    letters = list(dead_letters.letters(installation))
    return [
        PartnerView(
            partner,
            tuple(_papers(installation, partner)),
            tuple(behind.get(partner.id, ())),
            tuple(x for x in letters if x.partner == partner.id),
            tuple(dead_letters.gone_endpoints(installation, partner.id)),
            tuple(_share(installation, partner, key, items, now) for key, items in newest),
            tuple(unconnected(installation, partner, now)),
        )
        for partner in installation.partners.values()
    ]


def _newest(installation: Installation) -> Iterator[tuple[IssueKey, tuple[Item, ...]]]:
    """Each newspaper's newest issue of which articles are stored."""
    for publication in installation.publications:
        for key in reversed(list(issues.issues_received(installation.store, publication))):
            if items := newest_items(installation, key):
                yield key, items
                break


def _share(
    installation: Installation, partner: Partner, key: IssueKey, items: Sequence[Item], now: datetime
) -> PartnerShare:
    publication = installation.publication(key.publication)
    share = audience(items, partner, publication, now)
    live = [i for i in items if i.status is Status.USABLE]
    articles = [i for i in share.shown if i.status is Status.USABLE]
    return PartnerShare(key, publication, len(articles), len(live), len(share.embargoed))


def _lag(installation: Installation, page: LedgerPage, key: IssueKey, at: datetime | None) -> timedelta | None:
    stored = installation.store.stat(VersionKey(key, page.version).manifest) if page.version else None
    return max(at - stored.modified, timedelta()) if at and stored else None


def _papers(installation: Installation, partner: Partner) -> Iterator[PartnerPaper]:
    for publication in installation.publications.values():
        days = days_of(installation.store, partner.id, publication.id)
        for day in reversed(days[-LOOKED_AT:]):
            key = IssueKey(publication.id, day)
            page = page_of(installation.store, partner.id, key)
            last = issue_delivery(installation, key, partner, page) if page else None
            if page and last and last.at:
                lag = _lag(installation, page, key, last.at)
                yield PartnerPaper(publication, len(days), key, replace(last, lag=lag))
                break
        else:
            if days:
                yield PartnerPaper(publication, len(days))
