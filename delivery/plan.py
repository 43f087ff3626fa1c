"""What is to be written for a partner: the versions of issues to be delivered, and the pointers to them."""

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
    """One version of an issue to be delivered to a partner: its objects (keys below the root) and its ledger page.

    ``erased``: older objects whose text was withdrawn, as they will be from now on. They are the one exception to
    the rule that such objects never change. ``gone``: keys of feeds and pages that name a withdrawn article but are
    no longer written, because the partner's record has changed; they are deleted. ``pictures``: all that the
    partner may have with the issue's articles; any others that were published with them are deleted.
    """

    version: str
    files: tuple[File, ...]
    page: LedgerPage
    erased: tuple[File, ...] = ()
    gone: tuple[str, ...] = ()
    pictures: tuple[PictureCopy, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is to be written for one partner and newspaper. ``held``: what is not published, and why.

    ``broken``: whole versions that could not be rendered; they stay pending. ``waiting``: the versions that the
    partner may not have yet. ``private``: the articles that editors must see. ``lifts``: when the partner may have
    more. ``base``: the ETag of the turn before this one; empty if there was none. ``at``: when the plan was made.
    ``late``: older days whose changes the live feeds list.
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
    """What publishing did: how many objects were new or changed, and how many existed already."""

    written: int
    unchanged: int
