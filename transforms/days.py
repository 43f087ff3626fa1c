"""Which days an issue may be dated. The clock comes in as an argument."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from transforms.errors import BadInput

FIRST_NEWSPAPER = date(1605, 1, 1)  # the Relation of Strasbourg: no archive goes back further
BACK = timedelta(days=3653)  # what comes in by itself is at most ten years old
AHEAD = timedelta(days=31)  # magazines arrive weeks before their date


def today(now: datetime, timezone: str) -> date:
    """The day at ``now`` where a newspaper appears; ``timezone`` is an IANA name."""
    return now.astimezone(ZoneInfo(timezone)).date()


def months(first: date, last: date) -> list[str]:
    """How the days from ``first`` to ``last`` begin, month by month, as in 2026-01."""
    found = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in found]


def is_plausible(day: date, today: date, archive: bool = False) -> bool:
    """Whether an issue may be dated ``day``. An ``archive`` may be as old as newspapers are."""
    earliest = FIRST_NEWSPAPER if archive else today - BACK
    return earliest <= day <= today + AHEAD


def checked_day(day: date, today: date, archive: bool = False) -> date:
    """The day, if an issue may be dated so. Raises BadInput, saying what to do, if it may not."""
    if is_plausible(day, today, archive):
        return day
    if day > today:
        raise BadInput(f"The date {day} is more than {AHEAD.days} days ahead of today ({today}). Correct the date.")
    if archive or day < FIRST_NEWSPAPER:
        raise BadInput(f"The date {day} is before {FIRST_NEWSPAPER}, older than any newspaper. Correct the date.")
    raise BadInput(
        f"The date {day} is more than ten years before today ({today}). Correct the date; if it is right, "
        "upload the issue with `broadsheet archive` and run a backfill."
    )
