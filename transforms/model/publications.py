"""A newspaper, as its TOML file describes it, and an issue of it that is ready to be rendered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from transforms.model.articles import Section
from transforms.model.items import Item


@dataclass(frozen=True, slots=True)
class Column:
    """A newspaper's own section.

    ``marks``: words above a story that identify it. ``base``: the common section that it belongs to.
    """

    id: str
    name: str
    base: Section
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """Which articles wait for an editor: those with a confidence below a threshold (from 0 to 1; 0: none).

    ``unanswered``: what happens to them if nobody has answered within ``hours``: ``publish`` as read, or ``hold``.
    """

    order: float = 0.0
    section: float = 0.0
    hours: float = 2.0
    unanswered: str = "publish"


@dataclass(frozen=True, slots=True)
class Watch:
    """When issues are expected: ISO weekdays, and local time. ``quiet_minutes``: 0 if only the newspaper's mark
    closes an upload.
    """

    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    expected_by: str = ""  # HH:MM after which an issue counts as late; empty: nobody waits
    quiet_minutes: int = 0  # an upload without _COMPLETE counts as complete after so long without a change


@dataclass(frozen=True, slots=True)
class Publication:
    """A newspaper: provider, language, times, rights. It has one TOML file."""

    id: str
    name: str
    provider: str  # domain name, owner of the guids
    language: str = "zh-Hans"
    timezone: str = "Asia/Shanghai"
    publishes_at: str = "06:00"  # local time of day that a day's issue is dated with
    site: str = ""
    copyright_holder: str = ""
    copyright_notice: str = ""
    usage_terms: str = ""
    pictures: bool = True  # whether partners may have its pictures
    style: str = "zh-Hans"  # house style that this publication's own [style] table extends
    marks: tuple[tuple[str, tuple[str, ...]], ...] = ()  # what that table adds: (list of the style, words)
    columns: tuple[Column, ...] = ()
    review: Review = Review()
    watch: Watch = Watch()
    epaper: tuple[tuple[str, tuple[str, ...]], ...] = ()  # where its e-paper's HTML has what: (place, CSS selectors)


@dataclass(frozen=True, slots=True)
class Edition:
    """An issue with its items, in page order, as renderers take it."""

    publication: Publication
    date: date
    version: int
    version_created: datetime
    items: tuple[Item, ...]
