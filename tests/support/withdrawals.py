"""Withdrawals and embargoes of the small issue, for tests of every part."""

from __future__ import annotations

from datetime import UTC, datetime

from broadsheet.steps import ingest
from broadsheet.steps.changes import By
from broadsheet.steps.revision import newest_items
from delivery.keys import IssueKey
from tests.support.issue import DAY, NAME, NOW, PAGES, shelf
from transforms.intake import SourceFile

ISSUE = IssueKey(NAME, DAY)
BY = By("withdraw_article/run-1", "editor", datetime(2026, 1, 15, 9, tzinfo=UTC))
WORDS = "村里定下三件事".encode()
LIFT = "2026-01-15T20:00:00+08:00"


def guid_of(installation, headline: str = "老渠新水润良田") -> str:
    return next(i.guid for i in newest_items(installation, ISSUE) if i.article.headline == headline)


def syndicate(installation, now: datetime = NOW) -> list:
    work = ingest.pending_work(installation)
    plans = [ingest.serve(installation, one, now)[0] for one in work]
    ingest.finish(installation, work)
    return plans


def with_embargo(headline: str = "老渠新水") -> list[SourceFile]:
    text = f'[[embargo]]\nuntil = {LIFT}\nheadline = "{headline}"\n'
    return [*PAGES, SourceFile("embargo.toml", text.encode())]


def holding(installation, text: str = "水声不断") -> list[str]:
    """Everything of the sample outlet's that still holds the text."""
    found = shelf(installation).items()
    return [k for k, content in found if text.encode() in content and k.startswith("sample-outlet/")]
