"""One newsroom for all system tests: the real S3 server and the real Airflow, as `broadsheet up` starts them."""

import json
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from broadsheet.installation import Installation, open_installation
from broadsheet.local import airflow, newsroom
from broadsheet.local.airflow_api import AirflowApi
from broadsheet.settings import Settings
from delivery.setup import prepare_buckets
from tests.support.browser import opened
from transforms.shipped import ROOT

NAME = "yunzhou-daily"
SCHEMA = Path(__file__).parents[2] / ".." / "shared" / "iptc" / "NewsML-G2_2.35-spec-All-Power.xsd"


@dataclass(frozen=True)
class Room:
    """``numbers`` are the metrics that came over the wire so far, as StatsD lines."""

    installation: Installation
    api: AirflowApi
    settings: Settings
    numbers: list[str]


@contextmanager
def statsd() -> Iterator[tuple[str, list[str]]]:
    """A StatsD server that keeps every line; its address."""
    lines: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind(("127.0.0.1", 0))
        wire.settimeout(0.5)
        over = threading.Event()

        def take() -> None:
            while not over.is_set():
                with suppress(TimeoutError):
                    lines.extend(wire.recv(65_536).decode().splitlines())

        taker = threading.Thread(target=take)
        taker.start()
        try:
            yield f"127.0.0.1:{wire.getsockname()[1]}", lines
        finally:
            over.set()
            taker.join()


class _Installation(BaseHTTPRequestHandler):
    """A chat or pager as alerts reach it: JSON by POST."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.taken.append(json.loads(body))  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def alerts(room: "Room") -> Iterator[list[dict]]:
    """What people are told, since the operator has named a service in Airflow's connection."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Installation)
    server.taken = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    room.api.add_connection(
        "broadsheet_alerts", "apprise", {"config": {"path": f"json://127.0.0.1:{server.server_port}"}}
    )
    yield server.taken  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


@contextmanager
def quiet(name: str) -> Iterator:
    yield lambda detail, *values: None


@pytest.fixture(scope="session")
def room(tmp_path_factory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("room")
    stack = ExitStack()
    address, numbers = stack.enter_context(statsd())
    publications = shutil.copytree(ROOT / "publications", folder / "publications")
    with (publications / f"{NAME}.toml").open("a") as paper:
        paper.write("\n[review]\norder = 0.1\n")  # these tests follow whole issues; those of questions set their own
    own = {
        # Copies, so that a test may bring a newspaper and a partner of its own.
        "BROADSHEET_PUBLICATIONS": str(publications),
        "BROADSHEET_PARTNERS": str(shutil.copytree(ROOT / "partners", folder / "partners")),
        "BROADSHEET_ALLOW_PRIVATE_WEBHOOKS": "127.0.0.1/32",
        "BROADSHEET_STATSD": address,
        "BROADSHEET_VIEWERS": "viewer",
    }
    if SCHEMA.exists():
        own["BROADSHEET_SCHEMAS"] = str(SCHEMA.resolve())
    os.environ |= own
    try:
        services = newsroom.start(folder, quiet)
        settings = Settings.from_env(os.environ | airflow.product_settings(folder, services.ports))
        installation = open_installation(settings)
        prepare_buckets(installation.store, settings.partner_bucket, installation.partners.values())
        with AirflowApi(airflow.address(services.ports), airflow.USER, airflow.password(folder)) as api:
            api.wait_for_dag("ingest_issue", 600)
            api.wait_for_dag("syndicate_issue", 600)
            yield Room(installation, api, settings, numbers)
    finally:
        newsroom.stop(folder)
        stack.close()
        for name in own:
            os.environ.pop(name, None)


@pytest.fixture(scope="module")
def browser():
    with opened() as browser:
        yield browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what starts real servers, so that `make unit` leaves it out."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("system")
