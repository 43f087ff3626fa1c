"""Addresses of webhooks: which may be reached, and that none is shown."""

import ipaddress
import json
import logging
import threading
import traceback

import pytest

from delivery import notify
from delivery.connections import Connection, from_environment, names_token
from delivery.errors import Undelivered
from delivery.notify import Allowance, is_public, ping_hub, post_webhook, seconds_to_wait
from tests.support.announced import LOCAL, SECRET
from tests.support.issue import NOW
from transforms.errors import BadRecord

pytestmark = pytest.mark.slow  # seconds: servers, browsers or other interpreters are started


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
