"""``broadsheet backfill``."""

from __future__ import annotations

from datetime import date

from broadsheet.cli.newsroom import airflow_environment, opened
from broadsheet.cli.screen import called, show, step
from broadsheet.steps import backfill as airflow_backfill
from transforms.errors import BadInput


def backfill(publication: str, first: date, last: date, notify: bool) -> None:
    """Start a backfill of the issues waiting in a range of days. Raises BadInput if there are none."""
    days = airflow_backfill.days_waiting(opened(), publication, first, last)
    if not days:
        raise BadInput(
            f"No issue of {publication} is waiting between {first} and {last}. "
            f"Upload old issues with `{called()} archive FOLDER`."
        )
    with step("Backfill") as say:
        say("{} issues, {} to {}", len(days), days[0], days[-1])
        airflow_backfill.start(publication, days[0], days[-1], notify, airflow_environment())
    show("Airflow now works through them; see the DAG “Ingest issue”, run type “backfill”.")
