"""The desk's pages in a real browser: what they show, what can be done there, whether everybody can use them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from broadsheet.steps import attention, incidents, review
from broadsheet.steps.revision import newest_items
from delivery.codec import json_file
from delivery.keys import IssueKey
from tests.support.issue import NAME
from tests.support.morning import ASKED, OUT, TODAY
from tests.support.served import Served
from transforms.model import Status

LOOKS = [(1280, "light", "en"), (1280, "dark", "zh"), (400, "light", "zh"), (400, "dark", "en")]


def entry(page: Page, words: str):
    return page.locator(".entry").filter(has_text=words)


def test_today_lists_what_needs_a_person_and_each_ends_there(page: Page, desk: Served):
    page.goto(f"{desk.address}/")
    text = page.locator("main").inner_text()
    assert "scheduled__" not in text
    assert [h.split("“")[0] for h in page.locator(".entry h2").all_inner_texts()] == [
        "The audit of deliveries failed", "page-03.txt is held", "", "The embargo on ",
    ]  # fmt: skip
    entry(page, "page-03.txt").get_by_role("button", name="Dismiss").click()
    assert "under your name" in page.get_by_role("status").inner_text()
    assert entry(page, "page-03.txt").count() == 0
    entry(page, "The embargo").get_by_role("button", name="Release").click()
    page.wait_for_url("**/article/**")
    page.goto(f"{desk.address}/")
    entry(page, "is waiting for an answer").get_by_role("link", name="Answer").click()
    page.locator("#answer input[name=headline]").fill("老渠新水")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url("**started=**")
    assert "The answer was carried out" in page.get_by_role("status").inner_text()
    [item] = newest_items(desk.installation, ASKED)
    assert (item.status, item.article.headline, item.history[-1].actor) == (Status.USABLE, "老渠新水", "editor")
    page.goto(f"{desk.address}/")
    entry(page, "audit").get_by_role("button", name="Dismiss").click()
    assert "Nothing needs attention" in page.locator("main").inner_text()
    assert attention.entries(desk.installation, datetime.now(UTC)) == []


def test_a_correction_begins_with_the_text_and_sends_what_is_different(page: Page, desk: Served):
    item = newest_items(desk.installation, OUT)[1]
    page.goto(f"{desk.address}/article/{item.guid}")
    page.locator("summary", has_text="Correct").click()
    form = page.locator("form[action$='/correct']")
    assert form.locator("input[name=headline]").input_value() == item.article.headline
    body = form.locator("textarea[name=body]")
    body.fill(body.input_value().replace("第一圈", "头一圈"))
    form.locator("textarea[name=byline]").fill("记者 李某\n王某")
    form.locator("input[name=reason]").fill("核实")
    form.locator("input[name=note]").fill("据来电")
    form.get_by_role("button").click()
    page.wait_for_url("**started=**")
    assert "Version 3 of the issue was delivered to every partner" in page.get_by_role("status").inner_text()
    [(_, _, sent)] = desk.started
    assert sent.keys() == {"guid", "body", "byline", "reason", "note"}
    after = newest_items(desk.installation, OUT)[1]
    assert [(c.role, c.name) for c in after.article.byline] == [("记者", "李某"), ("", "王某")]
    assert "据来电" in after.ed_note
    assert "核实" not in after.ed_note
    page.locator("summary", has_text="What changed").click()
    assert page.locator(".diff del").inner_text() == "第"
    assert page.locator(".diff ins").inner_text() == "头"
    versions = page.locator("ul.history li b").all_inner_texts()
    assert versions == ["version 2", "version 1"]


def test_an_embargo_gets_another_time_on_its_articles_page(page: Page, desk: Served):
    [item] = newest_items(desk.installation, IssueKey(NAME, TODAY))
    page.goto(f"{desk.address}/article/{item.guid}")
    page.locator("summary", has_text="Change the embargo").click()
    form = page.locator("form[action$='/embargo']")
    assert form.locator("input[name=until]").input_value() == f"{TODAY}T23:59"
    form.locator("input[name=until]").fill(f"{TODAY + timedelta(days=1)}T06:30")
    form.get_by_role("button").click()
    page.wait_for_url("**started=**")
    assert f"embargo until {TODAY + timedelta(days=1)} 06:30" in page.locator("article").inner_text()
    assert "editor: changed the embargo" in page.locator("section:has(#y)").inner_text()
    [moved] = newest_items(desk.installation, IssueKey(NAME, TODAY))
    assert moved.embargoed == datetime.fromisoformat(f"{TODAY + timedelta(days=1)}T06:30:00+08:00")
    page.locator("summary", has_text="Change the embargo").click()
    form.locator("input[name=until]").fill(f"{TODAY - timedelta(days=1)}T06:30")
    form.get_by_role("button").click()
    assert "is in the past" in page.locator("main").inner_text()
    assert len(desk.started) == 1


def test_in_chinese_every_reason_is_chinese(page: Page, desk: Served):
    [question] = [e.question for e in attention.entries(desk.installation, datetime.now(UTC)) if e.question]
    store = desk.installation.store
    fault = "paragraph 3 is no headline with text below it: name the second headline"
    store.put(json_file(question.key, replace(question, fault=fault), review.Question))
    incidents.note_red_run(store, "correct_article", "manual__3", "correct", datetime.now(UTC))
    expected = {
        "/": ["文件为空：请重新发送此版", "失败的任务：核对各媒体的内容（audit）", "失败的任务：更正稿件（correct）"],
        f"/issue/{OUT}": ["文件为空：请重新发送此版"],
        f"/article/{question.guid}": ["第 3 段不是下有正文的标题：请填写第二篇标题"],
        f"/issue/{NAME}/1999-02-30": ["“1999-02-30”不是日期"],
    }
    for path, sentences in expected.items():
        page.goto(f"{desk.address}{path}?lang=zh")
        text = page.locator("main").inner_text()
        assert [s for s in sentences if s not in text] == [], path
        assert not re.search(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", text), path


def test_a_part_that_is_emptied_is_taken_out(page: Page, desk: Served):
    guid = newest_items(desk.installation, OUT)[0].guid
    for name, value in (("kicker", "乡村"), ("kicker", "")):
        page.goto(f"{desk.address}/article/{guid}")
        page.locator("summary", has_text="Correct").click()
        form = page.locator("form[action$='/correct']")
        form.locator(f"input[name={name}]").fill(value)
        form.get_by_role("button").click()
        page.wait_for_url("**started=**")
        assert newest_items(desk.installation, OUT)[0].article.kicker == value


@pytest.mark.parametrize(("width", "theme", "language"), LOOKS)
def test_every_page_can_be_used_by_everybody(page: Page, desk: Served, width: int, theme: str, language: str):
    page.set_viewport_size({"width": width, "height": 860})
    page.emulate_media(color_scheme=theme)
    guids = [newest_items(desk.installation, key)[0].guid for key in (OUT, ASKED)]
    paths = (
        "/",
        "/days",
        f"/issue/{OUT}",
        *(f"/article/{g}" for g in guids),
        "/partners",
        "/search?q=水",
        "/search?q=第一圈",
        f"/issue/{NAME}/1999-01-01",
    )
    for path in paths:
        page.goto(f"{desk.address}{path}{'&' if '?' in path else '?'}lang={language}")
        for details in page.locator("details").all():
            details.evaluate("d => d.open = true")
        found = Axe().run(page).response["violations"]
        serious = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
        assert serious == [], f"{path} at {width} in {theme}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} is wider than {width}"
