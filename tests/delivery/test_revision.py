"""Changes to what is out: corrections and withdrawals, second readings after them, and races between the two."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.steps import ingest
from broadsheet.steps.revision import find_issue, revise
from delivery import issues
from delivery.keys import VersionKey
from tests.support.issue import CHANGED, DAY, NAME, PAGES, bodies, feed, make_installation, shelf, submit, syndicate
from tests.support.memory import Fuse
from tests.support.revision import AT, ISSUE, correction, item, make, withdrawal
from transforms.errors import BadInput, StoreError
from transforms.lifecycle.change import Change, ChangeKind
from transforms.model import Article, Paragraph, Status


def test_a_correction_reaches_the_feed_with_a_new_version_and_is_made_once():
    installation = make_installation()
    submit(installation, PAGES)
    change = correction(installation)
    version = make(installation, change)
    assert version.number == 2
    assert "件件已经办成" in "".join(bodies(installation))
    corrected = item(installation)
    assert (corrected.version, corrected.signal, corrected.history[-1].actor) == (2, "sig:correction", "editor")
    assert "当事人来函" in corrected.ed_note
    assert "内部记录" not in corrected.ed_note
    before = shelf(installation)
    assert make(installation, change) == version
    assert shelf(installation) == before


def test_a_withdrawn_article_stays_withdrawn_when_the_page_is_read_again():
    installation = make_installation()
    submit(installation, PAGES)
    make(installation, withdrawal(installation))
    assert [e.title for e in feed(installation).entries] == ["城东小学添新操场"]
    submit(installation, CHANGED)
    assert [e.title for e in feed(installation).entries] == ["城东小学添新操场"]
    assert item(installation).status is Status.CANCELED


@pytest.mark.slow
def test_a_second_reading_keeps_what_the_desk_changed_and_takes_what_the_paper_changed():
    installation = make_installation()
    submit(installation, PAGES)
    old = item(installation)
    article = replace(old.article, headline="老渠通水润良田")
    make(installation, Change("run-3", ChangeKind.CORRECT, old.guid, "editor", AT, article=article))
    submit(installation, CHANGED)
    new = item(installation)
    assert new.article.headline == "老渠通水润良田"
    assert "四件事" in new.article.text
    assert new.guid == old.guid
    submit(installation, CHANGED)
    assert item(installation) == new


@pytest.mark.slow
def test_what_cannot_be_changed_is_refused_in_words_and_claims_no_version():
    installation = make_installation()
    with pytest.raises(BadInput, match="no issue here"):
        find_issue(installation, "urn:newsml:yunzhou.example:20260115:000000000000")
    submit(installation, PAGES)
    empty = Change("run-4", ChangeKind.CORRECT, item(installation).guid, "editor", AT, article=Article("题", ()))
    with pytest.raises(BadInput, match="without headline or text"):
        revise(installation, ISSUE, empty)
    with pytest.raises(BadInput, match="needs a reason"):
        revise(installation, ISSUE, replace(withdrawal(installation), message="", reason=" "))
    assert issues.versions(installation.store, ISSUE) == [1]
    make(installation, withdrawal(installation))
    with pytest.raises(BadInput, match="is withdrawn"):
        revise(installation, ISSUE, replace(empty, article=Article("题", (Paragraph("文"),))))


@pytest.mark.slow
def test_a_change_that_was_claimed_only_is_completed_by_whoever_comes_next():
    whole = make_installation()
    submit(whole, PAGES)
    make(whole, correction(whole))
    submit(whole, CHANGED)
    start = make_installation()
    submit(start, PAGES)
    first = len(start.store.fuse.written)
    for writes in range(first + 1, first + 5):  # the claim, then base, articles, pending mark
        installation = make_installation(Fuse(writes))
        submit(installation, PAGES)
        with pytest.raises(StoreError, match="killed"):
            revise(installation, ISSUE, correction(installation))
        installation.store.fuse.left = 10**9
        submit(installation, CHANGED)
        assert item(installation) == item(whole), f"killed at write {writes}"


@pytest.mark.slow
def test_a_change_made_while_another_upload_is_being_read_is_not_lost_and_loses_nothing():
    installation = make_installation()
    submit(installation, PAGES)
    late = [PAGES[0], replace(PAGES[1], data=PAGES[1].data.replace("第一圈".encode(), "头一圈".encode()))]
    ingest.put_in_inbox(installation.store, NAME, DAY, late)
    reading = ingest.receive_issue(installation, NAME, DAY, datetime.now(UTC))
    ingest.read_pages(installation, reading)
    make(installation, withdrawal(installation))
    ingest.store_articles(installation, reading)
    syndicate(installation)
    assert [e.title for e in feed(installation).entries] == ["城东小学添新操场"]
    assert "头一圈" in "".join(bodies(installation))
    assert issues.versions(installation.store, ISSUE) == [1, 2, 3, 4]
    before = shelf(installation)
    ingest.store_articles(installation, reading)
    syndicate(installation)
    assert shelf(installation) == before


def test_versions_are_dated_in_their_order():
    installation = make_installation()
    submit(installation, PAGES)
    make(installation, replace(correction(installation), at=AT - timedelta(days=400)))
    old, new = (issues.manifest_of(installation.store, VersionKey(ISSUE, n)) for n in (1, 2))
    assert old.items[0].guid == new.items[0].guid
    assert item(installation).version_created > item(installation).first_created
