"""What somebody is told of, once, and until when it lasts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from broadsheet.steps import changes, incidents, ingest, inspection
from broadsheet.steps.changes import By
from broadsheet.steps.dead_letters import Letter
from broadsheet.steps.incidents import IncidentKind
from broadsheet.steps.inspection import BEHIND
from broadsheet.steps.revision import newest_items
from delivery.codec import json_file
from delivery.connections import Connection
from delivery.errors import NoConnection
from delivery.keys import IssueKey
from tests.support.issue import NAME, PAGES, ingest_day, make_installation, syndicate
from transforms.errors import BroadsheetError
from transforms.intake import SourceFile
from transforms.model import Review, Watch

# 2026-01-15 is a Thursday; seven in the morning at the newspaper
MORNING = datetime(2026, 1, 14, 23, tzinfo=UTC)
DAY = date(2026, 1, 15)


@pytest.fixture
def installation():
    installation = make_installation()
    installation.publications[NAME] = replace(installation.publications[NAME], watch=Watch(expected_by="07:30"))
    installation.store.now = MORNING
    return installation


class Post:
    """Takes alerts; refuses them while it is closed."""

    def __init__(self):
        self.sent: list[str] = []
        self.closed = False

    def __call__(self, incident):
        if self.closed:
            raise BroadsheetError("the line is down")
        self.sent.append(incident.title)


def look(installation, now, post):
    found, over = inspection.watch(installation, now)
    return incidents.tell_all(installation.store, found, now, post), over


def test_an_issue_that_has_not_come_is_told_once_and_over_when_it_comes(installation):
    post = Post()
    assert look(installation, MORNING, post) == (([], []), [])
    for minutes in (30, 40, 50):
        look(installation, MORNING + timedelta(minutes=minutes), post)
    assert post.sent == ["云州日报 2026-01-15 is missing"]
    installation.store.now = MORNING + timedelta(hours=1)
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    ingest_day(installation, DAY)
    _, over = look(installation, MORNING + timedelta(hours=1), post)
    assert [i.kind for i in over] == [IncidentKind.MISSING]
    assert list(incidents.incidents(installation.store)) == []
    [kept] = [key for key in installation.store.files if key.startswith("incidents/")]
    assert kept.startswith("incidents/over/missing/")
    assert len(post.sent) == 1


def test_nobody_waits_on_a_day_without_issue(installation):
    installation.publications[NAME] = replace(
        installation.publications[NAME], watch=Watch(weekdays=(1, 2, 3), expected_by="07:30")
    )
    assert look(installation, MORNING + timedelta(hours=5), Post())[0] == ([], [])


def test_an_unclosed_upload_is_told_of_as_such(installation):
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    installation.store.delete([f"inbox/{NAME}/2026-01-15/_COMPLETE"])
    [found] = inspection.watch(installation, MORNING + timedelta(hours=1))[0]
    assert "2 files are in the inbox, but the upload is not marked complete" in found.detail


def test_an_alert_that_does_not_go_out_is_sent_at_the_next_look(installation):
    post, later = Post(), MORNING + timedelta(hours=1)
    post.closed = True
    (told, failed), _ = look(installation, later, post)
    assert told == []
    assert "the line is down" in failed[0]
    post.closed = False
    look(installation, later, post)
    look(installation, later, post)
    assert len(post.sent) == 1


def test_partners_without_an_issue_for_half_an_hour_are_behind_until_they_have_it(installation):
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    ingest_day(installation, DAY)
    assert inspection.watch(installation, MORNING + timedelta(minutes=20))[0] == []
    found = inspection.watch(installation, MORNING + BEHIND)[0]
    assert [(i.kind, i.title) for i in found] == [
        (IncidentKind.PARTNER, "简讯社 has not received yunzhou-daily/2026-01-15"),
        (IncidentKind.PARTNER, "样例新闻网 has not received yunzhou-daily/2026-01-15"),
    ]
    syndicate(installation)
    found, over = inspection.watch(installation, MORNING + BEHIND)
    assert (found, len(over)) == ([], 2)


def test_a_question_that_nobody_answers_is_told_of_when_its_time_is_over(installation):
    from broadsheet.steps import review

    installation.publications[NAME] = replace(
        installation.publications[NAME], review=Review(order=1.0, section=1.0, hours=2.0)
    )
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    version = ingest_day(installation, DAY)
    asked = review.open_questions(installation, version.issue, MORNING)
    assert asked
    assert not [
        i for i in inspection.watch(installation, MORNING + timedelta(minutes=5))[0] if i.kind is IncidentKind.REVIEW
    ]
    late = [i for i in inspection.watch(installation, MORNING + timedelta(hours=2))[0] if i.kind is IncidentKind.REVIEW]
    assert len(late) == len(asked)
    assert late[0].path.startswith("/dags/review_article/runs/")


def test_an_endpoint_that_takes_nothing_is_told_of_after_three_attempts(installation):
    letter = Letter("m1", "sample-outlet", f"{NAME}/2026-01-15", "hook", "{}", ("g",), 2, MORNING, MORNING, "refused")
    installation.store.put(json_file(letter.key, letter, Letter))
    assert inspection.watch(installation, MORNING)[0] == []
    installation.store.put(json_file(letter.key, replace(letter, attempts=3), Letter))
    [found] = inspection.watch(installation, MORNING)[0]
    assert (found.kind, found.detail) == (IncidentKind.ENDPOINT, "refused.")


def test_a_red_run_is_one_incident_however_often_it_says_so(installation):
    post = Post()
    for _ in range(2):
        incident = incidents.note_red_run(installation.store, "ingest_issue", "云州__2026", "read", MORNING)
        incidents.tell_once(installation.store, incident, MORNING, post)
    assert len(post.sent) == 1
    inspection.watch(installation, MORNING)
    assert len(list(incidents.incidents(installation.store))) == 1  # a look at the store does not end it
    inspection.watch(installation, MORNING + timedelta(days=8))
    assert list(incidents.incidents(installation.store)) == []


def test_a_red_run_is_over_once_its_task_succeeds_in_a_later_one(installation):
    for dag, task in (("watch_inbox", "find_closed"), ("audit_delivery", "audit"), ("audit_delivery", "tidy")):
        incidents.note_red_run(installation.store, dag, f"scheduled__{task}", task, MORNING)
    incidents.end_red_runs(installation.store, "watch_inbox", "find_closed", MORNING)
    incidents.end_red_runs(installation.store, "audit_delivery", "tidy", MORNING)
    assert [i.values[1] for i in incidents.incidents(installation.store)] == ["audit"]
    assert [i.values[1] for i in inspection.open_now(installation, MORNING)] == ["audit"]


def test_an_issue_whose_pages_print_another_day_is_named_until_its_articles_are_withdrawn(installation):
    head = "2026年1月16日 星期五 第1版 要闻\n\n".encode()
    notice = "\n\n遗失声明\n\n李某遗失身份证，声明作废。\n\n2026年1月12日\n".encode()
    pages = [SourceFile(page.name, head + page.data + notice) for page in PAGES]
    ingest.put_in_inbox(installation.store, NAME, DAY, pages)
    ingest_day(installation, DAY)
    look(installation, MORNING, post := Post())
    assert post.sent == ["云州日报 2026-01-15: the date printed on its pages is 2026-01-16"]
    for item in newest_items(installation, IssueKey(NAME, DAY)):
        by = By(f"withdraw_article/{item.guid}", "editor", MORNING)
        changes.withdraw_article(installation, item.guid, "日期有误", "", by)
    _, over = look(installation, MORNING, post)
    assert [i.code for i in over] == ["misprinted"]


def knowing(*known: str):
    """Airflow with these connections."""

    def resolve(name: str) -> Connection:
        if name in known:
            return Connection(name, "aws")
        raise NoConnection(f"Airflow has no connection “{name}”: make it under Admin, Connections")

    return resolve


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_connection_that_airflow_lacks_is_named_with_the_command_that_makes_it_until_it_is_there(language):
    whole = make_installation()
    far = replace(
        whole.partners["sample-outlet"], id="far", name="Far & Wide", connection="far_store", webhooks=("bell",)
    )
    whole = replace(whole, partners={"far": far}, connections=knowing("far_store", "bell"))
    empty, post = replace(whole, connections=knowing()), Post()
    assert look(whole, MORNING, post) == (([], []), [])
    look(empty, MORNING, post)
    look(empty, MORNING + timedelta(minutes=10), post)
    assert len(post.sent) == 2
    for said, name in zip(inspection.open_now(empty, MORNING), ("far_store", "bell"), strict=True):
        title, detail = said.said(language)
        assert "Far & Wide" in title
        assert f"“{name}”" in title
        assert f"airflow connections add {name} --conn-type " in detail
    assert not inspection.is_connection_back(empty, MORNING)

    back, later = replace(whole, connections=knowing("far_store")), MORNING + timedelta(minutes=20)
    assert inspection.is_connection_back(back, later)
    _, over = look(back, later, post)
    assert [i.values[1] for i in over] == ["far_store"]
    assert inspection.is_connection_back(back, later)  # the look was faster
    assert not inspection.is_connection_back(back, later + timedelta(minutes=10))
    assert [i.values[1] for i in incidents.incidents(back.store)] == ["bell"]


def test_what_only_airflow_knows_is_no_incident_outside_airflow(installation, monkeypatch):
    monkeypatch.delenv("AIRFLOW_CONN_FAR_STORE", raising=False)
    installation.partners["sample-outlet"] = replace(installation.partners["sample-outlet"], connection="far_store")
    assert inspection.open_now(installation, MORNING) == []
