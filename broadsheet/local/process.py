"""Long-running processes: started in a session of their own, recognised again later, stopped with all their children.

A pid alone says little (it may have been given to somebody else since), so a process is remembered with the time at
which it was created. Each service leads a session: Airflow's task supervisors leave the process group of their
parent, never its session, so the session is what is stopped.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

CLOCK_SLACK = 2.0  # seconds by which two readings of one process's creation time may differ


@dataclass(frozen=True, slots=True)
class Running:
    """A process that was started: its pid and when it was created (seconds since the epoch)."""

    pid: int
    created: float


def start(command: Sequence[str], *, cwd: Path, log: Path, env: Mapping[str, str]) -> Running:
    """Start a process that outlives this one; its output is appended to ``log``."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603 - the command is built here, never taken from a user
            command,
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Running(process.pid, psutil.Process(process.pid).create_time())
    process.returncode = 0  # it is meant to outlive this object, whose finaliser would warn otherwise
    return running


def is_alive(running: Running) -> bool:
    """Whether this very process still runs (not a zombie, not another one under the same pid)."""
    try:
        process = psutil.Process(running.pid)
        same = abs(process.create_time() - running.created) < CLOCK_SLACK
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait(running: Running) -> int:
    """Until a process that this one started ends; its exit status."""
    try:
        return psutil.Process(running.pid).wait() or 0
    except psutil.NoSuchProcess:
        return 0


def family(running: Running) -> list[psutil.Process]:
    """The process, its descendants, and whoever else is still in the session that it leads."""
    found = {p.pid: p for p in _session(running) if p.pid != os.getpid()}
    if is_alive(running):
        leader = psutil.Process(running.pid)
        found[leader.pid] = leader
        with contextlib.suppress(psutil.NoSuchProcess):
            found |= {p.pid: p for p in leader.children(recursive=True)}
    return list(found.values())


def _session(running: Running) -> list[psutil.Process]:
    members = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if os.getsid(process.pid) == running.pid and process.create_time() >= running.created - CLOCK_SLACK:
                members.append(process)
    return members


def stop(services: Sequence[Running], grace: float) -> None:
    """Ask the services to end, wait up to ``grace`` seconds, then end by force whatever is left of their families."""
    families = [p for running in services for p in family(running)]
    for running in services:
        if is_alive(running):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGTERM)
    _wait(families, grace)
    late = [p for running in services for p in family(running)]
    for process in {*families, *late}:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    _wait([*families, *late], 5.0)


def _wait(processes: Sequence[psutil.Process], seconds: float) -> None:
    """Until all are gone or the time is over. Our own children are reaped, so that no zombie stays."""
    deadline = time.monotonic() + seconds
    left = list(processes)
    while left and time.monotonic() < deadline:
        _, left = psutil.wait_procs(left, timeout=0.2)
        left = [p for p in left if _still_runs(p)]


def _still_runs(process: psutil.Process) -> bool:
    try:
        if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            return True
    except psutil.NoSuchProcess:
        return False
    with contextlib.suppress(ChildProcessError):  # it is not ours
        os.waitpid(process.pid, os.WNOHANG)
    return False


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, for a message that must explain itself."""
    try:
        return "\n".join(log.read_text("utf-8", "replace").splitlines()[-lines:])
    except FileNotFoundError:
        return "(it wrote no log)"
