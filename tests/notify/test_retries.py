"""Messages that did not arrive: when they are sent again, and by whom."""

import json
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.steps import changes, dead_letters, ingest
from broadsheet.steps import notify as news
from broadsheet.steps.audit import audit
from delivery.connections import Connection
from tests.support.announced import LOCAL, PARTNER, SECRET, bring_out, entries, installation_for, tell
from tests.support.issue import CHANGED, DAY, NAME, NOW, PAGES, make_installation

pytestmark = pytest.mark.slow  # seconds: servers, browsers or other interpreters are started


def test_a_resend_says_no_more_than_what_it_resends():
    installation = make_installation()
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    version = ingest.receive_issue(installation, NAME, DAY, datetime.now(UTC), quiet=True)
    ingest.read_pages(installation, version)
    ingest.store_articles(installation, version)
    changes.send_issue_again(installation, PARTNER, version.issue)
    assert news.quiet_versions(installation, [str(version)]) == [str(version)]


def test_letters_go_out_at_the_same_time_and_each_is_signed_when_it_is_sent(receiver):
    """Three endpoints that answer only when all three are asked."""
    meeting = threading.Barrier(3, timeout=30)
    answer = receiver.answer

    def together(handler):
        meeting.wait()
        answer(handler)

    receiver.answer = together
    installation = installation_for(receiver.url)
    partner = replace(installation.partners[PARTNER], webhooks=("a", "b", "c"))
    hook = Connection("hook", "http", receiver.url, password=SECRET)
    installation = replace(installation, partners={PARTNER: partner}, connections=lambda name: replace(hook, id=name))
    assert sorted(tell(installation, bring_out(installation, PAGES)).told) == ["a", "b", "c"]
    now = time.time()
    assert all(now - int(headers["webhook-timestamp"]) < 60 for _, headers, _ in receiver.got)


def test_two_resends_at_once_send_a_letter_once(receiver):
    installation = installation_for(receiver.url)
    receiver.answers = [500]
    tell(installation, bring_out(installation, PAGES))
    later = NOW + timedelta(hours=1)
    first, second = [], []
    really = news.take_up

    def meanwhile(*given):
        """The other run takes the letter up between this one's look at it and its own attempt."""
        if not second:
            second.append(None)
            second[0] = news.retry_messages(installation, later, LOCAL, PARTNER, everything=True)
        return really(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(news, "take_up", meanwhile)
        first.append(news.retry_messages(installation, later, LOCAL))
    assert [len(o.told) for o in (*first, *second)] == [0, 1]
    assert len(receiver.got) == 2
    assert list(dead_letters.letters(installation)) == []


def test_a_letter_that_arrived_meanwhile_is_not_kept_by_the_run_that_failed(receiver):
    installation = installation_for(receiver.url)
    receiver.answers = [500]
    tell(installation, bring_out(installation, PAGES))
    (letter,) = dead_letters.letters(installation)
    partner = installation.partner(PARTNER)
    _, slow, etag = news.take_up(installation, partner, letter, NOW)
    assert news.retry_messages(installation, NOW, LOCAL, PARTNER, everything=True).told
    dead_letters.keep(installation, replace(slow, reason="it answered 500"), etag)
    assert list(dead_letters.letters(installation)) == []


def test_a_loud_change_tells_nothing_of_what_came_quietly_with_it(receiver):
    installation = installation_for(receiver.url)
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    version = ingest.receive_issue(installation, NAME, DAY, datetime.now(UTC), quiet=True)
    ingest.read_pages(installation, version)
    ingest.store_articles(installation, version)
    tell(installation, bring_out(installation, CHANGED))  # before anybody had the backfill
    assert [i["version"] for i in json.loads(receiver.got[0][2])["data"]["items"]] == [2]
    assert sorted(e.quiet for e in entries(installation)) == [False, True]


def test_one_that_fails_is_tried_again_by_the_same_id_when_it_asked_for_it(receiver):
    installation = installation_for(receiver.url)
    receiver.answers = [(503, {"retry-after": "600"}), 500]
    work = bring_out(installation, PAGES)
    (failed,) = tell(installation, work).failed
    assert "503" in failed
    assert all(e.notified is None for e in entries(installation))
    (letter,) = dead_letters.letters(installation)
    assert letter.next_at == NOW + timedelta(seconds=600)
    assert SECRET not in installation.store.get(letter.key).content.decode()

    assert news.retry_messages(installation, NOW + timedelta(seconds=599), LOCAL) == news.Outcome()
    assert len(receiver.got) == 1
    later = NOW + timedelta(seconds=600)
    assert news.retry_messages(installation, later, LOCAL).failed
    (letter,) = dead_letters.letters(installation)
    assert (letter.attempts, letter.next_at) == (2, later + timedelta(minutes=dead_letters.RETRY_AFTER_MINUTES[1]))
    latest = letter.next_at
    assert news.retry_messages(installation, latest, LOCAL).told
    assert list(dead_letters.letters(installation)) == []
    assert all(e.notified == latest for e in entries(installation))
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 1


def test_the_schedule_ends_and_the_operator_can_still_send(receiver):
    installation = installation_for(receiver.url)
    receiver.answers = [500] * (len(dead_letters.RETRY_AFTER_MINUTES) + 1)
    tell(installation, bring_out(installation, PAGES))
    now = NOW
    while (letter := next(dead_letters.letters(installation))).next_at:
        now = letter.next_at
        news.retry_messages(installation, now, LOCAL)
    assert timedelta(days=2) < now - NOW < timedelta(days=4)
    assert news.retry_messages(installation, now + timedelta(days=9), LOCAL) == news.Outcome()
    assert news.retry_messages(installation, now, LOCAL, PARTNER, everything=True).told
    assert list(dead_letters.letters(installation)) == []


def test_one_that_is_gone_hears_nothing_more_until_the_operator_sends_again(receiver):
    installation = installation_for(receiver.url)
    receiver.answers = [410]
    (failed,) = tell(installation, bring_out(installation, PAGES)).failed
    assert "410" in failed
    assert "gone" in failed
    assert [g.endpoint for g in dead_letters.gone_endpoints(installation, PARTNER)] == ["outlet_hook"]
    assert tell(installation, bring_out(installation, CHANGED)).failed
    assert news.retry_messages(installation, NOW + timedelta(days=30), LOCAL) == news.Outcome()
    assert len(receiver.got) == 1

    assert len(news.retry_messages(installation, NOW, LOCAL, PARTNER, everything=True).told) == 2
    assert dead_letters.gone_endpoints(installation, PARTNER) == []
    assert len(receiver.got) == 3


def test_a_message_that_waits_to_be_tried_again_is_left_to_its_schedule(receiver):
    receiver.answers = [503]
    installation = installation_for(receiver.url)
    work = bring_out(installation, PAGES)
    assert tell(installation, work).failed
    ingest.finish(installation, [work])
    (found,) = audit(installation, datetime.now(UTC).date())
    assert found.resent == ()
