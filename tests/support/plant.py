"""Airflow's parts as production has them, as processes: PostgreSQL, Redis, two Celery workers, an S3 server."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2
import pytest

from broadsheet.installation import Installation, open_installation
from broadsheet.local import airflow, ports, process, s3
from broadsheet.local.airflow_api import AirflowApi
from broadsheet.local.process import Running
from broadsheet.settings import Settings
from delivery.setup import prepare_buckets
from tests.support.room import until
from tests.support.shop import throw_away
from transforms.shipped import ROOT

WANTED = s3.WANTED_PORTS | {"airflow": 0, "postgres": 0, "redis": 0}
START = 900.0  # seconds that Airflow's start may take on a busy machine
LOST = "15"  # seconds without a sign of life after which a task counts as lost
# Seconds after which a task is given away again that a worker had taken when it died and had not begun: ten minutes
# where Airflow's own setting stands. No task waits that long here, since no more are queued than workers take at once.
NOT_BEGUN = "60"
DATABASE = "airflow"
WORKERS = ("worker-1", "worker-2")
AIRFLOW = ("api-server", "scheduler", "dag-processor", "triggerer")
DAGS = (
    "ingest_issue",
    "syndicate_issue",
    "review_article",
    "release_embargo",
    "resend_to_partner",
    "watch_desk",
    "watch_inbox",
)

_QUIET = ("--skip-serve-logs", "--without-mingle", "--without-gossip")
COMMANDS = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
    **{name: ("celery", "worker", *_QUIET, "--celery-hostname", f"{name}@localhost") for name in WORKERS},
}


@dataclass
class Plant:
    """``parts`` are Airflow's running processes by name; the store, PostgreSQL and Redis outlive them.

    PostgreSQL is among the ``parts``, since it is killed and started again too; ``others`` are the store and Redis.
    """

    folder: Path
    env: dict[str, str]
    ports: dict[str, int]
    settings: Settings
    api: AirflowApi
    parts: dict[str, Running] = field(default_factory=dict)
    database: list[str] = field(default_factory=list)  # the command that runs PostgreSQL
    others: dict[str, Running] = field(default_factory=dict)

    @property
    def installation(self) -> Installation:
        """Opened for each question, since newspapers and partners come and go."""
        return open_installation(self.settings)

    @property
    def workers(self) -> list[Running]:
        return [self.parts[name] for name in WORKERS]

    def start(self, dags: Sequence[str] = DAGS) -> None:
        """Start Airflow on whatever database there is, and wait until it knows our DAGs."""
        subprocess.run(airflow.PREPARE, env=self.env, cwd=self.folder, check=True, capture_output=True)
        for name, arguments in COMMANDS.items():
            self._run(arguments, name)
        until(lambda: not airflow.unhealthy(airflow.address(self.ports)), START)
        for dag in dags:
            self.api.wait_for_dag(dag, START)

    def stop(self, grace: float = 15.0) -> None:
        """Stop Airflow; PostgreSQL goes on."""
        own = [name for name in self.parts if name != "postgres"]
        process.stop([self.parts.pop(name) for name in own], grace)

    def drop_database(self) -> None:
        """Airflow's database is gone for good, and Airflow starts on an empty one."""
        self.stop()
        make_database(self.ports["postgres"], again=True)
        self.start()

    def kill(self, name: str) -> None:
        """A part, or ``postgres``, dies with all its processes."""
        process.stop([self.parts.pop(name)], 0.0)

    def revive(self, name: str) -> None:
        """Start a part again that was killed."""
        if name == "postgres":
            self.parts[name] = serve_postgres(self.database, self.folder)
            until(lambda: is_answering(self.ports["postgres"]), 60)
        else:
            self._run(COMMANDS[name], name)

    def revive_ended(self) -> list[str]:
        """Start again what has ended by itself, such as a scheduler whose database was gone; the names of these.

        Compose and Kubernetes do so for every part.
        """
        ended = [name for name, running in self.parts.items() if not process.is_alive(running)]
        for name in ended:
            process.stop([self.parts.pop(name)], 0.0)  # its children may have stayed
            self.revive(name)
        return ended

    def state(self) -> str:
        """The runs that are not done, and what each part logged last, for whoever looks for what went wrong."""
        runs = self.api.ask("GET", "/dags/~/dagRuns", params={"state": ["queued", "running"], "limit": 20}).json()
        open_runs = [f"{run['dag_id']} {run['dag_run_id']} {run['state']}" for run in runs["dag_runs"]]
        logs = {name: (self.folder / f"{name}.log").read_text(errors="replace")[-1500:] for name in self.parts}
        return "\n".join([*open_runs, *(f"--- {name}\n{text}" for name, text in logs.items())])

    def _run(self, arguments: Sequence[str], name: str) -> None:
        command = ["python", "-m", "airflow", *arguments]
        self.parts[name] = process.start(command, cwd=self.folder, log=self.folder / f"{name}.log", env=self.env)


def postgres_tools() -> Path | None:
    found = shutil.which("initdb")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(found).parent if found else installed[-1].parent if installed else None


def as_nobody(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root. What setpriv runs takes its place, so the server is our own child."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--", *command]


def serve_postgres(command: list[str], folder: Path) -> Running:
    return process.start(command, cwd=Path("/"), log=folder / "postgres.log", env=os.environ)


@contextmanager
def postgres(tools: Path, folder: Path, port: int) -> Iterator[tuple[list[str], Running]]:
    """A server with an empty database, its data where whoever runs it may look: its command, and the process."""
    data = Path(tempfile.mkdtemp(prefix="broadsheet-postgres-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(data, "nobody")
    make = [str(tools / "initdb"), "-D", str(data), "-A", "trust", "-U", "airflow", "--no-sync", "-E", "UTF8"]
    subprocess.run(as_nobody(make), check=True, capture_output=True, cwd="/")
    serve = [str(tools / "postgres"), "-D", str(data), "-p", str(port), "-k", "", "-c", "listen_addresses=127.0.0.1"]
    running = serve_postgres(as_nobody(serve), folder)
    try:
        until(lambda: is_answering(port), 60)
        make_database(port)
        yield as_nobody(serve), running
    finally:
        process.stop([running], 5.0)
        shutil.rmtree(data, ignore_errors=True)


def connect(port: int):
    return psycopg2.connect(host="127.0.0.1", port=port, user="airflow", dbname="postgres")


def is_answering(port: int) -> bool:
    with suppress(psycopg2.OperationalError):
        connect(port).close()
        return True
    return False


def make_database(port: int, again: bool = False) -> None:
    connection = connect(port)
    connection.set_session(autocommit=True)
    with connection.cursor() as cursor:
        if again:
            cursor.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    connection.close()


def environment(folder: Path, chosen: dict[str, int]) -> dict[str, str]:
    database = f"airflow@127.0.0.1:{chosen['postgres']}/{DATABASE}"
    return airflow.environment(folder, chosen) | {
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://{database}",
        "AIRFLOW__CELERY__BROKER_URL": f"redis://127.0.0.1:{chosen['redis']}/0",
        "AIRFLOW__CELERY__RESULT_BACKEND": f"db+postgresql://{database}",
        "AIRFLOW__CELERY__WORKER_CONCURRENCY": "2",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": LOST,
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "3",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "3",
        "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": NOT_BEGUN,
        "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "5",
        "BROADSHEET_PUBLICATIONS": str(folder / "publications"),
        "BROADSHEET_PARTNERS": str(folder / "partners"),
        "BROADSHEET_READING_SLOTS": "2",
    }


@contextmanager
def planted(folder: Path, more: Mapping[str, str] | None = None) -> Iterator[Plant]:
    """All of it, started; its newspapers and partners are copies of the project's, in ``folder``.

    ``more`` are settings that differ from those of the tests.
    """
    tools, redis = postgres_tools(), shutil.which("redis-server")
    if tools is None or redis is None:
        pytest.skip("PostgreSQL or Redis is not on this machine; Debian has them as postgresql and redis-server")
    for name in ("publications", "partners"):
        shutil.copytree(ROOT / name, folder / name)
    with ExitStack() as stack:
        chosen = stack.enter_context(ports.reserved(WANTED))
        env = environment(folder, chosen) | (more or {})
        airflow.password(folder)
        store = s3.start(folder, chosen)
        stack.callback(throw_away, store, chosen)
        database, server = stack.enter_context(postgres(tools, folder, chosen["postgres"]))
        command = [redis, "--port", str(chosen["redis"]), "--bind", "127.0.0.1", "--save", ""]
        broker = process.start(command, cwd=folder, log=folder / "redis.log", env=env)
        stack.callback(process.stop, [broker], 5.0)
        s3.wait_ready(folder, store, s3.endpoint(chosen))
        settings = Settings.from_env(env)
        prepare_buckets(open_installation(settings).store, settings.partner_bucket, [])
        api = stack.enter_context(AirflowApi(airflow.address(chosen), airflow.USER, airflow.password(folder)))
        others = {"store": store, "redis": broker}
        plant = Plant(folder, env, chosen, settings, api, {"postgres": server}, database, others)
        stack.callback(lambda: process.stop([plant.parts["postgres"]] if "postgres" in plant.parts else [], 0.0))
        stack.callback(plant.stop, 0.0)  # all that they worked on is thrown away
        plant.start()
        yield plant
