"""Reading again after the reader has changed: what would be different, and what then becomes of it."""

from datetime import date, timedelta

import pytest

from broadsheet.steps import ingest, reprocess
from broadsheet.steps.notify import quiet_versions
from broadsheet.steps.reading import Reader
from broadsheet.steps.revision import newest_items
from delivery import issues
from delivery.keys import IssueKey
from tests.support.issue import CHANGED, DAY, NAME, NOW, PAGES, feed, make_installation, submit, syndicate
from transforms.errors import BadInput
from transforms.intake import SourceFile

ISSUE = IssueKey(NAME, DAY)
LATER = NOW + timedelta(days=30)


@pytest.fixture
def installation():
    installation = make_installation()
    submit(installation, PAGES)
    return installation


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


def test_the_same_reader_finds_no_difference_and_writes_nothing(installation):
    before = dict(installation.store.files)
    assert reprocess.compare(installation, ISSUE, LATER) == []
    assert installation.store.files == before


def test_a_newer_reader_shows_what_would_change_before_anything_does(installation, newer):
    before = dict(installation.store.files)
    [found] = reprocess.compare(installation, ISSUE, LATER)
    assert (found.kind, found.headline) == ("changed", "老渠新水润良田")
    assert "正文第" in found.detail
    assert installation.store.files == before


def test_what_is_approved_goes_out_as_a_correction_once_and_quietly(installation, newer):
    guids = {i.guid for i in newest_items(installation, ISSUE)}
    version = reprocess.publish(installation, ISSUE, LATER)
    assert version.number == 2
    assert quiet_versions(installation, [str(version)]) == [str(version)]
    assert reprocess.publish(installation, ISSUE, LATER) == version
    syndicate(installation)
    items = newest_items(installation, ISSUE)
    assert {i.guid for i in items} == guids
    assert sorted(i.version for i in items) == [1, 2]
    assert any("叁件事" in e.summary or "叁件事" in str(e.get("content")) for e in feed(installation).entries)
    assert reprocess.compare(installation, ISSUE, LATER + timedelta(days=1)) == []


def test_pages_that_come_after_it_are_read_as_ever(installation, newer):
    reprocess.publish(installation, ISSUE, LATER)
    assert submit(installation, CHANGED).number == 3
    assert issues.latest_stored(installation.store, ISSUE).number == 3


def test_an_issue_that_never_came_cannot_be_read_again(installation):
    with pytest.raises(BadInput, match="never received"):
        reprocess.compare(installation, IssueKey(NAME, date(2020, 1, 1)), LATER)
    assert reprocess.issues_between(installation, NAME, DAY, DAY) == [ISSUE]
    assert reprocess.issues_between(installation, NAME, DAY + timedelta(days=1), DAY + timedelta(days=9)) == []
    with pytest.raises(BadInput, match="unknown publication"):
        reprocess.issues_between(installation, "nobody", DAY, DAY)


def test_an_issue_under_the_desks_correction_keeps_it(installation, newer):
    from broadsheet.steps import changes
    from broadsheet.steps.changes import By

    guid = next(i.guid for i in newest_items(installation, ISSUE) if "城东" in i.article.headline)
    changes.correct_article(installation, guid, {"headline": "更正后的标题"}, "核实", By("run", "ed", NOW))
    reprocess.publish(installation, ISSUE, LATER)
    assert next(i for i in newest_items(installation, ISSUE) if i.guid == guid).article.headline == "更正后的标题"
    assert ingest.progress(installation.store, NAME, DAY).version == 3


def test_a_comparison_withdraws_nothing_of_a_page_that_cannot_be_read(installation):
    submit(installation, [PAGES[0], SourceFile("page-02.txt", b"\xff\xfe\x00")])
    assert {i.version for i in newest_items(installation, ISSUE)} == {1}
    assert reprocess.compare(installation, ISSUE, LATER) == []


def test_a_comparison_refuses_an_embargo_that_the_pipeline_would_refuse():
    installation = make_installation()
    note = '[[embargo]]\nuntil = 2026-01-15T12:00:00Z\nheadline = "没有这一条"\n'
    submit(installation, [*PAGES, SourceFile("embargo.toml", note.encode())])
    with pytest.raises(BadInput, match=r"embargo\.toml"):
        reprocess.compare(installation, ISSUE, LATER)
