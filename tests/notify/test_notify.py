"""Telling partners: a real receiver that takes, fails, hangs and goes away; addresses that must never be reached."""

import base64
import hashlib
import hmac
import ipaddress
import json
import logging
import re
import threading
import time
import traceback
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest

from broadsheet.steps import changes, dead_letters, ingest, serving
from broadsheet.steps import notify as news
from broadsheet.steps.audit import audit
from delivery import notify
from delivery.connections import Connection, from_environment, names_token
from delivery.errors import Undelivered
from delivery.keys import IssueKey
from delivery.ledger import page_of
from delivery.notify import Allowance, is_public, ping_hub, post_webhook, seconds_to_wait
from tests.support.issue import CHANGED, DAY, NAME, NOW, PAGES, ROOT, ingest_day, make_installation
from tests.support.receiver import receiving
from transforms.errors import BadRecord

pytestmark = pytest.mark.slow  # seconds: servers, browsers or other interpreters are started

SECRET = "whsec_" + base64.b64encode(b"known to two only").decode()
LOCAL = Allowance.from_env({notify.ALLOWED: "127.0.0.0/8"})
PARTNER = "sample-outlet"


@pytest.fixture
def receiver():
    with receiving() as one:
        yield one


def installation_for(url: str, hub: str = ""):
    installation = make_installation()
    partner = replace(installation.partners[PARTNER], webhooks=("outlet_hook",), hub=hub)
    hook = Connection("outlet_hook", "http", f"{url}/news", password=SECRET)
    return replace(installation, partners={PARTNER: partner}, connections={"outlet_hook": hook}.__getitem__)


def bring_out(installation, pages):
    """Publish an issue as syndicate_issue does, up to the news; what comes back is the partner's work."""
    ingest.put_in_inbox(installation.store, NAME, DAY, pages)
    ingest_day(installation)
    (work,) = ingest.pending_work(installation)
    ingest.serve(installation, work, NOW)
    return work


def tell(installation, work, now=NOW, quiet=()):
    return news.notify(installation, work, now, LOCAL, quiet)


def entries(installation):
    return page_of(installation.store, PARTNER, IssueKey(NAME, DAY)).entries


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


def test_one_that_fails_is_tried_again_by_the_same_id_when_it_asked_for_it(receiver):
    installation = installation_for(receiver.url)
    receiver.answers = [(503, {"retry-after": "600"}), 500]
    work = bring_out(installation, PAGES)
    (failed,) = tell(installation, work).failed
    assert "503" in failed
    assert all(e.notified is None for e in entries(installation))
    (letter,) = dead_letters.letters(installation)
    assert letter.next_at == NOW + timedelta(seconds=600)
    assert SECRET not in installation.store.get(letter.key).content.decode()

    assert news.retry_messages(installation, NOW + timedelta(seconds=599), LOCAL) == news.Outcome()
    assert len(receiver.got) == 1
    later = NOW + timedelta(seconds=600)
    assert news.retry_messages(installation, later, LOCAL).failed
    (letter,) = dead_letters.letters(installation)
    assert (letter.attempts, letter.next_at) == (2, later + timedelta(minutes=dead_letters.RETRY_AFTER_MINUTES[1]))
    latest = letter.next_at
    assert news.retry_messages(installation, latest, LOCAL).told
    assert list(dead_letters.letters(installation)) == []
    assert all(e.notified == latest for e in entries(installation))
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 1


def test_the_schedule_ends_and_the_operator_can_still_send(receiver):
    installation = installation_for(receiver.url)
    receiver.answers = [500] * (len(dead_letters.RETRY_AFTER_MINUTES) + 1)
    tell(installation, bring_out(installation, PAGES))
    now = NOW
    while (letter := next(dead_letters.letters(installation))).next_at:
        now = letter.next_at
        news.retry_messages(installation, now, LOCAL)
    assert timedelta(days=2) < now - NOW < timedelta(days=4)
    assert news.retry_messages(installation, now + timedelta(days=9), LOCAL) == news.Outcome()
    assert news.retry_messages(installation, now, LOCAL, PARTNER, everything=True).told
    assert list(dead_letters.letters(installation)) == []


def test_one_that_hangs_is_cut_off_though_it_sends_a_byte_now_and_then(receiver):
    receiver.answers = ["hang"]
    with pytest.raises(Undelivered, match="no answer within"):
        post_webhook(f"{receiver.url}/", SECRET, "msg_1", b"{}", NOW, LOCAL, deadline=0.5)


def test_one_that_is_gone_hears_nothing_more_until_the_operator_sends_again(receiver):
    installation = installation_for(receiver.url)
    receiver.answers = [410]
    (failed,) = tell(installation, bring_out(installation, PAGES)).failed
    assert "410" in failed
    assert "gone" in failed
    assert [g.endpoint for g in dead_letters.gone_endpoints(installation, PARTNER)] == ["outlet_hook"]
    assert tell(installation, bring_out(installation, CHANGED)).failed
    assert news.retry_messages(installation, NOW + timedelta(days=30), LOCAL) == news.Outcome()
    assert len(receiver.got) == 1

    assert len(news.retry_messages(installation, NOW, LOCAL, PARTNER, everything=True).told) == 2
    assert dead_letters.gone_endpoints(installation, PARTNER) == []
    assert len(receiver.got) == 3


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


def test_a_redirect_is_not_followed_and_an_address_is_not_logged(receiver, caplog):
    receiver.answers = [(302, {"location": f"{receiver.url}/elsewhere"})]
    with caplog.at_level(logging.DEBUG, "httpx"), pytest.raises(Undelivered, match="302"):
        post_webhook(f"{receiver.url}/token-in-path", SECRET, "msg_1", b"{}", NOW, LOCAL)
    assert [path for path, _, _ in receiver.got] == ["/token-in-path"]
    assert "token-in-path" not in caplog.text


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - never bound to
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "64:ff9b:1:ffff::5db8:d70e",
        "fec0::1",
        "feff:ffff::1",
    ],
)
def test_private_addresses_are_known_in_all_their_clothes(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:93.184.215.14"])
def test_public_addresses_are_reached(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"])
def test_without_leave_nothing_reaches_this_machine(receiver, host):
    port = receiver.url.rsplit(":", 1)[1]
    with pytest.raises(Undelivered, match=r"private address|not known"):
        ping_hub(f"http://{host}:{port}/", ["https://x.example/feed"], Allowance())
    assert receiver.got == []


def test_a_name_that_changes_its_address_gains_nothing_by_it(receiver, monkeypatch):
    """DNS rebinding: the name is looked up once, and what was judged is what is connected to."""
    looked_up = []

    def resolver(host, port, **_):
        looked_up.append(host)
        return [(2, 1, 6, "", ("127.0.0.1" if len(looked_up) == 1 else "169.254.169.254", port))]

    monkeypatch.setattr("socket.getaddrinfo", resolver)
    ping_hub(receiver.url.replace("127.0.0.1", "rebind.example"), ["x"], LOCAL)
    assert looked_up == ["rebind.example"]
    assert receiver.got[0][1]["host"].startswith("rebind.example:")


def test_the_deadline_holds_while_a_name_is_looked_up(monkeypatch):
    over, looked_up = threading.Event(), threading.Event()

    def resolver(host, port, **_):
        over.wait(60)
        looked_up.set()
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr("socket.getaddrinfo", resolver)
    try:
        with pytest.raises(Undelivered, match="no answer within"):
            post_webhook("http://slow.example/", SECRET, "msg_1", b"{}", NOW, LOCAL, deadline=0.1)
        assert not looked_up.is_set()
    finally:
        over.set()


def test_what_the_operator_allows_is_written_as_hosts_and_networks():
    allowance = Allowance.from_env({notify.ALLOWED: "Hook.internal, 10.1.0.0/16"})
    assert allowance.admits("hook.internal", ipaddress.ip_address("192.168.7.7"))
    assert allowance.admits("x.example", ipaddress.ip_address("10.1.9.9"))
    assert not allowance.admits("x.example", ipaddress.ip_address("10.2.0.1"))
    with pytest.raises(BadRecord, match=r"10\.1\.0\.0/99"):
        Allowance.from_env({notify.ALLOWED: "10.1.0.0/99"})


@pytest.mark.slow
def test_an_address_with_a_token_is_masked_wherever_airflow_shows_it():
    from airflow.api_fastapi.logging.decorators import _mask_connection_fields
    from airflow.sdk.log import redact

    record = {"conn_type": "http", "extra": json.dumps({"secret_url": "https://hooks.example/T0KEN"})}
    made = from_environment("h", {"AIRFLOW_CONN_H": json.dumps(record)})
    assert made.url == "https://hooks.example/T0KEN"
    assert "T0KEN" not in repr(made)
    assert "T0KEN" not in str(_mask_connection_fields({"connection_id": "h", **record}))  # the event log
    assert "T0KEN" not in str(redact(json.loads(record["extra"])))  # the page of connections, and task logs


@pytest.mark.parametrize(
    ("host", "extra", "told"),
    [
        ("https://hooks.example/services/T024BE7LD/B0RQ2XK9P/aX3kf9QmZr7LwPq2Vn8tYc4D", {}, True),
        ("https://hooks.example/in/550e8400-e29b-41d4-a716-446655440000", {}, True),
        ("https://hooks.example/in?key=abc", {}, True),
        ("https://desk:word@hooks.example/in", {}, True),
        ("https://hooks.example/broadsheet/issues-published-by-yunzhou-daily", {}, False),
        ("hooks.example", {"endpoint": "in"}, False),
        ("hooks.example", {"secret_url": "https://hooks.example/aX3kf9QmZr7LwPq2Vn8tYc4D"}, False),
    ],
)
def test_an_address_that_holds_a_token_in_the_open_is_recognised(host: str, extra: dict[str, str], told: bool):
    assert names_token(Connection("h", "http", host, extra=extra)) is told


@pytest.mark.parametrize(
    "url",
    [
        "https://no-such-host.invalid/T0KEN",
        "http://127.0.0.1:1/T0KEN",
        "https://user:T0KEN@127.0.0.1:1/T0KEN",
        "https://T0KEN\u2100@host/T0KEN",
        "https://127.0.0.1:99999/T0KEN",
        "http://127.0.0.1:1/T0KEN\x00",
    ],
)
def test_no_error_quotes_the_address(url):
    with pytest.raises((Undelivered, BadRecord)) as raised:
        post_webhook(url, SECRET, "msg_1", b"{}", NOW, LOCAL, deadline=5)
    assert "T0KEN" not in "".join(traceback.format_exception(raised.value)).replace(repr(url), "")


def test_connections_are_read_as_airflow_writes_them_and_never_shown():
    uri = from_environment("h", {"AIRFLOW_CONN_H": "https://:s%2Fcret@hooks.example:8443/in"})
    record = {"conn_type": "http", "host": "hooks.example", "schema": "https", "password": "s/cret", "extra": "{}"}
    as_json = from_environment("h", {"AIRFLOW_CONN_H": json.dumps(record)})
    assert (uri.url, uri.password) == ("https://hooks.example:8443/in", "s/cret")
    assert (as_json.url, as_json.password) == ("https://hooks.example/", "s/cret")
    assert "cret" not in repr(uri)
    with pytest.raises(BadRecord, match="AIRFLOW_CONN_H"):
        from_environment("h", {})


@pytest.mark.parametrize(
    "said", ["²", "soon", "9" * 400, "Wed, 99 Foo 2026 25:61:61 GMT", "Mon, 01 Jan 0001 00:00:00 +2359", ""]
)
def test_no_retry_after_is_too_odd(said: str):
    assert 0.0 <= seconds_to_wait(said, NOW) <= 86_400.0


@pytest.mark.parametrize("address", ["https://host:99999/hook", "https://host:port/hook", "https://[::1/hook"])
def test_an_address_that_cannot_be_read_is_told_in_words(address: str):
    with pytest.raises(BadRecord):
        post_webhook(address, SECRET, "msg_1", b"{}", NOW, LOCAL, deadline=5)


def test_a_resend_says_no_more_than_what_it_resends():
    installation = make_installation()
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    version = ingest.receive_issue(installation, NAME, DAY, datetime.now(UTC), quiet=True)
    ingest.read_pages(installation, version)
    ingest.store_articles(installation, version)
    changes.send_issue_again(installation, PARTNER, version.issue)
    assert news.quiet_versions(installation, [str(version)]) == [str(version)]


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


def test_a_message_that_waits_to_be_tried_again_is_left_to_its_schedule(receiver):
    receiver.answers = [503]
    installation = installation_for(receiver.url)
    work = bring_out(installation, PAGES)
    assert tell(installation, work).failed
    ingest.finish(installation, [work])
    (found,) = audit(installation, datetime.now(UTC).date())
    assert found.resent == ()


def test_an_archive_is_not_announced_to_a_partner_that_names_its_first_endpoint(receiver):
    installation = installation_for(receiver.url)
    work = bring_out(installation, PAGES)
    ingest.finish(installation, [work])
    (found,) = audit(installation, (datetime.now(UTC) + timedelta(days=5)).date())
    assert found.resent == ()


def test_the_retries_are_those_that_the_guide_promises():
    guide = (ROOT / "docs" / "partners.md").read_text("utf-8")
    minutes, hours = re.search(r"tries again after ([\d, ]+) minutes, ([\d, ]+) hours", guide).groups()
    promised = [int(m) for m in minutes.split(", ")] + [60 * int(h) for h in hours.split(", ")]
    assert tuple(promised) == dead_letters.RETRY_AFTER_MINUTES
    every = re.search(r'schedule="\*/(\d+) ', (ROOT / "dags" / "resend_notifications.py").read_text("utf-8"))[1]
    # A shorter step than the pause between runs could not be kept.
    assert int(every) <= min(dead_letters.RETRY_AFTER_MINUTES)


def test_letters_go_out_at_the_same_time_and_each_is_signed_when_it_is_sent(receiver):
    """Three endpoints that answer only when all three are asked."""
    meeting = threading.Barrier(3, timeout=30)
    answer = receiver.answer

    def together(handler):
        meeting.wait()
        answer(handler)

    receiver.answer = together
    installation = installation_for(receiver.url)
    partner = replace(installation.partners[PARTNER], webhooks=("a", "b", "c"))
    hook = Connection("hook", "http", receiver.url, password=SECRET)
    installation = replace(installation, partners={PARTNER: partner}, connections=lambda name: replace(hook, id=name))
    assert sorted(tell(installation, bring_out(installation, PAGES)).told) == ["a", "b", "c"]
    now = time.time()
    assert all(now - int(headers["webhook-timestamp"]) < 60 for _, headers, _ in receiver.got)


def test_two_resends_at_once_send_a_letter_once(receiver):
    installation = installation_for(receiver.url)
    receiver.answers = [500]
    tell(installation, bring_out(installation, PAGES))
    later = NOW + timedelta(hours=1)
    first, second = [], []
    take_up = news._take_up

    def meanwhile(*given):
        """The other run takes the letter up between this one's look at it and its own attempt."""
        if not second:
            second.append(None)
            second[0] = news.retry_messages(installation, later, LOCAL, PARTNER, everything=True)
        return take_up(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(news, "_take_up", meanwhile)
        first.append(news.retry_messages(installation, later, LOCAL))
    assert [len(o.told) for o in (*first, *second)] == [0, 1]
    assert len(receiver.got) == 2
    assert list(dead_letters.letters(installation)) == []


def test_a_letter_that_arrived_meanwhile_is_not_kept_by_the_run_that_failed(receiver):
    installation = installation_for(receiver.url)
    receiver.answers = [500]
    tell(installation, bring_out(installation, PAGES))
    (letter,) = dead_letters.letters(installation)
    partner = installation.partner(PARTNER)
    _, slow, etag = news._take_up(installation, partner, letter, NOW)
    assert news.retry_messages(installation, NOW, LOCAL, PARTNER, everything=True).told
    dead_letters.keep(installation, replace(slow, reason="it answered 500"), etag)
    assert list(dead_letters.letters(installation)) == []


def test_a_loud_change_tells_nothing_of_what_came_quietly_with_it(receiver):
    installation = installation_for(receiver.url)
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    version = ingest.receive_issue(installation, NAME, DAY, datetime.now(UTC), quiet=True)
    ingest.read_pages(installation, version)
    ingest.store_articles(installation, version)
    tell(installation, bring_out(installation, CHANGED))  # before anybody had the backfill
    assert [i["version"] for i in json.loads(receiver.got[0][2])["data"]["items"]] == [2]
    assert sorted(e.quiet for e in entries(installation)) == [False, True]
