"""Does a backfill's cost grow linearly, and does its memory stay flat? Issues one by one, as the DAGs' steps take them.

Brings out N issues and then 2N on the same store, a real SeaweedFS, without Airflow; beside it, with ``--airflow``, the
same through Airflow's backfill. Prints the ratio of times (goal 2.1), this process's memory after each, and Airflow's
share. ``--ratio-only`` prints one figure.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psutil

from benchmarks.newspaper import unasked
from broadsheet.cli.pages import page_files
from broadsheet.installation import Installation, open_installation
from broadsheet.local import airflow, newsroom
from broadsheet.local.airflow_api import AirflowApi
from broadsheet.settings import Settings
from broadsheet.steps import ingest
from delivery.keys import ARCHIVE
from delivery.setup import prepare_buckets
from transforms.shipped import ROOT

NAME = "yunzhou-daily"
SAMPLE = ROOT / "samples" / NAME / "2026-01-15"
PATIENCE = 7200.0


@contextmanager
def quiet(name: str):  # type: ignore[no-untyped-def]
    yield lambda detail, *values: None


def bring_out(installation: Installation, first: date, number: int) -> float:
    """Seconds for so many issues, each through all steps."""
    pages = page_files(SAMPLE)
    begun = time.monotonic()
    for n in range(number):
        day, now = first + timedelta(days=n), datetime.now(UTC)
        ingest.put_in_inbox(installation.store, NAME, day, pages, ARCHIVE)
        version = ingest.receive_issue(installation, NAME, day, now, backfill=True, quiet=True)
        ingest.read_pages(installation, version)
        ingest.store_articles(installation, version)
        work = ingest.pending_work(installation)
        for one in work:
            ingest.serve(installation, one, now)
        ingest.finish(installation, work)
    return time.monotonic() - begun


def by_airflow(installation: Installation, env: dict[str, str], first: date, number: int) -> float:
    """Seconds for so many issues by ``airflow backfill create``, in a terminal as docs/operators.md has it."""
    days = [first + timedelta(days=n) for n in range(number)]
    for day in days:
        ingest.put_in_inbox(installation.store, NAME, day, page_files(SAMPLE), ARCHIVE)
    span = ["--from-date", f"{days[0]}T00:00:00", "--to-date", f"{days[-1]}T23:59:59", "--max-active-runs", "2"]
    command = [sys.executable, "-m", "airflow", "backfill", "create", "--dag-id", "ingest_issue", *span]
    begun = time.monotonic()
    while subprocess.run(command, env=env, capture_output=True, check=False).returncode:
        time.sleep(1)  # SQLite was busy
    while any(ingest.progress(installation.store, NAME, day).stage != "published" for day in days):
        if time.monotonic() - begun > PATIENCE:
            raise SystemExit("the backfill did not end in two hours")
        time.sleep(1)
    return time.monotonic() - begun


def megabytes() -> float:
    return psutil.Process().memory_info().rss / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=60)
    parser.add_argument("--airflow", action="store_true", help="Also through Airflow, half as many.")
    parser.add_argument("--ratio-only", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        os.environ["BROADSHEET_PUBLICATIONS"] = unasked(Path(folder))
        services = newsroom.start(home, quiet)
        try:
            settings = Settings.from_env(os.environ | airflow.product_settings(home, services.ports))
            installation = open_installation(settings)
            prepare_buckets(installation.store, settings.partner_bucket, installation.partners.values())  # type: ignore[arg-type]
            bring_out(installation, date(2009, 1, 1), 2)  # loads what is loaded once
            once, few = bring_out(installation, date(2010, 1, 1), asked.issues), megabytes()
            twice, many = bring_out(installation, date(2012, 1, 1), 2 * asked.issues), megabytes()
            if asked.ratio_only:
                print(f"{twice / once:.2f}")
                return
            each = once / asked.issues
            print(f"{asked.issues} issues {once:.1f} s, {2 * asked.issues} issues {twice:.1f} s, {each:.2f} s an issue")
            print(f"ratio {twice / once:.2f} (goal 2.1); memory {few:.0f} MB, then {many:.0f} MB")
            if asked.airflow:
                with AirflowApi(airflow.address(services.ports), airflow.USER, airflow.password(home)) as api:
                    api.wait_for_dag("ingest_issue", 90)
                number, env = max(asked.issues // 2, 2), airflow.environment(home, services.ports)
                whole = by_airflow(installation, env, date(2015, 1, 1), number) / number
                print(f"by Airflow {whole:.1f} s an issue; its own share {1 - each / whole:.0%}")
        finally:
            newsroom.stop(home)


if __name__ == "__main__":
    main()
