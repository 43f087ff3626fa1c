"""Changes of the small issue, one after the other."""

from dataclasses import replace
from datetime import UTC, datetime

from broadsheet.steps.revision import find_issue, newest_items, revise
from delivery.keys import IssueKey, VersionKey
from tests.support.issue import DAY, NAME, syndicate
from transforms.lifecycle.change import Change, ChangeKind
from transforms.model import Paragraph

ISSUE = IssueKey(NAME, DAY)
AT = datetime(2026, 1, 15, 9, tzinfo=UTC)


def item(installation, headline: str = "老渠新水润良田"):
    return next(i for i in newest_items(installation, ISSUE) if (i.printed or i.article).headline == headline)


def correction(
    installation, text: str = "清晨的老渠边，水声不断。村里定下三件事，件件已经办成。", run: str = "run-1"
) -> Change:
    old = item(installation)
    article = replace(old.article, body=(Paragraph(text),))
    return Change(run, ChangeKind.CORRECT, old.guid, "editor", AT, "内部记录", "当事人来函", article)


def withdrawal(installation) -> Change:
    return Change(
        "run-2", ChangeKind.WITHDRAW, item(installation).guid, "editor", AT, "法院裁定", "本稿撤回，请勿使用。"
    )


def make(installation, change: Change) -> VersionKey:
    version = revise(installation, find_issue(installation, change.guid), change)
    syndicate(installation)
    return version
