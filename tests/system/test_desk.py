"""The desk in a real browser on a real Airflow: what it shows, whom it lets act, and whether everybody can use it."""

from datetime import date

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from broadsheet.local import airflow
from broadsheet.steps import changes, ingest
from delivery.keys import IssueKey
from tests.support.room import NAME, log_in, sample, until
from tests.system.conftest import Room
from transforms.intake import SourceFile

DAY = date(2026, 3, 9)
# The text of a page without the numbers of its pieces.
TEXT = """e => [...e.children]
  .map(c => [...c.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join('')).join('')"""
LOOKS = [(1280, "light"), (400, "dark")]  # tests/desk/test_pages.py looks at more, on a desk without Airflow


@pytest.fixture(scope="module")
def issue(room: Room) -> IssueKey:
    """An issue that is out, of which a page is held."""
    key = IssueKey(NAME, DAY)
    ingest.put_in_inbox(room.installation.store, NAME, DAY, [*sample(), SourceFile("page-07.txt", b"")])
    until(lambda: ingest.progress(room.installation.store, NAME, DAY).stage == "published")
    return key


@pytest.fixture(scope="module")
def page(room: Room, browser, issue: IssueKey) -> Page:
    return log_in(room, browser, airflow.USER)


def test_nobody_sees_anything_without_log_in(room: Room, issue: IssueKey):
    guid = changes.newest_items(room.installation, issue)[0].guid
    for path in ("/", "/partners", f"/issue/{issue}", f"/article/{guid}"):
        assert httpx.get(f"{room.api.url}/desk{path}").status_code == 401, path
    for act in ("correct", "withdraw", "resend"):
        answer = httpx.post(f"{room.api.url}/desk/article/{guid}/{act}", data={"reason": "nobody", "partner": "x"})
        assert answer.status_code == 401, act


def test_the_days_show_what_is_out_and_what_is_held(room: Room, page: Page):
    page.goto(f"{room.api.url}/desk/days?month=2026-03")
    day = page.locator("td.day", has=page.get_by_text("9", exact=True)).first
    assert "published" in day.inner_text()
    assert "8 articles" in day.inner_text()
    assert "1 held" in day.inner_text()
    page.goto(f"{room.api.url}/plugin/desk")  # inside Airflow's own pages
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name="Partners").wait_for(timeout=60_000)


def test_pointing_at_a_piece_lights_up_its_article_and_back(room: Room, page: Page, issue: IssueKey):
    page.goto(f"{room.api.url}/desk/issue/{issue}")
    assert page.locator(".row").count() == 8
    assert "page-07.txt" in page.locator(".heldbox").inner_text()
    piece = page.locator(".piece").first
    number = piece.get_attribute("data-a")
    piece.hover()
    assert "lit" in page.locator(f"#a{number}").get_attribute("class")
    page.locator("#a2").hover()
    lit = page.locator(".piece.lit")
    assert {lit.nth(n).get_attribute("data-a") for n in range(lit.count())} == {"2"}
    # Every character of the pages is there, in its order.
    text = page.locator(".sheet").first.evaluate(TEXT)
    assert text == sample()[0].data.decode()


def test_an_article_is_corrected_from_its_page_in_the_users_name(room: Room, page: Page, issue: IssueKey):
    guid = changes.newest_items(room.installation, issue)[1].guid
    page.goto(f"{room.api.url}/desk/article/{guid}")
    assert page.locator(".files a").count() >= 3
    page.locator("summary", has_text="Correct").click()
    form = page.locator("form[action$='/correct']")
    form.locator("input[name=headline]").fill("编辑台更正的标题")
    form.locator("input[name=reason]").fill("核实")
    form.get_by_role("button").click()
    page.locator("[role=status]").wait_for()
    until(lambda: changes.item_of(room.installation, guid).article.headline == "编辑台更正的标题")
    assert changes.item_of(room.installation, guid).history[-1].actor == airflow.USER
    run = page.locator("[role=status] a").first.get_attribute("href")
    assert run.startswith("/dags/correct_article/runs/")


def test_a_viewer_sees_everything_and_can_do_nothing(room: Room, browser, issue: IssueKey):
    page = log_in(room, browser, "viewer")
    guid = changes.newest_items(room.installation, issue)[2].guid
    page.goto(f"{room.api.url}/desk/article/{guid}")
    assert page.locator("h1").inner_text()
    assert page.locator("form").count() == 0
    assert "View only" in page.locator("main").inner_text()
    answer = page.request.post(
        f"{room.api.url}/desk/article/{guid}/withdraw",
        form={"reason": "no right to it"},
        headers={"origin": room.api.url},
    )
    assert answer.status == 403
    page.context.close()


def test_a_form_from_another_site_is_refused(room: Room, page: Page, issue: IssueKey):
    guid = changes.newest_items(room.installation, issue)[2].guid
    target = f"{room.api.url}/desk/article/{guid}/withdraw"
    for headers in ({"origin": "https://evil.example"}, {"origin": room.api.url, "sec-fetch-site": "cross-site"}):
        assert page.request.post(target, form={"reason": "not ours"}, headers=headers).status == 403


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_every_page_can_be_used_by_everybody(room: Room, page: Page, issue: IssueKey, width, theme, tmp_path):
    guid = changes.newest_items(room.installation, issue)[0].guid
    page.set_viewport_size({"width": width, "height": 860})
    page.emulate_media(color_scheme=theme)
    paths = ("/?lang=en", "/days?month=2026-03", f"/issue/{issue}", f"/article/{guid}", "/partners", "/?lang=zh")
    for path in paths:
        page.goto(f"{room.api.url}/desk{path}")
        for details in page.locator("details").all():
            details.evaluate("d => d.open = true")
        found = Axe().run(page).response["violations"]
        serious = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
        assert serious == [], f"{path} at {width} in {theme}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} is wider than {width}"
