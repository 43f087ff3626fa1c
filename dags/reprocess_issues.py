"""### Read issues again

For use after an upgrade of the model or a change of house style. **compare** reads the issues of a range of days
again and writes nothing; **approve** shows the differences and waits for a person (Required Actions); **publish**
stores what was approved as new versions, which partners get as corrections. Partners are notified only if `tell` is
set.

**If `publish` fails**, clear it; finished work is not repeated.

**中文**：重新识读一段日期的报纸：先比较，再由人批准（Required Actions），然后作为更正发布。批准之前不作任何改动。
"""

from __future__ import annotations

import logging
from datetime import UTC, date, timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param, dag, get_current_context, task

from broadsheet.airflow import tasks
from broadsheet.airflow.tasks import ISSUES, on_red_run

log = logging.getLogger(__name__)
MOST_LINES = 200  # of differences that the question shows; the log has all


@dag(
    dag_id="reprocess_issues",
    dag_display_name="Reprocess issues",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    on_failure_callback=on_red_run,
    tags=["broadsheet", "issue"],
    default_args=tasks.defaults(minutes=600),
    params={
        "publication": Param("", type="string", minLength=1, title="Newspaper 报纸", description="Its id 标识"),
        "first": Param("", type="string", format="date", title="From 自", description="YYYY-MM-DD"),
        "last": Param("", type="string", format="date", title="To 至", description="YYYY-MM-DD, inclusive 含当日"),
        "tell": Param(False, type="boolean", title="Notify 通知", description="Notify partners' webhooks 通知媒体"),
    },
)
def reprocess_issues() -> None:
    @task(pool="broadsheet_reading", doc_md="Reads everything again and lists what would change.")
    def compare() -> dict[str, Any]:
        from airflow.sdk.exceptions import AirflowSkipException

        from broadsheet.steps import reprocess
        from broadsheet.steps.failures import each

        context = get_current_context()
        form, at = context["params"], tasks.by(context).at
        lines, changed = [], []
        with tasks.installation() as installation:
            days = date.fromisoformat(form["first"]), date.fromisoformat(form["last"])
            found = reprocess.issues_between(installation, form["publication"], *days)
            compared, failed = each(
                installation.store, "compare", found, lambda issue: reprocess.compare(installation, issue, at), at
            )
            for issue, differences in compared:
                log.info("%s: %d differences", issue, len(differences))
                lines += map(str, differences)
                changed += [str(issue)] if differences else []
            lines += [f"{one.name} could not be read again and stays as it is: {one.reason}" for one in failed]
        for line in lines:
            log.info(line)
        if not changed:
            raise AirflowSkipException("nothing would be different")
        shown = [f"- {line}" for line in lines[:MOST_LINES]]
        more = [f"- and {len(lines) - MOST_LINES} more: see the log of `compare`"] if len(lines) > MOST_LINES else []
        return {"issues": changed, "text": "\n".join([*shown, *more])}

    approve = ApprovalOperator(
        task_id="approve",
        subject="Publish the differences that the new reading found?",
        body="{{ ti.xcom_pull(task_ids='compare')['text'] }}",
        execution_timeout=None,
        response_timeout=timedelta(days=7),
        doc_md="Shows the differences and waits for a person, a week at most.",
    )

    @task(outlets=[ISSUES], pool="broadsheet_reading", doc_md="Stores new versions; syndicate_issue delivers them.")
    def publish(found: dict[str, Any]) -> None:
        from broadsheet.steps import reprocess
        from broadsheet.steps.failures import each
        from delivery.keys import IssueKey

        context = get_current_context()
        at = tasks.by(context).at.astimezone(UTC)
        with tasks.installation() as installation:
            quiet = not context["params"]["tell"]
            stored, _ = each(
                installation.store,
                "reprocess",
                map(IssueKey.parse, found["issues"]),
                lambda issue: reprocess.publish(installation, issue, at, quiet=quiet),
                at,
            )
        for _, version in stored:
            log.info("%s is stored", version)

    found = compare()
    found >> approve >> publish(found)


reprocess_issues()
