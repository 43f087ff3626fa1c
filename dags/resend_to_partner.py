"""### Send an issue to one partner again

Renders, checks and publishes a partner's files of an issue again. Missing files are written, intact ones stay, and
the partner is notified again. Give the day, or one of its articles.

**中文**：向一家媒体重发一期：补写缺失的文件，完好的不变，并重新通知。填写日期，或其中一篇稿件的 guid。
"""

from __future__ import annotations

import logging

from airflow.sdk import Param, dag, get_current_context, task

from broadsheet.airflow import tasks
from broadsheet.airflow.tasks import ISSUES, on_red_run
from broadsheet.steps import changes, revision
from delivery.key_parts import parse_date
from delivery.keys import IssueKey
from transforms.errors import BadInput

log = logging.getLogger(__name__)


@dag(
    dag_id="resend_to_partner",
    dag_display_name="Resend to partner",
    schedule=None,
    catchup=False,
    max_active_runs=16,
    doc_md=__doc__,
    on_failure_callback=on_red_run,
    tags=["broadsheet", "life"],
    default_args=tasks.defaults(retries=3),
    params={
        "partner": Param("", type="string", minLength=1, title="Partner 合作媒体", description="Its id 标识"),
        "guid": Param(
            None,
            type=["null", "string"],
            title="Article 稿件",
            description="The guid of one; or the newspaper and the day. 其中一篇的 guid；或填写报纸和日期",
        ),
        "publication": Param(None, type=["null", "string"], title="Newspaper 报纸", description="Its id 标识"),
        "date": Param(None, type=["null", "string"], title="Day 日期", description="YYYY-MM-DD"),
    },
)
def resend_to_partner() -> None:
    @task(outlets=[ISSUES], doc_md="Marks the issue as pending; syndicate_issue delivers it.")
    def resend() -> str:
        form = get_current_context()["params"]
        with tasks.installation() as installation:
            if form["guid"]:
                issue = revision.find_issue(installation, form["guid"])
            elif form["publication"] and form["date"]:
                issue = IssueKey(form["publication"], parse_date(form["date"]))
            else:
                raise BadInput("say which issue: an article's guid, or newspaper and day")
            version = changes.send_issue_again(installation, form["partner"], issue)
        log.info("%s goes to %s again", version, form["partner"])
        return str(version)

    resend()


resend_to_partner()
