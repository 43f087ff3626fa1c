"""An HTTP proxy in front of a real S3 server that fails as stores do: 503, slow-down, hang, a line that is cut."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
UNSERVED = b"<Error><Code>NotImplemented</Code><Message>A header implies what is not served.</Message></Error>"


class Proxy:
    def __init__(self, target):
        self.target = target
        self.conditions = True  # False: a store that knows no conditional writes
        self.faults = []  # for the next PUTs, in order: "503", "slow", "hang", "cut"; afterwards none
        self.puts = []
        self.lock = threading.Lock()

    def fault(self, method, path):
        with self.lock:
            if method != "PUT":
                return ""
            self.puts.append(path)
            return self.faults.pop(0) if self.faults else ""

    def serve(self, handler):
        length = int(handler.headers.get("content-length") or 0)
        body = handler.rfile.read(length)
        fault = self.fault(handler.command, handler.path)
        conditional = {"if-none-match", "if-match"} & {k.lower() for k in handler.headers}
        if conditional and not self.conditions:
            return reply(handler, 501, {"content-type": "application/xml"}, UNSERVED)
        if fault in ("503", "slow"):
            return reply(handler, 503, {"content-type": "application/xml"}, SLOW_DOWN if fault == "slow" else b"")
        if fault == "hang":
            time.sleep(3)
            handler.close_connection = True
            return None
        # The signature covers the Host header, so the store must see the one that the client meant.
        headers = {k: v for k, v in handler.headers.items() if k.lower() not in ("connection", "expect")}
        answer = httpx.request(handler.command, self.target + handler.path, headers=headers, content=body, timeout=30)
        if fault == "cut":
            handler.close_connection = True
            return None
        return reply(handler, answer.status_code, dict(answer.headers), answer.content)


def reply(handler, status, headers, body):
    handler.send_response(status)
    for name, value in headers.items():
        if name.lower() not in ("content-length", "connection", "transfer-encoding", "date", "server"):
            handler.send_header(name, value)
    length = headers.get("content-length", len(body)) if handler.command == "HEAD" else len(body)
    handler.send_header("content-length", str(length))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


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

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
