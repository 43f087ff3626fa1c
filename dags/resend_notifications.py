"""### Send undelivered messages again

A message that a partner's hub or webhook did not accept is kept in `deadletters/<partner>/` in the private bucket.
Every five minutes this DAG retries those that are due, at growing intervals over three days; after that they stay.

- **By hand**, with `partner` or `everything`: all messages of that partner, or of all partners, are sent now,
  including those that are no longer retried and those of endpoints that answered 410 Gone. A delivered message
  enables its endpoint again. On the command line: `broadsheet partner resend PARTNER`.

**If `resend` fails**, the error names each endpoint and its answer. The messages are kept.

**中文**：重发未送达的通知：三天内自动重试，此后须手动启动并填写媒体。失败时错误写明各地址的答复，
通知均已保留。
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from airflow.sdk import Param, dag, task

from broadsheet.airflow import tasks
from broadsheet.airflow.tasks import on_red_run
from broadsheet.steps import notify as news
from broadsheet.steps.incidents import end_red_runs
from delivery.notify import Allowance


@dag(
    dag_id="resend_notifications",
    dag_display_name="Resend notifications",
    schedule="*/5 * * * *",
    start_date=datetime(2026, 1, 1),  # noqa: DTZ001 - Airflow takes its own default time zone
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    on_failure_callback=on_red_run,
    tags=["broadsheet", "partners"],
    default_args=tasks.defaults(retries=3),  # for faults of ours; what an endpoint refused waits for a later run
    params={
        "partner": Param(
            None,
            type=["null", "string"],
            title="Partner 合作媒体",
            description="Its id: all its messages 标识：重发其全部通知",
        ),
        "everything": Param(
            False,
            type="boolean",
            title="Everything 全部",
            description="All messages of all partners 所有媒体的全部通知",
        ),
    },
)
def resend_notifications() -> None:
    @task(doc_md="Sends what is due, or what was asked for; the error says what did not arrive.")
    def resend(params: dict[str, Any] | None = None) -> None:
        asked = params or {}
        partner = asked.get("partner") or ""
        everything = bool(partner or asked.get("everything"))
        now = datetime.now(UTC)
        with tasks.installation() as installation:
            outcome = news.retry_messages(installation, now, Allowance.from_env(), partner, everything)
            if not outcome.failed:
                end_red_runs(installation.store, "resend_notifications", "resend", now)
        tasks.mark_told(outcome.told, outcome.failed)

    resend()


resend_notifications()
