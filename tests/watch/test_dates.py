"""An issue with an impossible date is stopped where it comes in, and costs no other issue anything."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from broadsheet.cli import submit as command
from broadsheet.cli.main import app
from broadsheet.steps import ingest, inspection
from broadsheet.steps.incidents import IncidentKind
from broadsheet.steps.watch import Lookout
from delivery.inbox import waiting
from delivery.keys import ARCHIVE, QUARANTINED_RECORDS, IssueKey
from tests.support.issue import DAY, NAME, NOW, PAGES, feed, ingest_day, make_installation, submit, syndicate
from transforms.audience.selection import live_days
from transforms.days import AHEAD, checked_day
from transforms.errors import BadInput
from transforms.guid import package_guid, split_guid
from transforms.intake import SourceFile
from transforms.model import File

TODAY = NOW.date()
IMPOSSIBLE = [date(1, 1, 1), date(226, 1, 15), date(1600, 2, 3), date(2062, 1, 15), date(9999, 12, 31)]


@pytest.mark.parametrize("day", IMPOSSIBLE)
def test_no_entrance_takes_a_day_that_no_issue_can_have(day: date, tmp_path: Path):
    installation = make_installation()
    with pytest.raises(BadInput, match=f"The date {day}"):
        command.issue_of(installation, tmp_path, PAGES, NAME, day, archive=True)
    ingest.put_in_inbox(installation.store, NAME, day, PAGES)
    for backfill in (False, True):
        with pytest.raises(BadInput, match="Correct the date"):
            ingest.receive_issue(installation, NAME, day, NOW, backfill)
        assert list(ingest.unsettled(installation, installation.publications[NAME], NOW, backfill=backfill)) == []


def test_an_old_issue_comes_in_by_a_backfill_only():
    installation = make_installation()
    day = date(1949, 10, 2)
    ingest.put_in_inbox(installation.store, NAME, day, PAGES, ARCHIVE)
    with pytest.raises(BadInput, match="run a backfill"):
        ingest.receive_issue(installation, NAME, day, NOW)
    assert [i.date for i in ingest.unsettled(installation, installation.publications[NAME], NOW, backfill=True)] == [
        day
    ]
    assert ingest.receive_issue(installation, NAME, day, NOW, backfill=True).number == 1
    assert list(inspection.watch(installation, NOW)[0]) == []


def test_the_window_ends_a_month_ahead_and_ten_years_back():
    assert checked_day(TODAY + AHEAD, TODAY)
    with pytest.raises(BadInput, match="31 days ahead"):
        checked_day(TODAY + AHEAD + timedelta(days=1), TODAY)
    assert checked_day(date(2016, 6, 1), TODAY)
    with pytest.raises(BadInput, match="ten years"):
        checked_day(date(2015, 1, 1), TODAY)
    assert checked_day(date(2015, 1, 1), TODAY, archive=True)


def test_the_commands_say_what_is_wrong_with_a_date(tmp_path: Path):
    page = tmp_path / "page-01.txt"
    page.write_bytes(PAGES[0].data)
    for arguments in (["read", str(page)], ["render", str(page), "--out", str(tmp_path / "out")]):
        result = CliRunner().invoke(app, [*arguments, "--date", "0226-01-15"])
        assert isinstance(result.exception, BadInput), arguments
        assert "0226-01-15" in str(result.exception)


@pytest.mark.parametrize("day", IMPOSSIBLE)
def test_a_misdated_upload_starts_nothing_and_is_named_until_it_is_moved(day: date):
    installation = make_installation()
    installation.store.now = NOW
    ingest.put_in_inbox(installation.store, NAME, day, PAGES)
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    papers = list(installation.publications.values())
    assert [u.issue.date for u in waiting(installation.store, papers, NOW)] == [DAY]
    assert [u.issue.date for u in Lookout(installation.store).look(papers, NOW, everything=True)] == [DAY]
    found, _ = inspection.watch(installation, NOW)
    assert [(i.kind, str(day) in i.title) for i in found] == [(IncidentKind.INBOX, True)]
    installation.store.delete([s.key for s in list(installation.store.list(f"inbox/{NAME}/{day}/"))])
    _, over = inspection.watch(installation, NOW)
    assert [i.kind for i in over] == [IncidentKind.INBOX]


@pytest.mark.parametrize("name", [f"{NAME}/0001-01-01/v1", "nothing", f"{NAME}/2026-99-99/v1", "a b/2026-01-15/v1"])
def test_a_poisoned_mark_is_set_aside_by_name_and_its_neighbours_go_out(name: str):
    installation = make_installation()
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    ingest_day(installation)
    installation.store.put(File(f"pending/{name}.json", b"{}", "application/json", ""))
    syndicate(installation)
    assert len(feed(installation).entries) == 2
    assert list(installation.store.list("pending/")) == []
    assert installation.store.get(f"{QUARANTINED_RECORDS}pending/{name}.json").content == b"{}"
    found, _ = inspection.watch(installation, NOW)
    assert [(i.kind, name in i.title) for i in found] == [(IncidentKind.RECORD, True)]


def test_an_issue_of_the_far_future_that_is_stored_already_empties_no_feed():
    installation = make_installation()
    submit(installation, PAGES)
    future = date(2062, 1, 15)
    ingest.put_in_inbox(installation.store, NAME, future, PAGES)
    version = ingest.receive_issue(installation, NAME, future, datetime(2062, 1, 15, tzinfo=UTC))
    ingest.read_pages(installation, version)
    ingest.store_articles(installation, version)
    syndicate(installation)
    assert {e.id.split(":")[3] for e in feed(installation).entries} == {"20260115"}
    root = f"sample-outlet/{NAME}/"
    for name in ("index.html", "sitemap.xml"):
        assert "20260115" in installation.shelf.files[root + name].content.decode()
    later = [SourceFile("page-01.txt", "新桥通车\n\n一月十六日，南桥正式通车，两岸的乡亲走上新桥。\n".encode())]
    submit(installation, later, DAY + timedelta(days=1))
    assert {e.id.split(":")[3] for e in feed(installation).entries} == {"20260115", "20260116"}


def test_live_windows_count_from_the_clock():
    days = [TODAY - timedelta(days=n) for n in (9, 3, 1, 0)]
    assert live_days(days, 3, TODAY) == days[2:]
    assert live_days([*days, date(2062, 1, 1)], 3, TODAY) == days[2:]
    tomorrow = TODAY + timedelta(days=1)
    assert live_days([*days, tomorrow], 2, TODAY) == [*days[2:], tomorrow]
    assert live_days(days[:2], 3, TODAY) == [days[1]]  # a paper that pauses keeps its last issue
    assert live_days([], 3, TODAY) == []
    assert live_days([date(2062, 1, 1)], 3, TODAY) == []


def test_a_guid_has_eight_digits_in_any_year():
    guid = package_guid("paper.example", NAME, date(226, 1, 15))
    assert split_guid(guid)[1] == date(226, 1, 15)
    assert IssueKey.parse(f"{NAME}/0226-01-15").date == date(226, 1, 15)


def test_a_partner_without_a_live_day_gets_empty_feeds_rather_than_an_error():
    installation = make_installation()
    installation.partners["sample-outlet"] = replace(installation.partners["sample-outlet"], feed_days=1)
    ingest.put_in_inbox(installation.store, NAME, date(2062, 1, 15), PAGES)
    version = ingest.receive_issue(installation, NAME, date(2062, 1, 15), datetime(2062, 1, 15, tzinfo=UTC))
    ingest.read_pages(installation, version)
    ingest.store_articles(installation, version)
    syndicate(installation)
    assert feed(installation).entries == []
