"""Airflow's own Trigger forms and the desk inside Airflow's frame, used in a real browser as an operator uses them."""

import shutil
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import FrameLocator, Page, expect

from broadsheet.local import airflow
from broadsheet.local.airflow_api import Run
from broadsheet.steps import changes, incidents, ingest
from delivery.keys import IssueKey
from tests.support.room import NAME, SAMPLE, broadsheet, is_over, log_in, numbers, sample, until
from tests.system.conftest import Room
from transforms.intake import SourceFile

DAY = date(2026, 5, 11)
ARCHIVED = date(2019, 3, 4)
FUTURE = (datetime.now(UTC) + timedelta(days=400)).replace(microsecond=0)


@pytest.fixture(scope="module")
def issue(room: Room) -> IssueKey:
    """An issue that is out, with one article under embargo."""
    key = IssueKey(NAME, DAY)
    held = f"[[embargo]]\nuntil = {FUTURE.isoformat()}\nheadline = {_one_headline()!r}\n"
    pages = [*sample(), SourceFile("embargo.toml", held.encode())]
    ingest.put_in_inbox(room.installation.store, NAME, DAY, pages)
    until(lambda: ingest.progress(room.installation.store, NAME, DAY).stage == "published")
    return key


def _one_headline() -> str:
    """The headline of the sample's last article."""
    from broadsheet.steps.reading import Reader
    from transforms.intake import read_source
    from transforms.model import Issue

    return Reader.load().read(Issue(NAME, DAY, read_source(sample())[0])).articles[-1].headline


@pytest.fixture(scope="module")
def page(room: Room, browser, issue: IssueKey) -> Page:
    return log_in(room, browser, airflow.USER)


def submit(room: Room, page: Page, dag: str, fields: dict[str, str]) -> Run:
    """Fill a DAG's Trigger form, leave everything else as it stands, submit; the run has ended."""
    room.api.wait_for_dag(dag, 600)
    known = set(room.api.run_ids(dag))
    page.goto(f"{room.api.url}/dags/{dag}")
    page.get_by_role("button", name="Trigger").first.click()
    form = page.get_by_role("dialog")
    for name, value in fields.items():
        form.locator(f"#element_{name}").fill(value)
    form.get_by_role("button", name="Trigger").click(timeout=20_000)
    run = until(lambda: set(room.api.run_ids(dag)) - known, 60).pop()
    return until(lambda: (r := room.api.run(dag, run)).ended and r)


def test_every_form_is_submitted_with_what_may_be_empty_left_empty(room: Room, page: Page, issue: IssueKey):
    items = changes.newest_items(room.installation, issue)
    embargoed = next(i.guid for i in items if i.embargoed)
    first, second = [i.guid for i in items if not i.embargoed][:2]

    assert submit(room, page, "correct_article", {"guid": first, "headline": "表单更正的标题"}).state == "success"
    corrected = changes.item_of(room.installation, first)
    assert corrected.article.headline == "表单更正的标题"
    assert corrected.article.body == next(i for i in items if i.guid == first).article.body

    assert submit(room, page, "withdraw_article", {"guid": second, "reason": "侵权投诉"}).state == "success"
    assert changes.item_of(room.installation, second).status == "canceled"

    moved = FUTURE + timedelta(days=1)
    assert submit(room, page, "change_embargo", {"guid": embargoed, "until": moved.isoformat()}).state == "success"
    assert changes.item_of(room.installation, embargoed).embargoed == moved
    until(lambda: room.api.known_run("release_embargo", f"{embargoed}__{moved.isoformat()}"))

    assert submit(room, page, "release_embargo", {"guid": embargoed}).state == "success"
    assert changes.item_of(room.installation, embargoed).embargoed is None

    assert submit(room, page, "resend_to_partner", {"partner": "sample-outlet", "guid": first}).state == "success"
    by_day = {"partner": "sample-outlet", "publication": NAME, "date": DAY.isoformat()}
    assert submit(room, page, "resend_to_partner", by_day).state == "success"

    # It asks about what waits; this article does not, and the run says so instead of asking.
    assert submit(room, page, "review_article", {"article": first}).state == "failed"
    days = {"publication": NAME, "first": DAY.isoformat(), "last": DAY.isoformat()}
    assert submit(room, page, "reprocess_issues", days).state == "success"
    store, failed = room.installation.store, {"resend_notifications": "resend", "watch_inbox": "find_closed"}
    for dag, task in failed.items():
        incidents.note_red_run(store, dag, "earlier", task, datetime.now(UTC))
    for dag in ("resend_notifications", "audit_delivery", "watch_desk", "watch_inbox", "ingest_issue"):
        assert submit(room, page, dag, {}).state == "success", dag
    assert not {i.path for i in incidents.incidents(store)} & {f"/dags/{dag}/runs/earlier" for dag in failed}


def framed(room: Room, page: Page, path: str = "/") -> FrameLocator:
    """The desk inside Airflow's page."""
    page.goto(f"{room.api.url}/plugin/desk/desk{path}")
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name="broadsheet").wait_for(timeout=60_000)
    return frame


def test_links_lead_out_of_airflows_frame(room: Room, page: Page, issue: IssueKey):
    frame = framed(room, page, f"/issue/{issue}")
    frame.locator("a[href*='/dags/ingest_issue/runs/']").first.click()
    page.wait_for_url("**/dags/ingest_issue/runs/**", timeout=30_000)
    assert page.locator("iframe").count() == 0

    guid = next(i.guid for i in changes.newest_items(room.installation, issue) if i.status == "usable")
    frame = framed(room, page, f"/article/{guid}")
    with page.context.expect_page() as opened:
        frame.locator(".files a").first.click()
    opened.value.wait_for_load_state()
    assert opened.value.url.startswith(room.installation.shelf_url)
    opened.value.close()

    frame.get_by_role("navigation").get_by_role("link", name="Partners").click()  # links within stay within
    frame.get_by_role("heading", name="Partners").wait_for()
    assert "/plugin/desk/desk/partners" in page.url


def test_a_form_inside_the_frame_starts_its_run(room: Room, page: Page, issue: IssueKey):
    guid = [i.guid for i in changes.newest_items(room.installation, issue) if i.status == "usable"][-1]
    frame = framed(room, page, f"/article/{guid}")
    frame.locator("summary", has_text="Correct").click()
    form = frame.locator("form[action$='/correct']")
    form.locator("input[name=headline]").fill("框内更正的标题")
    form.get_by_role("button").click()
    frame.locator("[role=status]").wait_for()
    until(lambda: changes.item_of(room.installation, guid).article.headline == "框内更正的标题")


def test_theme_and_language_follow_airflow(room: Room, page: Page):
    frame = framed(room, page)
    background = "getComputedStyle(document.body).backgroundColor"
    html = frame.locator("html")
    assert html.get_attribute("lang") == "en"
    assert frame.locator(".lang").is_hidden()
    page.evaluate("localStorage.setItem('theme', 'dark'); localStorage.setItem('i18nextLng', 'zh-CN')")
    frame = framed(room, page)
    expect(frame.locator("html")).to_have_attribute("lang", "zh-Hans", timeout=20_000)
    dark = frame.locator("body").evaluate(background)
    page.evaluate("localStorage.setItem('theme', 'light'); localStorage.setItem('i18nextLng', 'en')")
    frame = framed(room, page)
    expect(frame.locator("html")).to_have_attribute("lang", "en", timeout=20_000)
    assert frame.locator("body").evaluate(background) != dark
    page.evaluate("localStorage.removeItem('theme')")


def archived(room: Room, folder, day: date) -> None:
    shutil.copytree(SAMPLE, folder / NAME / day.isoformat())
    assert broadsheet(room, "archive", str(folder / NAME)).returncode == 0


def test_a_backfill_is_started_on_the_desk_and_refused_in_airflows_form(room: Room, page: Page, tmp_path):
    archived(room, tmp_path, ARCHIVED)
    body = {"dag_id": "ingest_issue", "from_date": f"{ARCHIVED}T00:00:00Z", "to_date": f"{ARCHIVED}T23:59:59Z"}
    refused = page.request.post(f"{room.api.url}/api/v2/backfills", data=body)
    assert refused.status == 409
    assert "broadsheet backfill" in refused.json()["detail"]
    known = numbers(room)

    page.goto(f"{room.api.url}/desk/days?publication={NAME}")
    page.locator("summary", has_text="Backfill").click()
    form = page.locator("form[action$='/backfill']")
    form.locator("input[name=first]").fill("2019-03-01")
    form.locator("input[name=last]").fill("2019-03-31")
    form.get_by_role("button").click()
    page.locator("[role=status]").wait_for(timeout=120_000)
    until(lambda: ingest.progress(room.installation.store, NAME, ARCHIVED).stage == "published")
    made = until(lambda: numbers(room) - known).pop()
    until(lambda: is_over(room, made))

    page.go_back()
    page.locator("summary", has_text="Backfill").click()
    form.locator("input[name=first]").fill("2019-03-01")
    form.locator("input[name=last]").fill("2019-03-31")
    form.get_by_role("button").click()
    page.get_by_text("waits between").wait_for()  # it is done already, and the page says so


def test_nobody_starts_a_backfill_without_log_in(room: Room):
    answer = httpx.post(f"{room.api.url}/desk/backfill", data={"publication": NAME, "first": "x", "last": "y"})
    assert answer.status_code == 401
