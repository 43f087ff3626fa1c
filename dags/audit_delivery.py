"""
### The daily audit of what partners have

1. **end_rights** takes back the issues of which a partner's rights have ended (`expires_days` in its file).
2. **audit** compares the ledger, the manifests and each partner's bucket, puts back what is missing or damaged, and
   reports what nobody knows. `audits/<date>.json` in the private bucket keeps what it found.
3. **tidy** deletes what is older than `retention.toml` keeps it, such as uploads that became issues. The ledger, issues
   and decisions stay for good.

**Red at `audit`**: the error names what is wrong and could not be made again; `resend_to_partner` may help where the
bucket's owner has changed it. What is extra is only told, never deleted.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from airflow.sdk import Param, dag, get_current_context, task

from broadsheet.airflow import tasks
from broadsheet.airflow.tasks import ISSUES, on_red_run
from broadsheet.steps import audit as auditing
from broadsheet.steps import rights

log = logging.getLogger(__name__)


@dag(
    dag_id="audit_delivery",
    dag_display_name="Audit delivery",
    schedule="40 3 * * *",
    start_date=datetime(2026, 1, 1),  # noqa: DTZ001 - Airflow takes its own default time zone
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    on_failure_callback=on_red_run,
    tags=["broadsheet", "partners"],
    default_args=tasks.defaults(minutes=120),
    params={
        "deep": Param(
            False, type="boolean", title="Read every byte 逐字节核对", description="Not only sizes 不只核对大小"
        )
    },
)
def audit_delivery() -> None:
    @task(doc_md="Withdraws articles whose rights have expired.")
    def end_rights() -> list[str]:
        with tasks.installation() as installation:
            ended = rights.end_rights(installation, datetime.now(UTC))
        log.info("rights ended: %s", ", ".join(ended) or "none")
        return ended

    @task(outlets=[ISSUES], doc_md="Compares the ledger with the buckets and restores what it can.")
    def audit() -> None:
        from airflow.sdk.exceptions import AirflowFailException

        context = get_current_context()
        with tasks.installation() as installation:
            found = auditing.audit(installation, tasks.by(context).at.date(), context["params"]["deep"])
        for one in found:
            log.info("%s %s: %d objects, missing %d, damaged %d, mended %d, extra %d", one.partner, one.publication,
                     one.looked_at, len(one.missing), len(one.damaged), len(one.repaired), len(one.extra))  # fmt: skip
        lost = [f"{one.partner}: {key}" for one in found for key in one.lost]
        if lost:
            raise AirflowFailException("wrong, and it could not be made again: " + " | ".join(lost))

    @task(doc_md="Deletes what is past its retention time and no longer needed.")
    def tidy() -> None:
        from airflow.sdk.exceptions import AirflowFailException

        from broadsheet.settings import Settings
        from broadsheet.steps import retention

        kept = retention.load_retention(Settings.from_env().retention)
        with tasks.installation() as installation:
            gone, failed = retention.tidy(installation, kept, datetime.now(UTC))
        log.info("deleted: %s", ", ".join(f"{kind} {number}" for kind, number in gone.items()))
        if failed:
            raise AirflowFailException(" | ".join(failed))

    end_rights() >> audit()
    tidy()


audit_delivery()
