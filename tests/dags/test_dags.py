"""The DAGs as Airflow itself parses them, in a process of its own with a home of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from broadsheet.steps.incidents import task_words
from broadsheet.texts import LANGUAGES

pytestmark = pytest.mark.slow  # seconds: servers, browsers or other interpreters are started

ROOT = Path(__file__).parents[2]
PARSE = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
found = {
    name: {
        "tasks": {t.task_id: sorted(t.downstream_task_ids) for t in dag.tasks},
        "doc": dag.doc_md or "",
        "undocumented": [t.task_id for t in dag.tasks if not t.doc_md],
        "active": dag.max_active_runs,
        "tags": sorted(dag.tags),
        "tells": dag.has_on_failure_callback,
        "pools": {t.task_id: t.pool for t in dag.tasks},
        "owners": sorted({t.owner for t in dag.tasks}),
        "retries": {t.task_id: t.retries for t in dag.tasks},
        "unlimited": [t.task_id for t in dag.tasks if t.execution_timeout is None],
        "rules": {t.task_id: t.trigger_rule.value for t in dag.tasks},
    }
    for name, dag in bag.dags.items()
}
print("RESULT" + json.dumps({"errors": bag.import_errors, "dags": found}))
"""


@pytest.fixture(scope="module")
def bag(tmp_path_factory):
    home = tmp_path_factory.mktemp("airflow")
    env = {k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW")} | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
    }
    done = subprocess.run(
        [sys.executable, "-c", PARSE, str(ROOT / "dags")],
        env=env,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "RESULT" in done.stdout, done.stderr[-3000:]
    return json.loads(done.stdout.rpartition("RESULT")[2])


@pytest.mark.slow
def test_every_dag_is_parsed_and_explained(bag):
    assert bag["errors"] == {}
    assert {p.stem for p in (ROOT / "dags").glob("*.py")} == bag["dags"].keys()
    for name in ("ingest_issue", "syndicate_issue"):
        assert "held_back" in bag["dags"][name]["doc"]


@pytest.mark.slow
def test_a_failure_of_every_task_is_explained_in_every_language(bag):
    for dag, record in bag["dags"].items():
        for task in record["tasks"]:
            for language in LANGUAGES:
                assert f"{task}" in task_words(dag, task, language), f"{dag}.{task}: add it to broadsheet/language/"


# What waits for a person or a moment may do so for days.
WAITING = {
    "review_article": ["ask_desk"],
    "release_embargo": ["wait"],
    "reprocess_issues": ["approve"],
    "withdraw_article": ["prove_withdrawal"],
}


def test_every_dag_keeps_to_the_house_rules(bag):
    for name, dag in bag["dags"].items():
        assert dag["doc"].strip().startswith("### "), name
        assert dag["undocumented"] == [], name
        assert "broadsheet" in dag["tags"], name
        assert len(dag["tags"]) > 1, name
        assert dag["owners"] == ["broadsheet"], name
        assert dag["tells"], f"a red run of {name} would tell nobody"
        assert set(dag["unlimited"]) <= set(WAITING.get(name, [])), name
        assert all(0 <= n <= 10 for n in dag["retries"].values()), name
        assert dag["active"] >= 1, name
    assert bag["dags"]["ingest_issue"]["pools"]["read"] == "broadsheet_reading"


def test_the_arrows_run_from_the_inbox_to_the_feeds(bag):
    ingest, syndicate = bag["dags"]["ingest_issue"]["tasks"], bag["dags"]["syndicate_issue"]["tasks"]
    assert ingest["read"] == ["store_articles"]
    assert ingest["store_articles"] == ["find_doubtful", "find_embargoed", "held_back"]
    assert ingest["find_doubtful"] == ["ask_desk"]
    assert bag["dags"]["review_article"]["tasks"]["ask_desk"] == ["apply_decision"]
    assert ingest["find_embargoed"] == ["await_lifts"]
    assert syndicate["find_pending"] == ["held_back", "serve_partners"]
    assert syndicate["serve_partners"] == ["find_lifts", "finish", "held_back"]


def test_no_failure_is_hidden_by_the_last_task_and_no_newspaper_waits_for_another(bag):
    assert bag["dags"]["ingest_issue"]["rules"]["held_back"] == "none_failed"
    assert bag["dags"]["syndicate_issue"]["rules"]["held_back"] == "all_done"  # it names the partners that failed
    assert bag["dags"]["syndicate_issue"]["active"] > 1
