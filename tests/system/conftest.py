"""One newsroom for all system tests: the real S3 server and the real Airflow, as `broadsheet up` starts them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from broadsheet import pipeline
from broadsheet.desk import Desk
from broadsheet.services import airflow, newsroom
from broadsheet.services.airflow_api import AirflowApi
from broadsheet.settings import PROJECT, Settings
from delivery.setup import prepare_buckets

SCHEMA = Path(__file__).parents[2] / ".." / "shared" / "iptc" / "NewsML-G2_2.35-spec-All-Power.xsd"


@dataclass(frozen=True)
class Room:
    desk: Desk
    api: AirflowApi
    settings: Settings


@contextmanager
def quiet(name: str) -> Iterator:
    yield lambda detail: None


@pytest.fixture(scope="session")
def room(tmp_path_factory) -> Iterator[Room]:
    folder = tmp_path_factory.mktemp("room")
    if SCHEMA.exists():
        os.environ["BROADSHEET_SCHEMAS"] = str(SCHEMA.resolve())
    # A copy, so that a test may bring a newspaper of its own.
    os.environ["BROADSHEET_PUBLICATIONS"] = str(shutil.copytree(PROJECT / "publications", folder / "publications"))
    services = newsroom.start(folder, quiet)
    try:
        settings = Settings.from_env(os.environ | airflow.product_settings(folder, services.ports))
        desk = pipeline.open_desk(settings)
        prepare_buckets(desk.store, settings.partner_bucket, desk.partners.values())
        with AirflowApi(airflow.address(services.ports), airflow.USER, airflow.password(folder)) as api:
            api.wait_for_dag("ingest_issue", 60)
            api.wait_for_dag("syndicate_issue", 60)
            yield Room(desk, api, settings)
    finally:
        newsroom.stop(folder)
        os.environ.pop("BROADSHEET_SCHEMAS", None)
        os.environ.pop("BROADSHEET_PUBLICATIONS", None)
