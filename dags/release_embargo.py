"""
### Release an embargo before its time

The article goes to partners at once. A partner's own offset (`embargo_minutes`) still binds.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from airflow.sdk import Asset, Param, dag, get_current_context, task

from broadsheet import airflow_tasks, life

log = logging.getLogger(__name__)
ISSUES = Asset(name="broadsheet_issues", uri="broadsheet://issues")


@dag(
    dag_id="release_embargo",
    dag_display_name="Release an embargo",
    schedule=None,
    doc_md=__doc__,
    tags=["broadsheet", "article"],
    default_args={"retries": 2, "retry_delay": timedelta(seconds=5)},
    params={
        "guid": Param("", type="string", minLength=1, title="Article", description_md="Its guid: `urn:newsml:...`")
    },
)
def release_embargo() -> None:
    @task(outlets=[ISSUES], doc_md="Takes the embargo off; syndicate_issue sends the article.")
    def release() -> str:
        context = get_current_context()
        with airflow_tasks.desk() as desk:
            version = life.release(desk, context["params"], airflow_tasks.asked(context))
        log.info("released in %s", version)
        return str(version)

    release()


release_embargo()
