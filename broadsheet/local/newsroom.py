"""The local newsroom as a whole: object store and Airflow, started together, known by their state folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from broadsheet.errors import NoSpace
from broadsheet.local import airflow, ports, process, s3, state, version
from broadsheet.local.state import Services

Step = Callable[[str], AbstractContextManager[Callable[..., None]]]  # broadsheet/cli/screen.py: step
EVERYTHING = frozenset({"s3", *airflow.COMPONENTS})
GIB = 2**30
NEEDED = 2 * GIB  # a volume for each bucket, Airflow's database and logs
NEEDED_AGAIN = GIB // 2  # what already exists has its room
WANTED_PORTS = s3.WANTED_PORTS | airflow.WANTED_PORTS


def check_space(folder: Path, needed: int) -> None:
    """Raise NoSpace, naming what is needed, if the state folder's disk has less than ``needed`` bytes free.

    With less, SeaweedFS starts but finds no room for its volumes, and every write waits until it fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise NoSpace(
            f"The disk of {folder} has {free / GIB:.1f} GiB free; "
            f"the newsroom needs {needed / GIB:.1f} GiB. Make room, "
            "or set BROADSHEET_HOME to a folder on another disk."
        )


def is_up(services: Services) -> bool:
    """Whether all of it runs and Airflow calls itself healthy."""
    return services.alive.keys() >= EVERYTHING and not airflow.unhealthy(airflow.address(services.ports))


def start(folder: Path, step: Step) -> Services:
    """Start everything and return when it is ready. Whatever was started is stopped again on any failure or ^C."""
    check_space(folder, NEEDED_AGAIN if (folder / "s3").exists() else NEEDED)
    with ports.reserved(WANTED_PORTS | state.load(folder).ports) as chosen:
        services = Services(ports=chosen, code=version.digest())
        state.save(folder, services)
        try:
            return _start(folder, services, step)
        except BaseException:
            with step("Stopping"):
                stop(folder)
            raise


def _start(folder: Path, services: Services, step: Step) -> Services:
    store = s3.start(folder, services.ports)
    services = _remember(folder, services, {"s3": store})
    with airflow.migration(folder, services.ports) as finish:  # both take seconds, so let them run side by side
        with step("Object store") as say:
            s3.wait_ready(folder, store, s3.endpoint(services.ports))
            say("SeaweedFS at {}", s3.endpoint(services.ports))
        with step("Airflow database") as say:
            say("SQLite")
            finish()
    components = airflow.start(folder, services.ports)
    services = _remember(folder, services, components)
    with step("Airflow") as say:
        airflow.wait_ready(folder, components, services.ports, lambda awaited: say("waiting for {}", awaited))
        say("at {}", airflow.address(services.ports))
    return services


def _remember(folder: Path, services: Services, started: dict[str, process.Running]) -> Services:
    services = replace(services, processes=services.processes | started)
    state.save(folder, services)
    return services


def stop(folder: Path) -> list[str]:
    """Stop everything that the folder knows of and return the names of what still ran; ports are remembered."""
    services = state.load(folder)
    names = sorted(services.alive)
    process.stop(list(services.processes.values()), max(s3.STOP_SECONDS, airflow.STOP_SECONDS))
    s3.tidy(services.ports)
    state.save(folder, replace(services, processes={}))
    return names
