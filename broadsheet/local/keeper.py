"""Runs a program and starts it again if it dies: ``python -m broadsheet.local.keeper NAME COMMAND...``.

Airflow's components give up on what may pass: a scheduler whose SQLite is locked for too long ends, for instance. In a
container the runtime starts them again; here nothing else would, and a newsroom without a scheduler waits for ever.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

SHORT = 60.0  # seconds: a program that ran for less did not start well
TRIES = 3  # that it may fail to start well in a row
PAUSE = 1.0  # seconds before the next start


def keep(name: str, command: Sequence[str]) -> int:
    """Until SIGTERM or SIGINT, which are passed on once, or until ``TRIES`` runs in a row were shorter than ``SHORT``.

    Returns the program's last exit status, as a shell gives it.
    """
    ending = threading.Event()
    child: subprocess.Popen[bytes] | None = None

    def end(*_: object) -> None:
        if child and not ending.is_set():
            _end(child)
        ending.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    failed = status = 0
    while not ending.is_set():
        begun = time.monotonic()
        # A group of its own: whoever ends ours ends the program through us, once.
        child = subprocess.Popen(command, process_group=0)  # noqa: S603 - the caller's own command
        if ending.is_set():  # the signal came while it was started
            _end(child)
        status = child.wait()
        if ending.is_set():
            break
        failed = failed + 1 if time.monotonic() - begun < SHORT else 0
        if failed == TRIES:
            print(f"broadsheet: {name} ended {TRIES} times in a row, last with status {status}: given up", flush=True)
            break
        print(f"broadsheet: {name} ended with status {status}; it is started again", flush=True)
        ending.wait(PAUSE)
    return status if status >= 0 else 128 - status


def _end(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(keep(sys.argv[1], sys.argv[2:]))
