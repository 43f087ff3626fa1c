"""Articles of the last months by their headline, text or guid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from broadsheet.installation import Installation
from broadsheet.steps.revision import newest_items
from delivery import issues
from delivery.keys import IssueKey
from transforms.model import Item, Publication

DAYS = 90
MOST = 50
AROUND = 30  # characters shown before and after what was found


@dataclass(frozen=True, slots=True)
class Found:
    """An article that has the words; ``before``, ``hit`` and ``after`` are the place in its text, if it is there."""

    key: IssueKey
    publication: Publication
    item: Item
    before: str = ""
    hit: str = ""
    after: str = ""


def search(installation: Installation, words: str, today: date) -> list[Found]:
    """The newest articles that have the words, at most ``MOST``; nothing for less than two characters."""
    wanted = " ".join(words.split()).casefold()
    if len(wanted) < 2:
        return []
    days = sorted(_days(installation, today), key=lambda k: (k.date, k.publication), reverse=True)
    return list(islice((f for key in days for f in _of_issue(installation, key, wanted)), MOST))


def _days(installation: Installation, today: date) -> Iterator[IssueKey]:
    for publication in installation.publications:
        for key in issues.issues_received(installation.store, publication):
            if key.date >= today - timedelta(days=DAYS):
                yield key


def _of_issue(installation: Installation, key: IssueKey, wanted: str) -> Iterator[Found]:
    publication = installation.publication(key.publication)
    for item in newest_items(installation, key):
        article = item.article
        heads = (item.guid, article.headline, article.shown_kicker, article.subhead, *(c.name for c in article.byline))
        text = article.text
        at = text.casefold().find(wanted)
        if at >= 0:
            end = at + len(wanted)
            yield Found(key, publication, item, text[max(0, at - AROUND) : at], text[at:end], text[end : end + AROUND])
        elif any(wanted in head.casefold() for head in heads):
            yield Found(key, publication, item)
