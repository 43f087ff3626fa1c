"""What needs a person: what is listed, in which order, and when it ends."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from broadsheet.steps import attention, changes, incidents, ingest, inspection, review
from broadsheet.steps.attention import ConcernKind
from broadsheet.steps.audit import audit
from broadsheet.steps.changes import By
from broadsheet.steps.revision import newest_items
from broadsheet.web.views.days import month_of
from broadsheet.web.views.today import today_view
from delivery import keys
from delivery.codec import decode
from delivery.keys import IssueKey
from tests.support.issue import NAME, PAGES, ingest_day, make_installation, syndicate
from transforms.errors import BadInput
from transforms.intake import SourceFile
from transforms.model import Review, Watch

DAY = date(2026, 1, 15)
ISSUE = IssueKey(NAME, DAY)
NOON = datetime(2026, 1, 15, 4, tzinfo=UTC)
BROKEN = SourceFile("page-03.txt", b"")


def bring(installation, pages, embargo: str = ""):
    files = [*pages, *([SourceFile("embargo.toml", embargo.encode())] if embargo else [])]
    ingest.put_in_inbox(installation.store, NAME, DAY, files)
    return ingest_day(installation, DAY)


def names(installation, now=NOON) -> list[str]:
    return [e.name for e in attention.entries(installation, now)]


def day_of(installation):
    month = month_of(installation, installation.publications[NAME], DAY)
    return next(d for week in month.weeks for d in week if d and d.date == DAY)


def asked(installation):
    installation.publications[NAME] = replace(installation.publications[NAME], review=Review(order=1.0, section=1.0))
    version = bring(installation, PAGES)
    syndicate(installation)
    return review.open_questions(installation, version.issue, NOON)


def test_a_question_is_listed_with_its_deadline_until_it_is_answered():
    installation = make_installation()
    questions = asked(installation)
    found = attention.entries(installation, NOON)
    assert [e.kind for e in found] == [ConcernKind.QUESTION] * 2
    assert {e.due for e in found} == {NOON + timedelta(hours=2)}
    assert [e.rank for e in found] == [1, 1]
    assert {e.rank for e in attention.entries(installation, NOON + timedelta(hours=3)) if e.question} == {0}
    assert day_of(installation).state == "withheld"
    reply = review.Reply("accept", "editor", NOON, {})
    for question in questions:
        review.carry_out(installation, question, reply)
    syndicate(installation)
    assert names(installation) == []
    assert day_of(installation).state == "out"
    with pytest.raises(BadInput):
        attention.dismiss(installation, found[0].name, "editor", NOON)


@pytest.mark.slow
def test_what_is_held_is_listed_until_a_clean_version_comes():
    installation = make_installation()
    bring(installation, [*PAGES, BROKEN])
    syndicate(installation)
    [one] = attention.entries(installation, NOON)
    assert (one.kind, one.held.name, one.issue) == (ConcernKind.HELD, "page-03.txt", ISSUE)
    assert day_of(installation).held == 1
    guid = newest_items(installation, ISSUE)[0].guid
    changes.correct_article(installation, guid, {"headline": "新标题"}, "", By("x/1", "editor", NOON))
    syndicate(installation)
    assert len(names(installation)) == 1  # a correction mends no page
    installation.store.delete([f"inbox/{ISSUE}/page-03.txt"])
    bring(installation, PAGES)
    syndicate(installation)
    assert names(installation) == []
    assert day_of(installation).held == 0


def test_an_embargo_that_ends_today_is_listed_and_its_article_is_not_out():
    installation = make_installation()
    bring(installation, PAGES[:1], "[[embargo]]\nuntil = 2026-01-15T18:00:00+08:00\n")
    syndicate(installation)
    [one] = attention.entries(installation, NOON)
    assert (one.kind, one.rank, one.ending.headline) == (ConcernKind.EMBARGO, 3, "老渠新水润良田")
    assert (day_of(installation).state, day_of(installation).embargoed, day_of(installation).articles) == (
        "waiting", 1, 0,
    )  # fmt: skip
    assert [e.rank for e in attention.entries(installation, NOON + timedelta(hours=9))] == [0]
    changes.release_embargo(installation, one.ending.guid, By("release/1", "editor", NOON))
    syndicate(installation)
    assert names(installation) == []
    assert day_of(installation).state == "out"


def test_a_failed_audit_ends_with_a_later_one_that_leaves_nothing_to_mend_and_a_failed_look_with_the_next():
    installation = make_installation()
    store, known = installation.store, replace(installation, partners={})
    store.now = NOON
    incidents.note_red_run(store, "audit_delivery", "scheduled__1", "audit", NOON)
    incidents.note_red_run(store, "watch_desk", "scheduled__1", "look", NOON)
    red = ["run/audit_delivery__scheduled__1", "run/watch_desk__scheduled__1"]
    audit(known, NOON.date())
    assert names(installation) == red  # it is the one that failed
    store.now = NOON + timedelta(hours=1)
    audit(known, NOON.date())
    assert names(installation) == red[1:]
    inspection.watch(installation, store.now)
    assert names(installation) == []


def test_a_failed_run_ends_when_the_store_shows_that_it_was_done():
    installation = make_installation()
    bring(installation, PAGES)
    store = installation.store
    guid = newest_items(installation, ISSUE)[0].guid
    incidents.note_red_run(store, "syndicate_issue", "scheduled__1", "publish", NOON)
    incidents.note_red_run(store, "correct_article", "manual__2", "correct", NOON, guid)
    incidents.note_red_run(store, "withdraw_article", "manual__3", "prove_withdrawal", NOON, guid)
    incidents.note_red_run(store, "ingest_issue", f"{NAME}__{DAY}__abc", "mark_held", NOON)
    runs = [n for n in names(installation) if n.startswith("run/")]
    assert runs == [
        "run/correct_article__manual__2", "run/syndicate_issue__scheduled__1", "run/withdraw_article__manual__3",
    ]  # fmt: skip
    syndicate(installation)
    assert names(installation) == ["run/correct_article__manual__2", "run/withdraw_article__manual__3"]
    by = By("correct_article/manual__2", "editor", NOON)
    changes.correct_article(installation, guid, {"headline": "新标题"}, "", by)
    syndicate(installation)
    assert names(installation) == ["run/withdraw_article__manual__3"]
    attention.dismiss(installation, "run/withdraw_article__manual__3", "editor", NOON)
    assert names(installation) == []
    noted = store.get(keys.dismissed("run/withdraw_article__manual__3"))
    assert decode(attention.Dismissal, noted.content, "").actor == "editor"
    inspection.watch(installation, NOON)
    assert list(incidents.incidents(store)) == []


def test_what_is_urgent_comes_first_and_what_is_dismissed_comes_no_more():
    installation = make_installation()
    installation.publications[NAME] = replace(installation.publications[NAME], watch=Watch(expected_by="07:30"))
    ingest.put_in_inbox(installation.store, "nobodys", DAY, PAGES)
    found = attention.entries(installation, NOON)
    assert [(e.rank, e.incident.kind) for e in found] == [
        (0, incidents.IncidentKind.MISSING), (2, incidents.IncidentKind.INBOX),
    ]  # fmt: skip
    attention.dismiss(installation, found[1].name, "editor", NOON)
    assert names(installation) == [found[0].name]
    with pytest.raises(BadInput):
        attention.dismiss(installation, found[1].name, "editor", NOON)


@pytest.mark.slow
def test_partners_behind_are_listed_by_name_with_their_issue():
    installation = make_installation()
    installation.store.now = NOON
    bring(installation, PAGES)
    shown = today_view(installation, NOON + timedelta(hours=1))
    assert {(s.partner_name, s.entry.issue) for s in shown} == {("简讯社", ISSUE), ("样例新闻网", ISSUE)}
    assert not any(s.run for s in shown)
    syndicate(installation)
    assert today_view(installation, NOON + timedelta(hours=1)) == []
