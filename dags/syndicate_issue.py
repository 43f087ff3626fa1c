"""
### From stored articles to partners' feeds

Starts when `ingest_issue` has stored an issue, and takes all that waits (`pending/` in the private bucket), so that a
lost event loses no issue. Each partner is served by one task of its own; a failing partner does not stop the others.

1. **check**: renders the partner's files and checks them as its readers will; an article that fails goes to quarantine.
2. **publish**: items first, then their manifest, feeds last. It may be cleared and run again at any time.
3. **notify**: tells the partner's hub and webhooks; nothing waits for it. What does not arrive is tried again by
   `resend_notifications`.
4. **finish**: takes the pending mark off what every partner has.

**When a run is red at `held_back`**, its error names the articles that are in quarantine, each with the reason, and the
partners that were not served; all else is out. Red at `check` or `publish`: that partner has the old state, whole, and
the next run serves it again; clear the task when the cause is mended. Red at `notify`: the files are out, but an
endpoint did not take the news; its error says which and when it is tried again.
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Asset, dag, task, task_group

from broadsheet.airflow import lineage, metrics, tasks
from broadsheet.airflow.tasks import on_red_run
from broadsheet.steps import ingest, rights
from broadsheet.steps.ingest import Work
from broadsheet.steps.notify import notify as tell
from broadsheet.steps.notify import quiet_versions
from delivery.notify import Allowance

log = logging.getLogger(__name__)
ISSUES = Asset(name="broadsheet_issues", uri="broadsheet://issues")


def _work(record: dict[str, Any]) -> Work:
    return Work(record["partner"], record["publication"], tuple(record["versions"]))


def _name(record: dict[str, Any]) -> str:
    return f"{record['partner']} of {record['publication']}"


def _label(work: Work) -> None:
    tasks.label(
        work=f"{work.partner}: {', '.join(work.versions)}",
        partner=work.partner,
        publication=work.publication,
        issue=", ".join(work.versions),
    )


@dag(
    dag_id="syndicate_issue",
    dag_display_name="Syndicate issue",
    schedule=[ISSUES],
    start_date=datetime(2026, 1, 1),  # noqa: DTZ001 - Airflow takes its own default time zone
    catchup=False,
    max_active_runs=1,  # a partner's feeds are written by one hand at a time
    doc_md=__doc__,
    on_failure_callback=on_red_run,
    tags=["broadsheet", "partners"],
    default_args=tasks.defaults(minutes=30),
)
def syndicate_issue() -> None:
    @task(doc_md="Lists what waits, by partner and publication.")
    def find_pending() -> list[dict[str, Any]]:
        with tasks.installation() as installation:
            work = ingest.pending_work(installation)
            quiet = quiet_versions(installation, sorted({v for w in work for v in w.versions}))
        log.info("waiting: %s", "; ".join(f"{w.partner}: {', '.join(w.versions)}" for w in work) or "nothing")
        return [asdict(w) | {"versions": list(w.versions), "quiet": quiet} for w in work]

    @task(map_index_template="{{ work }}", doc_md="Renders and checks a partner's files.")
    def check(record: dict[str, Any]) -> dict[str, list[str]]:
        work = _work(record)
        _label(work)
        with tasks.installation() as installation:
            plan = ingest.stage(installation, work, datetime.now(UTC))
            ends = rights.ends(installation, work, datetime.now(UTC))
        for shipment in plan.shipments:
            for entry in shipment.page.entries:
                log.info("%s %s: %s version %d", plan.partner, shipment.version, entry.guid, entry.version)
        for held in plan.held:
            log.warning("%s held back: %s", plan.partner, held)
        lifts = [moment.isoformat() for moment in (*plan.lifts, *ends)]
        return {"held": [f"{plan.partner} {held}" for held in plan.held], "lifts": lifts}

    @task(map_index_template="{{ work }}", doc_md="Writes what was checked: items, manifest, feeds.")
    def publish(record: dict[str, Any]) -> str:
        work = _work(record)
        _label(work)
        with tasks.installation() as installation:
            receipt = ingest.publish_staged(installation, work)
            metrics.published(installation, work, receipt, datetime.now(UTC))
            lineage.published(installation, work, receipt)
        log.info("%s: %d objects written, %d as they were", work.partner, receipt.written, receipt.unchanged)
        return _name(record)

    @task(
        map_index_template="{{ work }}",
        retries=0,  # what did not arrive is kept as a dead letter, which resend_notifications tries again
        doc_md="Tells the partner's hub and webhooks; red, in words, where one did not take it. Nothing waits for it.",
    )
    def notify(record: dict[str, Any]) -> None:
        work = _work(record)
        _label(work)
        with tasks.installation() as installation:
            outcome = tell(installation, work, datetime.now(UTC), Allowance.from_env(), record["quiet"])
        metrics.undelivered(work.partner, len(outcome.failed))
        tasks.mark_told(outcome.told, outcome.failed)

    @task(trigger_rule="all_done", doc_md="Takes the pending mark off what every partner has.")
    def finish(records: list[dict[str, Any]] | None) -> None:
        with tasks.installation() as installation:
            done = ingest.finish(installation, [_work(r) for r in records or []])
        log.info("with every partner: %s", ", ".join(done) or "nothing new")

    @task(
        trigger_rule="all_done",
        retries=0,
        doc_md="Red where something is in quarantine, or a partner did not get its issue; the error says what.",
    )
    def held_back(
        records: list[dict[str, Any]] | None, checked: list[dict[str, list[str]]] | None, published: list[str] | None
    ) -> None:
        missing = sorted({_name(r) for r in records or []} - set(published or []))
        tasks.mark([reason for one in checked or [] for reason in one["held"]], missing)

    @task(
        trigger_rule="all_done",
        doc_md="When partners may have what waits for them, and when rights in it end.",
    )
    def find_lifts(checked: list[dict[str, list[str]]] | None) -> list[dict[str, Any]]:
        moments = sorted({moment for one in checked or [] for moment in one["lifts"]})
        return [{"trigger_run_id": f"wake__{moment}", "conf": {"at": moment}} for moment in moments]

    outputs: dict[str, Any] = {}

    @task_group(prefix_group_id=False)
    def serve(record: dict[str, Any]) -> None:
        """One partner from check to notify, so that none waits for another's failing store."""
        outputs["checked"], outputs["published"] = check(record), publish(record)
        outputs["checked"] >> outputs["published"] >> notify(record)

    pending = find_pending()
    serve.expand(record=pending)
    checked, published = outputs["checked"], outputs["published"]
    published >> finish(pending)
    held_back(pending, checked, published)
    TriggerDagRunOperator.partial(
        task_id="await_lifts",
        trigger_dag_id="release_embargo",
        logical_date=None,
        skip_when_already_exists=True,
        doc_md="Starts a run of release_embargo that wakes this DAG then.",
    ).expand_kwargs(find_lifts(checked))


syndicate_issue()
