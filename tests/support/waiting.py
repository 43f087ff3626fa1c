"""Waiting for what other processes do."""

from __future__ import annotations

import time

import psutil


def until(question, seconds: float = 300, pause: float = 0.5):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(pause)
    raise AssertionError(f"not within {seconds} s")


def has_ended(pid: int) -> bool:
    """Gone, or a zombie: an orphan's entry stays until the machine's init clears it, which is not ours to do."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
