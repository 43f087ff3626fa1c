"""``broadsheet held``: what does not go out, and why."""

from __future__ import annotations

from datetime import date

from broadsheet.cli.newsroom import opened
from broadsheet.cli.screen import called, out
from broadsheet.steps import review
from delivery.keys import IssueKey
from delivery.quarantine import held_between, records_aside


def held(publication: str, day: date | None) -> None:
    """List what is in quarantine and what waits for an editor, oldest issue first, each with its reason."""
    installation = opened()
    paper = installation.publication(publication).id if publication else ""
    count = 0
    for version, one in held_between(installation.store, paper, day):
        whom = f" for {one.partner}" if one.partner else ""
        out.print(f"{version}  {one.name}: quarantined at {one.stage}{whom}: {one.reason}", soft_wrap=True)
        count += 1
    for question in review.waiting(installation, paper):
        if day in (None, _issue(question).date):
            why = "; ".join(f"{doubt.kind}: {doubt.detail}" for doubt in question.doubts)
            until = f"{question.until:%Y-%m-%d %H:%M %Z}"
            out.print(
                f"{question.version}  “{question.headline}” ({question.guid}) waits for an editor until {until}: {why}",
                soft_wrap=True,
            )
            count += 1
    for one in records_aside(installation.store) if not paper and day is None else ():
        out.print(f"{one.name}: set aside: {one.reason}", soft_wrap=True)
        count += 1
    if not count:
        out.print("Nothing is held.", style="green")
        return
    out.print(
        f"{count} held. Send a corrected page again, answer under Required Actions in Airflow, or "
        f"`{called()} correct GUID`. The bytes are in the private bucket under quarantine/."
    )


def _issue(question: review.Question) -> IssueKey:
    return IssueKey.parse(question.version.rpartition("/")[0])
