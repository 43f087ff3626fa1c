"""A partner's pending versions as a plan: all files that it gets, and its feeds with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from broadsheet.installation import Installation
from broadsheet.steps.contain import is_own, reason_of
from broadsheet.steps.erasure import erased_files, is_told, left_over
from broadsheet.steps.pending import Reach, Work
from broadsheet.steps.pointers import Days, late_days, pointers
from broadsheet.steps.shared import Shared
from delivery import keys
from delivery.issues import load_edition
from delivery.keys import IssueKey, VersionKey
from delivery.ledger import LedgerEntry, LedgerPage, items_at, page_of
from delivery.parallel import at_once
from delivery.plan import PictureCopy, Plan, Shipment
from delivery.publish import turn_of
from delivery.quarantine import Held
from transforms.audience.decide import Share, seen_by
from transforms.audience.selection import (
    let_out,
    waits_until,
    widened,
)
from transforms.model import Edition, File, Item, Partner, Publication, Status
from transforms.render import picture_files, render_items
from transforms.render.keys import (
    is_articles,
    latest_key,
)


def render_issue(
    installation: Installation,
    work: Work,
    now: datetime,
    without: Collection[str] = (),
    shared: Shared | None = None,
) -> Plan:
    """All files that a partner gets of its pending versions, and its feeds with them.

    ``without``: guids to hold. ``shared``: where files that other partners get too are kept. The partner keeps the
    version that it has of an article that is held, or under embargo at ``now``. If the partner gets everything later
    than others, an issue that it has nothing of yet waits as a whole. Raises NotFound if a version is not stored.
    """
    shared = shared or Shared(installation)
    publication, partner = installation.publication(work.publication), installation.partner(work.partner)
    base = turn_of(installation.store, partner.id, publication.id)  # looked at before all that the plan is made from
    reach = Reach(installation, partner.id, publication.id)

    def part_of(name: str) -> _Part:
        version = VersionKey.parse(name)
        try:
            return _part_of(installation, version, publication, partner, reach, now, without, shared)
        except Exception as error:  # one issue's trouble is no other's
            if not is_own(error):
                raise
            return _Part(broken=Held("issue.json", "render", reason_of(name, error), "", partner.id, name))

    parts = at_once(part_of, work.versions)
    shipments = [p.shipment for p in parts if p.shipment]
    changed = {VersionKey.parse(p.shipment.version).issue.date: p.items for p in parts if p.shipment}
    broken = [p.broken for p in parts if p.broken]
    days = Days(installation, publication, partner, changed, shared)
    late = late_days(days, now) if changed else ()
    files = pointers(days, late, now) if changed else ()
    files += tuple(replace(f, key=latest_key(f.key)) for s in shipments for f in s.files if is_articles(f.key))
    named = {VersionKey.parse(h.version).issue.date for h in broken}
    broken += [
        Held("ledger.json", "ledger", reason, "", partner.id, f"{publication.id}/{day}/v1")
        for day, reason in sorted(days.broken.items())
        if day not in named
    ]
    root = installation.root(partner, publication.id)
    written = {f.key for f in files}
    shipments = [replace(s, gone=left_over(installation.shelf_of(partner), root, s, written)) for s in shipments]
    return Plan(
        partner=partner.id,
        publication=publication.id,
        root=root,
        shipments=tuple(shipments),
        pointers=files,
        waiting=tuple(p.waiting for p in parts if p.waiting),
        private=tuple(guid for p in parts for guid in p.private),
        lifts=tuple(p.lift for p in parts if p.lift),
        base=base,
        at=now,
        late=late,
        broken=tuple(broken),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What a pending version is to a partner: ``shipment``, or ``waiting`` (its name), or ``broken``, or nothing.

    ``items`` are the partner's of the issue then; ``lift`` is when more of it may go out.
    """

    shipment: Shipment | None = None
    items: tuple[Item, ...] = ()
    private: tuple[str, ...] = ()
    waiting: str = ""
    lift: datetime | None = None
    broken: Held | None = None


def _part_of(
    installation: Installation,
    version: VersionKey,
    publication: Publication,
    partner: Partner,
    reach: Reach,
    now: datetime,
    without: Collection[str],
    shared: Shared,
) -> _Part:
    edition = shared.edition(version, publication)
    page = page_of(installation.store, partner.id, version.issue)
    if reach.is_out(version.issue) or (page and page.version > version.number):
        return _Part()  # nothing goes there any more, or another publisher was here with a newer one
    moment = waits_until(edition.items, partner, now)
    if moment and page is None:
        return _Part(waiting=str(version), lift=moment)
    known = {i.guid: i for i in items_at(installation.store, page, shared.out)} if page else {}
    share = shared.share(edition, partner, now, known, without)
    files = shared.items(edition, share, partner, installation.base_url(partner, publication.id))
    shipment = _ship(installation, edition, partner, page, share, files, moment)
    return _Part(shipment, share.items, tuple(sorted(share.private - set(without))), lift=moment)


def _ship(
    installation: Installation,
    edition: Edition,
    partner: Partner,
    page: LedgerPage | None,
    share: Share,
    files: tuple[File, ...],
    awaits: datetime | None,
) -> Shipment:
    version = VersionKey(IssueKey(edition.publication.id, edition.date), edition.version)
    sources = {e.guid: e.source for e in page.entries} if page else {}
    entries = [
        LedgerEntry(i.guid, i.version, i.status, sources[i.guid] if i.guid in share.stays else edition.version)
        for i in share.items
    ]
    ledger = LedgerPage(partner.id, str(version.issue), edition.version, False, tuple(entries), awaits)
    withdrawn = [i for i in share.shown if i.status is Status.CANCELED]
    fresh = [i for i in withdrawn if not is_told(i, page)]
    erased = erased_files(installation, edition, partner, fresh, withdrawn)
    return Shipment(str(version), files, ledger, erased, pictures=tuple(copies_of(share.shown)))


def copies_of(items: Iterable[Item]) -> Iterator[PictureCopy]:
    """The pictures that belong to a partner's items, and where the private store has them."""
    for file in picture_files(items):
        yield PictureCopy(file.key, keys.photo(file.digest, file.width))


def rendered(
    installation: Installation, version: VersionKey, partner: Partner
) -> tuple[tuple[File, ...], tuple[PictureCopy, ...]]:
    """The immutable objects of a stored version for a partner, whatever its filters are now, and its pictures."""
    edition = load_edition(installation.store, version, installation.publication(version.issue.publication))
    page = page_of(installation.store, partner.id, version.issue)
    had = [i for i in let_out(edition.items) if page and i.guid in page.guids]
    shown = tuple(seen_by(i, partner, edition.publication) for i in had)
    base = installation.base_url(partner, edition.publication.id)
    return render_items(replace(edition, items=shown), widened(partner, shown), base), tuple(copies_of(shown))
