"""### Change when an embargo ends

Moves the embargo of an article, and of the sidebars that share it, to another time. `release_embargo` waits for the
new time in a new run; the run that waited for the old time releases nothing. To end an embargo now, start
`release_embargo`. A published article cannot be put under embargo: withdraw it instead.

**If it fails**, the time is in the past or cannot be read, or the article is not under embargo; the error says which.

**中文**：更改稿件及其配稿的解禁时间。原定时间到时不会发出任何内容。要立即解禁请启动 `release_embargo`；
已发布的稿件请撤稿。
"""

from __future__ import annotations

import logging
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Param, dag, get_current_context, task

from broadsheet.airflow import tasks
from broadsheet.airflow.tasks import ISSUES, on_red_run
from broadsheet.steps import changes, rearm

log = logging.getLogger(__name__)


@dag(
    dag_id="change_embargo",
    dag_display_name="Change embargo",
    schedule=None,
    catchup=False,
    max_active_runs=16,
    doc_md=__doc__,
    on_failure_callback=on_red_run,
    tags=["broadsheet", "life"],
    default_args=tasks.defaults(retries=3),
    params={
        "guid": Param(
            "", type="string", minLength=12, title="Article 稿件", description="Its guid 稿件的 guid: urn:newsml:…"
        ),
        "until": Param(
            "",
            type="string",
            minLength=10,
            title="Until 解禁时间",
            description="2026-01-15 18:00, in the newspaper's time 报纸所在地时间; or 或 2026-01-15T18:00:00+08:00",
        ),
    },
)
def change_embargo() -> None:
    @task(outlets=[ISSUES], doc_md="Stores the new time.")
    def change() -> list[dict[str, Any]]:
        context = get_current_context()
        form = context["params"]
        tasks.label(article=form["guid"])
        with tasks.installation() as installation:
            until = changes.moment_of(installation, form["guid"], form["until"])
            version = changes.move_embargo(installation, form["guid"], until, tasks.by(context))
            awaited = list(rearm.of_embargoes(changes.embargoes(installation, version)))
        log.info("%s: %s waits until %s", version, form["guid"], until)
        return [{"trigger_run_id": one.run, "conf": one.conf} for one in awaited]

    TriggerDagRunOperator.partial(
        task_id="await_lifts",
        trigger_dag_id="release_embargo",
        logical_date=None,
        skip_when_already_exists=True,
        doc_md="Starts a run of release_embargo for each article that has none waiting for the new time.",
    ).expand_kwargs(change())


change_embargo()
