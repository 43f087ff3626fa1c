"""What should wait in Airflow, as the store alone tells it."""

from dataclasses import replace
from datetime import datetime, timedelta

from broadsheet.steps import changes, ingest, rearm
from broadsheet.steps.revision import newest_items
from delivery import issues
from delivery.keys import IssueKey
from tests.review.conftest import NOW as ASKED
from tests.review.conftest import bring, canal, reviewing, school
from tests.support.issue import DAY, NAME, NOW, PAGES, make_installation, submit
from tests.support.withdrawals import BY, LIFT, guid_of, syndicate, with_embargo

ISSUE = IssueKey(NAME, DAY)


def runs(installation, now=NOW) -> list[tuple[str, str]]:
    return [(one.dag, one.run) for one in rearm.awaited(installation, now)]


def test_an_embargo_is_awaited_under_its_own_runs_name_until_it_is_released():
    installation = make_installation()
    submit(installation, with_embargo())
    (held,) = (i for i in newest_items(installation, ISSUE) if i.embargoed)
    assert ("release_embargo", f"{held.guid}__{held.embargoed.isoformat()}") in runs(installation)
    at = datetime.fromisoformat(LIFT)
    changes.release_embargo(installation, held.guid, replace(BY, run="release_embargo/1", at=at))
    syndicate(installation, at)
    assert runs(installation, at + timedelta(minutes=1)) == []


def test_a_partners_own_delay_is_awaited():
    installation = make_installation()
    later = replace(installation.partners["sample-outlet"], embargo_minutes=60 * 12)
    installation.partners["sample-outlet"] = later
    submit(installation, PAGES)
    [(dag, run)] = runs(installation)
    assert dag == "release_embargo"
    assert run.startswith("wake__2026-01-1")


def test_a_question_is_awaited_under_the_run_that_asked_it():
    installation = reviewing()
    [question] = bring(installation, canal, school)
    assert ("review_article", question.run) in runs(installation, ASKED)


def test_an_upload_that_came_to_nothing_is_awaited_after_a_while():
    installation = make_installation()
    installation.store.now = NOW
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    ingest.receive_issue(installation, NAME, DAY, NOW)
    assert runs(installation, NOW + timedelta(minutes=1)) == []
    assert runs(installation, NOW + timedelta(hours=1)) == [
        ("ingest_issue", ingest.run_id(installation.store, NAME, DAY))
    ]


def test_an_issue_whose_run_failed_is_tried_again_ever_more_rarely():
    installation = make_installation()
    installation.store.now = NOW
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    minutes = range(10, 24 * 60, 10)  # as watch_desk looks
    looks = [one for m in minutes for one in rearm.awaited(installation, NOW + timedelta(minutes=m))]
    first = ingest.run_id(installation.store, NAME, DAY)
    assert {one.run for one in looks} == {first}
    tries = [m for m, one in zip(minutes, looks, strict=True) if one.retry]
    assert tries == [10, 20, 40, 80, 160, 320, 640, 1280]
    assert len({one.retry for one in looks if one.retry}) == len(tries)


def test_later_attempts_are_due_once_a_day():
    days = [day for day in range(1, 40) if rearm.attempt(timedelta(days=day, minutes=3))]
    assert days == list(range(1, 40))
    assert not rearm.attempt(timedelta(days=3, minutes=15))


def test_a_partner_that_lacks_an_issue_is_served_again_when_the_next_attempt_is_due():
    installation = make_installation()
    submit(installation, PAGES)
    changes.send_issue_again(installation, "sample-outlet", ISSUE)
    [mark] = installation.store.list("pending/")
    due = [m for m in range(0, 100, 10) if rearm.is_delivery_due(installation, mark.modified + timedelta(minutes=m))]
    assert due == [10, 20, 40, 80]


def test_an_embargo_of_an_old_issue_is_awaited_when_the_whole_archive_is_read():
    installation = make_installation()
    submit(installation, with_embargo())
    later = NOW + timedelta(days=200)
    assert [one.dag for one in rearm.awaited(installation, later)] == []
    assert [one.dag for one in rearm.awaited(installation, later, None)] == ["release_embargo"]


def test_what_a_partner_lacks_is_known_without_airflow():
    installation = make_installation()
    submit(installation, PAGES)
    assert not rearm.is_undelivered(installation)
    changes.send_issue_again(installation, "sample-outlet", ISSUE)
    assert rearm.is_undelivered(installation)


def test_the_proof_of_a_withdrawal_is_awaited_until_every_partner_has_it():
    installation = make_installation()
    submit(installation, PAGES)
    guid = guid_of(installation)
    changes.withdraw_article(installation, guid, "complaint", "", BY)
    [lost] = rearm.awaited(installation, NOW)
    assert (lost.dag, lost.run, lost.conf) == ("withdraw_article", "run-1", {"guid": guid, "reason": "complaint"})
    # The run again makes no other version.
    newest = changes.withdraw_article(installation, guid, "complaint", "", BY)
    assert issues.latest_stored(installation.store, ISSUE) == newest
    syndicate(installation)
    assert rearm.awaited(installation, NOW) == []
