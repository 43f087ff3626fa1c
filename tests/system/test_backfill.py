"""An archive is brought out by Airflow's own backfill, day by day, once, and nobody is told."""

import shutil
import subprocess
import sys
from datetime import date, timedelta

from broadsheet.local import airflow, state
from broadsheet.steps import ingest
from delivery import issues
from delivery.keys import IssueKey, VersionKey
from tests.system.conftest import Room
from tests.system.test_road import NAME, SAMPLE, until
from tests.system.test_screen import broadsheet

FIRST = date(2020, 2, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(2)]


def backfill(room: Room, first: date, last: date) -> int:
    """As docs/operators.md has it, in a terminal; the backfill's number.

    Not over REST: on SQLite, Airflow 3.3 answers that with 503 where anything else writes, and its API server then
    goes on with a connection that is stuck in the past.
    """
    known = numbers(room)
    env = airflow.environment(room.settings.home, state.load(room.settings.home).ports)
    span = ["--from-date", f"{first}T00:00:00", "--to-date", f"{last}T23:59:59"]
    command = [sys.executable, "-m", "airflow", "backfill", "create", "--dag-id", "ingest_issue", *span]
    command += ["--max-active-runs", "2", "--reprocess-behavior", "completed"]

    def created() -> set[int]:
        subprocess.run(command, env=env, cwd=room.settings.home, capture_output=True, timeout=120, check=False)
        return numbers(room) - known

    return until(created).pop()


def numbers(room: Room) -> set[int]:
    found = room.api._ask("GET", "/backfills", params={"dag_id": "ingest_issue"}).json()["backfills"]
    return {b["id"] for b in found}


def is_over(room: Room, number: int) -> bool:
    return room.api._ask("GET", f"/backfills/{number}").json()["completed_at"] is not None


def test_an_archive_is_backfilled_over_a_range_of_days_and_again_writes_nothing(room: Room, tmp_path):
    for day in DAYS:
        shutil.copytree(SAMPLE, tmp_path / NAME / day.isoformat())
    uploaded = broadsheet(room, "archive", str(tmp_path / NAME))
    assert uploaded.returncode == 0, uploaded.stderr
    assert "airflow backfill create" in uploaded.stdout
    number = backfill(room, DAYS[0], DAYS[-1])
    until(lambda: all(ingest.progress(room.installation.store, NAME, day).stage == "published" for day in DAYS))
    until(lambda: is_over(room, number))
    for day in DAYS:
        claim = issues.claim_of(room.installation.store, VersionKey(IssueKey(NAME, day), 1))
        assert claim.quiet
    again = backfill(room, DAYS[0], DAYS[-1])
    until(lambda: is_over(room, again))
    assert [issues.versions(room.installation.store, IssueKey(NAME, day)) for day in DAYS] == [[1]] * len(DAYS)
