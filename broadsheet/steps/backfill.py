"""Airflow's own backfill of ``ingest_issue``, started with everything that it needs.

It always runs in a process of its own: on SQLite, Airflow 3.3 answers a backfill over REST with 503 while anything
else writes, and its API server then keeps a stale connection.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import date, datetime

from broadsheet.errors import BackfillError
from broadsheet.installation import Installation
from broadsheet.steps.ingest import is_unsettled
from delivery.inbox import uploads
from transforms.errors import BadInput

ATTEMPTS = 6
PAUSE = 5.0  # seconds before another try at a database that is locked
LIMIT = 300.0
RUNS = 2  # days at a time


def days_waiting(installation: Installation, publication: str, first: date, last: date) -> list[date]:
    """The days from ``first`` to ``last`` whose uploads are closed and not stored yet, oldest first.

    Raises BadInput for an unknown newspaper, and for a range that ends before it begins.
    """
    if last < first:
        raise BadInput(f"the range ends ({last}) before it begins ({first})")
    paper = installation.publication(publication)
    now = datetime.now().astimezone()
    found = []
    for upload in uploads(installation.store, paper.id):
        if not first <= upload.issue.date <= last or not upload.is_closed(paper.watch, now, backfill=True):
            continue
        if is_unsettled(installation.store, upload):
            found.append(upload.issue.date)
    return found


def start(publication: str, first: date, last: date, tell: bool, env: Mapping[str, str]) -> None:
    """Start a backfill of one newspaper, ``last`` included.

    ``tell``: whether partners are notified. Raises BackfillError.
    """
    span = ["--from-date", f"{first}T00:00:00", "--to-date", f"{last}T23:59:59"]
    conf = json.dumps({"publication": publication, "tell": tell})
    command = [sys.executable, "-m", "airflow", "backfill", "create", "--dag-id", "ingest_issue", *span]
    command += ["--max-active-runs", str(RUNS), "--reprocess-behavior", "completed", "--dag-run-conf", conf]
    for attempt in range(1, ATTEMPTS + 1):
        done = subprocess.run(  # noqa: S603 - built here, of dates and a checked id
            command, env=dict(env), capture_output=True, text=True, timeout=LIMIT, check=False
        )
        if done.returncode == 0:
            return
        said = done.stderr + done.stdout
        if "database is locked" not in said or attempt == ATTEMPTS:
            raise BackfillError(_reason(said))
        time.sleep(PAUSE)


def _reason(said: str) -> str:
    if "AlreadyRunningBackfill" in said:
        return "Another backfill is still running. Let it finish, or cancel it in Airflow (Ingest issue, Backfills)."
    if "database is locked" in said:
        return "Airflow's database (SQLite) was busy each time. Try again, or use PostgreSQL."
    lines = [line for line in said.splitlines() if line.strip()]
    return f"Airflow did not start the backfill: {lines[-1] if lines else 'it gave no reason'}"
