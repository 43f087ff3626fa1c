"""``broadsheet prepare``: everything that must exist before the first issue, made once, checked at any time."""

from __future__ import annotations

import subprocess
import sys

from broadsheet.cli.newsroom import airflow_environment, opened
from broadsheet.cli.screen import out
from broadsheet.errors import NotPrepared
from broadsheet.installation import Installation
from delivery.setup import prepare_buckets

ALERTS = "broadsheet_alerts"


def prepare(migrate: bool, store_only: bool) -> None:
    """Make buckets and policies, then Airflow's pool and connection; say which connections an operator must make."""
    installation = opened()
    prepare_buckets(installation.store, installation.bucket, installation.partners.values())
    installation.open_public()  # what former partners have stays as open as it was
    out.print(f"buckets {installation.store.bucket} and {installation.bucket}: ready")
    if not store_only:
        _prepare_airflow(installation, migrate)


def _prepare_airflow(installation: Installation, migrate: bool) -> None:
    uses = {p.connection: f"the files of {p.name} go there" for p in installation.partners.values() if p.connection}
    uses[ALERTS] = "of type Apprise; without it nobody is alerted, and incidents only show on the desk"
    command = [sys.executable, "-m", "broadsheet.airflow.prepare", *(["--migrate"] if migrate else []), *uses]
    env = airflow_environment()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - built here
    if done.returncode:
        last = "\n".join((done.stderr or done.stdout).strip().splitlines()[-5:])
        raise NotPrepared(
            "Airflow's database could not be prepared. Run this with the environment of Airflow's parts "
            f"(AIRFLOW_HOME, AIRFLOW__DATABASE__SQL_ALCHEMY_CONN), with --migrate if the database is new.\n{last}"
        )
    for line in done.stdout.splitlines():
        what, _, name = line.partition(":")[0].partition(" ")
        if what not in ("pool", "connection", "role", "user"):
            continue  # what Airflow says for itself
        hint = f". Make it in Airflow (Admin, Connections): {uses[name]}" if line.endswith(": missing") else ""
        out.print(line + hint, soft_wrap=True)
