"""Changes to what is out: corrections and withdrawals, second readings after them, and races between the two."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.steps import ingest
from broadsheet.steps.revision import find_issue, newest_items, revise
from delivery import issues
from delivery.keys import IssueKey, VersionKey
from tests.delivery.memory import Fuse
from tests.delivery.test_road import CHANGED, DAY, NAME, PAGES, bodies, feed, make_desk, shelf, submit, syndicate
from transforms.errors import BadInput, StoreError
from transforms.lifecycle.life import Change, Kind
from transforms.model import Article, Paragraph, Status

ISSUE = IssueKey(NAME, DAY)
AT = datetime(2026, 1, 15, 9, tzinfo=UTC)


def item(desk, headline: str = "老渠新水润良田"):
    return next(i for i in newest_items(desk, ISSUE) if (i.printed or i.article).headline == headline)


def correction(
    desk, text: str = "清晨的老渠边，水声不断。村里定下三件事，件件已经办成。", run: str = "run-1"
) -> Change:
    old = item(desk)
    article = replace(old.article, body=(Paragraph(text),))
    return Change(run, Kind.CORRECT, old.guid, "editor", AT, "当事人来函", article=article)


def withdrawal(desk) -> Change:
    return Change("run-2", Kind.WITHDRAW, item(desk).guid, "editor", AT, "法院裁定", "本稿撤回，请勿使用。")


def make(desk, change: Change) -> VersionKey:
    version = revise(desk, find_issue(desk, change.guid), change)
    syndicate(desk)
    return version


def test_a_correction_reaches_the_feed_with_a_new_version_and_is_made_once():
    desk = make_desk()
    submit(desk, PAGES)
    change = correction(desk)
    version = make(desk, change)
    assert version.number == 2
    assert "件件已经办成" in "".join(bodies(desk))
    corrected = item(desk)
    assert (corrected.version, corrected.signal, corrected.history[-1].actor) == (2, "sig:correction", "editor")
    assert "当事人来函" in corrected.ed_note
    before = shelf(desk)
    assert make(desk, change) == version
    assert shelf(desk) == before


def test_a_withdrawn_article_stays_withdrawn_when_the_page_is_read_again():
    desk = make_desk()
    submit(desk, PAGES)
    make(desk, withdrawal(desk))
    assert [e.title for e in feed(desk).entries] == ["城东小学添新操场"]
    submit(desk, CHANGED)
    assert [e.title for e in feed(desk).entries] == ["城东小学添新操场"]
    assert item(desk).status is Status.CANCELED


def test_a_second_reading_keeps_what_the_desk_changed_and_takes_what_the_paper_changed():
    desk = make_desk()
    submit(desk, PAGES)
    old = item(desk)
    article = replace(old.article, headline="老渠通水润良田")
    make(desk, Change("run-3", Kind.CORRECT, old.guid, "editor", AT, article=article))
    submit(desk, CHANGED)
    new = item(desk)
    assert new.article.headline == "老渠通水润良田"
    assert "四件事" in new.article.text
    assert new.guid == old.guid
    submit(desk, CHANGED)
    assert item(desk) == new


def test_what_cannot_be_changed_is_refused_in_words_and_claims_no_version():
    desk = make_desk()
    with pytest.raises(BadInput, match="no issue here"):
        find_issue(desk, "urn:newsml:yunzhou.example:20260115:000000000000")
    submit(desk, PAGES)
    empty = Change("run-4", Kind.CORRECT, item(desk).guid, "editor", AT, article=Article("题", ()))
    with pytest.raises(BadInput, match="without headline or text"):
        revise(desk, ISSUE, empty)
    with pytest.raises(BadInput, match="needs a message"):
        revise(desk, ISSUE, replace(withdrawal(desk), message="", reason=" "))
    assert issues.versions(desk.store, ISSUE) == [1]
    make(desk, withdrawal(desk))
    with pytest.raises(BadInput, match="is withdrawn"):
        revise(desk, ISSUE, replace(empty, article=Article("题", (Paragraph("文"),))))


def test_a_change_that_was_claimed_only_is_completed_by_whoever_comes_next():
    whole = make_desk()
    submit(whole, PAGES)
    make(whole, correction(whole))
    submit(whole, CHANGED)
    start = make_desk()
    submit(start, PAGES)
    first = len(start.store.fuse.written)
    for writes in range(first + 1, first + 5):  # the claim, then base, articles, pending mark
        desk = make_desk(Fuse(writes))
        submit(desk, PAGES)
        with pytest.raises(StoreError, match="killed"):
            revise(desk, ISSUE, correction(desk))
        desk.store.fuse.left = 10**9
        submit(desk, CHANGED)
        assert item(desk) == item(whole), f"killed at write {writes}"


def test_a_change_made_while_another_upload_is_being_read_is_not_lost_and_loses_nothing():
    desk = make_desk()
    submit(desk, PAGES)
    late = [PAGES[0], replace(PAGES[1], data=PAGES[1].data.replace("第一圈".encode(), "头一圈".encode()))]
    ingest.put_in_inbox(desk.store, NAME, DAY, late)
    reading = ingest.receive_issue(desk, NAME, DAY, datetime.now(UTC))
    ingest.read_pages(desk, reading)
    make(desk, withdrawal(desk))
    ingest.store_articles(desk, reading)
    syndicate(desk)
    assert [e.title for e in feed(desk).entries] == ["城东小学添新操场"]
    assert "头一圈" in "".join(bodies(desk))
    assert issues.versions(desk.store, ISSUE) == [1, 2, 3, 4]
    before = shelf(desk)
    ingest.store_articles(desk, reading)
    syndicate(desk)
    assert shelf(desk) == before


def test_versions_are_dated_in_their_order():
    desk = make_desk()
    submit(desk, PAGES)
    make(desk, replace(correction(desk), at=AT - timedelta(days=400)))
    old, new = (issues.manifest_of(desk.store, VersionKey(ISSUE, n)) for n in (1, 2))
    assert old.items[0].guid == new.items[0].guid
    assert item(desk).version_created > item(desk).first_created
