"""An eye on Airflow from outside: who is alerted of a part that is dead, when, and how often."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from broadsheet.cli import watchdog
from transforms.errors import BadInput

# Apprise looks for a module that Python 3.13 dropped.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")]
NOW = datetime(2026, 1, 15, 6, tzinfo=UTC)
PARTS = ("metadatabase", "scheduler", "dag_processor", "triggerer")


class Server(ThreadingHTTPServer):
    """Airflow's health as its API server reports it, and the service that takes alerts."""

    dead: set[str]
    refuses: bool
    alerts: list[dict]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        health = {p: {"status": "unhealthy" if p in self.server.dead else "healthy"} for p in PARTS}
        self._answer(200, json.dumps(health).encode())

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if not self.server.refuses:
            self.server.alerts.append(body)
        self._answer(500 if self.server.refuses else 200, b"{}")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def airflow(monkeypatch) -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.dead, server.refuses, server.alerts = set(), False, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv(watchdog.URL, f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv(watchdog.ALERTS, f"json://127.0.0.1:{server.server_port}/alerts")
    yield server
    server.shutdown()
    server.server_close()


def look(tmp_path, minutes: float) -> bool:
    return watchdog.look(tmp_path / "watchdog.json", watchdog.address(), NOW + timedelta(minutes=minutes))


@pytest.mark.slow
def test_a_dead_scheduler_alerts_once_and_its_recovery_too(airflow: Server, tmp_path):
    assert look(tmp_path, 0)
    airflow.dead = {"scheduler"}
    assert [look(tmp_path, m) for m in (1, 2)] == [False, False]
    assert airflow.alerts == []  # it may just be restarting
    for minute in (3, 4, 60):
        look(tmp_path, minute)
    [alert] = airflow.alerts
    assert alert["title"] == "Airflow: scheduler is down"
    assert "2026-01-15 06:01" in alert["message"]
    assert "未运行" in alert["message"]
    airflow.dead = set()
    assert look(tmp_path, 61)
    look(tmp_path, 62)
    assert [a["title"] for a in airflow.alerts[1:]] == ["Airflow is healthy again"]


@pytest.mark.slow
def test_an_outage_that_lasts_is_reported_again_after_hours(airflow: Server, tmp_path):
    airflow.dead = {"triggerer"}
    for minute in range(0, 13 * 60, 10):
        look(tmp_path, minute)
    assert [a["title"] for a in airflow.alerts] == ["Airflow: triggerer is down"] * 3


def test_a_short_restart_alerts_nobody(airflow: Server, tmp_path):
    airflow.dead = {"scheduler", "triggerer"}
    look(tmp_path, 0)
    airflow.dead = set()
    look(tmp_path, 1)
    assert airflow.alerts == []


def test_an_alert_that_nobody_took_is_sent_at_the_next_look(airflow: Server, tmp_path):
    airflow.dead, airflow.refuses = {"scheduler"}, True
    look(tmp_path, 0)
    look(tmp_path, 5)
    airflow.refuses = False
    look(tmp_path, 6)
    assert len(airflow.alerts) == 1


def test_an_api_server_that_does_not_answer_is_an_outage(airflow: Server, tmp_path):
    dead = "http://127.0.0.1:9"
    for minute in (0, 5):
        assert not watchdog.look(tmp_path / "watchdog.json", dead, NOW + timedelta(minutes=minute))
    assert [a["title"] for a in airflow.alerts] == ["Airflow: API server is down"]


def test_without_addressees_it_says_so(monkeypatch):
    monkeypatch.delenv(watchdog.ALERTS, raising=False)
    with pytest.raises(BadInput, match=watchdog.ALERTS):
        watchdog.watchdog(0)


def test_an_address_that_cannot_be_read_is_named_by_its_place_and_stops_no_other(
    airflow, monkeypatch, tmp_path, caplog
):
    good = f"json://127.0.0.1:{airflow.server_port}/alerts"
    monkeypatch.setenv(watchdog.ALERTS, f"slack://T0KEN/x {good} nope://T0KEN")
    airflow.dead = {"scheduler"}
    for minute in (0, 3):
        look(tmp_path, minute)
    assert len(airflow.alerts) == 1
    assert "address 1 of 3" in caplog.text
    assert "address 3 of 3" in caplog.text
    assert "T0KEN" not in caplog.text


def test_no_address_in_a_debug_log(airflow, tmp_path, caplog):
    with caplog.at_level("DEBUG"):
        airflow.dead = {"scheduler"}
        for minute in (0, 3):
            look(tmp_path, minute)
    assert len(airflow.alerts) == 1
    assert "/alerts" not in caplog.text
