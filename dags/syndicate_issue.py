"""### From stored articles to partners' feeds

Starts when `ingest_issue` has stored an issue, and takes everything pending (`pending/` in the private bucket) that
no other run has taken, so a lost event loses no issue. Partners are served in batches, several at a time. Each
partner fails and is retried on its own: one whose store hangs delays nobody.

1. **find_pending** lists what is pending, by newspaper and partner.
2. **serve_partners** renders a partner's files, once for all partners of the batch with the same settings; checks
   them as readers will, and quarantines articles that fail; publishes items first, then their manifest, and feeds
   last; then notifies the partner's hub and webhooks. Each line of its log names the partner.
3. **finish** removes the pending mark from issues that every partner has.

**If a run fails at `held_back`**, the error names the quarantined articles with the reasons, the partners that were
not served, and the messages that an endpoint did not accept, with the time of the next retry; everything else was
published. If `serve_partners` fails, the partners named in the error keep the previous state, complete, and the next
run serves them again; clear the task once the cause is solved.

**中文**：把已入库的稿件发给各媒体并通知。`held_back` 失败时，错误写明隔离的稿件、未收到的媒体和未送达的通知，
其余均已发布。`serve_partners` 失败时，错误中的媒体保留原有内容，会自动重试。
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import dag, get_current_context, task

from broadsheet.airflow import lineage, metrics, tasks
from broadsheet.airflow.tasks import ISSUES, on_red_run
from broadsheet.steps import serving
from broadsheet.steps.notify import quiet_versions
from broadsheet.steps.pending import Work
from broadsheet.steps.serving import Means, Served
from delivery.notify import Allowance
from delivery.plan import Receipt

log = logging.getLogger(__name__)


def _work(record: dict[str, Any]) -> Work:
    return Work(record["partner"], record["publication"], tuple(record["versions"]))


def _name(work: Work) -> str:
    return f"{work.partner} of {work.publication}"


def _label(work: Work) -> None:
    """Name the partner in each line of the log that is about it."""
    tasks.bind(partner=work.partner, publication=work.publication, issue=", ".join(work.versions))


def _record(served: Served) -> dict[str, Any]:
    return {
        "name": _name(served.work),
        "held": list(served.held),
        "lifts": [moment.isoformat() for moment in served.lifts],
        "undelivered": list(served.undelivered),
        "failed": served.failed,
    }


@dag(
    dag_id="syndicate_issue",
    dag_display_name="Syndicate issue",
    schedule=[ISSUES],
    start_date=datetime(2026, 1, 1),  # noqa: DTZ001 - Airflow takes its own default time zone
    catchup=False,
    max_active_runs=16,  # no newspaper waits for another; a partner's feeds are written in turn (delivery/publish.py)
    doc_md=__doc__,
    on_failure_callback=on_red_run,
    tags=["broadsheet", "partners"],
    default_args=tasks.defaults(minutes=30),
)
def syndicate_issue() -> None:
    @task(doc_md="Lists pending work that no other run has taken, in batches of one newspaper's partners.")
    def find_pending() -> list[dict[str, Any]]:
        run = get_current_context()["dag_run"].run_id
        with tasks.installation() as installation:
            works = serving.take(installation, run, datetime.now(UTC))
            batches = serving.batches(works, installation)
            quiet = quiet_versions(installation, sorted({v for w in works for v in w.versions}))
        log.info("waiting: %s", "; ".join(f"{w.partner}: {', '.join(w.versions)}" for w in works) or "nothing")
        return [{"works": [asdict(w) | {"versions": list(w.versions)} for w in b], "quiet": quiet} for b in batches]

    @task(
        map_index_template="{{ batch }}",
        doc_md="Renders, checks, publishes and notifies for each partner of a batch; fails if one was not served.",
    )
    def serve_partners(batch: dict[str, Any]) -> list[dict[str, Any]]:
        works = [_work(record) for record in batch["works"]]
        versions = sorted({version for work in works for version in work.versions})
        tasks.label(batch=f"{', '.join(versions)}: {len(works)} partners from {works[0].partner}")
        records = []
        with tasks.installation() as installation:

            def note(work: Work, receipt: Receipt) -> None:
                metrics.published(installation, work, receipt, datetime.now(UTC))
                lineage.published(installation, work, receipt)

            means = Means(lambda: datetime.now(UTC), Allowance.from_env(), batch["quiet"], _label, note)
            for served in serving.serve_batch(installation, works, means):
                metrics.undelivered(served.work.partner, len(served.undelivered))
                records.append(_record(served))
        tasks.end(records, [f"{record['name']}: {record['failed']}" for record in records if record["failed"]])
        return records

    @task(trigger_rule="all_done", doc_md="Removes the pending mark from issues that every partner has.")
    def finish() -> None:
        with tasks.installation() as installation:
            done = serving.release(installation, get_current_context()["dag_run"].run_id)
        log.info("with every partner: %s", ", ".join(done) or "nothing new")

    @task(
        trigger_rule="all_done",
        retries=0,
        doc_md="Fails if anything is in quarantine or a partner did not get its issue or message; the error says what.",
    )
    def held_back(batches: list[dict[str, Any]] | None, served: list[list[dict[str, Any]]] | None) -> None:
        records = [record for batch in served or [] for record in batch]
        wanted = {_name(_work(work)) for batch in batches or [] for work in batch["works"]}
        missing = sorted(wanted - {record["name"] for record in records if not record["failed"]})
        held = [reason for record in records for reason in record["held"]]
        tasks.mark(held, missing, [line for record in records for line in record["undelivered"]])

    @task(
        trigger_rule="all_done",
        doc_md="Lists when embargoes end and when rights expire.",
    )
    def find_lifts(served: list[list[dict[str, Any]]] | None) -> list[dict[str, Any]]:
        from delivery import runs

        moments = sorted({moment for batch in served or [] for record in batch for moment in record["lifts"]})
        return [{"trigger_run_id": runs.of_lift(moment), "conf": {"at": moment}} for moment in moments]

    pending = find_pending()
    served = serve_partners.expand(batch=pending)
    served >> finish()
    held_back(pending, served)
    TriggerDagRunOperator.partial(
        task_id="await_lifts",
        trigger_dag_id="release_embargo",
        logical_date=None,
        skip_when_already_exists=True,
        doc_md="Starts a run of release_embargo that wakes this DAG then.",
    ).expand_kwargs(find_lifts(served))


syndicate_issue()
