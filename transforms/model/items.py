"""An article with its guid: its versions, status, embargo, and what holds it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from transforms.model.articles import Article


class Status(StrEnum):
    """The ``pubStatus`` of NewsML-G2 (IPTC newscodes ``stat``)."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Action:
    """What a machine or an editor did to an item, for its hop history: who, what, when."""

    actor: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why an article waits for an editor. ``kind``: order, section, private, ... ``detail``: a sentence."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What keeps an item withheld: it waits for an editor, or an editor rejected it.

    ``version``: the version of the issue in which that began. Without ``doubts`` it waits only for its main story.
    ``earlier``: what partners keep meanwhile; None if the article was never published.
    """

    version: int
    doubts: tuple[Doubt, ...] = ()
    earlier: Item | None = None
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One version of an article, with its guid, ready to be rendered.

    ``version_created`` changes only if the content does. No time here is the time of a run.
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
