"""### From the inbox to stored articles

Takes an issue that a newspaper has uploaded (`inbox/<publication>/<date>/`, complete with `_COMPLETE` or after a
quiet time), reads its pages and stores its articles under their guids. `syndicate_issue` then starts automatically.

- **Automatically**: `watch_inbox` starts a run for each complete upload.
- **By hand or with `broadsheet submit`**: give `publication` and `date`.
- **Each morning**, without them, it takes complete uploads that were not stored, whatever happened to their runs.
- **Backfill** (`airflow backfill create --dag-id ingest_issue --from-date … --to-date …`): each run takes its day's
  issues, including those uploaded with `broadsheet archive` (marked by `_ARCHIVE`, which nothing else takes).
  Partners get them but are notified only with `--dag-run-conf '{"tell": true}'`.

**If a run fails at `held_back`**, something is in quarantine: the error names each page or article with the reason,
and `quarantine/<publication>/<date>/v<N>/` has the files. Everything else went to the partners. Have the newspaper
send the page again; a new run takes it. If another task fails, the store or a record has a problem; clear the task
once that is solved.

**中文**：识读报社上传的一期报纸并存入稿件，随后自动发送。`held_back` 失败表示有版面或稿件被隔离，
错误写明原因，其余均已发布；请报社重新发送该版面。其他任务失败时，请先处理存储或设置的问题，再清除该任务。
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Param, dag, get_current_context, task

from broadsheet.airflow import tasks
from broadsheet.airflow.tasks import ISSUES, on_red_run
from delivery.key_parts import parse_date
from delivery.keys import VersionKey

log = logging.getLogger(__name__)


@dag(
    dag_id="ingest_issue",
    dag_display_name="Ingest issue",
    schedule="30 5 * * *",
    start_date=datetime(2026, 1, 1),  # noqa: DTZ001 - Airflow takes its own default time zone
    catchup=False,
    max_active_runs=4,
    doc_md=__doc__,
    on_failure_callback=on_red_run,
    tags=["broadsheet", "issue"],
    default_args=tasks.defaults(minutes=30),
    params={
        "publication": Param(
            None, type=["null", "string"], title="Newspaper 报纸", description="Its id; empty: all 标识；留空为全部"
        ),
        "date": Param(
            None,
            type=["null", "string"],
            title="Day 日期",
            description="YYYY-MM-DD; empty: all waiting 留空为全部待识读",
        ),
        "tell": Param(
            False,
            type="boolean",
            title="Notify 通知",
            description="Notify partners' webhooks of a backfill 补发时通知媒体",
        ),
    },
)
def ingest_issue() -> None:
    @task(doc_md="Claims a version for what is in the inbox and keeps the source as received.")
    def receive(params: dict[str, Any] | None = None) -> list[str]:
        from broadsheet.steps import ingest

        tasks.check_prepared()
        wanted, now = params or {}, datetime.now(UTC)
        archived = tasks.backfilled(get_current_context())
        backfill = archived is not None
        quiet = backfill and not wanted.get("tell")
        with tasks.installation() as installation:
            day = parse_date(wanted["date"]) if wanted.get("date") else archived
            asked = wanted.get("publication")
            papers = [installation.publication(asked)] if asked else list(installation.publications.values())
            if asked and wanted.get("date"):
                versions = [str(ingest.receive_issue(installation, asked, day, now, backfill, quiet))]
            else:
                found = [i for p in papers for i in ingest.unsettled(installation, p, now, day, backfill)]
                versions = [str(v) for v in ingest.receive_all(installation, found, now, backfill, quiet)]
        log.info("received: %s", ", ".join(versions) or "nothing waits")
        return versions

    @task(
        map_index_template="{{ issue }}",
        pool="broadsheet_reading",  # reading keeps a core busy: a burst of issues waits here
        doc_md="Reads the pages; what cannot be read goes to quarantine.",
    )
    def read(version: str) -> str:
        from broadsheet.airflow import metrics
        from broadsheet.steps import ingest

        tasks.label(issue=version)
        with tasks.installation() as installation:
            reading = ingest.read_pages(installation, VersionKey.parse(version))
            metrics.read(VersionKey.parse(version), reading)
        log.info("%s: %d articles, %s", version, len(reading.articles), reading.account())
        for refusal in reading.refused:
            log.warning("%s: %s refused: %s", version, refusal.name, refusal.reason)
        return version

    @task(
        map_index_template="{{ issue }}",
        outlets=[ISSUES],
        doc_md="Gives the articles their guids and stores the version.",
    )
    def store_articles(version: str) -> None:
        from airflow.sdk.exceptions import AirflowSkipException

        from broadsheet.airflow import lineage, metrics
        from broadsheet.steps import ingest

        tasks.label(issue=version)
        with tasks.installation() as installation:
            manifest = ingest.store_articles(installation, VersionKey.parse(version))
            metrics.stored(installation, VersionKey.parse(version), datetime.now(UTC))
            if manifest is None:
                raise AirflowSkipException(f"{version}: no article could be read, so there is nothing to publish")
            lineage.stored(installation, VersionKey.parse(version), manifest)
        for item in manifest.items:
            log.info("%s: %s version %d, %s: %s", version, item.guid, item.version, item.status, item.headline)

    @task(trigger_rule="none_failed", retries=0, doc_md="Fails if something is in quarantine; the error says what.")
    def held_back(versions: list[str]) -> None:
        from delivery.quarantine import held_of

        with tasks.installation() as installation:
            held = [f"{v} {h}" for v in versions for h in held_of(installation.store, VersionKey.parse(v))]
        tasks.mark(held)

    @task(trigger_rule="all_done", doc_md="Lists the articles that an editor must review; the others are published.")
    def find_doubtful(versions: list[str] | None) -> list[dict[str, Any]]:
        from broadsheet.steps import review

        with tasks.installation() as installation:
            found = [
                q
                for v in versions or []
                for q in review.open_questions(installation, VersionKey.parse(v).issue, datetime.now(UTC))
            ]
        for question in found:
            log.info("%s waits until %s: %s", question.guid, question.until, question.doubts)
        return [{"trigger_run_id": q.run, "conf": {"article": q.guid}} for q in found]

    versions = receive()
    stored = store_articles.expand(version=read.expand(version=versions))
    stored >> held_back(versions)
    doubtful = find_doubtful(versions)
    stored >> doubtful
    TriggerDagRunOperator.partial(
        task_id="ask_desk",
        trigger_dag_id="review_article",
        logical_date=None,
        skip_when_already_exists=True,  # asked once
        doc_md="Starts a run of review_article for each of them.",
    ).expand_kwargs(doubtful)

    @task(trigger_rule="all_done", doc_md="Lists the embargoed articles: each waits in a run of its own.")
    def find_embargoed(versions: list[str] | None) -> list[dict[str, Any]]:
        from broadsheet.steps import changes, rearm

        with tasks.installation() as installation:
            items = [i for v in versions or [] for i in changes.embargoes(installation, VersionKey.parse(v))]
        return [{"trigger_run_id": one.run, "conf": one.conf} for one in rearm.of_embargoes(items)]

    embargoed = find_embargoed(versions)
    stored >> embargoed
    TriggerDagRunOperator.partial(
        task_id="await_lifts",
        trigger_dag_id="release_embargo",
        logical_date=None,
        skip_when_already_exists=True,
        doc_md="Starts a run of release_embargo for each of them.",
    ).expand_kwargs(embargoed)


ingest_issue()
