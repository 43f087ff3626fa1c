"""Opens one loopback port of a server to the network, as long as the server runs.

    python -m broadsheet.local.port_forward 0.0.0.0:8333 127.0.0.1:8334 weed server …

SeaweedFS binds the gRPC port of its S3 gateway to the same address as the S3 port, so a container whose S3 port others
reach has both open. Started like this, all its ports are on loopback, and only the S3 port is forwarded. The command's
end and status are this program's, and SIGTERM and SIGINT reach it.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Sequence
from typing import cast

LOOK = 0.2  # seconds between two looks whether the server listens
Place = tuple[str, int]  # host and port


class Line(asyncio.Protocol):
    """One side of a connection: what arrives here leaves at ``other``, no faster than it is taken there."""

    transport: asyncio.Transport
    other: Line

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.other.transport.write(data)

    def eof_received(self) -> bool:
        self.other.transport.write_eof()
        return True  # the answer may still come

    def pause_writing(self) -> None:
        self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        self.other.transport.resume_reading()

    def connection_lost(self, error: Exception | None) -> None:
        self.other.transport.close()


class Outside(Line):
    """A client's side: the server's is opened when it connects, and nothing is read before."""

    def __init__(self, target: Place) -> None:
        self.target = target

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.other = self  # until the server's side is there, the end of this one ends nothing else
        self.transport.pause_reading()
        self.joining = asyncio.get_running_loop().create_task(self.join())

    async def join(self) -> None:
        try:
            _, inside = await asyncio.get_running_loop().create_connection(Line, *self.target)
        except OSError:
            self.transport.abort()
            return
        inside.other, self.other = self, inside
        if self.transport.is_closing():
            inside.transport.close()
        else:
            self.transport.resume_reading()


async def is_listening(target: Place) -> bool:
    try:
        _, writer = await asyncio.open_connection(*target)
    except OSError:
        return False
    writer.close()
    return True


async def forward(opened: Place, target: Place, server: Process) -> None:
    """Open the port once the server listens on ``target``; returns when the server has ended."""
    while server.returncode is None and not await is_listening(target):
        await asyncio.sleep(LOOK)
    listener = await asyncio.get_running_loop().create_server(lambda: Outside(target), *opened)
    await server.wait()
    listener.close()


async def run(opened: Place, target: Place, command: Sequence[str]) -> int:
    """Run the command with its port forwarded; its exit status, in a shell's way if a signal ended it."""
    server = await asyncio.create_subprocess_exec(*command)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, server.send_signal, number)
    try:
        await forward(opened, target, server)
    finally:
        if server.returncode is None:
            server.terminate()
    status = await server.wait()
    return status if status >= 0 else 128 - status


def place(text: str) -> Place:
    host, _, port = text.rpartition(":")
    return host, int(port)


if __name__ == "__main__":
    sys.exit(asyncio.run(run(place(sys.argv[1]), place(sys.argv[2]), sys.argv[3:])))
