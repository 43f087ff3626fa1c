"""The deployment's files, as far as they can be checked where no container runs."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.deploy.nginx import binary, configure

ROOT = Path(__file__).parents[2]
SECRETS = re.findall(r"^([A-Z0-9_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
HERE = {"api-server", "scheduler", "dag-processor", "triggerer", "worker", "postgres", "redis", "store", "web"}


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


def test_it_does_not_start_without_its_secrets():
    done = config({})
    assert done.returncode != 0
    assert "in .env" in done.stderr


def test_the_images_are_named_by_version():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    images = [s["image"] for s in services.values() if "image" in s and s["image"] != "broadsheet"]
    assert images
    assert all(":" in image and not image.endswith(":latest") for image in images)


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
