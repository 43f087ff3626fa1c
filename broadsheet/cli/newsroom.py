"""The running newsroom as the commands need it: its installation and its Airflow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from broadsheet.cli.screen import called
from broadsheet.errors import NotRunning
from broadsheet.installation import Installation, open_installation
from broadsheet.local import airflow, newsroom, state
from broadsheet.local.airflow_api import AirflowApi
from broadsheet.local.state import Services
from broadsheet.settings import Settings


def settings_of(folder: Path, services: Services) -> Settings:
    """The settings of the newsroom in ``folder``: the caller's environment, pointed at the embedded store."""
    return Settings.from_env(os.environ | airflow.product_settings(folder, services.ports))


def airflow_environment() -> dict[str, str]:
    """The environment of Airflow's parts: the running newsroom's, or this process's own."""
    folder = state.home()
    services = state.load(folder)
    return airflow.environment(folder, services.ports) if "s3" in services.alive else dict(os.environ)


@contextmanager
def running() -> Iterator[tuple[Installation, AirflowApi]]:
    """The installation and Airflow of the running newsroom. Raises NotRunning if none runs."""
    folder = state.home()
    services = state.load(folder)
    if not newsroom.is_up(services):
        raise NotRunning(
            f"The newsroom is not running. Start it with `{called()} up`; `{called()} status` shows its parts."
        )
    with AirflowApi(airflow.address(services.ports), airflow.USER, airflow.password(folder)) as api:
        yield open_installation(settings_of(folder, services)), api


def opened() -> Installation:
    """The running newsroom's installation, or that of the store in the environment. Raises NotRunning."""
    folder = state.home()
    services = state.load(folder)
    if "s3" in services.alive:
        return open_installation(settings_of(folder, services))
    settings = Settings.from_env()
    if settings.s3_endpoint:
        return open_installation(settings)
    raise NotRunning(f"There is no store. Start one with `{called()} up`, or set BROADSHEET_S3_ENDPOINT and its keys.")
