"""The embedded Airflow: its four components on SQLite, on loopback, with this project's DAGs loaded and unpaused.

``airflow standalone`` would start the same four, but it opens log servers on all interfaces and leaves its children
behind when it is ended. Started one by one, each has a log of its own and none serves anything but the API.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from broadsheet.errors import AirflowError
from broadsheet.local import process, s3
from broadsheet.local.ports import LOOPBACK
from broadsheet.local.process import Running
from broadsheet.local.state import write_private
from transforms.shipped import ROOT, shipped

WANTED_PORTS = {"airflow": 8080}
START_SECONDS = 600.0  # a part that dies is noticed at once; a busy machine is only slow
STOP_SECONDS = 25.0
LOCKED_SECONDS = 60  # how long a writer waits for SQLite's one lock; after Python's 5 s the scheduler would end
PREPARE = [sys.executable, "-m", "broadsheet.airflow.prepare", "--migrate"]
USER = "admin"
PARTNER_BUCKET = "broadsheet-partners"

# The scheduler and the triggerer would open a log server each; the API server reads the same files itself.
COMPONENTS: dict[str, list[str]] = {
    "airflow-api": ["api-server"],
    "airflow-scheduler": ["scheduler", "--skip-serve-logs"],
    "airflow-dag-processor": ["dag-processor"],
    "airflow-triggerer": ["triggerer", "--skip-serve-logs"],
}


def address(ports: Mapping[str, int]) -> str:
    """The address of this machine's Airflow. ``ports``: by name."""
    return f"http://{LOOPBACK}:{ports['airflow']}"


def password(folder: Path, user: str = USER) -> str:
    """A log-in's password: made once, kept where Airflow's simple auth manager looks for it."""
    path = _passwords(folder)
    known: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    if fresh := {name: secrets.token_urlsafe(9) for name in users() if name not in known}:
        known |= fresh
        write_private(path, known)
    return known[user]


def users() -> dict[str, str]:
    """The log-ins and their roles: the operator, and those of ``$BROADSHEET_VIEWERS``, who may look only."""
    viewers = os.environ.get("BROADSHEET_VIEWERS", "").split(",")
    return {USER: "admin"} | {name.strip(): "viewer" for name in viewers if name.strip()}


def _passwords(folder: Path) -> Path:
    return folder / "airflow" / "passwords.json"


def _seeds(folder: Path) -> dict[str, str]:
    """The secrets that Airflow's components share, made once."""
    path = folder / "airflow.keys.json"
    if not path.exists():
        fernet = urlsafe_b64encode(secrets.token_bytes(32)).decode()
        write_private(path, {"jwt": secrets.token_urlsafe(48), "fernet": fernet, "session": secrets.token_urlsafe(24)})
    seeds: dict[str, str] = json.loads(path.read_text("utf-8"))
    return seeds


def environment(folder: Path, ports: Mapping[str, int]) -> dict[str, str]:
    """All that Airflow and the DAGs are told, as environment variables; any AIRFLOW__ of the caller's is left out."""
    base = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "AWS_"))}
    venv = str(Path(sys.executable).parent)
    path = os.pathsep.join([venv, base.get("PATH", os.defpath)])
    preload = str(ROOT / "broadsheet" / "airflow" / "preload")
    before = os.pathsep.join(filter(None, [preload, base.get("PYTHONPATH", "")]))
    return (
        base | {"PATH": path, "PYTHONPATH": before} | _airflow_settings(folder, ports) | product_settings(folder, ports)
    )


def _airflow_settings(folder: Path, ports: Mapping[str, int]) -> dict[str, str]:
    here, seeds = folder / "airflow", _seeds(folder)
    options = {
        "API__BASE_URL": address(ports),
        "API__HOST": LOOPBACK,
        "API__INSTANCE_NAME": "broadsheet",
        "API__PORT": str(ports["airflow"]),
        "API__SECRET_KEY": seeds["session"],
        "API_AUTH__JWT_SECRET": seeds["jwt"],
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "CORE__DAGS_FOLDER": os.environ.get("BROADSHEET_DAGS") or str(shipped("dags")),
        "CORE__EXECUTION_API_SERVER_URL": f"{address(ports)}/execution/",
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__FERNET_KEY": seeds["fernet"],
        "CORE__HOSTNAME_CALLABLE": "broadsheet.local.airflow.hostname",
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__PARALLELISM": str(max(2, min(8, os.cpu_count() or 2))),
        "CORE__PLUGINS_FOLDER": str(shipped("plugins")),
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(_passwords(folder)),
        "CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(f"{name}:{role}" for name, role in users().items()),
        # Each DAG costs seconds to parse: every half minute, as is Airflow's habit, they would keep a core busy.
        "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "900",
        # A file that is not parsed in time counts as gone, and its DAG cannot be started until it is parsed again: on a
        # busy machine Airflow's 30 and 50 s are too short.
        "CORE__DAGBAG_IMPORT_TIMEOUT": "300",
        "DAG_PROCESSOR__DAG_FILE_PROCESSOR_TIMEOUT": "600",
        "DAG_PROCESSOR__STALE_DAG_THRESHOLD": "3600",
        "DAG_PROCESSOR__PARSING_PROCESSES": "1",
        "DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{here / 'airflow.db'}?timeout={LOCKED_SECONDS}",
        "LOGGING__COLORED_CONSOLE_LOG": "False",
        "USAGE_DATA_COLLECTION__ENABLED": "False",
        # A task whose start the API server does not note within Airflow's 5 s has failed, and a cold server is slower.
        "WORKERS__EXECUTION_API_TIMEOUT": "30",
        # How often a worker looks whether its task's process has ended, where it just missed that: 5 s in Airflow.
        "WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    }
    named = {f"AIRFLOW__{name}": value for name, value in (options | _metrics()).items()}
    return {"AIRFLOW_HOME": str(here)} | named


def _metrics() -> dict[str, str]:
    """Where numbers go: the StatsD server that ``$BROADSHEET_STATSD`` names as host:port, in InfluxDB's way of tags."""
    host, _, port = os.environ.get("BROADSHEET_STATSD", "").rpartition(":")
    if not host:
        return {}
    on = {"ON": "True", "HOST": host, "PORT": port, "PREFIX": "airflow", "INFLUXDB_ENABLED": "True"}
    return {f"METRICS__STATSD_{name}": value for name, value in on.items()}


def product_settings(folder: Path, ports: Mapping[str, int]) -> dict[str, str]:
    """What ``broadsheet.settings`` reads, pointing at the embedded store, and the connection for Airflow's hooks."""
    pair, url = s3.keys(folder), s3.endpoint(dict(ports))
    extra = {"endpoint_url": url, "region_name": s3.REGION, "config_kwargs": {"s3": {"addressing_style": "path"}}}
    connection = {"conn_type": "aws", "login": pair.access, "password": pair.secret, "extra": extra}
    return {
        "AIRFLOW_CONN_BROADSHEET_S3": json.dumps(connection),
        "BROADSHEET_BUCKET": s3.BUCKET,
        "BROADSHEET_HOME": str(folder),
        "BROADSHEET_PARTNER_BUCKET": PARTNER_BUCKET,
        "BROADSHEET_S3_ACCESS_KEY": pair.access,
        "BROADSHEET_S3_ENDPOINT": url,
        "BROADSHEET_S3_SECRET_KEY": pair.secret,
    }


def hostname() -> str:
    """The name under which local components know each other: no look-up, the same on every network."""
    return LOOPBACK


@contextmanager
def migration(folder: Path, ports: Mapping[str, int]) -> Iterator[Callable[[], None]]:
    """Make or update Airflow's database and what it must hold, in the background; calling what is yielded waits.

    Raises AirflowError if it fails. On leaving early, the migration is stopped.
    """
    password(folder)
    log = folder / "logs" / "airflow-migrate.log"
    log.unlink(missing_ok=True)
    running = process.start(PREPARE, cwd=folder, log=log, env=environment(folder, ports))

    def finish() -> None:
        code = process.wait(running)
        if code:
            raise AirflowError(f"Airflow could not prepare its database:\n{process.tail(log)}")

    try:
        yield finish
    finally:
        process.stop([running], 1.0)


def _kept(name: str, arguments: list[str]) -> list[str]:
    return [sys.executable, "-m", "broadsheet.local.keeper", name, sys.executable, "-m", "airflow", *arguments]


def start(folder: Path, ports: Mapping[str, int]) -> dict[str, Running]:
    """Start the components on a migrated database; they are ready when ``wait_ready`` has returned."""
    env = environment(folder, ports)
    return {
        name: process.start(_kept(name, arguments), cwd=folder, log=folder / "logs" / f"{name}.log", env=env)
        for name, arguments in COMPONENTS.items()
    }


def wait_ready(
    folder: Path, running: Mapping[str, Running], ports: Mapping[str, int], tick: Callable[[str], object]
) -> None:
    """Until Airflow reports all components healthy. ``tick`` hears what is still awaited. Raises AirflowError."""
    deadline = time.monotonic() + START_SECONDS
    awaited = "API server"
    while time.monotonic() < deadline:
        for name, one in running.items():
            if not process.is_alive(one):
                raise AirflowError(
                    f"{name} stopped. The end of its log:\n{process.tail(folder / 'logs' / f'{name}.log')}"
                )
        awaited = unhealthy(address(ports))
        if not awaited:
            return
        tick(awaited)
        time.sleep(0.5)
    raise AirflowError(
        f"Airflow was not ready after {START_SECONDS:.0f} s: {awaited} did not start. See {folder / 'logs'}."
    )


def unhealthy(url: str) -> str:
    """The components that Airflow does not report healthy, as a sentence; empty if all are well."""
    try:
        health = httpx.get(f"{url}/api/v2/monitor/health", timeout=5).json()
    except (httpx.HTTPError, ValueError):
        return "API server"
    parts = ("metadatabase", "scheduler", "dag_processor", "triggerer")
    bad = [part.replace("_", " ") for part in parts if (health.get(part) or {}).get("status") != "healthy"]
    return ", ".join(bad)
