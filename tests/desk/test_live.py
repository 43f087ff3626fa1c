"""What the desk's pages say of something that was started there, without being loaded again."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from broadsheet.steps import incidents
from broadsheet.steps.revision import newest_items
from broadsheet.web.views.progress import Followed
from delivery.connections import from_airflows_database
from delivery.errors import NoConnection
from delivery.ledger import page_of
from tests.support.morning import ASKED, OUT
from tests.support.served import Served


@pytest.fixture(autouse=True)
def queued(page: Page, desk: Served):
    """Whatever is started on the page waits in the queue."""
    desk.state = "queued"
    yield
    desk.state = "success"


def said(page: Page, words: str) -> None:
    expect(page.locator("main > [role=status]")).to_contain_text(words, timeout=20_000)


def go_on(desk: Served) -> None:
    """The run that was started last does its work and ends."""
    desk.later.pop()()
    desk.state = "success"


def correct(page: Page, guid: str, headline: str, address: str) -> None:
    page.goto(f"{address}/article/{guid}")
    page.locator("summary", has_text="Correct").click()
    form = page.locator("form[action$='/correct']")
    form.locator("input[name=headline]").fill(headline)
    form.get_by_role("button").click()
    page.wait_for_url("**started=**")


def test_a_correction_is_followed_from_the_queue_to_the_partners(page: Page, desk: Served):
    guid = newest_items(desk.installation, OUT)[0].guid
    correct(page, guid, "老渠更新", desk.address)
    said(page, "Waiting in the queue")
    page.evaluate("window.loadedOnce = true")
    desk.state = "running"
    said(page, "In progress")
    go_on(desk)
    said(page, "Version 3 of the issue was delivered to every partner")
    expect(page.locator("h1")).to_have_text("老渠更新")
    assert page.evaluate("window.loadedOnce")
    assert page.locator("[data-live]").count() == 0


def test_a_form_that_somebody_is_filling_in_is_left_alone(page: Page, desk: Served):
    guid = newest_items(desk.installation, OUT)[0].guid
    correct(page, guid, "老渠更新", desk.address)
    page.locator("summary", has_text="Withdraw").click()
    page.locator("form[action$='/withdraw'] input[name=reason]").fill("侵权")
    page.locator("h1").click()  # the field is not in focus any more
    go_on(desk)
    said(page, "was delivered to every partner")
    assert page.locator("form[action$='/withdraw'] input[name=reason]").input_value() == "侵权"


@pytest.mark.parametrize(("language", "words"), [("en", "making the correction"), ("zh", "更正稿件")])
def test_a_run_that_fails_says_so_with_what_to_do(page: Page, desk: Served, language: str, words: str):
    guid = newest_items(desk.installation, OUT)[0].guid
    correct(page, guid, "老渠更新", desk.address)
    page.goto(f"{page.url}&lang={language}")
    desk.state = "failed"
    said(page, {"en": "It failed.", "zh": "未能完成。"}[language])
    run = page.locator("main > [role=status] a").first.get_attribute("href").rpartition("/")[2]
    incidents.note_red_run(desk.installation.store, "correct_article", run, "correct", datetime.now(UTC), guid)
    said(page, words)


def test_an_answer_is_followed_until_it_is_carried_out_and_its_form_goes(page: Page, desk: Served):
    [item] = newest_items(desk.installation, ASKED)
    page.goto(f"{desk.address}/article/{item.guid}")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url("**started=**")
    said(page, "Answered; the answer is being carried out")
    go_on(desk)
    said(page, "The answer was carried out")
    expect(page.locator("#answer")).to_have_count(0)


def test_a_withdrawal_is_followed_until_it_is_proven(page: Page, desk: Served):
    guid = newest_items(desk.installation, OUT)[0].guid
    page.goto(f"{desk.address}/article/{guid}")
    page.locator("summary", has_text="Withdraw").click()
    form = page.locator("form[action$='/withdraw']")
    form.locator("input[name=reason]").fill("侵权")
    form.locator("input[type=checkbox]").check()
    form.get_by_role("button").click()
    said(page, "Waiting in the queue")
    desk.later.pop()()
    desk.state = "running"
    said(page, "now each is read back")
    desk.state = "success"
    said(page, re.compile(r"was delivered to every partner\."))


def test_a_partner_that_gets_an_issue_again_is_named_until_it_has_it(page: Page, desk: Served):
    installation, guid = desk.installation, newest_items(desk.installation, OUT)[0].guid
    page.goto(f"{desk.address}/article/{guid}")
    page.locator("summary", has_text="Send again").click()
    page.locator("form[action$='/resend']").get_by_role("button").click()
    said(page, "Waiting in the queue")
    partner = desk.started[-1][2]["partner"]
    ledger = page_of(installation.store, partner, OUT)
    go_on(desk)
    said(page, "has the whole issue")
    assert page_of(installation.store, partner, OUT) == ledger


def test_without_a_script_the_state_is_there_with_a_link_that_loads_it_again(
    page: Page, desk: Served, chromium: Browser
):
    guid = newest_items(desk.installation, OUT)[0].guid
    plain = chromium.new_context(locale="en-GB", java_script_enabled=False).new_page()
    correct(plain, guid, "老渠更新", desk.address)
    said(plain, "Waiting in the queue")
    go_on(desk)
    plain.get_by_role("link", name="Reload").click()
    said(plain, "was delivered to every partner")
    plain.context.close()


def test_an_article_can_be_opened_though_a_partners_store_cannot(page: Page, desk: Served):
    def lost(name: str):
        raise NoConnection(f"Airflow has no connection “{name}”: make it under Admin, Connections")

    installation, guid = desk.installation, newest_items(desk.installation, OUT)[0].guid
    partners = {name: replace(p, connection="far_store") for name, p in installation.partners.items()}
    desk.installation = replace(installation, partners=partners, connections=lost)
    page.goto(f"{desk.address}/article/{guid}")
    assert page.locator("h1").inner_text() == newest_items(installation, OUT)[0].article.headline
    assert "Airflow has no connection “far_store”" in page.locator("section:has(#f)").inner_text()
    page.goto(f"{desk.address}/")
    assert "airflow connections add far_store" in page.locator("main").inner_text()


@pytest.mark.usefixtures("desk")
def test_airflow_says_what_became_of_a_run():
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session

    from broadsheet.web.serving import follow_run

    conf, now = {"guid": "urn:newsml:x"}, datetime.now(UTC)
    with create_session() as session:
        run = DagRun("correct_article", "manual__1", run_after=now, run_type="manual", state="queued", conf=conf)
        session.add(run)
    assert follow_run("correct_article", "manual__1") == Followed("queued", conf)
    assert follow_run("correct_article", "manual__2") == Followed()


@pytest.mark.usefixtures("desk")
def test_the_desk_finds_connections_that_are_kept_in_airflows_database():
    from airflow.models.connection import Connection
    from airflow.utils.session import create_session

    with create_session() as session:
        session.add(Connection(conn_id="kept_store", conn_type="aws", login="key", password="pass", extra='{"a": 1}'))
    found = from_airflows_database("kept_store")
    assert (found.kind, found.login, found.password, found.extra) == ("aws", "key", "pass", {"a": 1})
    with pytest.raises(NoConnection, match="“lost_store”"):
        from_airflows_database("lost_store")
