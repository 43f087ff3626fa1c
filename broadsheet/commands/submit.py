"""``broadsheet submit``: an issue goes into the inbox and is followed until partners can read it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx

from broadsheet import pipeline
from broadsheet.commands.newsroom import opened
from broadsheet.commands.pages import from_folders, page_files, printed_date
from broadsheet.commands.screen import out, step, tell
from broadsheet.desk import Desk
from broadsheet.pipeline import Progress
from broadsheet.services.airflow import AirflowError
from broadsheet.services.airflow_api import AirflowApi, Run
from delivery import issues
from delivery.keys import IssueKey, VersionKey
from delivery.quarantine import Held
from transforms.errors import BadInput
from transforms.intake import SourceFile, read_source
from transforms.selection import takes

INGEST, SYNDICATE = "ingest_issue", "syndicate_issue"
PATIENCE = 600.0  # seconds until we say that the issue is stuck
EVERY = 0.7
MOST_RUNS = 50

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Feed:
    """A partner's feed that anybody can read, and how many of the issue's articles it holds."""

    partner: str
    url: str
    articles: int


def submit(path: Path, publication: str, day: date | None) -> bool:
    """Bring out what is at ``path``; False where something of it is held in quarantine."""
    files = page_files(path)
    with opened() as (desk, api):
        issue = issue_of(desk, path, files, publication, day)
        try:
            return bring_out(desk, api, issue, files)
        except KeyboardInterrupt:
            out.print(f"\nNo longer followed. Airflow goes on with {issue}; see {api.url}.")
            raise


def issue_of(desk: Desk, path: Path, files: Sequence[SourceFile], publication: str, day: date | None) -> IssueKey:
    """Newspaper and day, from what was said, the folders' names, the only newspaper there is, the printed date.

    Raises BadInput, saying which option to give, where one of them stays unknown.
    """
    guessed, guessed_day = from_folders(path)
    known = list(desk.publications)
    name = publication or (guessed if guessed in known else known[0] if len(known) == 1 else "")
    if not name:
        raise BadInput(f"Say which newspaper this is: --publication with one of {', '.join(known)}.")
    day = day or guessed_day or printed_date([page.text for page in read_source(files)[0]])
    if not day:
        raise BadInput("Say which day's issue this is: --date 2026-01-15. No page prints its date.")
    return IssueKey(desk.publication(name).id, day)


def bring_out(desk: Desk, api: AirflowApi, issue: IssueKey, files: Sequence[SourceFile]) -> bool:
    """Upload, start the run, follow it to the feeds and tell what came out; False where something is held.

    Raises BadInput where nothing of the issue could be read, AirflowError where the road is blocked.
    """
    with step("Inbox") as say:
        pipeline.put_in_inbox(desk.store, issue.publication, issue.date, files)
        say(f"{len(files)} page{'s' if len(files) != 1 else ''} of {issue}")
    before = _progress(desk, issue)
    if before.stage == "published":
        out.print(f"  This upload is out already, as version {before.version}; nothing was written.")
        _tell(desk, issue, before)
        return not before.held
    run = _started(desk, api, issue)
    out.print(f"    {api.run_url(run)}", style="dim", soft_wrap=True)
    with step("Reading") as say:
        reached = _until(desk, api, issue, run, ("stored", "published", "refused"), say)
        say(f"{reached.articles} articles, version {reached.version}")
    if reached.stage == "refused":
        raise BadInput("Nothing of this issue could be read, so nothing was published.\n" + _reasons(reached.held))
    with step("Publishing") as say:
        reached = _until(desk, api, issue, run, ("published",), say)
        say("the feeds hold it")
    _tell(desk, issue, reached)
    return not reached.held


def _progress(desk: Desk, issue: IssueKey) -> Progress:
    return pipeline.progress(desk.store, issue.publication, issue.date)


def _started(desk: Desk, api: AirflowApi, issue: IssueKey) -> Run:
    """The run of this upload; a new one where an earlier one has ended without bringing it out."""
    api.wait_for_dag(INGEST, 90)
    api.wait_for_dag(SYNDICATE, 90)
    wanted = pipeline.run_id(desk.store, issue.publication, issue.date)
    conf = {"publication": issue.publication, "date": issue.date.isoformat()}
    for attempt in range(1, MOST_RUNS):
        run = api.trigger(INGEST, wanted if attempt == 1 else f"{wanted}__{attempt}", conf)
        if not run.ended:
            return run
    raise AirflowError(f"{MOST_RUNS} runs of {issue} have ended without bringing it out; see {api.run_url(run)}.")


def _until(desk: Desk, api: AirflowApi, issue: IssueKey, run: Run, stages: Sequence[str], say: Say) -> Progress:
    """Wait for one of ``stages``, telling which task works. Raises AirflowError where a run ended before."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        reached = _progress(desk, issue)
        if reached.stage in stages:
            return reached
        now = _newest(api, run)
        if now.state == "failed" and (now.dag == SYNDICATE or reached.stage not in ("stored", "published")):
            reached = _progress(desk, issue)  # the last task may have ended between the two questions
            if reached.stage in stages:
                return reached
            failed = ", ".join(t.name for t in api.tasks(now) if t.state == "failed")
            raise AirflowError(f"The run stopped at {failed}: {api.run_url(now)} shows its log.")
        say(_working(api, now))
        time.sleep(EVERY)
    raise AirflowError(f"{issue} has not come out in {PATIENCE:.0f} s; see {api.run_url(_newest(api, run))}.")


def _newest(api: AirflowApi, run: Run) -> Run:
    """The syndication that the ingest run started, or the ingest run itself."""
    return api.caused_by(run, SYNDICATE) or api.run(run.dag, run.id)


def _working(api: AirflowApi, run: Run) -> str:
    tasks = [t for t in api.tasks(run) if t.state in ("running", "queued", "scheduled")]
    return f"{tasks[0].name} {tasks[0].label}".strip() if tasks else f"{run.dag} {run.state}"


def _tell(desk: Desk, issue: IssueKey, reached: Progress) -> None:
    rows = [(f.partner, f"{f.url}   {f.articles} of the issue's articles") for f in feeds(desk, issue, reached)]
    if rows:
        tell(rows)
    if reached.held:
        out.print(f"Held in quarantine, all else went on:\n{_reasons(reached.held)}", style="yellow")


def _reasons(held: Sequence[Held]) -> str:
    return "\n".join(f"  {h}" for h in held)


def feeds(desk: Desk, issue: IssueKey, reached: Progress) -> Iterator[Feed]:
    """What each public partner's feed of everything holds of the issue, read as the partner reads it: over HTTP."""
    publication = desk.publication(issue.publication)
    items = issues.items_of(desk.store, VersionKey(issue, reached.version))
    for partner in desk.partners.values():
        if partner.access != "public" or "rss" not in partner.formats or not takes(partner, publication):
            continue
        url = f"{desk.base_url(partner, publication.id)}/feeds/all.rss"
        text = httpx.get(url, timeout=10).text
        yield Feed(partner.name, url, sum(item.guid in text for item in items))
