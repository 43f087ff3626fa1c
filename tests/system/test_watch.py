"""Issues that land by themselves: nobody starts anything, and each is brought out once."""

import itertools
import os
from datetime import date, timedelta

import pytest

from broadsheet.steps import ingest
from tests.support.room import NAME, entries, sample, until
from tests.system.conftest import Room
from transforms.intake import SourceFile

DAY = date(2026, 6, 1)
# Fifty take five minutes: BROADSHEET_BURST=50 pytest -s tests/system/test_watch.py
ISSUES = int(os.environ.get("BROADSHEET_BURST", "3"))
PROMISED = 10.0  # seconds from the end of an upload to its run
LATE = "城东小学添新操场\n\n六月一日，城东小学的新操场启用，孩子们在上面跑了第一圈，家长们在一旁鼓掌。\n"
SLACK = 4  # of a machine that does much else beside


def run_of(room: Room, day: date):
    wanted = ingest.run_id(room.installation.store, NAME, day)
    return until(lambda: room.api.known_run("ingest_issue", wanted), PROMISED * SLACK)


@pytest.fixture(autouse=True)
def morning_is_over(room: Room):
    """A new Airflow makes up for this morning's run, which takes all that waits: what lands now shall be ours."""
    morning = until(lambda: next((r for r in room.api.run_ids("ingest_issue") if r.startswith("scheduled__")), None))
    until(lambda: room.api.run("ingest_issue", morning).ended)


def free_days(room: Room, first: date, count: int) -> list[date]:
    """The first days of which there is no issue yet: other tests bring theirs into the same newsroom."""
    later = (first + timedelta(days=n) for n in itertools.count())
    free = (d for d in later if ingest.progress(room.installation.store, NAME, d).stage == "nothing there")
    return list(itertools.islice(free, count))


def published(room: Room, day: date, version: int) -> bool:
    reached = ingest.progress(room.installation.store, NAME, day)
    return (reached.stage, reached.version) == ("published", version)


def test_an_issue_that_lands_comes_out_and_so_does_a_page_that_comes_later(room: Room):
    room.api.wait_for_dag("watch_inbox", 600)
    ingest.put_in_inbox(room.installation.store, NAME, DAY, sample())
    first = run_of(room, DAY)
    until(lambda: published(room, DAY, 1))
    before = {e.id: e.title for e in entries(room, DAY)}
    pages = sample()
    late = SourceFile(
        "page-09.txt",
        "城东小学添新操场\n\n六月一日，城东小学的新操场启用，孩子们在上面跑了第一圈，家长们在一旁鼓掌。\n".encode(),
    )
    ingest.put_in_inbox(room.installation.store, NAME, DAY, [*pages, late])
    second = run_of(room, DAY)
    assert second.id != first.id
    until(lambda: published(room, DAY, 2))
    after = {e.id: e.title for e in entries(room, DAY)}
    assert before
    assert after.items() > before.items()


def test_a_burst_of_issues_is_worked_off_one_run_each(room: Room):
    days = free_days(room, DAY + timedelta(days=7), ISSUES)
    for day in days:
        ingest.put_in_inbox(room.installation.store, NAME, day, sample())
    for day in days:
        until(lambda d=day: published(room, d, 1), 400 + 20 * ISSUES)
    runs = room.api.run_ids("ingest_issue")
    for day in days:
        assert len([r for r in runs if f"__{day}__" in r]) == 1
