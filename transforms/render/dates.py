"""Times in each format. ``strftime`` is not used for names, because it follows the process's locale."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from transforms.model import Item, Publication, Status

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(moment: datetime) -> str:
    """RFC 3339 with its own offset, whole seconds: ``2025-01-02T06:00:00+08:00``."""
    return moment.isoformat(timespec="seconds")


def precise(moment: datetime) -> str:
    """RFC 3339 with its own offset and microseconds: ``2025-01-02T06:00:00.000042+08:00``."""
    return moment.isoformat(timespec="microseconds")


def rfc822(moment: datetime) -> str:
    """An RSS date in UTC, with English names in every locale: ``Wed, 01 Jan 2025 22:00:00 GMT`` (RFC 822, RFC 2822)."""
    t = moment.astimezone(UTC)
    return f"{_DAYS[t.weekday()]}, {t.day:02} {_MONTHS[t.month - 1]} {t.year:04} {t:%H:%M:%S} GMT"


def local(publication: Publication, moment: datetime) -> datetime:
    """A time in the newspaper's own time zone. ``moment`` must have a zone."""
    return moment.astimezone(ZoneInfo(publication.timezone))


def opening(publication: Publication, day: date) -> datetime:
    """The publication time of the issue of that day."""
    return datetime.combine(day, time.fromisoformat(publication.publishes_at), ZoneInfo(publication.timezone))


def latest(items: Iterable[Item]) -> datetime:
    """The time of the newest change among the items, which is the feed's date; 1970 if there are none.

    Never the time of a run.
    """
    return max((i.version_created for i in items), default=EPOCH)


def is_public(item: Item) -> bool:
    """Whether readers may have the item: it is neither withdrawn nor withheld."""
    return item.status is Status.USABLE
