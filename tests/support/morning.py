"""A morning at the desk: an issue that is out and was corrected, a page that is held, a question, an embargo."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from broadsheet.installation import Installation
from broadsheet.steps import changes, incidents, ingest, review
from broadsheet.steps.changes import By
from broadsheet.steps.revision import newest_items
from delivery.keys import IssueKey
from tests.support.issue import NAME, PAGES, ingest_day, make_installation, syndicate
from transforms.intake import SourceFile
from transforms.model import Review

HERE = datetime.now(ZoneInfo("Asia/Shanghai"))  # where the newspaper is
TODAY = HERE.date()
OUT = IssueKey(NAME, TODAY - timedelta(days=1))
ASKED = IssueKey(NAME, TODAY - timedelta(days=2))


def morning() -> Installation:
    installation = make_installation()
    now = datetime.now(UTC).replace(microsecond=0)
    _bring(installation, OUT.date, [*PAGES, SourceFile("page-03.txt", b"")])
    guid = newest_items(installation, OUT)[0].guid
    by = By("correct_article/before", "editor", now)
    changes.correct_article(installation, guid, {"headline": "老渠新水润千亩良田"}, "核实", by)
    syndicate(installation, now)
    paper = installation.publications[NAME]
    installation.publications[NAME] = replace(paper, review=Review(order=1.0, section=1.0))
    _bring(installation, ASKED.date, PAGES[:1])
    review.open_questions(installation, ASKED, now)
    installation.publications[NAME] = replace(paper, review=Review())
    until = HERE.replace(hour=23, minute=59, second=59).isoformat()
    embargo = SourceFile("embargo.toml", f"[[embargo]]\nuntil = {until}\n".encode())
    _bring(installation, TODAY, [PAGES[1], embargo])
    incidents.note_red_run(installation.store, "audit_delivery", "scheduled__x", "audit", now)
    return installation


def _bring(installation: Installation, day: date, files: list[SourceFile]) -> None:
    ingest.put_in_inbox(installation.store, NAME, day, files)
    ingest_day(installation, day)
    syndicate(installation, datetime.now(UTC))
