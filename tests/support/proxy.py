"""An HTTP proxy in front of a real S3 server that fails as stores and lines do, for the next writes or at random.

Kinds of fault: ``503`` (an error of the server), ``slow`` (SlowDown), ``reset`` (TCP RST, half of them after the store
has carried out the request), ``cut`` (carried out, the line closed without an answer), ``truncate`` (half an answer),
``hang`` (no answer until the client gives up), ``409`` (another write of the key is in progress; not carried out).
``late``, which comes only when it is asked for, is carried out once ``released`` is set, whoever still waits for it.
"""

import json
import os
import random
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
UNSERVED = b"<Error><Code>NotImplemented</Code><Message>A header implies what is not served.</Message></Error>"
IN_PROGRESS = (
    b"<Error><Code>ConditionalRequestConflict</Code>"
    b"<Message>A conflicting conditional operation is currently in progress.</Message></Error>"
)
KINDS = ("503", "slow", "reset", "cut", "truncate", "hang", "409")
XML = {"content-type": "application/xml"}


class Proxy:
    def __init__(self, target):
        self.target = target
        self.conditions = True  # False: a store that knows no conditional writes
        self.faults = []  # for the next PUTs, in order; afterwards none
        self.rate = 0.0  # the share of requests, whatever they are, that meets each of the kinds
        self.dice = random.Random(20260115)  # noqa: S311 - chooses faults, no secrets
        self.hang = 3.0  # seconds
        self.released = threading.Event()
        self.late = []  # the status of each late answer
        self.puts = []
        self.met = dict.fromkeys(KINDS, 0)
        self.lock = threading.Lock()
        self.client = httpx.Client(timeout=30, limits=httpx.Limits(max_connections=None))

    def fault(self, method, path):
        with self.lock:
            if method == "PUT":
                self.puts.append(path)
                if self.faults:
                    return self.faults.pop(0)
            place = int(self.dice.random() / self.rate) if self.rate else len(KINDS)
            kind = KINDS[place] if place < len(KINDS) else ""
            if kind:
                self.met[kind] += 1
            return kind

    def serve(self, handler):
        length = int(handler.headers.get("content-length") or 0)
        body = handler.rfile.read(length)
        fault = self.fault(handler.command, handler.path)
        conditional = {"if-none-match", "if-match"} & {k.lower() for k in handler.headers}
        if conditional and not self.conditions:
            return reply(handler, 501, XML, UNSERVED)
        if fault in ("503", "slow"):
            return reply(handler, 503, XML, SLOW_DOWN if fault == "slow" else b"")
        if fault == "409":
            return reply(handler, 409, XML, IN_PROGRESS)
        if fault == "hang":
            time.sleep(self.hang)
            return close(handler)
        if fault == "late":
            self.released.wait(60)
        if fault == "reset" and self.dice.random() < 0.5:
            return reset(handler)
        # The signature covers the Host header, so the store must see the one that the client meant.
        headers = {k: v for k, v in handler.headers.items() if k.lower() not in ("connection", "expect")}
        answer = self.client.request(handler.command, self.target + handler.path, headers=headers, content=body)
        if fault == "late":
            self.late.append(answer.status_code)
            return close(handler)
        if fault == "reset":
            return reset(handler)
        if fault == "cut":
            return close(handler)
        return reply(handler, answer.status_code, dict(answer.headers), answer.content, whole=fault != "truncate")


def close(handler):
    handler.close_connection = True


def reset(handler):
    """End the connection by RST instead of FIN."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def reply(handler, status, headers, body, whole=True):
    """Answer; without ``whole`` the line is cut in the middle of the body, or of the headers where there is none."""
    handler.send_response(status)
    for name, value in headers.items():
        if name.lower() not in ("content-length", "connection", "transfer-encoding", "date", "server"):
            handler.send_header(name, value)
    length = headers.get("content-length", len(body)) if handler.command == "HEAD" else len(body)
    if not whole and (handler.command == "HEAD" or not body):
        handler._headers_buffer.append(b"content-")
        handler.flush_headers()
        return close(handler)
    handler.send_header("content-length", str(length))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body if whole else body[: len(body) // 2])
    return None if whole else close(handler)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass  # a client that has given up, or a connection that was reset on purpose


@contextmanager
def in_front_of(target):
    proxy = Proxy(target)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            proxy.serve(self)

        do_PUT = do_HEAD = do_POST = do_DELETE = do_GET  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_):
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        proxy.client.close()
        thread.join()


class Apart:
    """A proxy that runs in a process of its own, so that it takes no time from the one that is measured."""

    def __init__(self, process):
        self._process = process
        self.url = process.stdout.readline().strip()

    def stop(self):
        """How many faults of each kind were met; the proxy ends."""
        self._process.stdin.close()
        said = self._process.stdout.read()
        self._process.wait()
        return json.loads(said)


def apart(target, rate, hang):
    command = [sys.executable, "-m", "tests.support.proxy", target, str(rate), str(hang)]
    home = Path(__file__).parents[2]
    return Apart(
        subprocess.Popen(
            command, cwd=home, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
        )
    )


def main():
    target, rate, hang = sys.argv[1:]
    with in_front_of(target) as proxy:
        proxy.rate, proxy.hang = float(rate), float(hang)
        print(proxy.url, flush=True)
        sys.stdin.read()
        print(json.dumps(proxy.met), flush=True)


if __name__ == "__main__":
    main()
