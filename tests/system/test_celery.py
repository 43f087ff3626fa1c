"""Airflow's parts as production has them: PostgreSQL, Redis, Celery's workers, of which one dies in the middle."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import psutil
import pytest

from broadsheet.installation import Installation, open_installation
from broadsheet.local import airflow, ports, process, state
from broadsheet.local.airflow_api import AirflowApi
from broadsheet.local.process import Running
from broadsheet.settings import Settings
from broadsheet.steps import ingest
from delivery.issues import items_of, versions
from delivery.keys import IssueKey, VersionKey
from delivery.setup import prepare_buckets
from tests.support.room import NAME, sample, until
from tests.system.conftest import Room
from transforms.intake import SourceFile

DAY = date(2026, 1, 15)
WANTED = {"airflow": 0, "postgres": 0, "redis": 0}
BUCKETS = {"BROADSHEET_BUCKET": "celery", "BROADSHEET_PARTNER_BUCKET": "celery-partners"}
LOST = "15"  # seconds without a sign of life after which a task counts as lost


@dataclass
class Plant:
    installation: Installation
    api: AirflowApi
    workers: list[Running]


def postgres_tools() -> Path | None:
    found = shutil.which("initdb")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(found).parent if found else installed[-1].parent if installed else None


def as_nobody(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "nobody", "--", *command] if os.geteuid() == 0 else command


@contextmanager
def postgres(tools: Path, folder: Path, port: int) -> Iterator[Running]:
    """A server with an empty database, its data where whoever runs it may look."""
    data = Path(tempfile.mkdtemp(prefix="broadsheet-postgres-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(data, "nobody")
    make = [str(tools / "initdb"), "-D", str(data), "-A", "trust", "-U", "airflow", "--no-sync", "-E", "UTF8"]
    subprocess.run(as_nobody(make), check=True, capture_output=True, cwd="/")
    serve = [str(tools / "postgres"), "-D", str(data), "-p", str(port), "-k", "", "-c", "listen_addresses=127.0.0.1"]
    running = process.start(as_nobody(serve), cwd=Path("/"), log=folder / "postgres.log", env=os.environ)
    try:
        yield running
    finally:
        process.stop([running], 5.0)
        shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="module")
def plant(room: Room, tmp_path_factory) -> Iterator[Plant]:
    tools, redis = postgres_tools(), shutil.which("redis-server")
    if tools is None or redis is None:
        pytest.skip("PostgreSQL or Redis is not on this machine; Debian has them as postgresql and redis-server")
    folder = tmp_path_factory.mktemp("plant")
    chosen = ports.choose(WANTED)
    database = f"airflow@127.0.0.1:{chosen['postgres']}/postgres"
    kept = {**s3_ports(room), "airflow": chosen["airflow"]}
    home = room.settings.home
    env = airflow.environment(home, kept) | BUCKETS | {
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://{database}",
        "AIRFLOW__CELERY__BROKER_URL": f"redis://127.0.0.1:{chosen['redis']}/0",
        "AIRFLOW__CELERY__RESULT_BACKEND": f"db+postgresql://{database}",
        "AIRFLOW__CELERY__WORKER_CONCURRENCY": "2",
        "BROADSHEET_READING_SLOTS": "2",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": LOST,
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "3",
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "3",
    }  # fmt: skip
    (folder / "airflow").mkdir()
    base = ["python", "-m", "airflow"]
    with ExitStack() as stack:

        def run(command: list[str], name: str) -> Running:
            one = process.start(command, cwd=folder, log=folder / f"{name}.log", env=env)
            stack.callback(process.stop, [one], 5.0)
            return one

        stack.enter_context(postgres(tools, folder, chosen["postgres"]))
        run([redis, "--port", str(chosen["redis"]), "--bind", "127.0.0.1", "--save", ""], "redis")
        until(lambda: not ports.is_free(chosen["postgres"]) and not ports.is_free(chosen["redis"]), 60)
        subprocess.run(airflow.PREPARE, env=env, cwd=folder, check=True, capture_output=True)
        for part in ("api-server", "scheduler", "dag-processor"):
            run([*base, part], part)
        worker = [*base, "celery", "worker", "--skip-serve-logs", "--without-mingle", "--without-gossip"]
        workers = [run([*worker, "--celery-hostname", f"w{n}@localhost"], f"worker-{n}") for n in (1, 2)]
        settings = Settings.from_env(os.environ | airflow.product_settings(home, kept) | BUCKETS)
        installation = open_installation(settings)
        installation = replace(installation, schemas=room.installation.schemas)
        prepare_buckets(installation.store, settings.partner_bucket, installation.partners.values())
        with AirflowApi(airflow.address(kept), airflow.USER, airflow.password(home)) as api:
            until(lambda: answers(api, kept), 120)
            api.wait_for_dag("ingest_issue", 90)
            api.wait_for_dag("syndicate_issue", 90)
            yield Plant(installation, api, workers)


def s3_ports(room: Room) -> dict[str, int]:

    return dict(state.load(room.settings.home).ports)


def answers(api: AirflowApi, kept) -> bool:
    return "the API server" not in airflow.unhealthy(airflow.address(kept))


def worker_of(plant: Plant, pid: int) -> Running | None:
    """The worker below which a process runs."""
    try:
        above = {p.pid for p in psutil.Process(pid).parents()}
    except psutil.NoSuchProcess:
        return None
    return next((w for w in plant.workers if w.pid in above), None)


def _without_some(page: bytes, copy: int) -> bytes:
    """A page like another, yet not the same: the same page twice would be refused."""
    lines = page.splitlines(keepends=True)
    return b"".join(line for n, line in enumerate(lines) if (n + copy // 2) % 4)


def test_a_worker_that_dies_in_the_middle_of_an_issue_costs_nothing_but_time(plant: Plant):
    # A new Airflow makes up for this morning's run, which takes all that waits: this issue shall be the test's own.
    morning = until(lambda: next((r for r in plant.api.run_ids("ingest_issue") if r.startswith("scheduled__")), None))
    until(lambda: plant.api.run("ingest_issue", morning).ended)
    pages = [SourceFile(f"page-{n:02}.txt", _without_some(page.data, n)) for n, page in enumerate(sample() * 4, 1)]
    ingest.put_in_inbox(plant.installation.store, NAME, DAY, pages)
    name = ingest.run_id(plant.installation.store, NAME, DAY)
    run = plant.api.trigger("ingest_issue", name, {"publication": NAME, "date": DAY.isoformat()})

    def reading() -> Running | None:
        path = f"/dags/ingest_issue/dagRuns/{name}/taskInstances"
        tasks = plant.api._ask("GET", path).json()["task_instances"]
        at_work = [t["pid"] for t in tasks if t["task_id"] == "read" and t["state"] == "running" and t["pid"]]
        return worker_of(plant, at_work[0]) if at_work else None

    victim = until(reading, 120)
    for one in (*psutil.Process(victim.pid).children(recursive=True), psutil.Process(victim.pid)):
        one.send_signal(signal.SIGKILL)
    until(lambda: not process.is_alive(victim), 10)
    until(lambda: plant.api.run("ingest_issue", run.id).ended, 240)
    tasks = plant.api._ask("GET", f"/dags/ingest_issue/dagRuns/{name}/taskInstances").json()["task_instances"]
    # The sample's pages four times over is much to read; of some, a piece is held, and the run says so.
    assert {t["task_id"] for t in tasks if t["state"] == "failed"} <= {"held_back"}
    assert {t["try_number"] for t in tasks if t["task_id"] == "read"} == {2}
    until(lambda: ingest.progress(plant.installation.store, NAME, DAY).stage == "published", 240)
    assert versions(plant.installation.store, IssueKey(NAME, DAY)) == [1]
    items = items_of(plant.installation.store, VersionKey(IssueKey(NAME, DAY), 1))
    assert len({i.guid for i in items}) == len(items) > 8
