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
from tests.support.issue import CHANGED, NAME, PAGES, make_installation, syndicate
from transforms.errors import BadInput
from transforms.model import File, Watch

DAY = date(2026, 1, 15)
ISSUE = IssueKey(NAME, DAY)
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def installation():
    installation = make_installation()
    installation.store.now = NOON
    return installation


class Looker:
    """Looks at the inbox of an installation as the trigger does, at all of it only when it is told to."""

    def __init__(self, installation):
        self.installation, self.lookout = installation, Lookout(installation.store)

    def look(self, now, everything=False):
        return self.lookout.look(self.installation.publications.values(), now, everything)


def names(found) -> list[str]:
    return [str(u.issue) for u in found]


def land(installation, day=DAY, pages=PAGES):
    ingest.put_in_inbox(installation.store, NAME, day, pages)


def test_a_closed_upload_is_told_at_once_and_again_each_minute_until_a_run_has_taken_it_up(installation):
    looker = Looker(installation)
    assert looker.look(NOON) == []
    land(installation)
    assert names(looker.look(NOON + SECOND)) == [str(ISSUE)]
    assert looker.look(NOON + 2 * SECOND) == []
    assert names(looker.look(NOON + SECOND + AGAIN)) == [str(ISSUE)]
    ingest.receive_issue(installation, NAME, DAY, NOON + SECOND)
    assert looker.look(NOON + 2 * AGAIN + 2 * SECOND) == []


def test_what_landed_while_all_was_down_is_told_after_the_start_and_nothing_that_was_worked_off(installation):
    days = [date(2020, 5, 1) + timedelta(days=n) for n in range(50)]
    for day in days:
        land(installation, day)
    ingest.receive_issue(installation, NAME, days[7], NOON)
    assert names(Looker(installation).look(NOON + SECOND)) == [str(IssueKey(NAME, d)) for d in days if d != days[7]]


def test_an_upload_without_mark_is_closed_by_quiet_only_where_the_paper_has_it_so(installation):
    land(installation)
    installation.store.delete([ISSUE.inbox + COMPLETE])
    looker = Looker(installation)
    assert looker.look(NOON + timedelta(hours=9)) == []
    with pytest.raises(BadInput, match="not complete"):
        ingest.receive_issue(installation, NAME, DAY, NOON + timedelta(hours=9))
    installation.publications[NAME] = replace(installation.publications[NAME], watch=Watch(quiet_minutes=10))
    assert looker.look(NOON + timedelta(minutes=9)) == []
    assert names(looker.look(NOON + timedelta(minutes=10))) == [str(ISSUE)]
    assert ingest.receive_issue(installation, NAME, DAY, NOON + timedelta(minutes=10)).number == 1


def test_a_page_that_comes_after_the_mark_makes_a_new_version_once_no_more_come(installation):
    land(installation)
    looker = Looker(installation)
    first = ingest.receive_issue(installation, NAME, DAY, NOON)
    assert looker.look(NOON + SECOND) == []
    installation.store.now = NOON + timedelta(minutes=3)
    installation.store.put(File(ISSUE.inbox_file("page-03.txt"), CHANGED[0].data, "text/plain", "no-store"))
    assert looker.look(installation.store.now + SECOND) == []
    assert names(looker.look(installation.store.now + LATE)) == [str(ISSUE)]
    assert ingest.receive_issue(installation, NAME, DAY, installation.store.now + LATE).number == first.number + 1


def test_a_page_that_is_sent_again_for_an_old_issue_is_found_by_the_next_look_at_everything(installation):
    old = date(2019, 3, 2)
    land(installation, old)
    ingest.receive_issue(installation, NAME, old, NOON)
    looker = Looker(installation)
    assert looker.look(NOON) == []
    land(installation, old, CHANGED)
    assert looker.look(NOON + timedelta(minutes=1)) == []
    assert names(looker.look(NOON + timedelta(minutes=2), everything=True)) == [str(IssueKey(NAME, old))]


def test_pages_as_they_were_two_uploads_ago_are_taken_up_again(installation):
    for pages in (PAGES, CHANGED, PAGES):
        land(installation, pages=pages)
        assert [u.issue for u in waiting(installation.store, installation.publications.values(), NOON)] == [ISSUE]
        ingest.receive_issue(installation, NAME, DAY, NOON)
    assert len(taken_up(installation.store, [upload_of(installation.store, ISSUE)])) == 1
    assert len(issues.versions(installation.store, ISSUE)) == 3


def test_a_mark_can_be_noted_twice(installation):
    land(installation)
    upload = upload_of(installation.store, ISSUE)
    for _ in range(2):
        note_taken_up(installation.store, ISSUE, upload.digest)
    assert taken_up(installation.store, [upload]) == {upload.mark}


def test_of_a_backfilled_issue_partners_get_everything_and_hear_nothing(installation):
    from broadsheet.steps.notify import notify, quiet_versions

    installation.partners["sample-outlet"] = replace(installation.partners["sample-outlet"], webhooks=("nobody",))
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES, ARCHIVE)
    assert Looker(installation).look(NOON + timedelta(days=1), everything=True) == []
    paper = installation.publications[NAME]
    assert list(ingest.unsettled(installation, paper, NOON)) == []
    assert list(ingest.unsettled(installation, paper, NOON, DAY, backfill=True)) == [ISSUE]
    version = ingest.receive_issue(installation, NAME, DAY, NOON, backfill=True, quiet=True)
    ingest.read_pages(installation, version)
    ingest.store_articles(installation, version)
    work = next(w for w in ingest.pending_work(installation) if w.partner == "sample-outlet")
    quiet = quiet_versions(installation, work.versions)
    assert quiet == [str(version)]
    syndicate(installation)
    outcome = notify(installation, work, NOON, Allowance(), quiet)
    assert (outcome.told, outcome.failed) == ((), ())
    # Told of nothing later either, when something else goes out.
    assert notify(installation, work, NOON, Allowance()).failed == ()
    assert [e for e in installation.shelf.files if e.endswith("feeds/all.rss")]
