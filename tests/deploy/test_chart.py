"""The image's entrypoint, and what Airflow's Helm chart makes of ``deploy/values.yaml``.

The chart is not in this repository: ``BROADSHEET_HELM`` names the program and ``BROADSHEET_CHART`` the chart (a folder
or an archive), as docs/operators.md says.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
VALUES = ROOT / "deploy" / "values.yaml"
IMAGE = ROOT / "deploy" / "image"
IMAGES = "registry.example/broadsheet:"


@pytest.mark.parametrize(
    ("args", "program"),
    [
        (["scheduler"], ["airflow", "scheduler"]),
        (["celery", "worker"], ["celery", "worker"]),
        (["bash", "-c", "exec airflow api-server"], ["airflow", "api-server"]),
        (["broadsheet", "prepare", "--migrate"], ["broadsheet", "prepare", "--migrate"]),
    ],
)
def test_the_entrypoint_takes_a_program_or_a_command_of_airflow(args, program, tmp_path):
    for name in ("airflow", "broadsheet", "celery"):
        (tmp_path / name).write_text(f'#!/bin/sh\necho {name} "$@"\n', "utf-8")
        (tmp_path / name).chmod(0o755)
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run([IMAGE / "entrypoint", *args], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == program


@pytest.mark.skipif(sys.platform != "linux", reason="runs in a container only")
def test_old_task_logs_are_deleted_and_new_ones_stay(tmp_path):
    old, new = tmp_path / "logs" / "dag" / "old.log", tmp_path / "logs" / "dag" / "new.log"
    old.parent.mkdir(parents=True)
    for log in (old, new):
        log.touch()
    days_ago = time.time() - 5 * 86400
    os.utime(old, (days_ago, days_ago))
    env = os.environ | {"AIRFLOW_HOME": str(tmp_path), "AIRFLOW__LOG_RETENTION_DAYS": "3"}
    with subprocess.Popen(["bash", IMAGE / "clean-logs"], env=env, start_new_session=True) as cleaner:
        try:
            while old.exists():
                assert cleaner.poll() is None
                time.sleep(0.05)
        finally:
            os.killpg(cleaner.pid, 15)
    assert new.exists()


@pytest.fixture(scope="module")
def manifests() -> list[dict[str, Any]]:
    helm, chart = os.environ.get("BROADSHEET_HELM"), os.environ.get("BROADSHEET_CHART")
    if not helm or not chart:
        pytest.skip("BROADSHEET_HELM and BROADSHEET_CHART name no helm and no chart of Airflow")
    subprocess.run([helm, "lint", "--strict", chart, "-f", VALUES], check=True)
    made = subprocess.run(
        [helm, "template", "broadsheet", chart, "-f", VALUES, "--namespace", "broadsheet"],
        capture_output=True,
        text=True,
        check=True,
    )
    return [m for m in yaml.safe_load_all(made.stdout) if m]


def pods(manifests: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for manifest in manifests:
        spec = manifest.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            yield manifest["metadata"]["name"], spec["template"]["spec"]


def ours(manifests: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Containers of our image by the name of what they belong to; those that wait or delete logs are not among them."""
    for name, pod in pods(manifests):
        for container in pod["containers"]:
            if container["image"].startswith(IMAGES) and not container["name"].endswith("log-groomer"):
                yield name, container


def airflow_config(manifests: list[dict[str, Any]]) -> str:
    [text] = [m["data"]["airflow.cfg"] for m in manifests if "airflow.cfg" in (m.get("data") or {})]
    return text


def test_every_component_of_airflow_is_rendered_once(manifests):
    assert sorted(name.removeprefix("broadsheet-") for name, _ in ours(manifests)) == [
        "api-server",
        "dag-processor",
        "database-cleanup",
        "run-airflow-migrations",
        "scheduler",
        "triggerer",
        "worker",
    ]


def test_database_pool_and_buckets_are_prepared_before_anything_runs(manifests):
    job = dict(ours(manifests))["broadsheet-run-airflow-migrations"]
    assert job["args"][-1] == "exec broadsheet prepare --migrate"
    waiting = {
        name for name, pod in pods(manifests) for c in pod.get("initContainers", []) if "migrations" in c["name"]
    }
    assert len(waiting) == 5


def test_each_component_gets_newspapers_partners_settings_and_secrets(manifests):
    for name, container in ours(manifests):
        mounts = {m["mountPath"] for m in container["volumeMounts"]}
        assert mounts >= {"/etc/broadsheet/publications", "/etc/broadsheet/partners"}, name
        assert "/var/lib/airflow/airflow.cfg" in mounts, name
        env = {e["name"]: e.get("value") for e in container["env"]}
        assert env["AIRFLOW_HOME"] == "/var/lib/airflow", name
        assert env.keys() >= {"BROADSHEET_BUCKET", "BROADSHEET_PUBLICATIONS", "BROADSHEET_PARTNERS"}, name
        assert container["envFrom"] == [{"secretRef": {"name": "broadsheet"}}], name


def test_every_container_has_limits_and_every_service_a_probe(manifests):
    for name, pod in pods(manifests):
        for container in pod["containers"]:
            assert container["resources"].get("limits", {}).get("memory"), (name, container["name"])
    for name, container in ours(manifests):
        if not name.endswith(("database-cleanup", "migrations")):
            assert "livenessProbe" in container, name


def test_no_secret_of_ours_is_in_the_manifests(manifests):
    """Redis' password, which the chart makes itself and nobody needs to know, is the only one."""
    assert {m["metadata"]["name"] for m in manifests if m["kind"] == "Secret"} == {
        "broadsheet-broker-url",
        "broadsheet-redis-password",
    }
    for name, container in ours(manifests):
        for entry in container["env"]:
            if any(part in entry["name"] for part in ("KEY", "SECRET", "PASSWORD", "SQL_ALCHEMY_CONN")):
                assert "secretKeyRef" in entry["valueFrom"], (name, entry["name"])


def test_logs_go_to_the_store_and_people_log_in(manifests):
    config = airflow_config(manifests)
    for line in ("remote_logging = True", "remote_base_log_folder = s3://broadsheet/logs", "worker_concurrency = 4"):
        assert line in config
    assert "fab_auth_manager.FabAuthManager" in config
    assert "base_url = https://newsroom.paper.example" in config
