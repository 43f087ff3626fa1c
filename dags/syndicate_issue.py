"""
### From stored articles to partners' feeds

Starts when `ingest_issue` has stored an issue, and takes all that waits (`pending/` in the private bucket), so that a
lost event loses no issue. Each partner is served by one task of its own; a failing partner does not stop the others.

1. **check**: renders the partner's files and checks them as its readers will; an article that fails goes to quarantine.
2. **publish**: items first, then their manifest, feeds last. It may be cleared and run again at any time.
3. **finish**: takes the pending mark off what every partner has.

**When a run is red at `held_back`**, articles are in quarantine: its error names each, with the reason; the others are
out. Red at `check` or `publish`: that partner has the old state, whole; clear the task when the cause is mended.
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Asset, dag, get_current_context, task

from broadsheet import airflow_tasks, pipeline
from broadsheet.pipeline import Work

log = logging.getLogger(__name__)
ISSUES = Asset(name="broadsheet_issues", uri="broadsheet://issues")


def _work(record: dict[str, Any]) -> Work:
    return Work(record["partner"], record["publication"], tuple(record["versions"]))


def _label(work: Work) -> None:
    label = f"{work.partner}: {', '.join(work.versions)}"
    get_current_context()["work"] = label  # type: ignore[typeddict-unknown-key]  # Airflow's way to label a mapped task


@dag(
    dag_id="syndicate_issue",
    dag_display_name="Syndicate issue",
    schedule=[ISSUES],
    start_date=datetime(2026, 1, 1),  # noqa: DTZ001 - Airflow takes its own default time zone
    catchup=False,
    max_active_runs=1,  # a partner's feeds are written by one hand at a time
    doc_md=__doc__,
    tags=["broadsheet", "partners"],
    default_args={"retries": 2, "retry_delay": timedelta(seconds=5)},
)
def syndicate_issue() -> None:
    @task(doc_md="Lists what waits, by partner and publication.")
    def find_pending() -> list[dict[str, Any]]:
        with airflow_tasks.desk() as desk:
            work = pipeline.pending_work(desk)
        log.info("waiting: %s", "; ".join(f"{w.partner}: {', '.join(w.versions)}" for w in work) or "nothing")
        return [asdict(w) | {"versions": list(w.versions)} for w in work]

    @task(map_index_template="{{ work }}", doc_md="Renders and checks a partner's files.")
    def check(record: dict[str, Any]) -> dict[str, list[str]]:
        work = _work(record)
        _label(work)
        with airflow_tasks.desk() as desk:
            plan = pipeline.stage(desk, work, datetime.now(UTC))
        for shipment in plan.shipments:
            for entry in shipment.page.entries:
                log.info("%s %s: %s version %d", plan.partner, shipment.version, entry.guid, entry.version)
        for held in plan.held:
            log.warning("%s held back: %s", plan.partner, held)
        lifts = [moment.isoformat() for moment in plan.lifts]
        return {"held": [f"{plan.partner} {held}" for held in plan.held], "lifts": lifts}

    @task(map_index_template="{{ work }}", doc_md="Writes what was checked: items, manifest, feeds.")
    def publish(record: dict[str, Any]) -> None:
        work = _work(record)
        _label(work)
        with airflow_tasks.desk() as desk:
            receipt = pipeline.publish_staged(desk, work)
        log.info("%s: %d objects written, %d as they were", work.partner, receipt.written, receipt.unchanged)

    @task(trigger_rule="all_done", doc_md="Takes the pending mark off what every partner has.")
    def finish(records: list[dict[str, Any]] | None) -> None:
        with airflow_tasks.desk() as desk:
            done = pipeline.finish(desk, [_work(r) for r in records or []])
        log.info("with every partner: %s", ", ".join(done) or "nothing new")

    @task(trigger_rule="none_failed", retries=0, doc_md="Red where something is in quarantine; the error says what.")
    def held_back(checked: list[dict[str, list[str]]] | None) -> None:
        airflow_tasks.mark([reason for one in checked or [] for reason in one["held"]])

    @task(trigger_rule="all_done", doc_md="When partners that have everything later may have what waits for them.")
    def find_lifts(checked: list[dict[str, list[str]]] | None) -> list[dict[str, Any]]:
        moments = sorted({moment for one in checked or [] for moment in one["lifts"]})
        return [{"trigger_run_id": f"wake__{moment}", "conf": {"at": moment}} for moment in moments]

    pending = find_pending()
    checked = check.expand(record=pending)
    published = publish.expand(record=pending)
    checked >> published >> [finish(pending), held_back(checked)]
    TriggerDagRunOperator.partial(
        task_id="await_lifts",
        trigger_dag_id="release_embargo",
        logical_date=None,
        skip_when_already_exists=True,
        doc_md="Starts a run of release_embargo that wakes this DAG then.",
    ).expand_kwargs(find_lifts(checked))


syndicate_issue()
