"""Random histories of a newsroom: whatever was done in whatever order, what was withdrawn is nowhere any more."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from broadsheet.steps import changes, ingest, rights
from broadsheet.steps.changes import By
from broadsheet.steps.moving import Files, move, remove
from broadsheet.steps.proof import prove_withdrawal
from broadsheet.steps.revision import newest_items
from delivery.codec import json_file
from delivery.keys import IssueKey
from tests.support.issue import DAY, NAME, PAGES, make_installation, syndicate
from transforms.errors import BadInput
from transforms.intake import SourceFile
from transforms.model import Article, Paragraph, Reading, Section, Span, Status

pytestmark = pytest.mark.slow  # it takes seconds

PARTNERS = ("sample-outlet", "brief-wire")
OUTLET = st.sampled_from(PARTNERS)
MARK = 12  # characters that tell one article from all others


def words(day: int, number: int) -> str:
    """Forty characters that no other article has, so that a reading knows it again and a reader finds it."""
    digest = hashlib.sha256(f"{day} {number}".encode()).digest() * 2
    return "".join(chr(0x4E00 + (byte << 4) + at % 16) for at, byte in enumerate(digest[:40]))


def story(day: int, number: int, draft: int) -> Article:
    body = (Paragraph(words(day, number)), Paragraph(f"这是第{draft}稿，写在第{day}天。"))
    return Article(
        f"题{words(day, number)[:6]}", body, section=Section.BRIEF, section_confidence=0.9,
        parent=0 if number == 2 else -1, spans=(Span(1, 100 * number, 100 * number + 50),),
    )  # fmt: skip


class Newsroom(RuleBasedStateMachine):
    """Issues of four days with three articles each, the third a sidebar of the first; two partners, one public."""

    @initialize()
    def open(self) -> None:
        self.room = make_installation()
        self.records = dict(self.room.partners)
        self.now = datetime(2026, 1, 15, 8, tzinfo=UTC)
        self.runs = 0
        self.moved = 0
        self.gone: set[str] = set()  # marks of what was withdrawn
        self.guids: set[str] = set()  # names of what was withdrawn

    def by(self) -> By:
        self.runs += 1
        return By(f"run/{self.runs}", "editor", self.now)

    def send(self) -> None:
        self.now += timedelta(minutes=5)
        syndicate(self.room, self.now)

    def articles(self):
        issues = [IssueKey(NAME, DAY + timedelta(days=n)) for n in range(4)]
        return [i for issue in issues for i in newest_items(self.room, issue) if i.status is not Status.CANCELED]

    @rule(day=st.integers(0, 3), draft=st.integers(1, 3), held=st.booleans())
    def bring(self, day: int, draft: int, held: bool) -> None:
        until = (self.now + timedelta(days=1)).isoformat()
        embargo = f'[[embargo]]\nuntil = {until}\nheadline = "{words(day, 0)[:6]}"\n'
        more = [SourceFile("embargo.toml", embargo.encode())] if held else []
        pages = [SourceFile("page-01.txt", f"{draft} {self.runs}".encode()), PAGES[1], *more]
        self.runs += 1
        date = DAY + timedelta(days=day)
        ingest.put_in_inbox(self.room.store, NAME, date, pages)
        version = ingest.receive_issue(self.room, NAME, date, datetime.now(UTC))
        told = Reading(tuple(story(day, n, draft) for n in range(3)), ())
        self.room.store.put(json_file(version.reading, told, Reading))
        ingest.store_articles(self.room, version)
        self.send()

    @precondition(lambda self: self.articles())
    @rule(which=st.integers(0, 11), headline=st.sampled_from(("改题", "再改题", "又改题")))
    def correct(self, which: int, headline: str) -> None:
        items = self.articles()
        item = items[which % len(items)]
        if headline not in item.article.headline:
            fields = {"headline": f"{item.article.headline[:7]}{headline}"}
            changes.correct_article(self.room, item.guid, fields, "核实", self.by())
        self.send()

    @precondition(lambda self: self.articles())
    @rule(which=st.integers(0, 11))
    def withdraw(self, which: int) -> None:
        items = self.articles()
        item = items[which % len(items)]
        changes.withdraw_article(self.room, item.guid, "侵权", "", self.by())
        self.gone.add(item.article.body[0].text[:MARK])
        self.guids.add(item.guid)
        self.send()

    @rule(which=st.integers(0, 11))
    def release(self, which: int) -> None:
        items = [i for i in self.articles() if i.embargoed]
        if items:
            try:
                changes.release_embargo(self.room, items[which % len(items)].guid, self.by())
            except BadInput as error:
                assert "under embargo" in str(error)  # noqa: PT017 - a sidebar is released with its story
        self.send()

    @rule(which=st.integers(0, 11), hours=st.integers(-30, 30))
    def move_embargo(self, which: int, hours: int) -> None:
        items = [i for i in self.articles() if i.embargoed and i.embargoed > self.now]
        if items:
            item = items[which % len(items)]
            until = max(item.embargoed + timedelta(hours=hours), self.now + timedelta(minutes=1))
            try:
                changes.move_embargo(self.room, item.guid, until, self.by())
            except BadInput as error:
                assert "is a sidebar" in str(error)  # noqa: PT017 - a sidebar never comes out before its story
        self.send()

    @rule(partner=OUTLET)
    def lose_record(self, partner: str) -> None:
        self.room.partners.pop(partner, None)
        self.send()

    @rule(partner=OUTLET)
    def restore_record(self, partner: str) -> None:
        self.room.partners[partner] = self.records[partner]
        self.send()

    @rule(partner=OUTLET, carried=st.booleans(), files=st.sampled_from((Files.KEEP, Files.DELETE)))
    def change_destination(self, partner: str, carried: bool, files: Files) -> None:
        if partner in self.room.partners:
            self.moved += 1
            self.records[partner] = replace(self.records[partner], prefix=f"place-{self.moved}")
            self.room.partners[partner] = self.records[partner]
            if carried and f"places/{partner}.json" in self.room.store.files:
                move(self.room, partner, files, self.now)
        self.send()

    @rule(partner=OUTLET, files=st.sampled_from((Files.KEEP, Files.DELETE)))
    def give_up(self, partner: str, files: Files) -> None:
        if partner in self.room.partners:
            remove(self.room, partner, files)
            del self.room.partners[partner]
        self.send()

    @rule(partner=OUTLET, days=st.sampled_from((0, 1)))
    def limit_rights(self, partner: str, days: int) -> None:
        if partner in self.room.partners:
            self.records[partner] = replace(self.records[partner], expires_days=days)
            self.room.partners[partner] = self.records[partner]
        self.now += timedelta(hours=12)
        rights.end_rights(self.room, self.now)
        self.send()

    @precondition(lambda self: self.articles())
    @rule(partner=OUTLET)
    def resend(self, partner: str) -> None:
        issue = IssueKey(NAME, DAY)
        if partner in self.room.partners and newest_items(self.room, issue):
            changes.send_issue_again(self.room, partner, issue)
        self.send()

    @invariant()
    def nothing_withdrawn_can_be_read(self) -> None:
        telling = [
            (key, mark) for key, file in self.room.shelf.files.items() for mark in self.gone
            if mark in file.content.decode()
        ]  # fmt: skip
        assert telling == []

    @invariant()
    def nothing_under_embargo_can_be_read_or_is_named(self) -> None:
        held = [i for i in self.articles() if i.embargoed and i.embargoed > self.now]
        named = [
            (key, i.guid) for key, file in self.room.shelf.files.items() for i in held
            if i.guid in file.content.decode() or i.article.body[0].text[:MARK] in file.content.decode()
        ]  # fmt: skip
        assert named == []

    def teardown(self) -> None:
        for guid in self.guids:
            assert [p for p in prove_withdrawal(self.room, guid) if not p.holds] == []


TestNewsroom = Newsroom.TestCase
# The same histories each time, so that a push is not judged by luck; BROADSHEET_HISTORIES=20 tries so many new ones.
HISTORIES = os.environ.get("BROADSHEET_HISTORIES", "")
TestNewsroom.settings = settings(
    max_examples=int(HISTORIES or 8),
    stateful_step_count=30,
    derandomize=not HISTORIES,
    suppress_health_check=list(HealthCheck),
)
