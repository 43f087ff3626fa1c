"""Notifying partners: a real receiver that takes, fails, hangs and goes away."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest

from broadsheet.steps import ingest, serving
from broadsheet.steps import notify as news
from broadsheet.steps.audit import audit
from delivery.errors import Undelivered
from delivery.notify import post_webhook
from tests.support.announced import LOCAL, PARTNER, SECRET, bring_out, entries, installation_for, tell
from tests.support.issue import CHANGED, NAME, NOW, PAGES
from tests.support.receiver import receiving

pytestmark = pytest.mark.slow  # seconds: servers, browsers or other interpreters are started


def test_a_webhook_is_told_once_of_what_is_new_and_can_check_who_says_so(receiver):
    begun = int(datetime.now(UTC).timestamp())
    installation = installation_for(receiver.url)
    work = bring_out(installation, PAGES)
    assert tell(installation, work).told == ("outlet_hook",)
    path, headers, body = receiver.got[0]
    assert path == "/news"
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    proof = base64.b64encode(hmac.new(b"known to two only", said, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{proof}"
    assert int(headers["webhook-timestamp"]) >= begun  # signed when it was sent
    assert len(json.loads(body)["data"]["items"]) == 2
    assert all(e.notified == NOW for e in entries(installation))

    assert tell(installation, work) == news.Outcome()
    assert len(receiver.got) == 1
    assert tell(installation, bring_out(installation, CHANGED)).told == ("outlet_hook",)
    (item,) = json.loads(receiver.got[1][2])["data"]["items"]
    assert item["version"] == 2
    url = installation.base_url(installation.partners[PARTNER], NAME)
    assert item["url"].removeprefix(url.rpartition(f"/{PARTNER}/")[0] + "/") in installation.shelf.files


def test_one_that_hangs_is_cut_off_though_it_sends_a_byte_now_and_then(receiver):
    receiver.answers = ["hang"]
    with pytest.raises(Undelivered, match="no answer within"):
        post_webhook(f"{receiver.url}/", SECRET, "msg_1", b"{}", NOW, LOCAL, deadline=0.5)


def test_a_hub_is_pinged_with_the_live_feeds_and_its_failure_is_not_the_webhooks(receiver):
    with receiving() as hub:
        installation = installation_for(receiver.url, hub=f"{hub.url}/hub")
        hub.answers = [500]
        outcome = tell(installation, bring_out(installation, PAGES))
    assert (outcome.told, len(outcome.failed)) == (("outlet_hook",), 1)
    form = parse_qsl(hub.got[0][2].decode())
    base = installation.base_url(installation.partners[PARTNER], NAME)
    assert form[0] == ("hub.mode", "publish")
    assert ("hub.url", f"{base}/feeds/all.atom") in form
    assert not any("archive" in value for _, value in form)


def test_a_backfill_is_told_of_to_nobody_and_its_correction_only_of_what_changed(receiver):
    installation = installation_for(receiver.url)
    work = bring_out(installation, PAGES)
    pending = installation.store.files[f"pending/{work.versions[0]}.json"]
    installation.store.put(replace(pending, content=b'{"version": "x", "quiet": true}'))
    quiet = news.quiet_versions(installation, work.versions)
    assert quiet == list(work.versions)
    tell(installation, work, quiet=quiet)
    assert receiver.got == []
    tell(installation, bring_out(installation, CHANGED))
    assert [i["version"] for i in json.loads(receiver.got[0][2])["data"]["items"]] == [2]


def test_what_a_run_that_died_never_announced_is_announced_after_the_audit(receiver):
    installation = installation_for(receiver.url)
    work = bring_out(installation, PAGES)  # and the process ends here
    ingest.finish(installation, [work])
    assert serving.take(installation, "a run", NOW) == []
    (found,) = audit(installation, datetime.now(UTC).date())
    assert found.resent == work.versions
    assert serving.take(installation, "a run", NOW) == [work]
    means = serving.Means(lambda: NOW, LOCAL)
    assert [(s.failed, s.undelivered) for s in serving.serve_batch(installation, [work], means)] == [("", ())]
    assert len(receiver.got) == 1
    assert serving.release(installation, "a run") == list(work.versions)
    (found,) = audit(installation, datetime.now(UTC).date())
    assert found.resent == ()


def test_an_archive_is_not_announced_to_a_partner_that_names_its_first_endpoint(receiver):
    installation = installation_for(receiver.url)
    work = bring_out(installation, PAGES)
    ingest.finish(installation, [work])
    (found,) = audit(installation, (datetime.now(UTC) + timedelta(days=5)).date())
    assert found.resent == ()
