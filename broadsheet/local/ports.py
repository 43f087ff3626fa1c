"""Loopback ports that nobody uses."""

from __future__ import annotations

import socket
from collections.abc import Mapping

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


def any_free(taken: set[int]) -> int:
    """A free port from the system's ephemeral range that is not in ``taken``."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind((LOOPBACK, 0))
            port: int = probe.getsockname()[1]
        if port not in taken:
            return port


def choose(wanted: Mapping[str, int]) -> dict[str, int]:
    """One free port a name: the wanted one where it can be had, any other where not (0: no wish)."""
    chosen: dict[str, int] = {}
    for name, port in wanted.items():
        taken = set(chosen.values())
        keep = port and port not in taken and is_free(port)
        chosen[name] = port if keep else any_free(taken)
    return chosen
