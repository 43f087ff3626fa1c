"""An article under its permanent name: its versions, status, embargo, and what keeps it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from transforms.model.articles import Article


class Status(StrEnum):
    """NewsML-G2 pubStatus (IPTC newscodes ``stat``)."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Action:
    """What machine or desk did to an item, for its hop history: who, what, when."""

    actor: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why an article waits for an editor: ``kind`` is order, section, private, ...; ``detail`` is a sentence."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What keeps an item withheld: an editor's decision is awaited, or it was no.

    ``version`` is the issue's version in which it began. Without ``doubts`` it waits only for the story that it is a
    sidebar of. ``earlier`` is what partners keep meanwhile; None if the article was never out.
    """

    version: int
    doubts: tuple[Doubt, ...] = ()
    earlier: Item | None = None
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """An article under its permanent name: one version of it, ready to be rendered.

    ``version_created`` changes only when the content does; no time here is the time of a run.
    """

    guid: str
    version: int
    article: Article
    first_created: datetime
    version_created: datetime
    status: Status = Status.USABLE
    embargoed: datetime | None = None
    expires: datetime | None = None
    ed_note: str = ""
    signal: str = ""
    parent_guid: str = ""
    history: tuple[Action, ...] = ()
    printed: Article | None = None  # what the paper printed, where the desk has made something else of it
    waits: Waiting | None = None  # why it is withheld, if it is
    released: datetime | None = None  # when its embargo ended: for readers it is as old as that
    origin: str = ""  # the article that the desk made this one of by a split, or made it a part of by a merger
