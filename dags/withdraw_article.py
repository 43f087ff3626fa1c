"""
### Withdraw an article from everybody (legal kill)

One action: the item is cancelled (`stat:canceled`), feeds say so in their ways, and **every address at which any
partner ever found the text holds the notice instead**, whatever the partner takes today.

1. **withdraw** makes the version; `syndicate_issue` starts by itself and tells the partners.
2. **wait_for_partners** waits until all have it.
3. **prove_withdrawal** reads everything back. Red: its error names each partner and address that still holds the text.
   Its log and the note of `withdraw` say how long it took to the last partner.

It cannot be undone. Copies that partners made are theirs to take down.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from airflow.sdk import Asset, Param, dag, get_current_context, task

from broadsheet import airflow_tasks, life
from delivery.keys import VersionKey

log = logging.getLogger(__name__)
ISSUES = Asset(name="broadsheet_issues", uri="broadsheet://issues")


@dag(
    dag_id="withdraw_article",
    dag_display_name="Withdraw an article",
    schedule=None,
    doc_md=__doc__,
    tags=["broadsheet", "article"],
    default_args={"retries": 2, "retry_delay": timedelta(seconds=5)},
    params={
        "guid": Param("", type="string", minLength=1, title="Article", description_md="Its guid: `urn:newsml:...`"),
        "reason": Param("", type="string", title="Reason", description_md="Kept in the record", format="multiline"),
        "message": Param(
            "",
            type="string",
            title="Message to partners",
            format="multiline",
            description_md="What they read in the article's place. Empty: the reason",
        ),
    },
)
def withdraw_article() -> None:
    @task(outlets=[ISSUES], doc_md="Makes a version of the issue without the article; syndicate_issue sends it.")
    def withdraw() -> str:
        context = get_current_context()
        with airflow_tasks.desk() as desk:
            return str(life.withdraw(desk, context["params"], airflow_tasks.asked(context)))

    @task.sensor(mode="reschedule", poke_interval=3, timeout=3600, soft_fail=True, doc_md="Until every partner has it.")
    def wait_for_partners(version: str) -> bool:
        with airflow_tasks.desk() as desk:
            return life.is_with_all(desk, VersionKey.parse(version))

    @task(trigger_rule="none_failed", doc_md="Reads back all that partners have; red where the text still stands.")
    def prove_withdrawal(version: str) -> dict[str, object]:
        context = get_current_context()
        with airflow_tasks.desk() as desk:
            proof = life.prove_withdrawal(desk, context["params"]["guid"].strip())
        seconds = (datetime.now(UTC) - airflow_tasks.asked(context).at).total_seconds()
        log.info(
            "%s: %d objects of %s read back %.0f s after it was asked for, %d still hold the text",
            version,
            proof.objects,
            ", ".join(proof.partners) or "no partner",
            seconds,
            len(proof.faults),
        )
        airflow_tasks.fail_where(proof.faults)
        return {"partners": list(proof.partners), "objects": proof.objects, "seconds": round(seconds)}

    version = withdraw()
    wait_for_partners(version) >> prove_withdrawal(version)


withdraw_article()
