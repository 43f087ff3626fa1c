"""### Release an embargoed article

`ingest_issue` starts a run for each embargoed article. It waits until the embargo ends, without occupying a worker
and across restarts, and then publishes the article, unless `change_embargo` has moved the embargo. Started by hand
without a time, it publishes at once. `syndicate_issue` starts runs without an article for partners with a delay, and
for the end of rights: they withdraw expired articles and start pending deliveries.

**中文**：等待解禁并发布稿件，不占用工作进程，重启后继续等待。手动启动且不填时间即立即解禁。
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from airflow.providers.standard.sensors.date_time import DateTimeSensorAsync
from airflow.sdk import Param, dag, get_current_context, task

from broadsheet.airflow import tasks
from broadsheet.airflow.tasks import ISSUES, on_red_run
from broadsheet.steps import changes, rights
from delivery import runs

log = logging.getLogger(__name__)


@dag(
    dag_id="release_embargo",
    dag_display_name="Release embargo",
    schedule=None,
    catchup=False,
    max_active_runs=1000,  # runs that wait cost nothing, and none may stand in another's way
    doc_md=__doc__,
    on_failure_callback=on_red_run,
    tags=["broadsheet", "life"],
    default_args=tasks.defaults(retries=3),
    params={
        "guid": Param(
            None, type=["null", "string"], title="Article 稿件", description="Its guid 稿件的 guid: urn:newsml:…"
        ),
        "at": Param(
            None,
            type=["null", "string"],
            title="When 时间",
            description="2026-01-15T12:00:00+08:00; empty: now 留空为立即",
        ),
    },
)
def release_embargo() -> None:
    wait = DateTimeSensorAsync(
        task_id="wait",
        target_time="{{ params.at or dag_run.run_after.isoformat() }}",
        execution_timeout=None,  # it waits, for days if it must
        doc_md="Waits until the embargo ends.",
    )

    @task(outlets=[ISSUES], doc_md="Publishes the article, or withdraws articles whose rights have expired.")
    def release() -> None:
        context = get_current_context()
        guid = context["params"]["guid"]
        if not guid:
            with tasks.installation() as installation:
                ended = rights.end_rights(installation, datetime.now(UTC))
            log.info("rights ended: %s", ", ".join(ended) or "none")
            return
        at, by = context["params"]["at"], tasks.by(context)
        with tasks.installation() as installation:
            if at and context["dag_run"].run_id == runs.of_embargo(guid, at):  # it waited by itself
                version = changes.end_embargo(installation, guid, datetime.fromisoformat(at), by)
            else:
                version = changes.release_embargo(installation, guid, by)
        log.info("%s: %s", version or "nothing to do", f"{guid} is released" if version else "released or moved before")

    wait >> release()


release_embargo()
