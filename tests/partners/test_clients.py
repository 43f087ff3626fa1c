"""The sample clients for partners, each in its own language, against a real store and a real message."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broadsheet.installation import Installation
from broadsheet.steps import sandbox
from delivery.notify import ALLOWED, Allowance, post_webhook
from delivery.public import read
from tests.support.issue import ROOT, make_installation
from tests.support.receiver import receiving
from tests.support.shop import SHELF, opened

pytestmark = pytest.mark.slow  # it starts a store and three interpreters

FOLDER = ROOT / "samples" / "clients"
SECRET = "whsec_" + base64.b64encode(b"known to two only").decode()
PARTNER = "sample-outlet"
CLIENTS = {"client.py": "python3", "client.mjs": "node", "client.php": "php"}


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Iterator[Installation]:
    with opened(tmp_path_factory.mktemp("clients")) as shop:
        shelf = shop.store().on(SHELF)
        yield replace(make_installation(), store=shop.store(), shelf=shelf, shelf_url=f"{shop.url}/{SHELF}", fetch=read)


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> list[str]:
    interpreter = shutil.which(CLIENTS[request.param])
    if interpreter is None:
        pytest.skip(f"no {CLIENTS[request.param]} on this machine")
    return [interpreter, str(FOLDER / request.param)]


def run(client: list[str], *given: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    env = os.environ | {"WEBHOOK_SECRET": SECRET}
    return subprocess.run([*client, *given], input=stdin, capture_output=True, check=False, env=env, timeout=120)


def polled(client: list[str], feed: str, state: Path) -> dict[str, dict]:
    done = run(client, "poll", feed, str(state))
    assert (done.returncode, done.stderr) == (0, b"")
    events = [json.loads(line) for line in done.stdout.decode().splitlines()]
    return {e["id"].rpartition(":")[2]: e for e in events}


def test_a_client_follows_every_event_of_a_feed(client: list[str], room: Installation, tmp_path: Path):
    sandbox.clear(room, PARTNER)
    feed, state = f"{room.base_url(room.partner(PARTNER), sandbox.NAME)}/feeds/all.json", tmp_path / "state.json"
    now = datetime(2026, 3, 1, 8, tzinfo=UTC)
    sandbox.advance(room, PARTNER, now)
    first = polled(client, feed, state)
    assert {name: e["event"] for name, e in first.items()} == dict.fromkeys(
        ("stays", "corrected", "withdrawn", "doubtful"), "new"
    )
    assert first["stays"] == {
        "event": "new",
        "id": "urn:newsml:sandbox.example:20260301:stays",
        "version": 1,
        "status": "stat:usable",
        "headline": "一篇不会变的稿件",
        "note": "",
        "text": "这篇稿件从头到尾都是这样，用来确认导入成功。",
    }
    assert first["doubtful"]["note"] == "机器识读，未经编辑复核。"
    assert polled(client, feed, state) == {}  # 304

    sandbox.advance(room, PARTNER, now + timedelta(hours=1))
    second = polled(client, feed, state)
    assert {n: (e["event"], e["version"]) for n, e in second.items()} == {
        "corrected": ("changed", 2),
        "embargoed": ("new", 1),
    }
    assert "周日" in second["corrected"]["text"]

    sandbox.advance(room, PARTNER, now + timedelta(hours=2))
    assert {n: e["event"] for n, e in polled(client, feed, state).items()} == {"withdrawn": "withdrawn"}
    assert polled(client, feed, state) == {}


def test_a_client_tells_a_genuine_message_from_others(client: list[str]):
    with receiving() as receiver:
        allowed = Allowance.from_env({ALLOWED: "127.0.0.0/8"})
        post_webhook(receiver.url, SECRET, "msg_1", '{"标题":1}'.encode(), datetime.now(UTC), allowed)
        old = datetime.now(UTC) - timedelta(hours=1)
        post_webhook(receiver.url, SECRET, "msg_1", b"{}", old, allowed)
    (_, new, body), (_, stale, empty) = receiver.got
    signed = ("webhook-id", "webhook-timestamp", "webhook-signature")
    assert run(client, "verify", *(new[name] for name in signed), stdin=body).returncode == 0
    assert run(client, "verify", *(new[name] for name in signed), stdin=body + b" ").returncode == 1
    assert run(client, "verify", *(stale[name] for name in signed), stdin=empty).returncode == 1
    assert abs(time.time() - int(new["webhook-timestamp"])) < 300
