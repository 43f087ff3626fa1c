"""The running newsroom as the commands need it: its desk and its Airflow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from broadsheet.commands.screen import called
from broadsheet.desk import Desk, open_desk
from broadsheet.services import airflow, newsroom, state
from broadsheet.services.airflow_api import AirflowApi
from broadsheet.services.state import Services
from broadsheet.settings import Settings
from transforms.errors import BroadsheetError


class NotRunning(BroadsheetError):
    """A command that needs the newsroom found it closed."""


def settings_of(folder: Path, services: Services) -> Settings:
    """The settings of the newsroom in ``folder``: the caller's environment, pointed at the embedded store."""
    return Settings.from_env(os.environ | airflow.product_settings(folder, services.ports))


@contextmanager
def opened() -> Iterator[tuple[Desk, AirflowApi]]:
    """The desk and Airflow of the newsroom that runs. Raises NotRunning where none does."""
    folder = state.home()
    services = state.load(folder)
    if not newsroom.is_up(services):
        raise NotRunning(f"The newsroom is not running. `{called()} up` opens it; `{called()} status` shows its parts.")
    with AirflowApi(airflow.address(services.ports), airflow.USER, airflow.password(folder)) as api:
        yield open_desk(settings_of(folder, services)), api
