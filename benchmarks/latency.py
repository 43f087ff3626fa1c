"""How long from an issue's landing to the feed's change, beside DAGs of the same shape that do nothing?

Starts a newsroom of its own, lands issues (eight articles, two partners) and no-op files in turn, and prints the
median of each and of the ratios. ``--ratio-only`` prints one figure. Nothing else should run beside.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import httpx

from benchmarks.newspaper import unasked
from broadsheet.cli.pages import page_files
from broadsheet.installation import open_installation
from broadsheet.local import airflow, newsroom
from broadsheet.local.airflow_api import AirflowApi
from broadsheet.settings import Settings
from broadsheet.steps import ingest
from delivery.setup import prepare_buckets
from transforms.shipped import ROOT

NAME = "yunzhou-daily"
SAMPLE = ROOT / "samples" / NAME / "2026-01-15"
FIRST = date(2026, 2, 1)
PATIENCE = 300.0


@contextmanager
def quiet(name: str):  # type: ignore[no-untyped-def]
    yield lambda detail, *values: None


def seconds_until(done: Callable[[], bool]) -> float:
    begun = time.monotonic()
    while not done():
        if time.monotonic() - begun > PATIENCE:
            raise SystemExit("it did not come out in five minutes; see the newsroom's logs")
        time.sleep(0.1)
    return time.monotonic() - begun


def idle(api: AirflowApi) -> bool:
    """Whether no run is under way, so that no measure bears another's work."""
    params = {"state": ["queued", "running"], "limit": 1}
    return not api.ask("GET", "/dags/~/dagRuns", params=params).json()["total_entries"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ratio-only", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        dags, noop = folder / "dags", folder / "noop"
        shutil.copytree(ROOT / "dags", dags)
        shutil.copy(ROOT / "benchmarks" / "noop_dags.py", dags)
        noop.mkdir()
        os.environ |= {
            "BROADSHEET_DAGS": str(dags),
            "BROADSHEET_PUBLICATIONS": unasked(folder),
            "NOOP_FOLDER": str(noop),
            "PYTHONPATH": str(dags),
        }
        services = newsroom.start(folder / "home", quiet)
        try:
            settings = Settings.from_env(os.environ | airflow.product_settings(folder / "home", services.ports))
            measure(settings, folder / "home", services.ports, noop, asked.rounds, asked.ratio_only)
        finally:
            newsroom.stop(folder / "home")


def measure(settings: Settings, home: Path, ports: dict[str, int], noop: Path, rounds: int, ratio_only: bool) -> None:
    installation = open_installation(settings)
    prepare_buckets(installation.store, settings.partner_bucket, installation.partners.values())  # type: ignore[arg-type]
    feed = f"{installation.base_url(installation.partners['sample-outlet'], NAME)}/feeds/all.rss"
    pages = page_files(SAMPLE)
    ours, plain = [], []
    with AirflowApi(airflow.address(ports), airflow.USER, airflow.password(home)) as api:
        for dag in ("watch_inbox", "ingest_issue", "syndicate_issue", "noop_watch", "noop_ingest", "noop_syndicate"):
            api.wait_for_dag(dag, 90)
        time.sleep(20)  # the runs of Airflow's start
        for number in range(rounds + 1):
            day = FIRST + timedelta(days=number)
            seconds_until(lambda: idle(api))
            ingest.put_in_inbox(installation.store, NAME, day, pages)
            ours.append(seconds_until(lambda d=day: f":{d:%Y%m%d}:" in httpx.get(feed).text))
            seconds_until(lambda: idle(api))
            (noop / f"in-{number}").touch()
            plain.append(seconds_until(lambda n=number: (noop / f"out-{n}").exists()))
            if not ratio_only:
                print(f"round {number}: issue {ours[-1]:5.1f} s, no-op {plain[-1]:5.1f} s", flush=True)
    ratio = statistics.median(a / b for a, b in list(zip(ours, plain, strict=True))[1:])  # the first one warms up
    if ratio_only:
        print(f"{ratio:.2f}")
        return
    print(f"median: issue {statistics.median(ours[1:]):.1f} s, no-op {statistics.median(plain[1:]):.1f} s")
    print(f"ratio {ratio:.2f} (goal 1.15)")


if __name__ == "__main__":
    main()
