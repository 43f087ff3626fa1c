"""A partner's webhook in a real run: told of what is out, and told again when it did not listen the first time."""

import base64
import hashlib
import hmac
import json
from datetime import date

import httpx
import pytest

from broadsheet.installation import open_installation
from broadsheet.steps import ingest
from tests.support.receiver import receiving
from tests.support.room import NAME, sample, until
from tests.system.conftest import Room

DAY = date(2026, 1, 15)
PAPER = "push-daily"
SECRET = "whsec_" + base64.b64encode(b"a secret that nobody else knows").decode()
PARTNER = """
id = "push-outlet"
name = "推送媒体"

[takes]
publications = ["push-daily"]

[gets]
formats = ["newsml", "rss"]
webhooks = ["push_hook"]
"""


@pytest.fixture(scope="module")
def hook(room: Room):
    """A newspaper and a partner of their own, whose endpoint refuses the first message."""
    papers, partners = room.settings.publications, room.settings.partners
    text = (papers / f"{NAME}.toml").read_text("utf-8")
    text = text.replace(f'id = "{NAME}"', f'id = "{PAPER}"').replace("yunzhou.example", "push.example")
    (papers / f"{PAPER}.toml").write_text(text, "utf-8")
    (partners / "push-outlet.toml").write_text(PARTNER, "utf-8")
    with receiving() as receiver:
        receiver.answers = [503]
        room.api.add_connection("push_hook", "http", {}, host=f"{receiver.url}/news", secret=SECRET)
        yield receiver
    (papers / f"{PAPER}.toml").unlink()
    (partners / "push-outlet.toml").unlink()


def is_signed(headers: dict[str, str], body: bytes) -> bool:
    """As Standard Webhooks has it, by hand."""
    low = {k.lower(): v for k, v in headers.items()}
    content = f"{low['webhook-id']}.{low['webhook-timestamp']}.".encode() + body
    wanted = hmac.new(b"a secret that nobody else knows", content, hashlib.sha256).digest()
    return hmac.compare_digest(low["webhook-signature"], "v1," + base64.b64encode(wanted).decode())


def test_a_partner_is_told_and_what_did_not_arrive_is_sent_again(room: Room, hook):
    installation = open_installation(room.settings)
    ingest.put_in_inbox(installation.store, PAPER, DAY, sample())
    until(lambda: hook.got, 200)
    refused = hook.got[0]
    assert is_signed(refused[1], refused[2])
    until(lambda: list(installation.store.list("deadletters/push-outlet/")))
    run = room.api.trigger("resend_notifications", "test__push", {"partner": "push-outlet"})
    until(lambda: room.api.run("resend_notifications", run.id).ended)
    arrived = hook.got[-1]
    assert is_signed(arrived[1], arrived[2])
    assert arrived[1]["webhook-id"] == refused[1]["webhook-id"]  # the same message: a receiver takes it once
    assert list(installation.store.list("deadletters/push-outlet/")) == []
    message = json.loads(arrived[2])
    assert (message["type"], message["data"]["publication"]) == ("issue.published", PAPER)
    for item in message["data"]["items"]:
        assert httpx.get(item["url"]).status_code in (200, 403)  # there, where its reader may read it
    assert len(message["data"]["items"]) == 8
