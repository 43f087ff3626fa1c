"""
### What somebody should know of

Every ten minutes: an issue that has not come by its hour (`[watch]` in the publication's file), a question that nobody
answered in time, a partner without an issue for half an hour, a partner's endpoint that takes no messages. Each is an
incident, kept in `incidents/`, and told of once, by the Airflow connection `broadsheet_alerts`. Red runs tell of
themselves.

What waits (embargoes, questions, issues on their way) stands in the store. **find_lost** compares it with the runs
and **rearm** starts what is missing, so that a database that was lost or restored from an old copy loses nothing.

**Red at `look`**: an alert did not go out; the next look tries again.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Asset, dag, get_current_context, task

from broadsheet.airflow import tasks
from broadsheet.airflow.tasks import on_red_run

log = logging.getLogger(__name__)
YOUNG = 6  # runs of this DAG, so an hour
ISSUES = Asset(name="broadsheet_issues", uri="broadsheet://issues")


@dag(
    dag_id="watch_desk",
    dag_display_name="Watch the desk",
    schedule="*/10 * * * *",
    start_date=datetime(2026, 1, 1),  # noqa: DTZ001 - Airflow takes its own default time zone
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    on_failure_callback=on_red_run,
    tags=["broadsheet", "desk"],
    default_args=tasks.defaults(retries=0),  # the next look tries again
)
def watch_desk() -> None:
    @task(doc_md="Looks for incidents and tells of the new ones.")
    def look() -> None:
        from airflow.sdk.exceptions import AirflowFailException

        from broadsheet.airflow import alerts, metrics
        from broadsheet.steps import incidents

        now = datetime.now(UTC)
        with tasks.installation() as installation:
            found, over = incidents.watch(installation, now)
            told, failed = incidents.tell_all(installation.store, found, now, alerts.tell)
        metrics.open_incidents(found)
        for incident in found:
            log.info("open since %s: %s", incident.since, incident.title)
        log.info("told: %s; over: %s", "; ".join(told) or "nothing", "; ".join(i.title for i in over) or "nothing")
        if failed:
            raise AirflowFailException(" | ".join(failed))

    @task(doc_md="Lists what the store says should be waiting in Airflow, and is not.")
    def find_lost() -> list[dict[str, Any]]:
        from broadsheet.steps import rearm

        now, count = datetime.now(UTC), get_current_context()["ti"].get_dr_count
        # A thorough look reads every issue of four months: once an hour, and while the database is new.
        thorough = now.minute < 10 or count(dag_id="watch_desk") <= YOUNG
        with tasks.installation() as installation:
            awaited = rearm.awaited(installation, now, thorough)
        lost = [one for one in awaited if not count(dag_id=one.dag, run_ids=[one.run])]
        log.info(
            "%d runs should be there; lost: %s", len(awaited), ", ".join(f"{o.dag} {o.run}" for o in lost) or "none"
        )
        return [{"trigger_dag_id": one.dag, "trigger_run_id": one.run, "conf": one.conf} for one in lost]

    @task(outlets=[ISSUES], doc_md="Wakes syndicate_issue if it was never run and something waits for partners.")
    def wake_syndication() -> None:
        from airflow.sdk.exceptions import AirflowSkipException

        from broadsheet.steps import rearm

        if get_current_context()["ti"].get_dr_count(dag_id="syndicate_issue"):
            raise AirflowSkipException("it runs by itself")
        with tasks.installation() as installation:
            if not rearm.is_undelivered(installation):
                raise AirflowSkipException("nothing waits for a partner")

    look()
    wake_syndication()
    TriggerDagRunOperator.partial(
        task_id="rearm",
        logical_date=None,
        skip_when_already_exists=True,
        map_index_template="{{ task.trigger_run_id }}",
        doc_md="Starts each again.",
    ).expand_kwargs(find_lost())


watch_desk()
