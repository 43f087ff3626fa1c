"""An installation in memory with thresholds, and readings that are as sure or doubtful as a test wants them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from broadsheet.installation import Installation
from broadsheet.steps import ingest, review
from broadsheet.steps.review import Question, Reply
from broadsheet.steps.revision import newest_items
from delivery.codec import json_file
from delivery.keys import IssueKey
from tests.support.issue import DAY, NAME, make_installation, syndicate
from tests.support.memory import Fuse
from transforms.intake import SourceFile
from transforms.model import Article, Paragraph, Reading, Review, Section, Span

ISSUE = IssueKey(NAME, DAY)
NOW = datetime(2026, 1, 15, 1, tzinfo=UTC)
ANSWERED = datetime(2026, 1, 15, 2, tzinfo=UTC)
CANAL = "清晨的老渠边，水声不断。村里定下三件事，件件有着落，户户有账本。"
SCHOOL = "一月十四日，城东小学的新操场启用，孩子们在上面跑了第一圈。"
BRIDGE = "经过两年施工，南桥昨天正式通车，两岸的乡亲走上新桥看了又看。"


def article(headline: str, *body: str, order=0.99, section=0.99, kind=Section.BRIEF, parent=-1, top=0) -> Article:
    paragraphs, at = [], top + len(headline)
    for text in body:
        paragraphs.append(Paragraph(text, (Span(1, at, at + len(text)),)))
        at += len(text)
    spans = (Span(1, top, top + len(headline)), *(s for p in paragraphs for s in p.spans))
    return Article(
        headline,
        tuple(paragraphs),
        section=kind,
        section_confidence=section,
        order_confidence=order,
        parent=parent,
        pieces=spans,
        spans=spans,
    )


canal = article("老渠新水润良田", CANAL, section=0.4)
school = article("城东小学添新操场", SCHOOL, top=1000)
bridge = article("南桥通车", BRIDGE, top=2000)


@pytest.fixture
def installation() -> Installation:
    return reviewing()


def reviewing(fuse: Fuse | None = None, **settings) -> Installation:
    """An installation that asks the desk if section or order are less sure than 0.6."""
    installation = make_installation(fuse)
    rules = Review(**({"order": 0.6, "section": 0.6} | settings))
    installation.publications[NAME] = replace(installation.publications[NAME], review=rules)
    return installation


def bring(installation: Installation, *articles: Article) -> list[Question]:
    """An upload that is read as these articles, through all stages; the questions that are open then come back."""
    page = "\n\n".join(f"{a.headline}\n{a.text}" for a in articles)
    ingest.put_in_inbox(installation.store, NAME, DAY, [SourceFile("page-01.txt", page.encode())])
    version = ingest.receive_issue(installation, NAME, DAY, datetime.now(UTC))
    if installation.store.stat(version.reading) is None:
        installation.store.put(json_file(version.reading, Reading(articles, ()), Reading))
    ingest.store_articles(installation, version)
    syndicate(installation)
    return review.open_questions(installation, ISSUE, NOW)


def answer(installation: Installation, question: Question, what: str, actor: str = "编辑甲", **fields) -> Question:
    """The desk's answer, as its task takes it, and what partners get of it; the question as it stands then."""
    asked, _ = review.ask(installation, question.guid, question.run, NOW)
    end = review.carry_out(installation, asked, Reply(what, actor, ANSWERED, fields))
    syndicate(installation)
    return end


def item(installation: Installation, headline: str):
    return next(i for i in newest_items(installation, ISSUE) if i.article.headline == headline)
