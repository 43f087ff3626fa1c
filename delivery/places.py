"""Where partners' files were ever written: what a withdrawal must reach, whatever partners' files say now.

``places/<partner>.json`` is a partner's record at the time when something was last published for it. It outlives
the partner's file: a partner whose file was removed still gets corrections and withdrawals of what it had. A
changed destination takes effect when the partner is moved (``partner move``); until then its files go where they
went before, so that no copy is ever forgotten.

The records of a place that is given up are kept under a name of their own, ``<partner>--<n>``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from delivery import keys
from delivery.codec import decode, json_file
from delivery.objects import put_changed
from delivery.parallel import at_once
from delivery.store import Store
from transforms.errors import NotFound
from transforms.model import Partner


@dataclass(frozen=True, slots=True)
class Place:
    """Where a partner's files are: its record with ``bucket`` and ``prefix`` filled in.

    ``gone``: what became of the files if they are not there any longer: ``deleted``, or ``abandoned`` (out of
    reach). ``known_as``: the partner's own id, if the records of the place are under another name.
    """

    partner: Partner
    gone: str = ""
    known_as: str = ""

    @property
    def address(self) -> tuple[str, str, str]:
        """Connection, bucket and prefix."""
        return self.partner.connection, self.partner.bucket, self.partner.prefix


def find(store: Store, partner: str) -> Place | None:
    """The place of a partner; None if nothing was ever published for it."""
    key = keys.place(partner)
    try:
        return decode(Place, store.get(key).content, key)
    except NotFound:
        return None


def note(store: Store, place: Place) -> bool:
    """Record a place before anything is written there; whether anything about it is new."""
    return put_changed(store, json_file(keys.place(place.partner.id), place, Place))


def known(store: Store) -> list[str]:
    """The ids of all partners for which anything was ever published, sorted."""

    def noted() -> list[str]:
        return [s.key.removeprefix(keys.PLACES).removesuffix(".json") for s in store.list(keys.PLACES)]

    def in_ledger() -> list[str]:  # which also knows partners from before places were kept
        return list(store.folders(keys.LEDGERS))

    return sorted({name for names in at_once(lambda look: look(), [noted, in_ledger]) for name in names})


def settled(partner: Partner, place: Place | None, bucket: str) -> Partner:
    """The record that is in force: with the destination that the partner's files have, until the partner is moved.

    ``bucket``: the one for partners whose file names none.
    """
    if place is None or place.gone or place.address == address(partner, bucket):
        return partner
    was = place.partner
    return replace(
        partner,
        connection=was.connection,
        bucket=was.bucket,
        prefix=was.prefix,
        base_url=was.base_url,
        access=was.access,
    )


def address(partner: Partner, bucket: str) -> tuple[str, str, str]:
    """Connection, bucket and prefix of a record. ``bucket``: the one for partners whose file names none."""
    return partner.connection, partner.bucket or bucket, partner.prefix or partner.id


def written_out(partner: Partner, bucket: str) -> Partner:
    """The record with bucket and prefix filled in, so that it means the same if settings change."""
    _, where, prefix = address(partner, bucket)
    return replace(partner, bucket=where, prefix=prefix)


def former(store: Store, partner: str) -> Partner:
    """A partner whose file was removed: it gets nothing new, but still gets corrections and withdrawals of what it
    had.
    """
    return former_at(find(store, partner), partner)


def former_at(place: Place | None, partner: str) -> Partner:
    """The same for a place that is known already."""
    record = place.partner if place else Partner(partner, partner)
    return replace(record, id=partner, former=True)


def known_as(store: Store, partner: str) -> str:
    """The id that a partner has for itself, whatever name the records of its place are under."""
    place = find(store, partner)
    return (place and place.known_as) or partner


def free_name(store: Store, partner: str) -> str:
    """An unused name for the records of a place that a partner gives up."""
    taken = set(known(store))
    return next(name for name in _names(partner) if name not in taken)


def _names(partner: str) -> Iterator[str]:
    number = 1
    while True:
        yield f"{partner[:56]}--{number}"
        number += 1
