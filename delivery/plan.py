"""What is to be written for a partner: versions of issues on their way, and the pointers to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from delivery.ledger import LedgerPage
from delivery.quarantine import Held
from transforms.model import File


@dataclass(frozen=True, slots=True)
class PictureCopy:
    """A picture's file at a partner: its key below the root, and where the private store has its bytes."""

    key: str
    source: str


@dataclass(frozen=True, slots=True)
class Shipment:
    """One version of an issue on its way to a partner: its objects (keys below the root) and its ledger page.

    ``erased`` are older objects whose text was withdrawn, as they will be from now on: the one exception to the rule
    that such objects never change. ``gone`` are keys of feeds and pages that name a withdrawn article and are written
    no more, because the partner's record has changed: they are deleted. ``pictures`` are all that the partner may have
    with the issue's articles: any other that came out with them is deleted.
    """

    version: str
    files: tuple[File, ...]
    page: LedgerPage
    erased: tuple[File, ...] = ()
    gone: tuple[str, ...] = ()
    pictures: tuple[PictureCopy, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is to be written for one partner and publication; ``held`` is what does not go out, and why.

    ``broken`` are whole versions that could not be rendered, each named; they stay pending.

    ``waiting`` names the versions that the partner may not have yet, ``private`` the articles that the desk must see,
    ``lifts`` the moments at which more may be had. ``base`` is the ETag of the turn that it was made after (empty:
    there was none), ``at`` when it was made. ``late`` are older days of which the live feeds carry changes.
    """

    partner: str
    publication: str
    root: str
    shipments: tuple[Shipment, ...]
    pointers: tuple[File, ...]
    held: tuple[Held, ...] = ()
    broken: tuple[Held, ...] = ()
    waiting: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    lifts: tuple[datetime, ...] = ()
    base: str = ""
    at: datetime | None = None
    late: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What publishing did: how many objects were new or changed, how many were there already."""

    written: int
    unchanged: int
