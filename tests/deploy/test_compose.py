"""The deployment's files, as far as they can be checked where no container runs."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from broadsheet.cli import watchdog
from tests.deploy.nginx import binary, configure

pytestmark = pytest.mark.slow  # seconds: servers, browsers or other interpreters are started

ROOT = Path(__file__).parents[2]
SECRETS = re.findall(r"^([A-Z0-9_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
AIRFLOW = {"api-server", "scheduler", "dag-processor", "triggerer", "worker", "watchdog", "cleanup"}
HERE = AIRFLOW | {"postgres", "redis", "store", "web"}
MOUNTED = ("publications", "partners")


def config(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    compose = shutil.which("docker-compose")
    if compose is None:
        pytest.skip("no docker-compose on this machine; Debian has it as the package docker-compose")
    base = {k: v for k, v in os.environ.items() if k not in SECRETS}
    return subprocess.run([compose, "config"], cwd=ROOT, env=base | env, capture_output=True, text=True, check=False)


def test_the_deployment_is_sound_and_every_long_running_part_is_watched():
    done = config(dict.fromkeys(SECRETS, "a-secret"))
    assert done.returncode == 0, done.stderr
    services = yaml.safe_load(done.stdout)["services"]
    assert services.keys() >= HERE
    assert [name for name in HERE if "healthcheck" not in services[name]] == []
    assert [name for name in HERE if services[name].get("restart") != "unless-stopped"] == []
    for name, service in services.items():
        for port in service.get("ports", []):
            assert str(port).startswith("127.0.0.1:"), f"{name} opens {port} to the world"


def test_every_part_has_limits_and_logs_that_do_not_grow():
    services = yaml.safe_load(config(dict.fromkeys(SECRETS, "a-secret")).stdout)["services"]
    for name, service in services.items():
        assert service.get("mem_limit"), name
        assert service.get("cpus"), name
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name


def test_newspapers_and_partners_are_mounted_not_baked():
    services = yaml.safe_load(config(dict.fromkeys(SECRETS, "a-secret")).stdout)["services"]
    for name in (*AIRFLOW - {"watchdog", "cleanup"}, "migrate"):
        mounts = {str(v).rsplit("/", 1)[-1] for v in services[name]["volumes"]}
        assert mounts >= {f"{folder}:ro" for folder in MOUNTED}, name
        for folder in MOUNTED:
            assert services[name]["environment"][f"BROADSHEET_{folder.upper()}"] == f"/etc/broadsheet/{folder}"


def test_people_log_in_through_the_auth_manager_for_production():
    services = yaml.safe_load(config(dict.fromkeys(SECRETS, "a-secret")).stdout)["services"]
    values = yaml.safe_load((ROOT / "deploy" / "values.yaml").read_text("utf-8"))
    for manager in (
        services["api-server"]["environment"]["AIRFLOW__CORE__AUTH_MANAGER"],
        values["config"]["core"]["auth_manager"],
    ):
        assert manager.endswith(".FabAuthManager")
    assert "apache-airflow-providers-fab==" in (ROOT / "requirements.server.lock").read_text("utf-8")


def test_the_watchdog_gets_what_it_needs_wherever_it_runs():
    compose = yaml.safe_load(config(dict.fromkeys(SECRETS, "a-secret")).stdout)["services"]["watchdog"]
    assert {watchdog.ALERTS, watchdog.URL, "BROADSHEET_HOME"} <= compose["environment"].keys()
    deployment = yaml.safe_load((ROOT / "deploy" / "watchdog.yaml").read_text("utf-8"))
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    assert container["command"] == ["broadsheet", "watchdog"]
    assert watchdog.URL in {e["name"] for e in container["env"]}
    assert "EnvironmentFile=" in (ROOT / "deploy" / "broadsheet-watchdog.service").read_text("utf-8")


@pytest.mark.parametrize("unit", ["broadsheet.service", "broadsheet-watchdog.service"])
def test_the_units_are_sound(unit: str, tmp_path: Path):
    systemd = shutil.which("systemd-analyze")
    if systemd is None:
        pytest.skip("no systemd-analyze on this machine; Debian has it in the package systemd")
    text = (ROOT / "deploy" / unit).read_text("utf-8")
    (tmp_path / unit).write_text(re.sub(r"/opt/\S+/broadsheet", "/bin/true", text), "utf-8")
    done = subprocess.run([systemd, "verify", tmp_path / unit], capture_output=True, text=True, check=False)
    assert unit not in done.stderr, done.stderr


def test_database_and_broker_want_passwords():
    services = yaml.safe_load(config(dict.fromkeys(SECRETS, "a-secret")).stdout)["services"]
    assert services["redis"]["command"] == ["redis-server", "--requirepass", "a-secret"]
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"] == "a-secret"
    # The image would trust all of the network with it, whatever the password.
    assert "POSTGRES_HOST_AUTH_METHOD" not in services["postgres"]["environment"]


def test_it_does_not_start_without_its_secrets():
    done = config({})
    assert done.returncode != 0
    assert "in .env" in done.stderr


def test_images_and_what_installs_are_pinned_by_digest():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    images = [s["image"] for s in services.values() if "image" in s and not s["image"].startswith("broadsheet:")]
    assert images
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert [i for i in (*images, *bases) if not re.fullmatch(r"[a-z]+:[0-9][\w.-]*@sha256:[0-9a-f]{64}", i)] == []
    lines = [
        line
        for name in ("Dockerfile", "Makefile")
        for line in (ROOT / name).read_text("utf-8").splitlines()
        if re.search(r"\bpip (install|sync)\b", line) and "--no-deps -e ." not in line
    ]
    assert len(lines) == 4
    assert [line for line in lines if "--require-hashes" not in line] == []


def test_the_charts_values_name_the_same_airflow_and_pool_of_settings():
    values = yaml.safe_load((ROOT / "deploy" / "values.yaml").read_text("utf-8"))
    lock = (ROOT / "requirements.server.lock").read_text("utf-8")
    assert f"apache-airflow=={values['airflowVersion']}" in lock
    assert values["executor"] == "CeleryExecutor"
    assert {e["name"] for e in values["env"]} >= {
        "BROADSHEET_BUCKET",
        "BROADSHEET_PARTNER_BUCKET",
        "BROADSHEET_PUBLIC_URL",
    }


def test_the_web_server_shows_the_partners_bucket_and_nothing_else(tmp_path):
    main = configure(tmp_path, "partners", "127.0.0.1:9", 8000)
    done = subprocess.run([binary(), "-t", "-c", str(main)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
