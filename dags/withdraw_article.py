"""### Withdraw an article everywhere (legal kill)

Acts on every partner that ever had the article, whatever its filters are now: the NewsML item becomes `stat:canceled`
without text, Atom gets a tombstone, RSS leaves it out (for MSN: expired), the web page shows the message, and the
text of older versions is removed from the objects that had it.

1. **withdraw** stores the withdrawn version. `syndicate_issue` carries it out.
2. **prove_withdrawal** reads back at each partner until the article is gone everywhere, and logs the time from the
   order to the last partner. **If it fails, a partner still has the article**; the error says where.

A withdrawn article stays withdrawn if the newspaper sends its page again.

**中文**：在所有曾收到此稿的媒体处撤回全文，并逐一回读核实。`prove_withdrawal` 失败表示仍有媒体可读到此稿，
错误写明何处。
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from airflow.sdk import Param, PokeReturnValue, dag, get_current_context, task

from broadsheet.airflow import tasks
from broadsheet.airflow.tasks import ISSUES, on_red_run
from broadsheet.steps import changes, proof

log = logging.getLogger(__name__)


@dag(
    dag_id="withdraw_article",
    dag_display_name="Withdraw article",
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
        "reason": Param(
            "",
            type="string",
            minLength=2,
            title="Reason 原因",
            description="For the record, never published 仅内部记录",
        ),
        "message": Param(
            None,
            type=["null", "string"],
            format="multiline",
            title="Message to partners 致媒体的说明",
            description="Shown in place of the text; empty: a sentence without a reason. "
            "代替正文显示；留空为不含原因的一句话",
        ),
    },
)
def withdraw_article() -> None:
    @task(outlets=[ISSUES], doc_md="Stores the withdrawn version; syndicate_issue delivers it.")
    def withdraw() -> str:
        context = get_current_context()
        form = context["params"]
        tasks.label(article=form["guid"])
        with tasks.installation() as installation:
            by = tasks.by(context)
            version = changes.withdraw_article(installation, form["guid"], form["reason"], form["message"] or "", by)
        log.info("%s: %s withdrawn by %s: %s", version, form["guid"], by.actor, form["reason"])
        return str(version)

    @task.sensor(
        poke_interval=5,
        timeout=1800,
        mode="reschedule",
        retries=0,
        doc_md="Reads back at every partner until the article is gone everywhere.",
    )
    def prove_withdrawal() -> PokeReturnValue:
        context = get_current_context()
        with tasks.installation() as installation:
            proofs = proof.prove_withdrawal(installation, context["params"]["guid"])
        for words in proof.telling_of(proofs):
            log.info("%s", words)
        done = all(p.holds for p in proofs)
        if done:
            took = datetime.now(UTC) - tasks.by(context).at
            log.info("withdrawn at %d partners, %.1f s after the order", len(proofs), took.total_seconds())
        return PokeReturnValue(is_done=done)

    withdraw() >> prove_withdrawal()


withdraw_article()
