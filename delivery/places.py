"""The places that partners' files were ever written to: what a withdrawal must reach, whatever the records say now.

``places/<partner>.json`` holds a partner's record as it was when something was last published for it. It outlives the
record: a partner whose file was removed is served from it with corrections and withdrawals of what it had. A changed
destination takes effect when the partner is moved (``partner move``); until then its files go where they went before,
so that no copy is ever forgotten.

A place that is given up keeps its books under a name of its own, ``<partner>--<n>``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from delivery import keys
from delivery.codec import decode, json_file
from delivery.objects import put_changed
from delivery.store import Store
from transforms.errors import NotFound
from transforms.model import Partner


@dataclass(frozen=True, slots=True)
class Place:
    """Where a partner's files are: its record with ``bucket`` and ``prefix`` written out.

    ``gone`` says what became of the files if they are not there any more: ``deleted``, or ``abandoned`` (out of reach).
    ``known_as`` is the partner's own id if the books of the place go under another name.
    """

    partner: Partner
    gone: str = ""
    known_as: str = ""

    @property
    def address(self) -> tuple[str, str, str]:
        return self.partner.connection, self.partner.bucket, self.partner.prefix


def find(store: Store, partner: str) -> Place | None:
    """The place of a partner; None if nothing was ever published for it."""
    key = keys.place(partner)
    try:
        return decode(Place, store.get(key).content, key)
    except NotFound:
        return None


def note(store: Store, place: Place) -> bool:
    """Keep a place, before anything is written there; whether anything of it is new."""
    return put_changed(store, json_file(keys.place(place.partner.id), place, Place))


def known(store: Store) -> list[str]:
    """The ids of all partners that anything was ever published for, in order."""
    noted = (s.key.removeprefix(keys.PLACES).removesuffix(".json") for s in store.list(keys.PLACES))
    return sorted({*noted, *store.folders(keys.LEDGERS)})  # the ledger also knows partners from before places were kept


def settled(partner: Partner, place: Place | None, bucket: str) -> Partner:
    """The record as it is carried out: with the destination that the partner's files have, until it is moved."""
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
    """Connection, bucket and prefix of a record; ``bucket`` is the installation's own."""
    return partner.connection, partner.bucket or bucket, partner.prefix or partner.id


def written_out(partner: Partner, bucket: str) -> Partner:
    """The record with its bucket and prefix written out, so that it means the same under other settings."""
    _, where, prefix = address(partner, bucket)
    return replace(partner, bucket=where, prefix=prefix)


def former(store: Store, partner: str) -> Partner:
    """A partner without a record of its own: it takes nothing new and keeps hearing of what it had."""
    place = find(store, partner)
    record = place.partner if place else Partner(partner, partner)
    return replace(record, id=partner, former=True)


def known_as(store: Store, partner: str) -> str:
    """The id by which a partner knows itself, whatever name the books of its place go under."""
    place = find(store, partner)
    return (place and place.known_as) or partner


def free_name(store: Store, partner: str) -> str:
    """A name for the books of a place that a partner gives up."""
    taken = set(known(store))
    return next(name for name in _names(partner) if name not in taken)


def _names(partner: str) -> Iterator[str]:
    number = 1
    while True:
        yield f"{partner[:56]}--{number}"
        number += 1
