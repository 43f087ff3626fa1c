"""### Alerts

Checks every ten minutes for an issue that has not arrived by its time (`[watch]` in the newspaper's file), a review
question past its deadline, a partner without an issue for half an hour, a connection that a partner's file names but
Airflow does not have, an endpoint that does not accept messages, and uploads that will not be read. Each is one
incident in `incidents/` and is alerted once, through the Airflow connection `broadsheet_alerts`. Failed runs report
themselves.

Pending work (embargoes, questions, issues in progress) is recorded in the store. **find_lost** compares it with the
runs, and **rearm** starts what is missing, so a lost or restored database loses nothing. Issues whose run failed, and
partners that have not received an issue, are retried after 10, 20, 40, 80 … minutes, then daily; partners at once
when a connection that was missing is there again.

**If `look` fails**, an alert could not be sent; the next check sends it again.

**中文**：每十分钟检查一次：报纸未到、审核超时、媒体未收到、缺少连接、通知无法送达等，每件事只告警一次；
并恢复丢失的等待，重试失败的工作。
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import dag, get_current_context, task

from broadsheet.airflow import tasks
from broadsheet.airflow.tasks import ISSUES, on_red_run

log = logging.getLogger(__name__)
NEW, YOUNG = 2, 6  # runs of this DAG
ACTIVE = ["queued", "running"]


@dag(
    dag_id="watch_desk",
    dag_display_name="Watch for incidents",
    schedule="*/10 * * * *",
    start_date=datetime(2026, 1, 1),  # noqa: DTZ001 - Airflow takes its own default time zone
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    on_failure_callback=on_red_run,
    tags=["broadsheet", "desk"],
    default_args=tasks.defaults(retries=3),  # when Airflow starts, its tasks may be faster than its API server
)
def watch_desk() -> None:
    @task(doc_md="Checks for incidents and alerts people to new ones.")
    def look() -> None:
        from airflow.sdk.exceptions import AirflowFailException

        from broadsheet.airflow import alerts, metrics
        from broadsheet.steps import incidents, inspection

        now = datetime.now(UTC)
        with tasks.installation() as installation:
            found, over = inspection.watch(installation, now)
            told, failed = incidents.tell_all(installation.store, found, now, alerts.tell)
        metrics.open_incidents(found)
        for incident in found:
            log.info("open since %s: %s", incident.since, incident.title)
        log.info("told: %s; over: %s", "; ".join(told) or "nothing", "; ".join(i.title for i in over) or "nothing")
        if failed:
            raise AirflowFailException(" | ".join(failed))

    @task(doc_md="Lists what should be waiting in Airflow according to the store, but is not.")
    def find_lost() -> list[dict[str, Any]]:
        from broadsheet.steps import rearm

        now, count = datetime.now(UTC), get_current_context()["ti"].get_dr_count
        # Embargoes are found by reading issues: of the whole archive if the database is new, of four months for an
        # hour and then once an hour, of a few days at each look.
        looks = count(dag_id="watch_desk")
        near = rearm.NEAR if now.minute < 10 or looks <= YOUNG else rearm.SOON
        with tasks.installation() as installation:
            awaited = rearm.awaited(installation, now, None if looks <= NEW else near)
        lost = []
        for one in awaited:
            if not count(dag_id=one.dag, run_ids=[one.run]):
                lost.append((one, one.run))
            elif one.retry and not count(dag_id=one.dag, run_ids=[one.run], states=ACTIVE):
                lost.append((one, one.retry))
        said = ", ".join(f"{one.dag} {run}" for one, run in lost) or "none"
        log.info("%d runs should be there; lost or to be tried again: %s", len(awaited), said)
        return [{"trigger_dag_id": one.dag, "trigger_run_id": run, "conf": one.conf} for one, run in lost]

    @task(
        outlets=[ISSUES],
        doc_md="Starts syndicate_issue if a partner is missing something and no run is active.",
    )
    def wake_syndication() -> None:
        from airflow.sdk.exceptions import AirflowSkipException

        from broadsheet.steps import inspection, rearm

        now, count = datetime.now(UTC), get_current_context()["ti"].get_dr_count
        if count(dag_id="syndicate_issue", states=ACTIVE):
            raise AirflowSkipException("a run is on its way")
        ever = count(dag_id="syndicate_issue")
        with tasks.installation() as installation:
            at_once = not ever or inspection.is_connection_back(installation, now)
            due = rearm.is_undelivered(installation) if at_once else rearm.is_delivery_due(installation, now)
        if not due:
            raise AirflowSkipException("no partner lacks anything, or the next attempt is due later")

    look()
    wake_syndication()
    TriggerDagRunOperator.partial(
        task_id="rearm",
        logical_date=None,
        skip_when_already_exists=True,
        map_index_template="{{ task.trigger_run_id }}",
        doc_md="Starts each of them again.",
    ).expand_kwargs(find_lost())


watch_desk()
