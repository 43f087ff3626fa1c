"""A server on loopback whose one port others reach: what is sent, how it ends."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from broadsheet.local import ports
from broadsheet.local.ports import LOOPBACK
from tests.support.room import until

pytestmark = pytest.mark.slow  # it starts other interpreters

# Answers each connection, once it has heard everything, with the same backwards; ends with 7 when it hears "end".
SERVER = """
import os, socketserver, sys

class Backwards(socketserver.StreamRequestHandler):
    def handle(self):
        heard = self.rfile.read()
        self.wfile.write(heard[::-1])
        self.wfile.flush()
        if heard == b"end":
            os._exit(7)

socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), Backwards).serve_forever()
"""


@contextmanager
def forwarded() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The port that is opened, and the process that forwards it."""
    with ports.reserved({"opened": 0, "inner": 0}) as chosen:
        forward = ["-m", "broadsheet.local.port_forward", *(f"{LOOPBACK}:{port}" for port in chosen.values())]
        server = [sys.executable, "-c", SERVER, str(chosen["inner"])]
        with subprocess.Popen([sys.executable, *forward, *server], stderr=subprocess.DEVNULL) as process:
            try:
                until(lambda: asked(chosen["opened"], b"ab") == b"ba", 60)
                yield chosen["opened"], process
            finally:
                process.terminate()


def asked(port: int, text: bytes) -> bytes | None:
    """The answer to a text; None if nobody listens."""
    try:
        with socket.create_connection((LOOPBACK, port)) as line:
            line.sendall(text)
            line.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: line.recv(65_536), b""))
    except ConnectionRefusedError:
        return None


def test_all_bytes_pass_both_ways_though_one_side_has_ended():
    text = os.urandom(8_000_000)
    with forwarded() as (port, _):
        assert asked(port, text) == text[::-1]


def test_when_the_server_ends_so_does_the_port_and_its_status_is_told():
    with forwarded() as (port, process):
        asked(port, b"end")
        assert process.wait(30) == 7
        assert asked(port, b"ab") is None


def test_who_asks_it_to_end_asks_the_server():
    with forwarded() as (port, process):
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 128 + signal.SIGTERM
        assert asked(port, b"ab") is None
