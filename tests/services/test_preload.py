"""What is loaded before Airflow forks its tasks: a thread or a connection of it would be dead in every task."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from broadsheet.airflow import warm_up
from broadsheet.steps import ingest, serving
from delivery import codec
from delivery.notify import Allowance
from tests.support.issue import DAY, NAME, NOW, PAGES, ingest_day, make_installation

PROJECT = Path(__file__).parents[2]
LOAD = """
import sys
sys.argv = ["airflow", "scheduler"]
import airflow.settings
import psutil
from broadsheet.airflow import tasks, warm_up
from broadsheet.steps import reading
from delivery import codec, s3_client, s3_store
from transforms.render import registry
from transforms.segment.marks import marks_of

assert "broadsheet.steps.ingest" in sys.modules
assert s3_client.descriptions.cache_info().currsize == 1
assert tasks.base_of.cache_info().currsize == 1
assert codec._adapter.cache_info().currsize >= len(warm_up.RECORDS)
assert marks_of.cache_info().currsize > 0
assert reading._models.cache_info().currsize == registry.all_formats.cache_info().currsize == 1
print("connections", len(psutil.Process().net_connections()))
print("threads", *{open(f"/proc/self/task/{t.id}/comm").read().strip() for t in psutil.Process().threads()})
paths = list(s3_client.descriptions().search_paths)
s3_store.S3Store.connect("http://127.0.0.1:9", "key", "secret", "bucket")
assert s3_client.descriptions().search_paths == paths
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are named in /proc, which this system lacks")
def test_it_opens_no_connection_and_starts_no_thread_of_the_stores(tmp_path):
    env = os.environ | {
        "AIRFLOW_HOME": str(tmp_path),
        "PYTHONPATH": str(PROJECT / "broadsheet" / "airflow" / "preload"),
        "BROADSHEET_S3_ENDPOINT": "http://127.0.0.1:9",
        "BROADSHEET_S3_ACCESS_KEY": "key",
        "BROADSHEET_S3_SECRET_KEY": "secret",
    }
    done = subprocess.run(
        [sys.executable, "-c", LOAD], env=env, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said = dict(line.partition(" ")[::2] for line in done.stdout.splitlines() if line.startswith(("conn", "threads")))
    assert said["connections"] == "0"
    assert not [name for name in said["threads"].split() if "tokio" in name.lower() or "obstore" in name.lower()]


def test_it_builds_what_validates_every_record_that_an_issue_needs(monkeypatch):
    """From the inbox to the partners, so that a new record does not cost each task its validator unnoticed."""
    used, adapter = set(), codec._adapter
    monkeypatch.setattr(codec, "_adapter", lambda kind: used.add(kind) or adapter(kind))
    installation = make_installation()
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    ingest_day(installation)
    works = serving.take(installation, "run", NOW)
    assert not [
        s.failed for s in serving.serve_batch(installation, works, serving.Means(lambda: NOW, Allowance())) if s.failed
    ]
    assert serving.release(installation, "run")
    assert used <= set(warm_up.RECORDS)
