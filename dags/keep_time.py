"""
### Embargoes lift, rights end

Starts by itself when a moment has come (`due/` in the private bucket, looked at every ten seconds): the issue gets a
version that changes no article but sends each partner what it may have now, and takes from it what it may have no more.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from airflow.sdk import Asset, AssetWatcher, dag, task

from broadsheet import airflow_tasks
from broadsheet.life_trigger import DueTrigger
from broadsheet.life_turns import keep_time as turn

log = logging.getLogger(__name__)
ISSUES = Asset(name="broadsheet_issues", uri="broadsheet://issues")
CLOCK = Asset(name="broadsheet_due", uri="broadsheet://due", watchers=[AssetWatcher(name="due", trigger=DueTrigger())])


@dag(
    dag_id="keep_time",
    dag_display_name="Lift embargoes, end rights",
    schedule=[CLOCK],
    start_date=datetime(2026, 1, 1),  # noqa: DTZ001 - Airflow takes its own default time zone
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    tags=["broadsheet", "article"],
    default_args={"retries": 2, "retry_delay": timedelta(seconds=5)},
)
def keep_time() -> None:
    @task(outlets=[ISSUES], doc_md="Makes the versions that are due; syndicate_issue sends them.")
    def make_versions() -> list[str]:
        with airflow_tasks.desk() as desk:
            versions = turn(desk, datetime.now(UTC))
        log.info("due: %s", ", ".join(map(str, versions)) or "nothing any more")
        return [str(v) for v in versions]

    make_versions()


keep_time()
