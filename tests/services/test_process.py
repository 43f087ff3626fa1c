"""Processes are started for good, recognised again, and stopped with all that they left in their session."""

import os
import signal
import sys
import time
from pathlib import Path

import psutil
import pytest

from broadsheet.local import process
from broadsheet.local.process import Running
from tests.support.waiting import has_ended, until

AT_ONCE = 0.05  # seconds between one look and the next
pytestmark = pytest.mark.slow  # seconds: servers, browsers or other interpreters are started

# A parent whose child leaves the parent's process group, as Airflow's task supervisors do.
STRAY = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], process_group=0)
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def stray(tmp_path: Path):
    log = tmp_path / "log"
    running = process.start([sys.executable, "-c", STRAY], cwd=tmp_path, log=log, env=os.environ)
    child = int(until(lambda: log.read_text().strip(), 10, AT_ONCE))
    yield running, child
    process.stop([running], 0.0)


def test_stop_ends_children_that_left_the_process_group(stray):
    running, child = stray
    process.stop([running], 5.0)
    assert not process.is_alive(running)
    assert has_ended(child)


def test_a_child_that_has_ended_is_not_left_as_a_zombie_which_postgresql_takes_for_a_running_server(stray):
    running, _ = stray
    seen = psutil.Process(running.pid)
    os.kill(running.pid, signal.SIGKILL)
    until(lambda: has_ended(running.pid), 10, AT_ONCE)
    assert not process._still_runs(seen)
    assert not psutil.pid_exists(running.pid)


def test_stop_finds_orphans_after_their_parent_died(stray):
    running, child = stray
    os.kill(running.pid, signal.SIGKILL)
    until(lambda: not process.is_alive(running), 10, AT_ONCE)
    assert not has_ended(child)
    process.stop([running], 5.0)
    assert has_ended(child)


def test_a_pid_given_to_somebody_else_is_not_taken_for_ours(stray):
    running, _ = stray
    earlier = Running(running.pid, running.created - 3600)
    assert not process.is_alive(earlier)


def test_stop_kills_what_does_not_listen(tmp_path: Path):
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    )
    log = tmp_path / "log"
    running = process.start([sys.executable, "-c", deaf], cwd=tmp_path, log=log, env=os.environ)
    until(log.read_text, 10, AT_ONCE)
    begun = time.monotonic()
    process.stop([running], 0.5)
    assert not process.is_alive(running)
    assert time.monotonic() - begun < 5


def test_tail_gives_the_last_lines(tmp_path: Path):
    (tmp_path / "log").write_text("".join(f"line {n}\n" for n in range(50)))
    assert process.tail(tmp_path / "log", 2) == "line 48\nline 49"
    assert "no log" in process.tail(tmp_path / "none")
