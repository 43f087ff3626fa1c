"""A store that an earlier version wrote is read, and worked on, by this one.

``store-2026-11-25.tar.xz`` holds both buckets as the version of that day left them: an article that was
corrected and one that was withdrawn, a page in quarantine, an embargo, an open question and an answered one.
``heads.json`` has each object's headers. Add a store of each release; never change one.
"""

from __future__ import annotations

import json
import tarfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from broadsheet.installation import Installation
from broadsheet.steps import attention, audit, changes, rearm, review
from broadsheet.steps.changes import By
from broadsheet.steps.proof import prove_withdrawal
from broadsheet.steps.revision import newest_items
from broadsheet.web.views.article import article_view
from broadsheet.web.views.issue import issue_view
from broadsheet.web.views.partners import partner_views
from delivery.keys import IssueKey
from delivery.quarantine import records_aside
from tests.support.issue import NAME, make_installation
from tests.support.withdrawals import syndicate
from transforms.model import File, Review, Status

STORES = sorted(Path(__file__).parent.glob("store-*.tar.xz"))
DAYS = [IssueKey(NAME, date(2026, 1, day)) for day in (14, 15, 16, 17)]
EDITED, EMBARGOED, ASKED, ANSWERED = DAYS
NOW = datetime(2026, 1, 17, 8, tzinfo=UTC)


@pytest.fixture(params=STORES, ids=lambda path: path.name)
def installation(request) -> Installation:
    made = make_installation()
    made.publications[NAME] = replace(made.publications[NAME], review=Review(order=0.6, section=0.6))
    with tarfile.open(request.param) as packed:
        found = {member.name: packed.extractfile(member) for member in packed.getmembers()}
        heads = json.load(found.pop("heads.json"))
        for name, content in found.items():
            bucket, _, key = name.partition("/")
            head = heads[name]
            store = made.store if bucket == "private" else made.shelf
            store.put(File(key, content.read(), head["media_type"], head["cache"], head["metadata"]))
    return made


def by(run: str) -> By:
    return By(run, "editor", NOW)


def states(installation: Installation, issue: IssueKey) -> dict[str, tuple[int, Status]]:
    return {i.article.headline: (i.version, i.status) for i in newest_items(installation, issue)}


def feed(installation: Installation) -> set[str]:
    content = installation.shelf.files[f"sample-outlet/{NAME}/feeds/all.rss"].content
    return {e.title for e in feedparser.parse(content).entries}


def test_all_of_it_is_read_as_it_was_left(installation: Installation):
    assert states(installation, EDITED) == {
        "老渠新水润良田": (2, Status.CANCELED), "城东小学新操场启用": (2, Status.USABLE),
    }  # fmt: skip
    assert {i.article.headline for i in newest_items(installation, EMBARGOED) if i.embargoed} == {"城东小学添新操场"}
    assert states(installation, ASKED)["老渠新水润良田"] == (1, Status.WITHHELD)
    assert states(installation, ANSWERED)["老渠新水润良田"] == (1, Status.USABLE)
    [question] = review.waiting(installation, NAME)
    [ruling] = review.rulings(installation.store, NAME)
    assert (question.version, ruling.actor) == (f"{ASKED}/v1", "editor")
    [embargoed] = (i for i in newest_items(installation, EMBARGOED) if i.embargoed)
    runs = {one.run for one in rearm.awaited(installation, NOW)}
    assert {question.run, f"{embargoed.guid}__{embargoed.embargoed.isoformat()}"} <= runs
    kinds = {(e.kind, e.held.name if e.held else "") for e in attention.entries(installation, NOW)}
    assert kinds == {(attention.ConcernKind.QUESTION, ""), (attention.ConcernKind.HELD, "page-03.txt")}
    for issue in DAYS:
        assert issue_view(installation, issue).rows
        for item in newest_items(installation, issue):
            assert article_view(installation, item.guid).editions
    assert partner_views(installation, NOW)
    assert list(records_aside(installation.store)) == []


def test_work_goes_on_where_it_was_left(installation: Installation):
    [question] = review.waiting(installation, NAME)
    asked, _ = review.ask(installation, question.guid, question.run, NOW)
    reply = review.Reply("accept", "editor", NOW, {"section": "brief", "headline": question.headline})
    assert review.carry_out(installation, asked, reply).state is review.State.DECIDED
    [embargoed] = (i for i in newest_items(installation, EMBARGOED) if i.embargoed)
    moved = embargoed.embargoed + timedelta(hours=1)
    changes.move_embargo(installation, embargoed.guid, moved, by("change_embargo/1"))
    [standing] = (i for i in newest_items(installation, EDITED) if i.status is Status.USABLE)
    changes.correct_article(
        installation, standing.guid, {"headline": "城东小学有了新操场"}, "核实", by("correct_article/2")
    )
    [let_out] = (i for i in newest_items(installation, EMBARGOED) if not i.embargoed)
    changes.withdraw_article(installation, let_out.guid, "侵权", "", by("withdraw_article/2"))
    syndicate(installation, NOW)
    assert feed(installation) == {"老渠新水润良田", "南桥通车", "城东小学有了新操场"}
    for issue in (EDITED, EMBARGOED):
        for item in newest_items(installation, issue):
            if item.status is Status.CANCELED:
                assert [p for p in prove_withdrawal(installation, item.guid) if not p.holds] == []
    assert changes.item_of(installation, embargoed.guid).embargoed == moved
    first = audit.audit(installation, NOW.date(), True)  # puts what the earlier version did not have: latest.*
    assert all(key.rpartition("/")[2].startswith("latest.") for one in first for key in one.missing)
    found = audit.audit(installation, NOW.date(), True)
    assert [one for one in found if one.lost or one.missing or one.damaged] == []
