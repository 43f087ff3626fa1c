"""Each DAG in one process, as ``dag.test()`` runs it, on the real store: what its tasks do without a scheduler."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from broadsheet.installation import Installation, open_installation
from broadsheet.local import airflow, state
from broadsheet.steps import changes, ingest
from delivery.keys import IssueKey
from delivery.setup import prepare_buckets
from tests.support.room import NAME, sample
from tests.system.conftest import Room

DAY = date(2026, 3, 2)
# Buckets that the newsroom's own Airflow does not watch: it would work beside us.
BUCKETS = {"BROADSHEET_BUCKET": "dag-runs", "BROADSHEET_PARTNER_BUCKET": "dag-runs-partners"}
RUNS = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
for name, conf in json.loads(sys.argv[2]):
    run = bag.get_dag(name).test(run_conf=conf)
    states = {f"{t.task_id}[{t.map_index}]": str(t.state) for t in run.get_task_instances()}
    print("RESULT" + json.dumps([name, str(run.state), states]), flush=True)
"""


def dag_test(room: Room, tmp_path, runs: list[tuple[str, dict]]) -> dict[str, tuple[str, dict[str, str]]]:
    """Run DAGs one after the other, with a database of their own; the state of the run and of each task comes back."""
    home = tmp_path / "airflow"
    env = (
        airflow.environment(room.settings.home, state.load(room.settings.home).ports)
        | BUCKETS
        | {
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
            "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
            "AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps({"type": "file", "log_file_path": str(tmp_path / "lineage")}),
        }
    )
    home.mkdir()
    subprocess.run(airflow.PREPARE, env=env, cwd=home, capture_output=True, check=True)
    done = subprocess.run(
        [sys.executable, "-c", RUNS, env["AIRFLOW__CORE__DAGS_FOLDER"], json.dumps(runs)],
        env=env, cwd=home, capture_output=True, text=True, check=False, timeout=400,
    )  # fmt: skip
    lines = [json.loads(line.removeprefix("RESULT")) for line in done.stdout.splitlines() if line.startswith("RESULT")]
    assert len(lines) == len(runs), done.stdout[-3000:] + done.stderr[-3000:]
    return {name: (ended, states) for name, ended, states in lines}


def ways(folder: Path) -> set[tuple[str, str, str]]:
    """Source, target and the target's version of each step that OpenLineage was told of."""
    told = [json.loads(line) for path in folder.glob("lineage*") for line in path.read_text().splitlines()]
    return {
        (f"{a['namespace']}/{a['name']}", f"{b['namespace']}/{b['name']}", b["facets"]["version"]["datasetVersion"])
        for event in told
        for a in event["inputs"]
        for b in event["outputs"]
    }


@pytest.fixture
def installation(room: Room) -> Installation:
    settings = replace(room.settings, bucket="dag-runs", partner_bucket="dag-runs-partners")
    installation = open_installation(settings)
    prepare_buckets(installation.store, settings.partner_bucket, installation.partners.values())
    return installation


def test_every_dag_runs_from_end_to_end_in_one_process(room: Room, installation: Installation, tmp_path):
    ingest.put_in_inbox(installation.store, NAME, DAY, sample())
    issue = {"publication": NAME, "date": DAY.isoformat()}
    ended = dag_test(room, tmp_path, [("ingest_issue", issue), ("syndicate_issue", {})])
    assert {name: run for name, (run, _) in ended.items()} == dict.fromkeys(ended, "success")
    assert ended["syndicate_issue"][1]["serve_partners[0]"] == "success"
    assert ways(tmp_path) == {
        ("s3://dag-runs/inbox/yunzhou-daily", "s3://dag-runs/issues/yunzhou-daily", f"{DAY}/v1"),
        ("s3://dag-runs/issues/yunzhou-daily", "s3://dag-runs-partners/sample-outlet/yunzhou-daily", f"{DAY}/v1"),
        ("s3://dag-runs/issues/yunzhou-daily", "s3://dag-runs-partners/brief-wire/yunzhou-daily", f"{DAY}/v1"),
    }
    guids = [i.guid for i in changes.newest_items(installation, IssueKey(NAME, DAY))]
    (tmp_path / "again").mkdir()
    ended = dag_test(
        room,
        tmp_path / "again",
        [
            ("correct_article", {"guid": guids[0], "headline": "更正后的标题", "reason": "核实"}),
            ("syndicate_issue", {}),
            ("resend_to_partner", {"partner": "sample-outlet", "publication": NAME, "date": DAY.isoformat()}),
            ("release_embargo", {"guid": "", "at": "2026-01-01T00:00:00+00:00"}),
            ("audit_delivery", {}),
            ("resend_notifications", {}),
            ("watch_inbox", {}),
            ("watch_desk", {}),
        ],
    )
    assert {name: run for name, (run, _) in ended.items()} == dict.fromkeys(ended, "success")
