"""Carries out a plan so that a partner who looks at any moment sees either the old state or the new one.

Order of writes: the ledger says what is coming; the immutable objects; the manifest that lists them with their
digests; the turn on the pointers is taken; the pointers, archives first and the feed of everything last; what is
erased; the ledger says that it is there. If it is killed at any point and run again, the same plan writes what is
missing and nothing else.

Two publishers at once: a plan knows the turn (``heads/``) before its own, and takes the next one only while that is
still the newest. Each pointer is written only if it has not changed since before the turn was taken, or while the
turn is still this plan's. So a plan made from an older state ends in Overtaken, or is overwritten by the newer one,
and never overwrites it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain, groupby

from delivery import keys
from delivery.codec import decode, json_file
from delivery.key_parts import checked_relative
from delivery.keys import IssueKey
from delivery.ledger import LedgerEntry, LedgerPage, changed_file
from delivery.manifests import manifest_file
from delivery.objects import TRIES, Placed, as_seen, put_changed, put_immutable, put_new, written_as
from delivery.parallel import at_once
from delivery.plan import Plan, Receipt, Shipment
from delivery.shipped import note_shipped
from delivery.store import Absent, Condition, Stat, Store, Unchanged
from transforms.errors import Conflict, NotFound, Overtaken, StoreError
from transforms.model import File, Status
from transforms.render.format import RECALLABLE
from transforms.render.keys import ALL, guid_of_key, is_archive, is_feed, pictures_of_day
from transforms.render.pictures import JPEG

AT_ONCE = 4  # issues that are written at once


@dataclass(frozen=True, slots=True)
class Head:
    """Whose turn it is to write a partner's pointers: a plan, identified by its digest, and the turn before it."""

    plan: str
    base: str


def turn_of(private: Store, partner: str, publication: str) -> str:
    """The ETag of the newest turn; empty if nothing was published yet."""
    stat = private.stat(keys.head(partner, publication))
    return stat.etag if stat else ""


def carry_out(private: Store, public: Store, plan: Plan) -> Receipt:
    """Write a plan. ``private``: the store of records. ``public``: the partner's bucket.

    Raises StoreError if the store fails; running it again completes the work. Raises Overtaken if something newer
    was published since the plan was made; then the plan must be made again.
    """
    at_once(partial(_announce, private), [s.page for s in plan.shipments], AT_ONCE)
    pointers = sorted((_placed(f, plan.root) for f in plan.pointers), key=lambda f: _pointer_order(f, plan.root))
    seen = public.stat_all([f.key for f in pointers]) if plan.base else [None] * len(pointers)  # first turn: none yet
    sent = at_once(partial(_send, private, public, plan), plan.shipments, AT_ONCE)
    written, total = sum(new for new, _ in sent), sum(count for _, count in sent)
    if pointers:
        head = Head(_digest(plan), plan.base)
        _take_turn(private, plan, head)
        _note_late(private, plan)
        written += _put_pointers(private, public, plan, list(zip(pointers, seen, strict=True)), head)
        _check_turn(private, plan, head)  # a store without conditional writes may have let us write over a newer state
    # Withdrawn text goes after the pointers that named it: until then a reader who follows them finds what they say.
    for file in (f for shipment in plan.shipments for f in shipment.erased):
        written += put_changed(public, _placed(file, plan.root))
        total += 1
    public.delete([plan.root + checked_relative(key) for s in plan.shipments for key in s.gone])
    strays = at_once(partial(_stray_pictures, public, plan.root), plan.shipments, AT_ONCE)
    public.delete(list(chain.from_iterable(strays)))
    now = datetime.now(UTC).replace(microsecond=0)
    at_once(lambda s: amend(private, s.page, lambda old: _delivered(old, now)), plan.shipments, AT_ONCE)
    return Receipt(written, total + len(pointers) - written)


def _send(private: Store, public: Store, plan: Plan, shipment: Shipment) -> tuple[int, int]:
    """Write a version's objects and then their manifest; how many were new, of how many."""
    pictures, copied = _put_pictures(private, public, plan, shipment)
    stored, new = put_immutable(public, [_placed(f, plan.root) for f in shipment.files])
    stored = sorted([*stored, *pictures], key=lambda p: p.key)
    return copied + new + put_new(public, manifest_file(plan, shipment, stored)), len(stored) + 1


def _put_pictures(private: Store, public: Store, plan: Plan, shipment: Shipment) -> tuple[list[Placed], int]:
    """Copy the pictures that are not there, one at a time; what the store holds of all, and how many were new."""
    there: list[Placed] = []
    copied: list[str] = []
    wanted = [(plan.root + checked_relative(p.key), p.source) for p in shipment.pictures]
    for (key, source), stat in zip(wanted, public.stat_all([key for key, _ in wanted]), strict=True):
        if stat and stat.sha256:
            there.append(Placed(key, stat.sha256, stat.size, JPEG))
            continue
        file = File(key, private.get(source).content, JPEG, RECALLABLE, {"guid": guid_of_key(key[len(plan.root) :])})
        copied += [key] if put_new(public, file) else []
        there.append(written_as(file))
    _take_back(private, public, plan.root, shipment, copied)
    return there, len(copied)


def _take_back(private: Store, public: Store, root: str, shipment: Shipment, copied: Sequence[str]) -> None:
    """Delete what was just copied of articles that were withdrawn meanwhile.

    A withdrawal says so in the ledger before it looks for pictures to delete: it finds ours, or we find its note.
    """
    now = _page_now(private, shipment.page)[0] if copied else None
    withdrawn = {e.guid for e in now.entries if e.status is Status.CANCELED} if now else set()
    public.delete([key for key in copied if guid_of_key(key[len(root) :]) in withdrawn])


def _stray_pictures(public: Store, root: str, shipment: Shipment) -> list[str]:
    """Pictures of the issue's articles that the partner may not have (any more): withdrawn, replaced, not granted."""
    kept = {root + picture.key for picture in shipment.pictures}
    starts = sorted({root + pictures_of_day(guid) for guid in shipment.page.guids})
    return [stat.key for start in starts for stat in public.list(start) if stat.key not in kept]


def _announce(private: Store, page: LedgerPage) -> None:
    """Say in the ledger what is coming, before anything of it is in the partner's reach."""
    note_shipped(private, datetime.now(UTC).date(), page.partner, IssueKey.parse(page.issue))

    def coming(old: LedgerPage | None) -> LedgerPage:
        if old is None:
            return page
        if old.version > page.version:
            raise Overtaken(f"{page.partner} has version {old.version} of {page.issue}: {page.version} is too late")
        new = replace(page, entries=_remembered(old, page))
        return old if replace(new, delivered=True) == old else new

    amend(private, page, coming)


def _remembered(old: LedgerPage, page: LedgerPage) -> tuple[LedgerEntry, ...]:
    """The page's entries; unchanged ones keep their delivery times."""
    told = {(e.guid, e.version, e.status): e for e in old.entries}

    def remembered(entry: LedgerEntry) -> LedgerEntry:
        known = told.get((entry.guid, entry.version, entry.status))
        if known is None:
            return entry
        return replace(entry, notified=known.notified, quiet=known.quiet, delivered_at=known.delivered_at)

    return tuple(map(remembered, page.entries))


def amend(private: Store, page: LedgerPage, change: Callable[[LedgerPage | None], LedgerPage | None]) -> None:
    """Change a ledger page, from its present state (None: there is none) to what ``change`` makes of that.

    No concurrent change is lost: ``change`` is called again with the newer state. If it returns None, nothing is
    written. Raises StoreError if others keep changing the page.
    """
    for _ in range(TRIES):
        old, condition = _page_now(private, page)
        new = change(old)
        if new is None or new == old:
            return
        try:
            private.put(new.file(), condition)
        except Conflict:
            continue
        return
    raise StoreError(f"the ledger's page of {page.partner}, {page.issue} was changed by others {TRIES} times")


def _page_now(private: Store, page: LedgerPage) -> tuple[LedgerPage | None, Condition]:
    key = keys.ledger(page.partner, IssueKey.parse(page.issue))
    try:
        blob = private.get(key)
    except NotFound:
        return None, Absent()
    return decode(LedgerPage, blob.content, key), Unchanged(blob.etag)


def _delivered(old: LedgerPage | None, now: datetime) -> LedgerPage | None:
    if old is None:
        return None
    entries = tuple(e if e.delivered_at else replace(e, delivered_at=now) for e in old.entries)
    return replace(old, delivered=True, entries=entries)


def _digest(plan: Plan) -> str:
    """What a plan is known by: all that it writes, and what it was made after."""
    files = [*plan.pointers, *(f for s in plan.shipments for f in s.files)]
    lines = [f"{f.key} {hashlib.sha256(f.content).hexdigest()}" for f in files]
    return hashlib.sha256("\n".join([plan.base, *(s.version for s in plan.shipments), *lines]).encode()).hexdigest()


def _take_turn(private: Store, plan: Plan, head: Head) -> None:
    """Take the turn after the one that the plan was made after. Raises Overtaken if another plan has it."""
    file = json_file(keys.head(plan.partner, plan.publication), head, Head)
    try:
        private.put(file, Unchanged(plan.base) if plan.base else Absent())
    except (Conflict, NotFound) as error:
        _check_turn(private, plan, head, error)


def _note_late(private: Store, plan: Plan) -> None:
    """Remember the older days that the live feeds speak of: the next plan looks at them again."""
    file = changed_file(plan.partner, plan.publication, plan.late)
    if plan.late or private.stat(file.key):
        put_changed(private, file)


def _check_turn(private: Store, plan: Plan, head: Head, cause: Exception | None = None) -> None:
    key = keys.head(plan.partner, plan.publication)
    try:
        now = decode(Head, private.get(key).content, key)
    except NotFound:
        now = None
    if now != head:
        raise Overtaken(f"{plan.partner}, {plan.publication}: a newer state is being published") from cause


Pointer = tuple[File, Stat | None]


def _put_pointers(private: Store, public: Store, plan: Plan, pointers: Sequence[Pointer], head: Head) -> int:
    """Write the pointers that differ, rank by rank; how many there were."""
    changed = [p for p in pointers if not (p[1] and p[1].holds(p[0]))]
    for _, rank in groupby(changed, key=lambda p: _pointer_order(p[0], plan.root)[0]):
        for file, answer in public.put_all((f, as_seen(stat)) for f, stat in rank):
            if isinstance(answer, Conflict):
                _put_in_turn(private, public, plan, file, head)
            elif isinstance(answer, StoreError):
                raise answer
    return len(changed)


def _put_in_turn(private: Store, public: Store, plan: Plan, file: File, head: Head) -> None:
    """Write a pointer that somebody else wrote meanwhile, as long as the turn is ours."""
    for _ in range(TRIES):
        stat = public.stat(file.key)
        # The turn is looked at after the pointer: had a newer plan written it since, it would have the turn by now.
        _check_turn(private, plan, head)
        if stat and stat.holds(file):
            return
        try:
            public.put(file, as_seen(stat))
        except Conflict:
            continue
        return
    raise StoreError(f"{file.key} was changed by others {TRIES} times")


def _placed(file: File, root: str) -> File:
    return replace(file, key=root + checked_relative(file.key))


def _pointer_order(file: File, root: str) -> tuple[int, str]:
    """Vocabulary and pages, archives, feeds by section, then the feeds of everything, which most partners poll."""
    key = file.key.removeprefix(root)
    if not is_feed(key):
        return 0, key
    if is_archive(key):
        return 1, key
    return (3 if key.startswith(f"{ALL}.") else 2), key
