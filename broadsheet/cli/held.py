"""``broadsheet held``: what is being held back, and why."""

from __future__ import annotations

from datetime import date

from broadsheet.cli.newsroom import opened
from broadsheet.cli.screen import called, show
from broadsheet.cli.speech import doubt_line, reason, stage_line, tr
from broadsheet.steps import review
from delivery.keys import IssueKey
from delivery.quarantine import held_between, records_aside


def held(publication: str, day: date | None) -> None:
    """List everything in quarantine and every article waiting for an editor, oldest issue first, with the reasons."""
    installation = opened()
    paper = installation.publication(publication).id if publication else ""
    count = 0
    for version, one in held_between(installation.store, paper, day):
        show("{}  {}: {} {}", version, one.name, stage_line(one.stage, one.partner), reason(one.reason))
        count += 1
    for question in review.waiting(installation, paper):
        if day in (None, _issue(question).date):
            show(
                "{}  “{}” ({}) is waiting for an editor until {}: {}",
                question.version,
                question.headline,
                question.guid,
                f"{question.until:%Y-%m-%d %H:%M %Z}",
                tr("; ").join(map(doubt_line, question.doubts)),
            )
            count += 1
    for one in records_aside(installation.store) if not paper and day is None else ():
        show("{}: set aside: {}", one.name, reason(one.reason))
        count += 1
    if not count:
        show("Nothing is held.", style="green")
        return
    show(
        "{} held. Send the corrected page again, answer the question on the desk or under Required Actions in Airflow,"
        " or run `{} correct GUID`. The files are in the private bucket under quarantine/.",
        count,
        called(),
    )


def _issue(question: review.Question) -> IssueKey:
    return IssueKey.parse(question.version.rpartition("/")[0])
