"""An archive is brought out by Airflow's own backfill, day by day, once, and nobody is told."""

import shutil
from datetime import date, timedelta

from broadsheet.steps import ingest
from delivery import issues
from delivery.keys import IssueKey, VersionKey
from tests.support.room import NAME, SAMPLE, broadsheet, is_over, numbers, until
from tests.system.conftest import Room

FIRST = date(2020, 2, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(2)]


def test_an_archive_is_backfilled_over_a_range_of_days_and_again_writes_nothing(room: Room, tmp_path):
    for day in DAYS:
        shutil.copytree(SAMPLE, tmp_path / NAME / day.isoformat())
    uploaded = broadsheet(room, "archive", str(tmp_path / NAME))
    assert uploaded.returncode == 0, uploaded.stderr
    command = ["backfill", "-p", NAME, "--from", DAYS[0].isoformat(), "--to", DAYS[-1].isoformat()]
    assert " ".join(command) in uploaded.stdout  # what is printed is what runs
    known = numbers(room)
    started = broadsheet(room, *command)
    assert started.returncode == 0, started.stdout + started.stderr
    number = until(lambda: numbers(room) - known).pop()
    until(lambda: all(ingest.progress(room.installation.store, NAME, day).stage == "published" for day in DAYS))
    until(lambda: is_over(room, number))
    for day in DAYS:
        claim = issues.claim_of(room.installation.store, VersionKey(IssueKey(NAME, day), 1))
        assert claim.quiet
    again = broadsheet(room, *command)
    assert again.returncode == 1
    assert "No issue of yunzhou-daily is waiting" in again.stderr
    assert [issues.versions(room.installation.store, IssueKey(NAME, day)) for day in DAYS] == [[1]] * len(DAYS)
