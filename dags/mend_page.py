"""### A page mended by hand

The desk starts this DAG when an editor saves a page: which lines make up which article, in which order and role.
Changed articles get a new version under their own guids, new ones are created, and those without any lines left are
withdrawn, as after a review. The page is kept in `mends/` as training data.

**If `mend` fails**, the page has changed since it was opened: open it again.

**中文**：编辑在编辑台保存修正后的版面时启动。有改动的稿件形成新稿次，不再有内容的稿件撤回。失败时请重新打开此版。
"""

from __future__ import annotations

import logging

from airflow.sdk import Param, dag, get_current_context, task

from broadsheet.airflow import tasks
from broadsheet.airflow.tasks import ISSUES, on_red_run

log = logging.getLogger(__name__)


@dag(
    dag_id="mend_page",
    dag_display_name="Mend page",
    schedule=None,
    catchup=False,
    max_active_runs=16,
    doc_md=__doc__,
    on_failure_callback=on_red_run,
    tags=["broadsheet", "life"],
    default_args=tasks.defaults(retries=3),
    params={
        "publication": Param("", type="string", minLength=1, title="Newspaper 报纸", description="Its id 标识"),
        "date": Param("", type="string", format="date", title="Day 日期", description="YYYY-MM-DD"),
        "page": Param(1, type="integer", minimum=1, title="Page 版"),
        "draft": Param(
            "",
            type="string",
            minLength=2,
            format="multiline",
            title="Lines 各行",
            description="Filled in by the desk 由编辑台填写",
        ),
    },
)
def mend_page() -> None:
    @task(outlets=[ISSUES], doc_md="Stores the new version of the issue; syndicate_issue delivers it.")
    def mend() -> str:
        from broadsheet.steps import mending
        from delivery.key_parts import parse_date
        from delivery.keys import IssueKey

        context = get_current_context()
        form = context["params"]
        issue = IssueKey(form["publication"], parse_date(form["date"]))
        tasks.label(issue=str(issue))
        with tasks.installation() as installation:
            draft = mending.from_text(form["draft"])
            version = mending.mend_page(installation, issue, form["page"], draft, tasks.by(context))
        log.info("%s: page %d mended", version, form["page"])
        return str(version)

    mend()


mend_page()
