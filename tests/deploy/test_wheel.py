"""The wheel in an Airflow that is there already: a fresh environment, outside the checkout, with DAGs of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from broadsheet.installation import open_installation
from broadsheet.local import ports, s3
from broadsheet.settings import Settings
from broadsheet.steps import ingest
from broadsheet.steps.changes import newest_items
from delivery.keys import IssueKey
from tests.support.room import NAME, sample
from tests.support.shop import throw_away
from transforms.lifecycle.doubt import is_waiting

pytestmark = pytest.mark.slow  # it takes minutes
ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")
DAY = date(2026, 2, 3)
LOCAL = "airflow.dag_processing.bundles.local.LocalDagBundle"
OWN_DAG = """
from airflow.sdk import dag, task

@dag(schedule=None)
def operators_own():
    @task
    def nothing(): ...
    nothing()

operators_own()
"""


WHAT_UP_NEEDS = """
import json
from pathlib import Path
from broadsheet.cli import up
from broadsheet.local import airflow
from broadsheet.settings import Settings
from transforms.shipped import shipped

up.seed_records()
settings = Settings.from_env()
env = airflow.environment(Path.cwd(), airflow.WANTED_PORTS | {"s3": 1})
wanted = [env["AIRFLOW__CORE__DAGS_FOLDER"], env["PYTHONPATH"].split(":")[0]]  # the desk is an entry point
records = [*settings.partners.glob("*.toml"), *settings.publications.glob("*.toml")]
print(json.dumps({
    "dags": sorted(p.name for p in Path(wanted[0]).glob("*.py")),
    "sample": sorted(p.name for p in up.SAMPLE.glob("page-*")),
    "models": sorted(p.name for p in shipped("models").iterdir()),
    "records": sorted(p.name for p in records),
    "missing": [folder for folder in wanted if not list(Path(folder).glob("*.py"))],
}))
"""


@dataclass(frozen=True)
class Host:
    """A machine with an Airflow of its own, into which our wheel was installed.

    ``env`` is what its parts run in, ``within`` the folder below ``folder`` in which commands are run.
    """

    folder: Path
    env: dict[str, str]
    within: str = ""

    def run(self, *command: str, code: int = 0) -> str:
        program = str(self.folder / "venv" / "bin" / command[0])
        done = subprocess.run(
            [program, *command[1:]],
            cwd=self.folder / self.within,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, f"{' '.join(command)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    def listed(self, *command: str) -> list[dict]:
        """What an Airflow command prints as JSON, on a line of its own beside warnings; nothing for an empty list."""
        lines = self.run("airflow", *command, "--output", "json").splitlines()
        return json.loads(next((line for line in lines if line.startswith("[{")), "[]"))


@pytest.fixture(scope="module")
def host(tmp_path_factory) -> Iterator[Host]:
    if not UV.exists():
        pytest.skip("uv is not in this environment; `make install` puts it there")
    folder = tmp_path_factory.mktemp("host")
    python = folder / "venv" / "bin" / "python"
    uv("build", "--wheel", "--out-dir", folder, ROOT)
    uv("venv", "--python", sys.executable, folder / "venv")
    uv("pip", "install", "--python", python, *folder.glob("*.whl"), "-c", ROOT / "requirements.lock")
    for name in ("publications", "partners"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "dags").mkdir()
    (folder / "dags" / "own.py").write_text(OWN_DAG, "utf-8")
    with ports.reserved(s3.WANTED_PORTS) as chosen:
        running = s3.start(folder, chosen)
        try:
            s3.wait_ready(folder, running, s3.endpoint(chosen))
            yield Host(folder, environment(folder, s3.endpoint(chosen)))
        finally:
            throw_away(running, chosen)


def uv(*arguments: str | Path) -> None:
    subprocess.run([UV, *arguments], check=True, capture_output=True)


def environment(folder: Path, store: str) -> dict[str, str]:
    """As docs/operators.md says, and nothing of the checkout."""
    base = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "BROADSHEET", "PYTHON", "VIRTUAL_ENV"))}
    bundles = [
        {"name": "dags-folder", "classpath": LOCAL, "kwargs": {}},
        {"name": "broadsheet", "classpath": "broadsheet.airflow.bundle.BroadsheetBundle", "kwargs": {}},
    ]
    pair = s3.keys(folder)
    return base | {
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(folder / "dags"),
        "AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT": "300",  # nothing is compiled yet in a fresh environment
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(bundles),
        "BROADSHEET_HOME": str(folder / "home"),
        "BROADSHEET_PARTNERS": str(folder / "partners"),
        "BROADSHEET_PUBLICATIONS": str(folder / "publications"),
        "BROADSHEET_S3_ACCESS_KEY": pair.access,
        "BROADSHEET_S3_ENDPOINT": store,
        "BROADSHEET_S3_SECRET_KEY": pair.secret,
    }


@pytest.fixture(scope="module")
def prepared(host: Host) -> str:
    printed = host.run("broadsheet", "prepare", "--migrate")
    host.run("airflow", "dags", "reserialize")
    return printed


def test_dags_and_the_desk_are_there_beside_the_operators_own(host: Host, prepared: str):
    assert "broadsheet_reading" in prepared
    assert host.listed("dags", "list-import-errors") == []
    known = host.listed("dags", "list", "--columns", "dag_id,bundle_name")
    bundles = {row["dag_id"]: row["bundle_name"] for row in known}
    assert bundles["operators_own"] == "dags-folder"
    ours = {path.stem for path in (ROOT / "dags").glob("*.py")}
    assert {dag for dag, bundle in bundles.items() if bundle == "broadsheet"} == ours
    assert "broadsheet_desk" in {row["name"] for row in host.listed("plugins")}


def test_an_issue_goes_from_the_inbox_to_the_partners(host: Host, prepared: str):
    installation = open_installation(Settings.from_env(host.env))
    ingest.put_in_inbox(installation.store, NAME, DAY, sample())
    conf = json.dumps({"publication": NAME, "date": DAY.isoformat()})
    host.run("airflow", "dags", "test", "ingest_issue", "--conf", conf)
    host.run("airflow", "dags", "test", "syndicate_issue")
    assert ingest.progress(installation.store, NAME, DAY).stage == "published"
    feed = installation.shelf.get(f"{installation.root(installation.partners['sample-outlet'], NAME)}feeds/all.rss")
    items = newest_items(installation, IssueKey(NAME, DAY))
    assert feed.content.count(b"<item>") == sum(not is_waiting(item) for item in items) > 0
    assert len(items) == 8


def test_up_finds_all_that_it_starts_and_copies_outside_a_checkout(host: Host):
    """What `broadsheet up` would start, from an empty folder, without starting it."""
    (host.folder / "empty").mkdir()
    kept = {k: v for k, v in host.env.items() if not k.startswith(("AIRFLOW", "BROADSHEET"))}
    elsewhere = Host(host.folder, kept | {"BROADSHEET_HOME": str(host.folder / "fresh")}, "empty")
    assert "not running" in elsewhere.run("broadsheet", "status", code=1)
    found = json.loads(elsewhere.run("python", "-c", WHAT_UP_NEEDS))
    assert found["dags"] == sorted(path.name for path in (ROOT / "dags").glob("*.py"))
    assert found["sample"] == ["page-01.txt", "page-02.txt"]
    assert found["models"] == sorted(path.name for path in (ROOT / "models").iterdir())
    assert found["records"] == ["brief-wire.toml", "sample-outlet.toml", "yunzhou-daily.toml"]
    assert found["missing"] == []
    for component in ("api-server", "scheduler", "dag-processor", "triggerer"):
        assert component in elsewhere.run("python", "-m", "airflow", component, "--help")
    assert "version" in elsewhere.run("weed", "version")
