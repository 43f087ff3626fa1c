"""### Review of one doubtful article

`ingest_issue` starts a run for each article whose text or section is less certain than the newspaper's thresholds
(`[review]` in `publications/<id>.toml`). The other articles are published meanwhile.

1. **ask_desk** waits for an editor (*Required Actions*), who sees the article and the page that it was read from, and
   answers:
   - `accept`: publish it, with the section and headline in the form
   - `reject`: do not publish it; partners keep any earlier version
   - `merge`: join it with the next article or with the previous one
   - `split`: a second article starts at the numbered paragraph
   - `hold`: keep it on hold
2. **apply_decision** carries out the answer, and `syndicate_issue` delivers the result. Who decided, and when, is
   kept in the item's history.

If an answer cannot be carried out, a new run asks again and gives the reason. If nobody answers in the newspaper's
time, the article is published as read or stays on hold, as the newspaper's file says; **in the second case the run
fails**. To ask again, or to undo a rejection, start this DAG by hand with the article's guid.

**中文**：就一篇存疑稿件请编辑答复（Required Actions）：发布、否决、合并、拆分或缓发。
逾期无人答复时按报纸文件的设置发布或缓发；
后一种情况下运行失败。如需再问，请以稿件的 guid 手动启动。
"""

from __future__ import annotations

import logging
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Param, dag, task

from broadsheet.airflow import tasks
from broadsheet.airflow.review_task import AskEditor, form, reply_of
from broadsheet.airflow.tasks import ISSUES, on_red_run
from broadsheet.steps import review
from broadsheet.steps.review import State
from transforms.model import Article

log = logging.getLogger(__name__)


@dag(
    dag_id="review_article",
    dag_display_name="Review article",
    schedule=None,
    catchup=False,
    max_active_runs=1000,  # runs that wait cost nothing, and none may stand in another's way
    doc_md=__doc__,
    on_failure_callback=on_red_run,
    tags=["broadsheet", "desk"],
    default_args=tasks.defaults(),
    params={
        "article": Param(
            "", type="string", minLength=12, title="Article 稿件", description="Its guid 待审稿件的 guid: urn:newsml:…"
        )
    },
)
def review_article() -> None:
    ask_desk = AskEditor(
        task_id="ask_desk",
        params=form(Article("", ())),
        execution_timeout=None,  # the question has its own deadline
        retries=10,  # Airflow takes a task that is answered at once for a lost one, and has to ask again
        doc_md="Waits for an editor's answer without occupying a worker. The question is under Required Actions.",
    )

    @task(outlets=[ISSUES], doc_md="Carries out the answer; syndicate_issue delivers the result.")
    def apply_decision(record: dict[str, Any]) -> list[dict[str, Any]]:
        from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

        with tasks.installation() as installation:
            question = review.load(installation.store, record["question"])
            end = review.carry_out(installation, question, reply_of(record))
        if end.state is State.WAITING:
            log.warning("asked again, since “%s” cannot be carried out: %s", record["answer"], end.fault)
            return [{"trigger_run_id": end.next_run, "conf": {"article": end.guid}}]
        if end.state is State.DECIDED:
            log.info("%s: %s, says %s", end.guid, end.answer, end.actor)
            return []
        if end.state is State.HELD and not end.actor:
            raise AirflowFailException(f"nobody answered in time, so {end.guid} stays withheld")
        raise AirflowSkipException(f"{end.guid}: {end.fault or f'stays withheld, says {end.actor}'}")

    TriggerDagRunOperator.partial(
        task_id="ask_again",
        trigger_dag_id="review_article",
        logical_date=None,
        skip_when_already_exists=True,
        doc_md="Asks again, with the reason, if the answer cannot be carried out.",
    ).expand_kwargs(apply_decision(ask_desk.output))


review_article()
