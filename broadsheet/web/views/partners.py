"""Partners: what each has, what it lacks, which messages did not arrive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from broadsheet.installation import Installation
from broadsheet.steps import notify
from broadsheet.steps.syndication import lacking, pending_work
from broadsheet.web.views.deliveries import Delivery, issue_delivery
from delivery.keys import IssueKey
from delivery.ledger import days_of, page_of
from transforms.model import Partner, Publication


@dataclass(frozen=True, slots=True)
class PartnerView:
    """A partner: what it last got of each newspaper, what it lacks, which messages did not arrive."""

    partner: Partner
    papers: tuple[tuple[Publication, int, Delivery | None], ...]
    behind: tuple[str, ...]
    letters: tuple[notify.Letter, ...]
    gone: tuple[notify.Gone, ...]


def partner_views(installation: Installation) -> list[PartnerView]:
    """All partners with what they have and lack."""
    behind: dict[str, list[str]] = {}
    for work in pending_work(installation):
        behind.setdefault(work.partner, []).extend(lacking(installation, work))
    letters = list(notify.letters(installation))
    return [
        PartnerView(
            partner,
            tuple(_papers(installation, partner)),
            tuple(behind.get(partner.id, ())),
            tuple(x for x in letters if x.partner == partner.id),
            tuple(notify.gone_endpoints(installation, partner.id)),
        )
        for partner in installation.partners.values()
    ]


def _papers(installation: Installation, partner: Partner) -> Iterator[tuple[Publication, int, Delivery | None]]:
    for publication in installation.publications.values():
        days = days_of(installation.store, partner.id, publication.id)
        if not days:
            continue
        key = IssueKey(publication.id, days[-1])
        page = page_of(installation.store, partner.id, key)
        yield publication, len(days), issue_delivery(installation, key, partner, page) if page else None
