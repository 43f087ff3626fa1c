"""What Airflow itself must hold before our DAGs run: a pool and a connection. ``broadsheet prepare`` runs this.

It may run at any time and any number of times: what an operator has changed stays as it is.
"""

from __future__ import annotations

import argparse
import json
import os
from datetime import UTC, datetime

from broadsheet.airflow import roles
from broadsheet.settings import Settings

POOL = "broadsheet_reading"
STORE = "broadsheet_s3"
NOTE = "broadsheet_prepared"  # the Airflow variable that tasks look for: they cannot see pools


def slots() -> int:
    """How many issues are read at once: reading keeps a core busy, and one core is left for everything else."""
    named = os.environ.get("BROADSHEET_READING_SLOTS", "")
    return int(named) if named else max(1, min(8, (os.cpu_count() or 2) - 1))


def prepare(settings: Settings) -> list[str]:
    """Make what is missing in Airflow's database; what was done, one line each."""
    from airflow.models.pool import Pool
    from airflow.models.variable import Variable

    done = []
    if Pool.get_pool(POOL) is None:
        number = slots()
        Pool.create_or_update_pool(POOL, number, "Issues that are read at once", include_deferred=False)
        done.append(f"pool {POOL}: made, {number} slots")
    else:
        done.append(f"pool {POOL}: there")
    done.append(f"connection {STORE}: {_connection(settings)}")
    Variable.set(NOTE, json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds")}))
    return done


def _is_known(connection: str) -> bool:
    from airflow.models.connection import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        Connection.get_connection_from_secrets(connection)
    except AirflowNotFoundException:
        return False
    return True


def _connection(settings: Settings) -> str:
    from airflow.models.connection import Connection
    from airflow.utils.session import create_session

    if _is_known(STORE):
        return "there"
    if not settings.s3_access_key:
        return "none, and BROADSHEET_S3_ACCESS_KEY is not set, so none was made"
    extra = {"endpoint_url": settings.s3_endpoint, "config_kwargs": {"s3": {"addressing_style": "path"}}}
    made = Connection(
        conn_id=STORE,
        conn_type="aws",
        login=settings.s3_access_key,
        password=settings.s3_secret_key,
        extra=json.dumps(extra if settings.s3_endpoint else {}),
    )
    with create_session() as session:
        session.add(made)
    return "made"


def _migrate() -> None:
    from airflow.cli.cli_parser import get_parser

    arguments = get_parser().parse_args(["db", "migrate"])
    arguments.func(arguments)


def main() -> None:
    """``python -m broadsheet.airflow.prepare``, in the environment that Airflow's parts run in."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--migrate", action="store_true", help="make or update Airflow's database first")
    parser.add_argument("wanted", nargs="*", help="connections that records name, to be looked for")
    given = parser.parse_args()
    if given.migrate:
        _migrate()
    for line in (*prepare(Settings.from_env()), *roles.prepare()):
        print(line)
    for name in given.wanted:
        print(f"connection {name}: {'there' if _is_known(name) else 'missing'}")


if __name__ == "__main__":
    main()
