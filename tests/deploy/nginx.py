"""The shipped web server in front of a store: the template filled in as the container does, on a free port."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

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
    user = "user root;" if os.geteuid() == 0 else ""  # nobody else may write to the folder
    main.write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {temp} include {folder}/web.conf; }}",
        "utf-8",
    )
    return main
