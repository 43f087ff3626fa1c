"""The days of a partner's ledger are found without listing its archive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.steps import ingest
from delivery.keys import LEDGERS
from delivery.ledger import Calendar, Ended, LedgerPage, days_of, note_ended
from delivery.store import Stat
from tests.support.issue import DAY, NAME, NOW, PAGES, ingest_day, make_installation, submit
from tests.support.memory import MemoryStore

DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))


class Counting(MemoryStore):
    """Counts the ledger's keys that were listed."""

    listed = 0

    def list(self, prefix: str) -> Iterator[Stat]:
        for stat in super().list(prefix):
            self.listed += prefix.startswith(LEDGERS)
            yield stat


def page(day: date) -> LedgerPage:
    return LedgerPage("sample-outlet", f"{NAME}/{day}", 1, True, ())


@given(st.sets(DAYS, max_size=40), st.sets(DAYS, max_size=4), st.sets(DAYS, max_size=2), DAYS, DAYS)
def test_a_calendar_says_what_a_list_of_all_days_says(
    there: set[date], ended: set[date], more: set[date], first: date, last: date
):
    store = MemoryStore()
    for day in there:
        store.put(page(day).file())
    note_ended(store, "sample-outlet", NAME, Ended(tuple(sorted(ended))))
    known = sorted({*days_of(store, "sample-outlet", NAME), *more})
    calendar = Calendar(store, "sample-outlet", NAME, more)
    assert list(calendar.before(first)) == [d for d in reversed(known) if d < first]
    assert calendar.between(first, last) == [d for d in known if first <= d <= last]
    assert (first in calendar) == (first in known)
    assert calendar.after(first) == next((d for d in known if d > first), None)


def test_a_calendar_ends_at_the_first_and_last_day_of_all():
    calendar = Calendar(MemoryStore(), "sample-outlet", NAME, [date.min, date.max])
    assert list(calendar.before(date(1, 2, 1))) == [date.min]
    assert calendar.between(date.max - timedelta(days=40), date.max) == [date.max]
    assert list(islice(calendar.before(date.max), 1)) == [date.min]
    assert calendar.after(date.min) == date.max
    assert calendar.after(date.max) is None


@pytest.mark.slow
def test_the_next_issue_lists_no_more_of_the_ledger_however_old_the_archive_is():
    def listed(archive: int) -> int:
        installation = make_installation()
        store = Counting()
        store.files = installation.store.files
        object.__setattr__(installation, "store", store)
        for number in range(archive):
            store.put(page(DAY - timedelta(days=30 + number)).file())
        submit(installation, PAGES, DAY - timedelta(days=20))
        submit(installation, PAGES, DAY - timedelta(days=1))
        ingest.put_in_inbox(store, NAME, DAY, PAGES)
        ingest_day(installation)
        work = next(w for w in ingest.pending_work(installation) if w.partner == "sample-outlet")
        store.listed = 0
        ingest.check_issue(installation, work, NOW)
        return store.listed

    assert listed(1000) <= listed(60) < 62, "two months of keys at most"
