"""
### Send to a partner again

Completes what a partner should have of an article's issue, of a day, or, without both, of all that its feeds reach, and
notifies it anew. What is there already stays as it is.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from airflow.sdk import Asset, Param, dag, get_current_context, task

from broadsheet import airflow_tasks, life

log = logging.getLogger(__name__)
ISSUES = Asset(name="broadsheet_issues", uri="broadsheet://issues")


@dag(
    dag_id="resend_to_partner",
    dag_display_name="Send to a partner again",
    schedule=None,
    doc_md=__doc__,
    tags=["broadsheet", "partners"],
    default_args={"retries": 2, "retry_delay": timedelta(seconds=5)},
    params={
        "partner": Param("", type="string", minLength=1, title="Partner", description_md="Its id, as in `partners/`"),
        "guid": Param(None, type=["null", "string"], title="Article", description_md="Its guid; empty: see the date"),
        "date": Param(
            None, type=["null", "string"], title="Day", description_md="YYYY-MM-DD; empty: all that its feeds reach"
        ),
    },
)
def resend_to_partner() -> None:
    @task(outlets=[ISSUES], doc_md="Marks what is to be sent again; syndicate_issue sends it.")
    def reopen() -> list[str]:
        with airflow_tasks.desk() as desk:
            versions = life.resend(desk, get_current_context()["params"])
        log.info("to be sent again: %s", ", ".join(map(str, versions)))
        return [str(v) for v in versions]

    reopen()


resend_to_partner()
