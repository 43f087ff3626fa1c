"""Rights that expire: what a partner may have only for some days is removed from its prefix after that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from broadsheet.installation import Installation
from broadsheet.steps.contain import reason_of
from broadsheet.steps.pending import Work
from broadsheet.steps.pointers import pointers_of
from delivery.keys import IssueKey, VersionKey
from delivery.ledger import Calendar, Ended, days_of, ended, items_at, note_ended, page_of
from delivery.plan import Plan
from delivery.publish import carry_out, turn_of
from delivery.shipped import KEPT, shipped_since
from transforms.audience.selection import rights_end
from transforms.errors import StoreError
from transforms.lifecycle.identity import opening_time
from transforms.model import Partner, Publication
from transforms.render.keys import of_article, of_issue

MARGIN = timedelta(days=2)  # an issue opens some hours before or after its day begins in UTC


def end_rights(installation: Installation, now: datetime) -> list[str]:
    """Withdraw every issue for which a partner's rights have expired; returns ``partner publication/date`` of each.

    Raises StoreError, naming those for whom it failed, after all others are done. Killed at any point and run
    again, it completes itself: what ends is recorded first.
    """
    partners, faults = installation.everyone()
    pairs = [(a, b) for a in partners if a.expires_days for b in installation.publications.values()]
    done: list[str] = []
    failed = [f"{name}: {reason}" for name, reason in faults.items()]
    for partner, paper in pairs:
        try:
            done += [f"{partner.id} {paper.id}/{day}" for day in _end(installation, partner, paper, now)]
        except Exception as error:  # one partner's trouble, its store's too, is no other's
            failed.append(f"{partner.id} {paper.id}: {reason_of(f'{partner.id} {paper.id}', error)}")
    if failed:
        raise StoreError("rights could not be ended: " + " | ".join(failed))
    return done


def ends(installation: Installation, work: Work, now: datetime) -> list[datetime]:
    """When the rights in what a partner is sent now will expire, so that a run can be scheduled."""
    partner, publication = installation.partner(work.partner), installation.publication(work.publication)
    days = {VersionKey.parse(version).issue.date for version in work.versions}
    found = {rights_end(opening_time(publication, day), partner) for day in days}
    return sorted(end for end in found if end is not None and end > now)


def _end(installation: Installation, partner: Partner, publication: Publication, now: datetime) -> list[date]:
    known = ended(installation.store, partner.id, publication.id)
    days = _days(installation, partner, publication, known, now)
    if not days and known == Ended():
        return []  # it never had anything
    over = {d for d in days if _is_over(d, partner, publication, now)}
    record = Ended(tuple(sorted({*known.days, *over})), known.gone, _surely_over(partner, now))
    if record != known:
        note_ended(installation.store, partner.id, publication.id, record)
    left = sorted(set(record.days) - set(record.gone))
    if left:
        _clear(installation, partner, publication, left, now)
        note_ended(installation.store, partner.id, publication.id, replace(record, gone=record.days))
    return left


def _days(
    installation: Installation, partner: Partner, publication: Publication, known: Ended, now: datetime
) -> list[date]:
    """The days whose rights may have ended since the last check; all days if that was long ago.

    Those are the days that time has come to since, and older ones that went out lately.
    """
    store, last = installation.store, _surely_over(partner, now) + 2 * MARGIN
    if known.through is None or last - known.through > KEPT:
        return days_of(store, partner.id, publication.id)
    lately = shipped_since(store, partner.id, publication.id, now.date() - KEPT, now.date())
    near = Calendar(store, partner.id, publication.id).between(known.through, last)
    return sorted({*near, *lately} - set(known.days))


def _surely_over(partner: Partner, now: datetime) -> date:
    """A day whose rights have ended wherever the newspaper appears, as have those of all days before it."""
    oldest = now.date() - date.min - 2 * MARGIN
    return now.date() - min(timedelta(days=partner.expires_days), oldest) - MARGIN


def _is_over(day: date, partner: Partner, publication: Publication, now: datetime) -> bool:
    end = rights_end(opening_time(publication, day), partner)
    return end is not None and end <= now


def _clear(
    installation: Installation, partner: Partner, publication: Publication, gone: Sequence[date], now: datetime
) -> None:
    """Feeds without these days first, then the objects that nothing names any more."""
    root, shelf = installation.root(partner, publication.id), installation.shelf_of(partner)
    # The oldest archive that is left must not lead back to one that is gone.
    oldest = Calendar(installation.store, partner.id, publication.id).after(gone[-1])
    page = page_of(installation.store, partner.id, IssueKey(publication.id, oldest)) if oldest else None
    changed = {oldest: items_at(installation.store, page)} if oldest and page else {}
    base = turn_of(installation.store, partner.id, publication.id)
    files = pointers_of(installation, publication, partner, changed, now)
    carry_out(installation.store, shelf, Plan(partner.id, publication.id, root, (), files, base=base))
    for day in gone:
        starts = _starts(installation, partner, IssueKey(publication.id, day))
        shelf.delete([stat.key for start in starts for stat in shelf.list(root + start)])


def _starts(installation: Installation, partner: Partner, issue: IssueKey) -> list[str]:
    """How the keys below a partner's root begin that belong to an issue and nothing else."""
    page = page_of(installation.store, partner.id, issue)
    own = [start for guid in page.guids for start in of_article(guid)] if page else []
    return [*own, *of_issue(issue.date)]
