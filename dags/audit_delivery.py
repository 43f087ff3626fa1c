"""### Daily audit of what partners have

1. **end_rights** withdraws issues whose rights have expired for a partner (`expires_days` in the partner's file).
2. **audit** compares the ledger, the manifests and each partner's bucket, restores what is missing or damaged, and
   reports unknown objects. `audits/<date>.json` in the private bucket has the results. It checks the issues that were
   sent in the last seven days, and everything once a week or with `whole`.
3. **tidy** deletes what is past its retention time (`retention.toml`), such as uploads that became issues. The
   ledger, issues and decisions are kept forever.

**If `audit` fails**, the error names what could not be restored; `resend_to_partner` may help if the bucket's owner
has changed something. Extra objects are only reported, never deleted.

**中文**：每日核对各媒体一周内收到的内容，每周核对全部：收回授权到期的稿件，补齐缺失或损坏的文件，清理过期数据。
`audit` 失败时，错误写明无法补齐的内容；多余的文件只列出，不删除。
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from airflow.sdk import Param, dag, get_current_context, task

from broadsheet.airflow import tasks
from broadsheet.airflow.tasks import ISSUES, on_red_run
from broadsheet.steps import audit as auditing
from broadsheet.steps import rights
from broadsheet.steps.incidents import end_red_runs

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
        "whole": Param(
            False,
            type="boolean",
            title="All issues 核对全部",
            description="Otherwise what was sent in the last week 否则只核对一周内发送的（每周自动核对全部）",
        ),
        "deep": Param(
            False, type="boolean", title="Read every byte 逐字节核对", description="Not only sizes 不只核对大小"
        ),
    },
)
def audit_delivery() -> None:
    @task(doc_md="Withdraws articles whose rights have expired.")
    def end_rights() -> list[str]:
        now = datetime.now(UTC)
        with tasks.installation() as installation:
            ended = rights.end_rights(installation, now)
            end_red_runs(installation.store, "audit_delivery", "end_rights", now)
        log.info("rights ended: %s", ", ".join(ended) or "none")
        return ended

    @task(outlets=[ISSUES], doc_md="Compares the ledger with the buckets and restores what it can.")
    def audit() -> None:
        from airflow.sdk.exceptions import AirflowFailException

        context = get_current_context()
        with tasks.installation() as installation:
            day, form = tasks.by(context).at.date(), context["params"]
            whole = form["whole"] or form["deep"] or auditing.is_whole_due(installation, day)
            found = auditing.audit(installation, day, form["deep"], whole)
        log.info("checked everything that partners have" if whole else "checked the issues sent in the last week")
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

        kept, now = retention.load_retention(Settings.from_env().retention), datetime.now(UTC)
        with tasks.installation() as installation:
            gone, failed = retention.tidy(installation, kept, now)
            if not failed:
                end_red_runs(installation.store, "audit_delivery", "tidy", now)
        log.info("deleted: %s", ", ".join(f"{kind} {number}" for kind, number in gone.items()))
        if failed:
            raise AirflowFailException(" | ".join(failed))

    end_rights() >> audit()
    tidy()


audit_delivery()
