"""A partner's endpoint as a real HTTP server on loopback, that answers as it is told and keeps what it was sent."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    def __init__(self):
        self.got = []  # (path, headers, body)
        self.answers = []  # status, or (status, headers), or "hang"; afterwards 204
        self.released = threading.Event()

    def answer(self, handler):
        body = handler.rfile.read(int(handler.headers["content-length"]))
        self.got.append((handler.path, dict(handler.headers), body))
        told = self.answers.pop(0) if self.answers else 204
        if told == "hang":
            handler.wfile.write(b"HTTP/1.1 ")
            while not self.released.is_set():  # a byte now and then, so that no time-out of a single read helps
                try:
                    handler.wfile.write(b"2")
                except OSError:
                    return
                time.sleep(0.05)
            return
        status, headers = told if isinstance(told, tuple) else (told, {})
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("content-length", "0")
        handler.end_headers()


@contextmanager
def receiving():
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            receiver.answer(self)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield receiver
    finally:
        receiver.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
