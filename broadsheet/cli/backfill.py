"""``broadsheet backfill``."""

from __future__ import annotations

from datetime import date

from broadsheet.cli.newsroom import airflow_environment, opened
from broadsheet.cli.screen import called, out, step
from broadsheet.steps import backfill as airflow_backfill
from transforms.errors import BadInput


def backfill(publication: str, first: date, last: date, notify: bool) -> None:
    """Start a backfill of what waits in a range of days, and say where to follow it. Raises BadInput for none."""
    days = airflow_backfill.days_waiting(opened(), publication, first, last)
    if not days:
        raise BadInput(
            f"Nothing of {publication} waits between {first} and {last}. "
            f"`{called()} archive FOLDER` uploads old issues."
        )
    with step("Backfill") as say:
        say(f"{len(days)} issues, {days[0]} to {days[-1]}")
        airflow_backfill.start(publication, days[0], days[-1], notify, airflow_environment())
    out.print("Airflow works through them: DAG “Ingest issue”, runs of type backfill.", soft_wrap=True)
