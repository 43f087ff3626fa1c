"""The daily audit: ledger, manifests and buckets beside each other; what is missing is made again, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from broadsheet.desk import Desk
from broadsheet.life import pages_of, reopen
from broadsheet.syndication import pointers_now, rendered_again
from delivery.audit import Account, Named, compare, named_objects
from delivery.codec import json_file
from delivery.keys import IssueKey, VersionKey
from delivery.publish import put_changed
from transforms.errors import BroadsheetError
from transforms.model import Partner, Publication


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found at first, what it mended, and what it could not mend, in words."""

    day: date
    accounts: tuple[Account, ...]
    repaired: tuple[str, ...]
    reopened: tuple[str, ...]
    faults: tuple[str, ...]


def audit(desk: Desk, now: datetime, days: int = 7) -> Audit:
    """Compare all partners, mend what can be, and keep the record under ``audits/``.

    Of each partner's newest ``days`` days every object is read. Issues whose delivery is not complete are opened again
    for the next syndication.
    """
    accounts, repaired, reopened, faults = [], [], [], []
    for partner in desk.partners.values():
        for publication in desk.publications.values():
            try:
                found = account_of(desk, partner, publication, now, days)
                mended = list(_mend(desk, partner, publication, found, now))
            except BroadsheetError as error:  # one partner's store that does not answer holds up no other's audit
                faults.append(f"{partner.id} {publication.id}: {error}")
                continue
            accounts.append(found)
            repaired += [f"{partner.id} {key}" for key in mended]
            reopened += _reopened(desk, partner, found)
            faults += [f"{partner.id} {key} could not be made again" for key in found.broken if key not in mended]
    result = Audit(now.astimezone(UTC).date(), tuple(accounts), tuple(repaired), tuple(reopened), tuple(faults))
    put_changed(desk.store, json_file(f"audits/{result.day}.json", result, Audit))
    return result


def account_of(desk: Desk, partner: Partner, publication: Publication, now: datetime, days: int) -> Account:
    """What is wrong at one partner with one publication."""
    pages = [p for p in pages_of(desk, partner.id) if IssueKey.parse(p.issue).publication == publication.id]
    known = sorted(IssueKey.parse(p.issue).date for p in pages)
    pointers = {f.key: f.content for f in pointers_now(desk, partner, publication, now)} if known else {}
    root, shelf = desk.root(partner, publication.id), desk.shelf_of(partner)
    return compare(shelf, root, pages, partner.id, publication.id, pointers, known[-days:])


def _mend(desk: Desk, partner: Partner, publication: Publication, found: Account, now: datetime) -> Iterator[str]:
    """Keys that hold again what they should."""
    if not found.broken:
        return
    root, shelf = desk.root(partner, publication.id), desk.shelf_of(partner)
    named, _ = named_objects(shelf, root)
    for key in found.broken:
        one = named.get(key)
        if one and _made_again(desk, partner, publication, one, now):
            yield key
    for file in pointers_now(desk, partner, publication, now):
        if file.key in found.broken:
            put_changed(shelf, replace(file, key=root + file.key))
            yield file.key


def _made_again(desk: Desk, partner: Partner, publication: Publication, one: Named, now: datetime) -> bool:
    """Render an object anew and store it, if its digest is the one that the manifest holds."""
    version = VersionKey(IssueKey(publication.id, one.day), one.version)
    root, shelf = desk.root(partner, publication.id), desk.shelf_of(partner)
    for file in rendered_again(desk, partner, version, now):
        if file.key == one.key and hashlib.sha256(file.content).hexdigest() == one.sha256:
            put_changed(shelf, replace(file, key=root + file.key))
            return True
    return False


def _reopened(desk: Desk, partner: Partner, found: Account) -> list[str]:
    keys = [VersionKey.parse(v).issue for v in found.undelivered]
    return [f"{partner.id} {v}" for issue in keys if (v := reopen(desk, partner.id, issue))]
