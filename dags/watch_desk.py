"""
### What somebody should know of

Every ten minutes: an issue that has not come by its hour (`[watch]` in the publication's file), a question that nobody
answered in time, a partner without an issue for half an hour, a partner's endpoint that takes no messages. Each is an
incident, kept in `incidents/`, and told of once, by the Airflow connection `broadsheet_alerts`. Red runs tell of
themselves.

**Red at `look`**: an alert did not go out; the next look tries again.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from airflow.sdk import dag, task

from broadsheet.airflow import tasks
from broadsheet.airflow.tasks import on_red_run

log = logging.getLogger(__name__)


@dag(
    dag_id="watch_desk",
    dag_display_name="Watch the desk",
    schedule="*/10 * * * *",
    start_date=datetime(2026, 1, 1),  # noqa: DTZ001 - Airflow takes its own default time zone
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    on_failure_callback=on_red_run,
    tags=["broadsheet", "desk"],
    default_args=tasks.defaults(retries=0),  # the next look tries again
)
def watch_desk() -> None:
    @task(doc_md="Looks for incidents and tells of the new ones.")
    def look() -> None:
        from airflow.sdk.exceptions import AirflowFailException

        from broadsheet.airflow import alerts, metrics
        from broadsheet.steps import incidents

        now = datetime.now(UTC)
        with tasks.installation() as installation:
            found, over = incidents.watch(installation, now)
            told, failed = incidents.tell_all(installation.store, found, now, alerts.tell)
        metrics.open_incidents(found)
        for incident in found:
            log.info("open since %s: %s", incident.since, incident.title)
        log.info("told: %s; over: %s", "; ".join(told) or "nothing", "; ".join(i.title for i in over) or "nothing")
        if failed:
            raise AirflowFailException(" | ".join(failed))

    look()


watch_desk()
