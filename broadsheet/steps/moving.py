"""Partners that leave or move: what happens to the files that they have, decided once and recorded.

The records (ledger, turns) of a place that is given up continue under a name of their own, ``<partner>--<n>``. So a
withdrawal still finds the copies that were kept, and its proof says what became of the others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from itertools import chain, islice

from broadsheet.installation import Installation
from broadsheet.steps.pointers import Days, late_days, pointers
from delivery import keys, places
from delivery.codec import decode, plain_json
from delivery.keys import IssueKey
from delivery.ledger import LedgerPage, days_of, items_at, page_of
from delivery.objects import put_changed
from delivery.plan import Plan
from delivery.publish import carry_out, turn_of
from delivery.store import DIGEST, Store
from transforms.errors import BadInput
from transforms.model import File, Partner
from transforms.render.format import RECALLABLE
from transforms.render.keys import MANIFESTS, PICTURES


class Files(StrEnum):
    """What happens to a partner's files at the place that it leaves.

    KEEP: they stay and get corrections and withdrawals. DELETE: they are deleted. ABANDON: they are out of our
    reach, so that nothing can be done about them; the partner starts again without them.
    """

    KEEP = "keep"
    DELETE = "delete"
    ABANDON = "abandon"


def remove(installation: Installation, partner_id: str, files: Files) -> int:
    """Remove a partner; returns the number of objects deleted. Run again, it completes itself. Raises BadInput."""
    partner = installation.partner(partner_id)
    places.note(installation.store, places.Place(places.written_out(partner, installation.bucket)))
    if files is Files.KEEP:
        return 0
    deleted = _delete(installation, partner) if files is Files.DELETE else 0
    _retire(installation, partner, files)
    return deleted


def move(installation: Installation, partner_id: str, files: Files, now: datetime) -> int:
    """Move a partner to the destination that its file names; returns the number of objects copied.

    Raises BadInput if its files are at that destination. Killed at any point and run again, it completes itself.
    """
    old, new = installation.partner(partner_id), installation.partners.get(partner_id)
    if new is None or places.address(old, installation.bucket) == places.address(new, installation.bucket):
        raise BadInput(f"{partner_id} is already where its file says: change destination in the file first")
    copied = 0 if files is Files.ABANDON else sum(_copy(installation, old, new, p) for p in _papers(installation, old))
    _retire(installation, old, files, copy=files is not Files.ABANDON)
    installation.note_place(new)
    installation.open_public()
    if files is not Files.ABANDON:
        for publication in _papers(installation, old):
            _rewrite(installation, new, publication, now)
    if files is Files.DELETE:
        _delete(installation, old)
    return copied


def _papers(installation: Installation, partner: Partner) -> list[str]:
    """The newspapers of which a partner ever had something."""
    return [p for p in installation.store.folders(keys.ledgers(partner.id)) if p in installation.publications]


def _copy(installation: Installation, old: Partner, new: Partner, publication: str) -> int:
    source, target = installation.shelf_of(old), installation.shelf_of(new)
    root, there = installation.root(old, publication), installation.root(new, publication)
    before, after = (f"{installation.base_url(p, publication)}/{PICTURES}".encode() for p in (old, new))
    count = 0
    changed: dict[str, bytes] = {}  # by the digest that manifests name, what stands there now
    others = (s for s in source.list(root) if not s.key.startswith(root + MANIFESTS))
    for stat in chain(others, source.list(root + MANIFESTS)):  # these name the digests of the others
        blob = source.get(stat.key)
        metadata = {name: value for name, value in blob.metadata if name != DIGEST}
        content = blob.content
        if stat.key.startswith(root + MANIFESTS):
            content = _restated(content, changed)
        elif before in content:  # items name where their pictures are
            content = content.replace(before, after)
            changed[hashlib.sha256(blob.content).hexdigest()] = content
        file = File(there + stat.key[len(root) :], content, blob.media_type, RECALLABLE, metadata)
        count += put_changed(target, file)
    return count


def _restated(manifest: bytes, changed: Mapping[str, bytes]) -> bytes:
    """A manifest with the digests and sizes of the objects whose addresses were changed."""
    if not any(digest.encode() in manifest for digest in changed):
        return manifest
    record = json.loads(manifest)
    for entry in record["objects"]:
        content = changed.get(entry["sha256"])
        if content is not None:
            entry |= {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    return plain_json("", record).content


def _rewrite(installation: Installation, partner: Partner, publication_id: str, now: datetime) -> None:
    """The feeds and pages of all days again, since they name addresses."""
    publication = installation.publication(publication_id)
    pages = [
        (day, page_of(installation.store, partner.id, IssueKey(publication_id, day)))
        for day in days_of(installation.store, partner.id, publication_id)
    ]
    days = Days(installation, publication, partner, {d: items_at(installation.store, p) for d, p in pages if p})
    late = late_days(days, now)
    base = turn_of(installation.store, partner.id, publication_id)
    root = installation.root(partner, publication_id)
    plan = Plan(partner.id, publication_id, root, (), pointers(days, late, now), base=base, at=now, late=late)
    carry_out(installation.store, installation.shelf_of(partner), plan)


def _retire(installation: Installation, partner: Partner, files: Files, copy: bool = False) -> None:
    """Put the books of a place under a name of their own; with ``copy`` the partner keeps them too."""
    gone = {Files.KEEP: "", Files.DELETE: "deleted", Files.ABANDON: "abandoned"}[files]
    store, name = installation.store, places.free_name(installation.store, partner.id)
    told = () if copy else partner.webhooks  # whoever goes on elsewhere is told there
    record = replace(places.written_out(partner, installation.bucket), id=name, webhooks=told, hub="", former=True)
    places.note(store, places.Place(record, gone, partner.id))
    books = list(_books(store, partner.id, name))
    for _, file in books:
        put_changed(store, file)
    if not copy:
        store.delete([*(key for key, _ in books), keys.place(partner.id)])


def _books(store: Store, partner: str, name: str) -> Iterator[tuple[str, File]]:
    """Everything that is kept of a partner's place: the key of each record, and the record under the other name."""
    for prefix in keys.books(partner):
        for stat in store.list(prefix):
            blob = store.get(stat.key)
            key = stat.key.replace(prefix, prefix.replace(partner, name), 1)
            file = File(key, blob.content, blob.media_type, "private, no-store")
            if prefix == keys.ledgers(partner) and not key.endswith("/ended.json"):
                file = replace(decode(LedgerPage, blob.content, stat.key), partner=name).file()
            yield stat.key, file


def _delete(installation: Installation, partner: Partner) -> int:
    """Delete everything below a partner's prefix."""
    shelf = installation.shelf_of(partner)
    count, prefix = 0, f"{partner.prefix or partner.id}/"
    while found := [s.key for s in islice(shelf.list(prefix), 1000)]:
        shelf.delete(found)
        count += len(found)
    return count
