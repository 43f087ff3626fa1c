"""What the watch of the inbox tells: closed uploads, each until a run has taken it up, whatever was missed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from broadsheet.steps import ingest
from broadsheet.steps.watch import AGAIN, Lookout
from delivery import issues
from delivery.inbox import LATE, note_taken_up, taken_up, upload_of, waiting
from delivery.keys import ARCHIVE, COMPLETE, IssueKey
from delivery.notify import Allowance
from tests.delivery.test_road import CHANGED, NAME, PAGES, make_desk, syndicate
from transforms.errors import BadInput
from transforms.model import File, Watch

DAY = date(2026, 1, 15)
ISSUE = IssueKey(NAME, DAY)
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def desk():
    desk = make_desk()
    desk.store.now = NOON
    return desk


class Looker:
    """Looks at the inbox of a desk as the trigger does, at all of it only when it is told to."""

    def __init__(self, desk):
        self.desk, self.lookout = desk, Lookout(desk.store)

    def look(self, now, everything=False):
        return self.lookout.look(self.desk.publications.values(), now, everything)


def names(found) -> list[str]:
    return [str(u.issue) for u in found]


def land(desk, day=DAY, pages=PAGES):
    ingest.put_in_inbox(desk.store, NAME, day, pages)


def test_a_closed_upload_is_told_at_once_and_again_each_minute_until_a_run_has_taken_it_up(desk):
    looker = Looker(desk)
    assert looker.look(NOON) == []
    land(desk)
    assert names(looker.look(NOON + SECOND)) == [str(ISSUE)]
    assert looker.look(NOON + 2 * SECOND) == []
    assert names(looker.look(NOON + SECOND + AGAIN)) == [str(ISSUE)]
    ingest.receive_issue(desk, NAME, DAY, NOON + SECOND)
    assert looker.look(NOON + 2 * AGAIN + 2 * SECOND) == []


def test_what_landed_while_all_was_down_is_told_after_the_start_and_nothing_that_was_worked_off(desk):
    days = [date(2020, 5, 1) + timedelta(days=n) for n in range(50)]
    for day in days:
        land(desk, day)
    ingest.receive_issue(desk, NAME, days[7], NOON)
    assert names(Looker(desk).look(NOON + SECOND)) == [str(IssueKey(NAME, d)) for d in days if d != days[7]]


def test_an_upload_without_mark_is_closed_by_quiet_only_where_the_paper_has_it_so(desk):
    land(desk)
    desk.store.delete([ISSUE.inbox + COMPLETE])
    looker = Looker(desk)
    assert looker.look(NOON + timedelta(hours=9)) == []
    with pytest.raises(BadInput, match="not complete"):
        ingest.receive_issue(desk, NAME, DAY, NOON + timedelta(hours=9))
    desk.publications[NAME] = replace(desk.publications[NAME], watch=Watch(quiet_minutes=10))
    assert looker.look(NOON + timedelta(minutes=9)) == []
    assert names(looker.look(NOON + timedelta(minutes=10))) == [str(ISSUE)]
    assert ingest.receive_issue(desk, NAME, DAY, NOON + timedelta(minutes=10)).number == 1


def test_a_page_that_comes_after_the_mark_makes_a_new_version_once_no_more_come(desk):
    land(desk)
    looker = Looker(desk)
    first = ingest.receive_issue(desk, NAME, DAY, NOON)
    assert looker.look(NOON + SECOND) == []
    desk.store.now = NOON + timedelta(minutes=3)
    desk.store.put(File(ISSUE.inbox_file("page-03.txt"), CHANGED[0].data, "text/plain", "no-store"))
    assert looker.look(desk.store.now + SECOND) == []
    assert names(looker.look(desk.store.now + LATE)) == [str(ISSUE)]
    assert ingest.receive_issue(desk, NAME, DAY, desk.store.now + LATE).number == first.number + 1


def test_a_page_that_is_sent_again_for_an_old_issue_is_found_by_the_next_look_at_everything(desk):
    old = date(2019, 3, 2)
    land(desk, old)
    ingest.receive_issue(desk, NAME, old, NOON)
    looker = Looker(desk)
    assert looker.look(NOON) == []
    land(desk, old, CHANGED)
    assert looker.look(NOON + timedelta(minutes=1)) == []
    assert names(looker.look(NOON + timedelta(minutes=2), everything=True)) == [str(IssueKey(NAME, old))]


def test_pages_as_they_were_two_uploads_ago_are_taken_up_again(desk):
    for pages in (PAGES, CHANGED, PAGES):
        land(desk, pages=pages)
        assert [u.issue for u in waiting(desk.store, desk.publications.values(), NOON)] == [ISSUE]
        ingest.receive_issue(desk, NAME, DAY, NOON)
    assert len(taken_up(desk.store, NAME)) == 1
    assert len(issues.versions(desk.store, ISSUE)) == 3


def test_a_mark_can_be_noted_twice(desk):
    land(desk)
    upload = upload_of(desk.store, ISSUE)
    for _ in range(2):
        note_taken_up(desk.store, ISSUE, upload.digest)
    assert taken_up(desk.store, NAME) == {upload.mark}


def test_of_a_backfilled_issue_partners_get_everything_and_hear_nothing(desk):
    from broadsheet.steps.notify import notify, quiet_versions

    desk.partners["sample-outlet"] = replace(desk.partners["sample-outlet"], webhooks=("nobody",))
    ingest.put_in_inbox(desk.store, NAME, DAY, PAGES, ARCHIVE)
    assert Looker(desk).look(NOON + timedelta(days=1), everything=True) == []
    paper = desk.publications[NAME]
    assert list(ingest.unsettled(desk, paper, NOON)) == []
    assert list(ingest.unsettled(desk, paper, NOON, DAY, backfill=True)) == [ISSUE]
    version = ingest.receive_issue(desk, NAME, DAY, NOON, backfill=True, quiet=True)
    ingest.read_pages(desk, version)
    ingest.store_articles(desk, version)
    work = next(w for w in ingest.pending_work(desk) if w.partner == "sample-outlet")
    quiet = quiet_versions(desk, work.versions)
    assert quiet == [str(version)]
    syndicate(desk)
    outcome = notify(desk, work, NOON, Allowance(), quiet)
    assert (outcome.told, outcome.failed) == ((), ())
    # Told of nothing later either, when something else goes out.
    assert notify(desk, work, NOON, Allowance()).failed == ()
    assert [e for e in desk.shelf.files if e.endswith("feeds/all.rss")]
