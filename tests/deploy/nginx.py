"""The shipped web server in front of a store: the template filled in as the container does, on a free port."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from broadsheet.local import ports

TEMPLATE = Path(__file__).parents[2] / "deploy" / "web.conf.template"


def binary() -> str:
    """Where nginx is; skips the test if it is not on this machine."""
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.skip("no nginx on this machine; Debian has it as the package nginx-light")
    return found


def configure(folder: Path, bucket: str, store: str, port: int) -> Path:
    """The main configuration file, written to ``folder``; ``store`` is host:port."""
    text = TEMPLATE.read_text("utf-8").replace("${BUCKET}", bucket).replace("store:8333", store)
    text = text.replace("/var/cache/nginx", str(folder / "cache")).replace("listen 8000", f"listen 127.0.0.1:{port}")
    (folder / "cache").mkdir(exist_ok=True)
    (folder / "web.conf").write_text(text, "utf-8")
    temp = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {temp} include {folder}/web.conf; }}",
        "utf-8",
    )
    return main


@contextmanager
def serving(folder: Path, bucket: str, store: str) -> Iterator[str]:
    """The address of the web server in front of a bucket."""
    port = ports.choose({"web": 0})["web"]
    main = configure(folder, bucket, store, port)
    server = subprocess.Popen([binary(), "-c", str(main)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _await(url)
        yield url
    finally:
        server.terminate()
        server.wait(20)


def _await(url: str, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not _answers(url):
        assert time.monotonic() < deadline, f"nginx did not answer within {seconds} s"
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz").status_code == 204
    except httpx.TransportError:
        return False
