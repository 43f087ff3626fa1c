"""What our DAGs share: opening the installation, and telling Airflow which errors no retry can mend.

Nothing of the product is loaded before a task needs it, since every task's process loads its DAG's file again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from airflow.sdk import Asset

from transforms.errors import BadInput, BadRecord, BroadsheetError, InvalidOutput

if TYPE_CHECKING:
    from broadsheet.installation import Base, Installation
    from broadsheet.settings import Settings
    from broadsheet.steps.changes import By

log = logging.getLogger(__name__)
# What every change of an issue is told by: syndicate_issue runs whenever one of these is reported.
ISSUES = Asset(name="broadsheet_issues", uri="broadsheet://issues")


@contextmanager
def installation() -> Iterator[Installation]:
    """The installation; inside, an error that would only come again ends the task at once, in its own words."""
    from airflow.sdk.exceptions import AirflowFailException

    from broadsheet.installation import open_installation
    from broadsheet.settings import Settings
    from delivery.connections import from_airflow

    try:
        settings = Settings.from_env()
        yield open_installation(settings, from_airflow, base_of(settings))
    except (BadInput, BadRecord, InvalidOutput) as error:
        raise AirflowFailException(str(error)) from error


@cache
def base_of(settings: Settings) -> Base:
    """Stores and schemas of an installation: made before this task's process was forked (``warm_up``), or now."""
    from broadsheet.installation import Base

    return Base.of(settings)


def by(context: Any) -> By:
    """Who started the run, and when: what a change made in it goes by, however often its task is tried."""
    from broadsheet.steps.changes import By

    run = context["dag_run"]
    actor = run.triggering_user_name or "broadsheet"
    return By(f"{run.dag_id}/{run.run_id}", actor, run.run_after.replace(microsecond=0))


def label(**names: str) -> None:
    """Set what this task works on: the names label the mapped task in the grid and every line of its log."""
    from airflow.sdk import get_current_context

    context: Any = get_current_context()  # a mapped task's label is rendered from what is added here
    context.update(names)
    bind(**names)


def bind(**names: str) -> None:
    """Add the names to every line that this thread logs."""
    import structlog

    structlog.contextvars.bind_contextvars(**names)


def check_prepared() -> None:
    """End the task at once, with what to do, if Airflow was never prepared: issues would wait for a pool for ever.

    A task cannot see pools, so it looks for the variable that ``broadsheet prepare`` leaves beside them.
    """
    from airflow.sdk import Variable
    from airflow.sdk.exceptions import AirflowFailException

    from broadsheet.airflow.prepare import NOTE, POOL

    if Variable.get(NOTE, default=None) is None:
        raise AirflowFailException(
            f"Airflow is not prepared: the pool {POOL} may be missing, and without it no issue is read. "
            "Run `broadsheet prepare` where Airflow runs, then clear this task."
        )


def defaults(retries: int = 2, minutes: int = 10) -> dict[str, Any]:
    """What holds for every task of ours unless it says otherwise."""
    return {
        "owner": "broadsheet",
        "retries": retries,
        "retry_delay": timedelta(seconds=5),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=5),
        "execution_timeout": timedelta(minutes=minutes),
    }


def backfilled(context: Any) -> date | None:
    """The day whose issues a backfill's run is for; None in every other run."""
    run = context["dag_run"]
    return run.logical_date.date() if run.run_type == "backfill" and run.logical_date else None


def end(result: object, failed: Sequence[str]) -> None:
    """End the task red, naming what failed, if anything did; the tasks after it get ``result`` all the same."""
    from airflow.sdk import get_current_context
    from airflow.sdk.exceptions import AirflowFailException

    if failed:
        get_current_context()["ti"].xcom_push("return_value", result)
        raise AirflowFailException(" | ".join(failed))


def mark(held: Sequence[str], missing: Sequence[str] = (), undelivered: Sequence[str] = ()) -> None:
    """Fail the task with every reason if something is held, a partner was not served or a message not delivered.

    Otherwise the task succeeds rather than being skipped: a worker misses the end of a skipped task more often, and
    checks for it only a heartbeat later (Airflow 3.3), for which a burst of issues would wait again and again.
    """
    from airflow.sdk.exceptions import AirflowFailException

    said = [f"not served, keeping what they had until the next run: {', '.join(missing)}"] if missing else []
    said += [f"held in quarantine, everything else was published: {' | '.join(held)}"] if held else []
    said += [f"published, but an endpoint was not notified: {' | '.join(undelivered)}"] if undelivered else []
    if said:
        raise AirflowFailException(". ".join(said))
    log.info("nothing is held back")


def mark_told(told: Sequence[str], failed: Sequence[str]) -> None:
    """Fail the task, with the reason, if a message did not arrive."""
    from airflow.sdk.exceptions import AirflowFailException

    if failed:
        raise AirflowFailException(" | ".join(failed))
    log.info("told: %s", ", ".join(told) or "nobody")


def _about(form: Mapping[str, Any]) -> str:
    """What a run was for, as its form says: an article's guid, or an issue."""
    issue = f"{form['publication']}/{form['date']}" if form.get("publication") and form.get("date") else ""
    return str(form.get("guid") or form.get("article") or issue)


def on_red_run(context: Any) -> None:
    """What a DAG does when a run of it has failed: one message a run, with what failed, and a link to it."""
    from broadsheet.airflow import alerts
    from broadsheet.steps import incidents

    run, now = context["dag_run"], datetime.now(UTC)
    task = context.get("ti") or context.get("task_instance")
    about = _about(getattr(run, "conf", None) or {})
    failed = task.task_id if task is not None else str(context.get("reason") or "a task")
    try:
        with installation() as opened:
            incident = incidents.note_red_run(opened.store, run.dag_id, run.run_id, failed, now, about)
            incidents.tell_once(opened.store, incident, now, alerts.tell)
    except BroadsheetError as error:
        log.error("the alert of %s %s did not go out: %s", run.dag_id, run.run_id, error)
