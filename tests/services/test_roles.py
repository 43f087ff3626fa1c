"""FAB, the auth manager for production: what its roles may do in Airflow and on the desk, in a real API server."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from broadsheet.airflow import roles

pytestmark = pytest.mark.slow  # it starts a real API server
ROOT = Path(__file__).parents[2]
FAB = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"
PASSWORD = "first-password"
# Asks as each user, in one process: the application takes seconds to load.
ASK = """
import json, warnings
warnings.simplefilter("ignore")
from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
with get_application_builder() as builder:
    for name in ("Viewer", "Editor", "Op"):
        role = builder.sm.find_role(name)
        assert builder.sm.add_user(name, name, name, f"{name}@localhost", [role], "a-password")

from fastapi.testclient import TestClient
from airflow.api_fastapi.main import app
with TestClient(app, base_url="http://localhost") as client:
    def ask(user, password, method, path, **body):
        token = client.post("/auth/token", json={"username": user, "password": password}).json()["access_token"]
        client.cookies.clear()  # each answer sets the log-in's cookie, which goes before the header
        return client.request(method, path, headers={"Authorization": f"Bearer {token}"}, **body).status_code

    guid = "urn:newsml:nobody.example:20260115:0123456789ab"
    days = {"publication": "x", "first": "2020-01-01", "last": "2020-01-02"}
    run = {"json": {"logical_date": None, "conf": {}}}
    asked = {
        "read": ("GET", "/api/v2/pools", {}),
        "withdraw": ("POST", f"/desk/article/{guid}/withdraw", {"data": {"reason": "r"}}),
        "backfill": ("POST", "/desk/backfill", {"data": days}),
        "correct_in_airflow": ("POST", "/api/v2/dags/correct_article/dagRuns", run),
        "ingest_in_airflow": ("POST", "/api/v2/dags/ingest_issue/dagRuns", run),
        "connections": ("GET", "/api/v2/connections", {}),
    }
    users = {"admin": "first-password", "Viewer": "a-password", "Editor": "a-password", "Op": "a-password"}
    for user, password in users.items():
        may = [name for name, (method, path, body) in asked.items() if ask(user, password, method, path, **body) != 403]
        print(json.dumps([user, may]))
    client.cookies.clear()
    print(json.dumps(["nobody", [client.get("/desk/", follow_redirects=False).status_code]]))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> dict[str, list]:
    home = tmp_path_factory.mktemp("fab")
    env = {k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW")} | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__API_AUTH__JWT_SECRET": "a secret of this test that is long enough",
        "AIRFLOW__CORE__AUTH_MANAGER": FAB,
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "BROADSHEET_DESK": "1",
        roles.PASSWORD: PASSWORD,
    }
    for _ in range(2):  # preparing again changes nothing
        prepare = [sys.executable, "-m", "broadsheet.airflow.prepare", "--migrate"]
        subprocess.run(prepare, env=env, cwd=ROOT, check=True, capture_output=True)
    done = subprocess.run([sys.executable, "-c", ASK], env=env, cwd=home, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(line) for line in done.stdout.splitlines() if line.startswith("["))


def test_a_viewer_reads_and_changes_nothing(said):
    assert said["Viewer"] == ["read"]


def test_an_editor_changes_articles_on_the_desk_and_in_airflow(said):
    assert said["Editor"] == ["read", "withdraw", "correct_in_airflow"]


def test_an_operator_starts_everything_and_sees_connections(said):
    everything = ["read", "withdraw", "backfill", "correct_in_airflow", "ingest_in_airflow", "connections"]
    assert said["Op"] == everything
    assert said["admin"] == everything


def test_without_a_log_in_nothing_is_shown(said):
    assert said["nobody"] == [401]
