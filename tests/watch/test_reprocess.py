"""Reading again after the reader has changed: what would be different, and what then becomes of it."""

from datetime import date, timedelta

import pytest

from broadsheet.steps import ingest, reprocess
from broadsheet.steps.notify import quiet_versions
from broadsheet.steps.reading import Reader
from broadsheet.steps.revision import newest_items
from delivery import issues
from delivery.keys import IssueKey
from tests.delivery.test_road import CHANGED, DAY, NAME, NOW, PAGES, feed, make_desk, submit, syndicate
from transforms.errors import BadInput

ISSUE = IssueKey(NAME, DAY)
LATER = NOW + timedelta(days=30)


@pytest.fixture
def desk():
    desk = make_desk()
    submit(desk, PAGES)
    return desk


@pytest.fixture
def newer(monkeypatch):
    """A reader that reads one character differently."""
    old = Reader.read

    def read(self, issue):
        from dataclasses import replace

        reading = old(self, issue)
        first = reading.articles[0]
        body = tuple(replace(p, text=p.text.replace("三件事", "叁件事")) for p in first.body)
        return replace(reading, articles=(replace(first, body=body), *reading.articles[1:]))

    monkeypatch.setattr(Reader, "read", read)


def test_the_same_reader_finds_no_difference_and_writes_nothing(desk):
    before = dict(desk.store.files)
    assert reprocess.compare(desk, ISSUE, LATER) == []
    assert desk.store.files == before


def test_a_newer_reader_shows_what_would_change_before_anything_does(desk, newer):
    before = dict(desk.store.files)
    [found] = reprocess.compare(desk, ISSUE, LATER)
    assert (found.kind, found.headline) == ("changed", "老渠新水润良田")
    assert "正文第" in found.detail
    assert desk.store.files == before


def test_what_is_approved_goes_out_as_a_correction_once_and_quietly(desk, newer):
    guids = {i.guid for i in newest_items(desk, ISSUE)}
    version = reprocess.publish(desk, ISSUE, LATER)
    assert version.number == 2
    assert quiet_versions(desk, [str(version)]) == [str(version)]
    assert reprocess.publish(desk, ISSUE, LATER) == version
    syndicate(desk)
    items = newest_items(desk, ISSUE)
    assert {i.guid for i in items} == guids
    assert sorted(i.version for i in items) == [1, 2]
    assert any("叁件事" in e.summary or "叁件事" in str(e.get("content")) for e in feed(desk).entries)
    assert reprocess.compare(desk, ISSUE, LATER + timedelta(days=1)) == []


def test_pages_that_come_after_it_are_read_as_ever(desk, newer):
    reprocess.publish(desk, ISSUE, LATER)
    assert submit(desk, CHANGED).number == 3
    assert issues.latest_stored(desk.store, ISSUE).number == 3


def test_an_issue_that_never_came_cannot_be_read_again(desk):
    with pytest.raises(BadInput, match="never received"):
        reprocess.compare(desk, IssueKey(NAME, date(2020, 1, 1)), LATER)
    assert reprocess.issues_between(desk, NAME, DAY, DAY) == [ISSUE]
    assert reprocess.issues_between(desk, NAME, DAY + timedelta(days=1), DAY + timedelta(days=9)) == []
    with pytest.raises(BadInput, match="no publication"):
        reprocess.issues_between(desk, "nobody", DAY, DAY)


def test_an_issue_under_the_desks_correction_keeps_it(desk, newer):
    from broadsheet.steps import changes
    from broadsheet.steps.changes import By

    guid = next(i.guid for i in newest_items(desk, ISSUE) if "城东" in i.article.headline)
    changes.correct_article(desk, guid, {"headline": "更正后的标题"}, "核实", By("run", "ed", NOW))
    reprocess.publish(desk, ISSUE, LATER)
    assert next(i for i in newest_items(desk, ISSUE) if i.guid == guid).article.headline == "更正后的标题"
    assert ingest.progress(desk.store, NAME, DAY).version == 3
