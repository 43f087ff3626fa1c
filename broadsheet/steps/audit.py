"""The daily audit: is what the ledger and the manifests promise in each partner's bucket, and nothing else?

What is missing or damaged is made again from the stored issue and put back where its bytes are those of the manifest;
what cannot be made is told. Nothing that is extra is deleted: a person decides that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from broadsheet.installation import Installation
from broadsheet.steps.changes import mark_pending, resend
from broadsheet.steps.contain import reason_of
from broadsheet.steps.notify import is_unannounced
from broadsheet.steps.rendering import rendered
from delivery import keys
from delivery.codec import json_file
from delivery.keys import IssueKey, VersionKey
from delivery.ledger import LedgerPage, days_of, page_of
from delivery.manifests import Promise, read_manifest
from delivery.store import Store
from transforms.guid import compact
from transforms.model import File, Partner, Publication, Status
from transforms.render.format import RECALLABLE
from transforms.render.keys import IMMUTABLE, is_carrier, is_picture, manifest_key, of_article
from transforms.render.pictures import JPEG
from transforms.render.registry import taken

NEWS = timedelta(days=2)  # what a partner has had for longer is no news to it any more


@dataclass(frozen=True, slots=True)
class Findings:
    """What an audit found at one partner of one newspaper; keys below the partner's root."""

    partner: str
    publication: str
    looked_at: int
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()
    resent: tuple[str, ...] = ()  # versions that syndicate_issue has to send once more
    failed: str = ""  # why the audit itself could not be carried out

    @property
    def lost(self) -> tuple[str, ...]:
        """What is wrong and could not be mended."""
        own = (f"the audit failed: {self.failed}",) if self.failed else ()
        return (*own, *sorted({*self.missing, *self.damaged} - set(self.repaired)))


@dataclass
class _Books:
    """What should be below a partner's root: objects with their promises, and keys that may have changed since."""

    promised: dict[str, tuple[VersionKey, Promise]] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    manifests: set[str] = field(default_factory=set)
    unsettled: set[date] = field(default_factory=set)
    newest: VersionKey | None = None
    unannounced: list[VersionKey] = field(default_factory=list)


def audit(installation: Installation, day: date, deep: bool = False) -> list[Findings]:
    """Look at every partner and keep what was found as ``audits/<day>.json``; ``deep`` reads every byte back."""
    pairs = [(a, b) for a in installation.everyone() for b in installation.publications.values()]
    found = [one for partner, paper in pairs if (one := _contained(installation, partner, paper, day, deep))]
    installation.store.put(json_file(keys.audit(day), found, list[Findings]))
    return found


def _contained(
    installation: Installation, partner: Partner, publication: Publication, day: date, deep: bool
) -> Findings | None:
    try:
        if not days_of(installation.store, partner.id, publication.id):
            return None
        return _audit(installation, partner, publication, day, deep)
    except Exception as error:  # one partner's trouble, its store's too, is no other's
        reason = reason_of(f"audit of {partner.id} {publication.id}", error)
        return Findings(partner.id, publication.id, 0, failed=reason)


def _audit(installation: Installation, partner: Partner, publication: Publication, day: date, deep: bool) -> Findings:
    root, shelf = installation.root(partner, publication.id), installation.shelf_of(partner)
    books = _books(installation, partner, publication, datetime.combine(day, time.min, UTC) - NEWS)
    there = {s.key[len(root) :]: s.size for s in shelf.list(root)}
    missing = [key for key in books.promised if key not in there]
    damaged = [k for k, (_, p) in books.promised.items() if k in there and _differs(shelf, root + k, there[k], p, deep)]
    repaired = [
        key for key in (*missing, *damaged) if _repair(installation, partner, publication, key, *books.promised[key])
    ]
    feeds = [key for form in taken(partner.formats) for key in form.landmarks if key not in there]
    sent = resend(installation, partner.id, books.newest.issue) if feeds and books.newest else None
    for version in books.unannounced:
        mark_pending(installation, version)
    return Findings(
        partner.id,
        publication.id,
        len(there),
        tuple(sorted([*missing, *feeds])),
        tuple(sorted(damaged)),
        tuple(sorted(key for key in there if _is_extra(key, books))),
        tuple(sorted([*repaired, *(feeds if sent else [])])),
        tuple(sorted({str(v) for v in (*books.unannounced, sent) if v})),
    )


def _books(installation: Installation, partner: Partner, publication: Publication, news: datetime) -> _Books:
    books = _Books()
    root, shelf = installation.root(partner, publication.id), installation.shelf_of(partner)
    for day in days_of(installation.store, partner.id, publication.id):
        page = page_of(installation.store, partner.id, IssueKey(publication.id, day))
        if page is None or not page.delivered:
            books.unsettled.add(day)  # it is being published: neither missing nor extra
            continue
        books.newest = VersionKey(IssueKey(publication.id, day), page.version)
        books.unannounced += [books.newest] if is_unannounced(installation, partner, page, news) else []
        books.manifests |= {manifest_key(day, number) for number in range(1, page.version + 1)}
        for version, promise in _promises(shelf, root, page):
            gone = _is_erased(promise.key, page)
            books.erased |= {promise.key} if gone else set()
            books.promised |= {} if gone else {promise.key: (version, promise)}
    return books


def _promises(shelf: Store, root: str, page: LedgerPage) -> Iterator[tuple[VersionKey, Promise]]:
    """What the manifests of all versions of an issue name."""
    issue = IssueKey.parse(page.issue)
    for number in range(1, page.version + 1):
        for promise in read_manifest(shelf, root, issue.date, number):
            if number == page.version or not is_picture(promise.key):  # pictures go when articles lose them
                yield VersionKey(issue, number), promise


def _is_erased(key: str, page: LedgerPage) -> bool:
    """Whether the text of an object was taken out since, because what it told was withdrawn."""
    withdrawn = [e.guid for e in page.entries if e.status is Status.CANCELED]
    own = tuple(start for guid in withdrawn for start in of_article(guid))
    return bool(withdrawn) and (is_carrier(key) or key.startswith(own))


def _differs(shelf: Store, key: str, size: int, promise: Promise, deep: bool) -> bool:
    if size != promise.size:
        return True
    return deep and hashlib.sha256(shelf.get(key).content).hexdigest() != promise.sha256


def _repair(
    installation: Installation,
    partner: Partner,
    publication: Publication,
    key: str,
    version: VersionKey,
    promise: Promise,
) -> bool:
    """Put an object back as it was published, where it can still be made so; whether it could."""
    files, pictures = rendered(installation, version, partner)
    file = next((f for f in files if f.key == key), None)
    picture = next((p for p in pictures if p.key == key), None)
    if picture and installation.store.stat(picture.source):
        file = File(key, installation.store.get(picture.source).content, JPEG, RECALLABLE)
    if file is None or hashlib.sha256(file.content).hexdigest() != promise.sha256:
        return False
    installation.shelf_of(partner).put(replace(file, key=installation.root(partner, publication.id) + key))
    return True


def _is_extra(key: str, books: _Books) -> bool:
    """Whether nobody knows an object: no manifest names it, and its issue is not being published."""
    if (
        not key.startswith(IMMUTABLE)
        or key.rpartition("/")[2].startswith("latest.")
        or key in books.promised
        or key in books.erased
    ):
        return False
    if key in books.manifests:
        return False
    return not any(day.isoformat() in key or f"_{compact(day)}_" in key for day in books.unsettled)
