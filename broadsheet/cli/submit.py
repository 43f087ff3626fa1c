"""``broadsheet submit``: put an issue into the inbox and follow it until partners can read it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import httpx

from broadsheet.cli.newsroom import running
from broadsheet.cli.pages import PageFiles, from_folders, page_files, printed_date
from broadsheet.cli.screen import out, show, step, tell
from broadsheet.cli.speech import doubt_line, reason, tr
from broadsheet.errors import AirflowError
from broadsheet.installation import Installation
from broadsheet.local.airflow_api import AirflowApi, Run
from broadsheet.steps import ingest
from broadsheet.steps.ingest import Progress
from broadsheet.steps.revision import newest_items
from delivery import issues, runs
from delivery.keys import IssueKey, VersionKey
from delivery.quarantine import Held
from transforms.audience.selection import takes
from transforms.days import checked_day, today
from transforms.errors import BadInput, StoreError
from transforms.intake import SourceFile, read_source
from transforms.lifecycle.doubt import is_waiting
from transforms.model import Item
from transforms.render.keys import ALL, archive_stem
from transforms.render.xml import parse

INGEST, SYNDICATE = "ingest_issue", "syndicate_issue"
PATIENCE = 600.0  # seconds until the issue counts as stuck
EVERY = 0.7
MOST_RUNS = 50

Say = Callable[..., None]


@dataclass(frozen=True, slots=True)
class PublicFeed:
    """A partner's feed that anybody can read, and how many of the issue's articles it holds."""

    partner: str
    url: str
    articles: int


def submit(path: Path, publication: str, day: date | None) -> bool:
    """Publish the issue at ``path``; False if part of it is held in quarantine."""
    files = page_files(path)
    with running() as (installation, api):
        issue = issue_of(installation, path, files, publication, day)
        try:
            return bring_out(installation, api, issue, files)
        except KeyboardInterrupt:
            out.print()
            show("Stopped following. Airflow goes on with {}; see {}.", issue, api.url)
            raise


def issue_of(
    installation: Installation,
    path: Path,
    files: PageFiles,
    publication: str,
    day: date | None,
    archive: bool = False,
) -> IssueKey:
    """Newspaper and day, from what was said, the folders' names, the only newspaper there is, the printed date.

    Raises BadInput, saying which option to give, if one of them stays unknown, and for a day that no issue can have.
    An issue from the ``archive`` may be older than what comes in by itself.
    """
    guessed, guessed_day = from_folders(path)
    known = list(installation.publications)
    name = publication or (guessed if guessed in known else known[0] if len(known) == 1 else "")
    if not name:
        raise BadInput(f"Say which newspaper this is: --publication {' or '.join(known)}.")
    paper = installation.publication(name)
    day = day or guessed_day or printed_date([page.text for page in read_source(files.pages(), paper)[0]])
    if not day:
        raise BadInput("Say which day's issue this is: --date 2026-01-15. No page prints its date.")
    return IssueKey(paper.id, checked_day(day, today(datetime.now(UTC), paper.timezone), archive))


def bring_out(installation: Installation, api: AirflowApi, issue: IssueKey, files: Sequence[SourceFile]) -> bool:
    """Upload, start the run, follow it to the feeds and print what was published; False if something is held.

    Raises BadInput if no page of the issue could be read, AirflowError if a run fails or takes too long.
    """
    with step("Inbox") as say:
        ingest.put_in_inbox(installation.store, issue.publication, issue.date, files)
        say("{} files of {}", len(files), issue)
    before = _progress(installation, issue)
    if before.stage == "published":
        show("  This upload was published before, as version {}; nothing was written.", before.version)
        return _tell(installation, issue, before, _waiting(installation, issue))
    run = _started(installation, api, issue)
    out.print(f"    {api.run_url(run)}", style="dim", soft_wrap=True)
    with step("Reading") as say:
        reached = _until(installation, api, issue, run, ("stored", "published", "refused"), say)
        say("{} articles, version {}", reached.articles, reached.version)
    if reached.stage == "refused":
        raise BadInput(
            "\n".join([tr("No page of this issue could be read, so nothing was published."), _reasons(reached.held)])
        )
    with step("Publishing") as say:
        reached = _until(installation, api, issue, run, ("published",), say)
        waiting = _waiting(installation, issue)
        if not reached.ended:
            say("some partners get it when their embargo ends")
        elif waiting:
            say("every partner has what needs no editor")
        else:
            say("every partner has it")
    return _tell(installation, issue, reached, waiting)


def _progress(installation: Installation, issue: IssueKey) -> Progress:
    return ingest.progress(installation.store, issue.publication, issue.date)


def _started(installation: Installation, api: AirflowApi, issue: IssueKey) -> Run:
    """The run of this upload; a new run if an earlier one ended without publishing it."""
    api.wait_for_dag(INGEST, 90)
    api.wait_for_dag(SYNDICATE, 90)
    wanted = ingest.run_id(installation.store, issue.publication, issue.date)
    conf = {"publication": issue.publication, "date": issue.date.isoformat()}
    for attempt in range(1, MOST_RUNS):
        run = api.trigger(INGEST, wanted if attempt == 1 else runs.again(wanted, attempt), conf)
        if not run.ended:
            return run
    raise AirflowError(f"{MOST_RUNS} runs of {issue} ended without publishing it; see {api.run_url(run)}.")


def _until(
    installation: Installation, api: AirflowApi, issue: IssueKey, run: Run, stages: Sequence[str], say: Say
) -> Progress:
    """Wait for one of ``stages`` or the end of the last run, showing which task is running.

    Raises AirflowError if a run fails before.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        now = _newest(api, run)  # asked first: what this run has done shows in the progress that is asked next
        reached = _progress(installation, issue)
        if reached.stage in stages or (now.dag == SYNDICATE and now.state == "success"):
            return reached
        if now.state == "failed" and (now.dag == SYNDICATE or reached.stage != "stored"):
            failed = ", ".join(t.name for t in api.tasks(now) if t.state == "failed")
            raise AirflowError(f"The run failed at {failed}; its log is at {api.run_url(now)}.")
        say("{}", _working(api, now))
        time.sleep(EVERY)
    raise AirflowError(f"{issue} was not published within {PATIENCE:.0f} s; see {api.run_url(_newest(api, run))}.")


def _newest(api: AirflowApi, run: Run) -> Run:
    """The syndication that the ingest run started, or the ingest run itself."""
    return api.caused_by(run, SYNDICATE) or api.run(run.dag, run.id)


def _working(api: AirflowApi, run: Run) -> str:
    tasks = [t for t in api.tasks(run) if t.state in ("running", "queued", "scheduled")]
    return f"{tasks[0].name} {tasks[0].label}".strip() if tasks else f"{run.dag} {run.state}"


def _waiting(installation: Installation, issue: IssueKey) -> list[Item]:
    return [item for item in newest_items(installation, issue) if is_waiting(item)]


def _tell(installation: Installation, issue: IssueKey, reached: Progress, waiting: Sequence[Item]) -> bool:
    """Print where the issue can be read, and what of it is held; False if anything is."""
    rows = [
        (f.partner, tr("{}   {} articles of this issue", f.url, f.articles))
        for f in feeds(installation, issue, reached)
    ]
    if rows:
        tell(rows)
    for item in waiting:
        doubts = tr("; ").join(map(doubt_line, item.waits.doubts)) if item.waits else ""
        show(
            "Waiting for an editor (the desk, or Required Actions in Airflow): “{}” ({})", item.article.headline, doubts
        )
    if reached.held:
        show("Held in quarantine; everything else was published:", style="yellow")
        out.print(_reasons(reached.held), style="yellow", soft_wrap=True)
    if any(held.stage in ("intake", "read") for held in reached.held):
        show("Correct these pages and submit all pages again: changes are published as a new version.")
    return not reached.held


def _reasons(held: Sequence[Held]) -> str:
    return "\n".join(f"  {h.version or h.name}: {reason(h.reason)}" for h in held)


def feeds(installation: Installation, issue: IssueKey, reached: Progress) -> Iterator[PublicFeed]:
    """What each public partner's feed holds of the issue, read as the partner reads it: over HTTP.

    An issue too old for the live feed is looked for in the archive of its day.
    """
    publication = installation.publication(issue.publication)
    guids = {item.guid for item in issues.items_of(installation.store, VersionKey(issue, reached.version))}
    for partner in installation.partners.values():
        if partner.access != "public" or "rss" not in partner.formats or not takes(partner, publication):
            continue
        root = installation.base_url(partner, publication.id)
        live, archive = f"{root}/{ALL}.rss", f"{root}/{archive_stem(issue.date, 1)}.rss"
        in_live = len(guids & _guids(live))
        yield (
            PublicFeed(partner.name, live, in_live)
            if in_live
            else PublicFeed(partner.name, archive, len(guids & _guids(archive)))
        )


def _guids(url: str) -> set[str]:
    """The articles in a feed; none if there is no feed. Raises StoreError if the store does not answer."""
    try:
        answer = httpx.get(url, timeout=10)
    except httpx.HTTPError as error:
        raise StoreError(f"{url} could not be read: {error}") from error
    return {guid.text or "" for guid in parse(answer.content).iter("guid")} if answer.is_success else set()
