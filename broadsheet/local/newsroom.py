"""The local newsroom as a whole: object store and Airflow, started together, known by their state folder."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from broadsheet.local import airflow, ports, process, s3, state
from broadsheet.local.state import Services

Step = Callable[[str], AbstractContextManager[Callable[[str], None]]]
EVERYTHING = frozenset({"s3", *airflow.COMPONENTS})
WANTED_PORTS = s3.WANTED_PORTS | airflow.WANTED_PORTS


def is_up(services: Services) -> bool:
    """Whether all of it runs and Airflow calls itself healthy."""
    return services.alive.keys() >= EVERYTHING and not airflow.unhealthy(airflow.address(services.ports))


def start(folder: Path, step: Step) -> Services:
    """Start everything and return when it is ready. Whatever was started is stopped again on any failure or ^C."""
    services = Services(ports=ports.choose(WANTED_PORTS | state.load(folder).ports))
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
            say(f"SeaweedFS on {s3.endpoint(services.ports)}")
        with step("Airflow database") as say:
            say("SQLite")
            finish()
    components = airflow.start(folder, services.ports)
    services = _remember(folder, services, components)
    with step("Airflow") as say:
        airflow.wait_ready(folder, components, services.ports, lambda awaited: say(f"waiting for {awaited}"))
        say(f"on {airflow.address(services.ports)}")
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
