"""### From the inbox to a run

The triggerer checks the inbox every 1.5 s (`broadsheet.airflow.inbox_trigger`). Once an upload is complete, by
`_COMPLETE` or because nothing has changed for the newspaper's `quiet_minutes`, this DAG starts one run of
`ingest_issue` for it. Each run checks the inbox itself, so lost, duplicate or merged events do no harm; a check every
15 minutes needs no event.

With `$BROADSHEET_INBOX_QUEUE` (the address of an SQS queue that receives the bucket's notifications), the queue
starts it.

**If `find_closed` fails**, the store has a problem; the next event or check retries automatically.

**中文**：监看收件箱，上传完成即启动 `ingest_issue`。失败说明存储有问题，一刻钟内会自动重试。
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Asset, AssetOrTimeSchedule, CronTriggerTimetable, dag, get_current_context, task

from broadsheet.airflow import tasks
from broadsheet.airflow.inbox_trigger import watchers
from broadsheet.airflow.tasks import on_red_run

log = logging.getLogger(__name__)
INBOX = Asset(name="broadsheet_inbox", uri="broadsheet://inbox", watchers=watchers())
QUARTERS = CronTriggerTimetable("*/15 * * * *", timezone="UTC")


@dag(
    dag_id="watch_inbox",
    dag_display_name="Watch inbox",
    schedule=AssetOrTimeSchedule(timetable=QUARTERS, assets=INBOX),
    start_date=datetime(2026, 1, 1),  # noqa: DTZ001 - Airflow takes its own default time zone
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    on_failure_callback=on_red_run,
    tags=["broadsheet", "issue"],
    default_args=tasks.defaults(retries=3),  # when Airflow starts, its tasks may be faster than its API server
)
def watch_inbox() -> None:
    @task(doc_md="Lists complete uploads that have no run yet.")
    def find_closed() -> list[dict[str, Any]]:
        from broadsheet.steps import incidents, ingest

        now = datetime.now(UTC)
        with tasks.installation() as installation:
            waiting = ingest.waiting_uploads(installation, now)
            for task_id in ("find_closed", "start"):
                incidents.end_red_runs(installation.store, "watch_inbox", task_id, now)
        count = get_current_context()["ti"].get_dr_count
        fresh = [u for u in waiting if not count(dag_id="ingest_issue", run_ids=[u.run_id])]
        log.info("closed: %s", ", ".join(str(u.issue) for u in fresh) or "nothing new")
        return [
            {
                "trigger_run_id": upload.run_id,
                "conf": {"publication": upload.issue.publication, "date": upload.issue.date.isoformat()},
            }
            for upload in fresh
        ]

    TriggerDagRunOperator.partial(
        task_id="start",
        trigger_dag_id="ingest_issue",
        logical_date=None,
        skip_when_already_exists=True,
        map_index_template="{{ task.trigger_run_id }}",
        doc_md="Starts a run for each of them.",
    ).expand_kwargs(find_closed())


watch_inbox()
