"""A component of the newsroom that dies is started again, and one that cannot start is given up."""

import os
import signal
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from broadsheet.local import airflow, process
from broadsheet.local.keeper import TRIES, keep
from tests.support.waiting import has_ended, until

AT_ONCE = 0.05  # seconds between one look and the next
pytestmark = pytest.mark.slow  # seconds: servers, browsers or other interpreters are started

# Dies when it runs for the first time; writes what signals it was sent.
WEAK = """
import os, pathlib, signal, sys, time
here = pathlib.Path(sys.argv[1])
runs = len(list(here.glob("run-*")))
(here / f"run-{runs}-{os.getpid()}").touch()
def end(*_):
    with (here / "told").open("a") as out:
        out.write("x")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
if not runs:
    sys.exit(3)
(here / "ready").touch()
while True:
    time.sleep(0.05)
"""


@pytest.fixture
def kept(tmp_path: Path):
    command = [sys.executable, "-m", "broadsheet.local.keeper", "weak", sys.executable, "-c", WEAK, str(tmp_path)]
    running = process.start(command, cwd=Path.cwd(), log=tmp_path / "log", env=os.environ)
    until((tmp_path / "ready").exists, 60, AT_ONCE)
    yield running, tmp_path
    process.stop([running], 0.0)


def pids(folder: Path) -> list[int]:
    return [int(path.name.rpartition("-")[2]) for path in sorted(folder.glob("run-*"))]


def test_what_dies_is_started_again_and_its_log_says_so(kept):
    running, folder = kept
    assert len(pids(folder)) == 2
    assert "weak ended with status 3; it is started again" in (folder / "log").read_text()
    os.kill(pids(folder)[1], signal.SIGKILL)
    until(lambda: len(pids(folder)) == 3, 60, AT_ONCE)
    assert process.is_alive(running)


def test_stopping_ends_the_program_which_is_told_once_and_not_started_again(kept):
    running, folder = kept
    process.stop([running], 60.0)
    assert (folder / "told").read_text() == "x"
    assert len(pids(folder)) == 2
    assert all(has_ended(pid) for pid in pids(folder))
    assert not process.is_alive(running)


def test_what_cannot_start_is_given_up_with_its_status(tmp_path: Path, capfd):
    was = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    try:
        script = f"open({str(tmp_path / 'runs')!r}, 'a').write('x'); raise SystemExit(7)"
        assert keep("broken", [sys.executable, "-c", script]) == 7
    finally:
        signal.signal(signal.SIGTERM, was[0]), signal.signal(signal.SIGINT, was[1])
    assert (tmp_path / "runs").read_text() == "x" * TRIES
    assert f"broken ended {TRIES} times in a row, last with status 7: given up" in capfd.readouterr().out


def test_a_writer_waits_a_minute_for_sqlite(tmp_path: Path):
    env = airflow.environment(tmp_path, {"airflow": 8080, "s3": 8333})
    engine = create_engine(env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("/airflow/airflow.db", "/airflow.db"))
    with engine.connect() as connection:
        assert connection.execute(text("pragma busy_timeout")).scalar() == 60_000
    engine.dispose()
