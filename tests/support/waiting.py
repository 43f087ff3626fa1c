"""Waiting for what another process does."""

from __future__ import annotations

import time

import psutil


def wait_for(condition, seconds: float = 10.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def has_ended(pid: int) -> bool:
    """Gone, or a zombie: an orphan's entry stays until the machine's init clears it, which is not ours to do."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
