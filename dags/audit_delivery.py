"""
### What is where, every day

Compares the ledger (what each partner should have), the manifests (digests) and the buckets. What is missing or damaged
is rendered again and must have the same bytes; issues that are not wholly with a partner are opened again for
`syndicate_issue`. The record is `audits/<date>.json` in the private bucket.

**Red**: something could not be mended; the error names partner and key. Extra objects are reported, never deleted.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from airflow.sdk import Asset, Param, dag, get_current_context, task

from broadsheet import airflow_tasks, life_audit

log = logging.getLogger(__name__)
ISSUES = Asset(name="broadsheet_issues", uri="broadsheet://issues")


@dag(
    dag_id="audit_delivery",
    dag_display_name="Audit delivery",
    schedule="15 4 * * *",
    start_date=datetime(2026, 1, 1),  # noqa: DTZ001 - Airflow takes its own default time zone
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    tags=["broadsheet", "partners"],
    default_args={"retries": 2, "retry_delay": timedelta(seconds=30)},
    params={
        "days": Param(
            7,
            type="integer",
            minimum=0,
            maximum=36500,
            title="Days to read",
            description_md="Of so many newest days every object is read; of older ones presence and size are compared",
        ),
    },
)
def audit_delivery() -> None:
    @task(outlets=[ISSUES], doc_md="Compares, mends, keeps the record; red where something could not be mended.")
    def audit() -> dict[str, int]:
        days = int(get_current_context()["params"]["days"])
        with airflow_tasks.desk() as desk:
            found = life_audit.audit(desk, datetime.now(UTC), days)
        for line in (*found.repaired, *found.reopened):
            log.warning("mended: %s", line)
        for account in found.accounts:
            log.info(
                "%s %s: %d objects, extra: %s",
                account.partner,
                account.publication,
                account.objects,
                ", ".join(account.extra) or "none",
            )
        airflow_tasks.fail_where(found.faults)
        return {"repaired": len(found.repaired), "reopened": len(found.reopened)}

    audit()


audit_delivery()
