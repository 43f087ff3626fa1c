"""Two hosts on one machine: network namespaces of Linux with a cable between them. Their ports are their own."""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")
CLONE_NEWNET = 0x40000000  # <linux/sched.h>
PORTS = range(1, 65_536)
AT_ONCE = 32


@dataclass(frozen=True)
class Host:
    """``name`` is the namespace's."""

    name: str
    address: str

    def command(self, arguments: list[str]) -> list[str]:
        """What runs a program on this host, in the same process."""
        return [binary(), "netns", "exec", self.name, *arguments]

    @contextmanager
    def threads(self, number: int = 1) -> Iterator[ThreadPoolExecutor]:
        """Threads whose sockets are this host's."""
        with ThreadPoolExecutor(number, initializer=self._enter) as pool:
            yield pool

    def do(self, work: Callable[[], T]) -> T:
        """Do something on this host, in a thread."""
        with self.threads() as pool:
            return pool.submit(work).result()

    def _enter(self) -> None:
        with Path(f"/run/netns/{self.name}").open() as namespace:
            # os.setns comes with Python 3.12. It changes the calling thread only.
            if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), f"cannot enter {self.name}")


def binary() -> str:
    """Where iproute2's program is; skips the test if it is not on this machine."""
    found = shutil.which("ip", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        pytest.skip("no ip on this machine; Debian has it in the package iproute2")
    return found


@contextmanager
def two_hosts() -> Iterator[tuple[Host, Host]]:
    """They reach each other and nothing else; skips the test if this user may not make them."""
    if os.geteuid() != 0:
        pytest.skip("only root can make network namespaces")
    mark = secrets.token_hex(4)
    pair = [Host(f"broadsheet-{mark}-{n}", f"10.203.0.{n}") for n in (1, 2)]
    ends = [f"bs-{mark}-{n}" for n in (1, 2)]
    with ExitStack() as stack:
        for host in pair:
            made = _ip("netns", "add", host.name)
            if made.returncode:
                pytest.skip(f"this machine allows no network namespaces: {made.stderr.strip()}")
            stack.callback(_ip, "netns", "del", host.name)
        made = _ip("link", "add", ends[0], "type", "veth", "peer", "name", ends[1])
        if made.returncode:
            pytest.skip(f"this machine has no virtual cables: {made.stderr.strip()}")
        for host, end in zip(pair, ends, strict=True):
            for words in (
                f"link set {end} netns {host.name}",
                f"-n {host.name} address add {host.address}/24 dev {end}",
                f"-n {host.name} link set {end} up",
                f"-n {host.name} link set lo up",
            ):
                done = _ip(*words.split())
                assert done.returncode == 0, done.stderr
        yield pair[0], pair[1]


def _ip(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([binary(), *arguments], capture_output=True, text=True, check=False)


def open_ports(there: Host, seen_from: Host) -> set[int]:
    """The TCP ports of a host that take a connection from another; every other one must refuse it."""

    def knock(port: int) -> int:
        with socket.socket() as line:
            line.settimeout(10)
            return line.connect_ex((there.address, port))

    with seen_from.threads(AT_ONCE) as pool:
        answers = dict(zip(PORTS, pool.map(knock, PORTS), strict=True))
    # A port that is silent, or a host that cannot be reached, proves nothing.
    assert set(answers.values()) <= {0, errno.ECONNREFUSED}, set(answers.values())
    return {port for port, answer in answers.items() if answer == 0}
