"""``broadsheet prepare``: everything that must exist before the first issue, made once, checked at any time."""

from __future__ import annotations

import subprocess
import sys

from broadsheet.cli.newsroom import airflow_environment, opened
from broadsheet.cli.screen import show
from broadsheet.cli.speech import reason, tr
from broadsheet.errors import NotPrepared
from broadsheet.installation import Installation
from delivery.setup import prepare_buckets

ALERTS = "broadsheet_alerts"


def prepare(migrate: bool, store_only: bool) -> None:
    """Create buckets and policies, then Airflow's pool and connection; list connections that only people can create."""
    installation = opened()
    prepare_buckets(installation.store, installation.bucket, installation.partners.values())
    installation.open_public()  # what former partners have stays as open as it was
    show("buckets {} and {}: ready", installation.store.bucket, installation.bucket)
    if not store_only:
        _prepare_airflow(installation, migrate)


def _prepare_airflow(installation: Installation, migrate: bool) -> None:
    uses = {p.connection: tr("files of {} go there", p.name) for p in installation.partners.values() if p.connection}
    uses[ALERTS] = tr("type Apprise; without it nobody is alerted, and incidents show on the desk only")
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
        if line.endswith(": missing"):
            show("connection {}: missing. Create it in Airflow (Admin, Connections): {}", name, uses[name])
        else:
            show("{}", reason(line))
