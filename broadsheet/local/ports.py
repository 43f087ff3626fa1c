"""Loopback ports that nobody uses."""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now, on loopback or on all interfaces."""
    for host in (LOOPBACK, ""):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                return False
    return True


@contextmanager
def reserved(wanted: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """One free port per name: the wanted one if it is free, any other if not (0: no preference).

    Servers take seconds to listen. Until the block ends, no other newsroom of this user is given these ports.
    """
    chosen: dict[str, int] = {}
    with ExitStack() as stack:
        for name, port in wanted.items():
            keep = port and port not in chosen.values() and is_free(port) and _lock(stack, port)
            chosen[name] = port if keep else _any_free(stack)
        yield chosen


def _any_free(stack: ExitStack) -> int:
    """A free port from the system's ephemeral range that nobody has reserved."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind((LOOPBACK, 0))
            port: int = probe.getsockname()[1]
        if _lock(stack, port):
            return port


def _lock(stack: ExitStack, port: int) -> bool:
    """Reserve a port; False if somebody has. The system drops the lock of a process that dies."""
    folder = Path(tempfile.gettempdir()) / f"broadsheet-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = (folder / str(port)).open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return False
    stack.callback(lock.close)
    return True
