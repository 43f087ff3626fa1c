"""A page mended in a real browser: with the mouse, with the keyboard alone, without a script, on a phone."""

import time
from datetime import UTC, date, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from broadsheet.steps import ingest
from broadsheet.steps.reading import Reader
from broadsheet.steps.revision import newest_items
from delivery.codec import json_file
from delivery.keys import IssueKey
from tests.support.issue import NAME, make_installation, syndicate
from tests.support.served import Served
from transforms import mending as core
from transforms.intake import SourceFile
from transforms.mending import Cut, Place, Role
from transforms.model import Issue, Reading, Status
from transforms.model import Page as PageText

DAY = date(2026, 1, 15)
ISSUE = IssueKey(NAME, DAY)
LOOKS = [(width, theme) for width in (1280, 400) for theme in ("light", "dark")]
# Five stories, a line each element; the reader is made to get three of them wrong.
CANAL = ["老渠新水润良田", "　　清晨的老渠边，水声不断。村里定下三件事，", "件件有着落，户户有账本，人人看得见。"]
SCHOOL = ["城东小学添新操场", "　　一月十四日，城东小学的新操场启用，", "孩子们在上面跑了第一圈，笑声传出很远。"]
BRIDGE = ["南桥昨日通车", "　　经过两年施工，南桥昨天正式通车，", "两岸的乡亲走上新桥看了又看，都说方便多了。"]
MARKET = ["早市搬进新棚", "　　下了一夜雨，早市的棚子里一滴水也没漏，", "摊主们说这个冬天好过了。"]
LIBRARY = ["夜里的图书馆", "　　图书馆的灯亮到十点，", "下班的人也能坐下来读一会儿书。"]
STORIES = (CANAL, SCHOOL, BRIDGE, MARKET, LIBRARY)
TEXT = "\n".join(line for story in STORIES for line in story) + "\n"
# As it was read: the ends of the first two are swapped, and the third holds the fourth.
READ = ((0, 1, 5), (3, 4, 2), (6, 7, 8, 9, 10, 11), (12, 13, 14))


def whole(story: list[str]) -> str:
    return "".join(story[1:]).replace("　", "")


RIGHT = {story[0]: whole(story) for story in STORIES}


def misread(desk: Served) -> None:
    """Put a new store in place with an issue that is out, three of whose articles are wrong."""
    desk.installation = installation = make_installation()
    desk.started.clear()
    ingest.put_in_inbox(installation.store, NAME, DAY, [SourceFile("page-01.txt", TEXT.encode())])
    version = ingest.receive_issue(installation, NAME, DAY, datetime.now(UTC))
    heads = {0, 3, 6, 12}
    roles = {n: Role.HEADLINE if n in heads else Role.OPENS if n % 3 != 2 else Role.TEXT for n in range(15)}
    cuts = [Cut("", tuple(Place(n, roles[n]) for n in lines)) for lines in READ]
    pages = core.as_given(cuts, PageText(1, TEXT, "page-01.txt"))
    reading = Reader.load().read(Issue(NAME, DAY, pages))
    installation.store.put(json_file(version.reading, reading, Reading))
    ingest.store_articles(installation, version)
    syndicate(installation)


def live(desk: Served) -> dict[str, str]:
    items = newest_items(desk.installation, ISSUE)
    return {i.article.headline: i.article.text for i in items if i.status is Status.USABLE}


@pytest.fixture
def page(desk: Served, chromium: Browser):
    misread(desk)
    context = chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 860})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{desk.address}/issue/{ISSUE}/page/1")
    yield page
    assert faults == []
    context.close()


def after(page: Page, steps: int) -> None:
    page.get_by_role("status").filter(has_text=f"Steps: {steps}").wait_for()


def saved(page: Page, desk: Served) -> None:
    page.wait_for_url("**/issue/**started=**")
    [(dag, user, _)] = desk.started
    assert (dag, user) == ("mend_page", "editor")
    assert live(desk) == RIGHT
    assert {i.history[-1].actor for i in newest_items(desk.installation, ISSUE) if i.version > 1} == {"editor"}
    assert [k for k in desk.installation.store.files if k.startswith("mends/")]


def line(page: Page, number: int):
    return page.locator(f"li.line[data-line='{number}']")


def test_three_wrong_articles_are_mended_with_the_mouse(page: Page, desk: Served, capsys):
    """Counted as a person does it: each drag, click and key is an action."""
    begun, actions = time.monotonic(), 0
    line(page, 5).drag_to(page.locator("[data-card='2'] h3"))
    after(page, 1)
    line(page, 2).drag_to(page.locator("[data-card='1'] h3"))
    after(page, 2)
    line(page, 9).locator("label").click()
    page.get_by_role("button", name="New article", exact=True).click()
    after(page, 3)
    page.get_by_role("button", name="Save").click()
    actions += 5
    saved(page, desk)
    with capsys.disabled():
        print(f"\nthree wrong articles mended in {time.monotonic() - begun:.1f} s and {actions} actions")
    assert actions < 30


def test_the_same_is_done_with_keys_alone_on_a_narrow_screen(page: Page, desk: Served):
    page.set_viewport_size({"width": 400, "height": 860})
    pressed = 0

    def press(*names: str) -> None:
        nonlocal pressed
        for name in names:
            page.keyboard.press(name)
            pressed += 1

    press("ArrowDown", "ArrowDown", "ArrowDown", "2")  # the third line of the first article
    after(page, 1)
    press("ArrowUp", "1")
    after(page, 2)
    press("PageDown", "PageDown", "ArrowDown", "ArrowDown", "ArrowDown", "x")
    after(page, 3)
    press("u")
    after(page, 2)
    press("x")
    after(page, 3)
    press("Control+Enter")
    saved(page, desk)
    assert pressed < 30


def test_it_works_without_a_script(desk: Served, chromium: Browser):
    misread(desk)
    context = chromium.new_context(locale="en-GB", java_script_enabled=False, viewport={"width": 400, "height": 800})
    page = context.new_page()
    page.goto(f"{desk.address}/issue/{ISSUE}/page/1")
    page.locator("#l5").check()
    page.locator("[data-card='2']").get_by_role("button", name="Move to its end").click()
    page.locator("#l2").check()
    page.locator("[data-card='1']").get_by_role("button", name="Move to its end").click()
    page.locator("#l9").check()
    page.get_by_role("button", name="New article", exact=True).click()
    page.get_by_role("button", name="Undo").click()
    assert "Steps: 2" in page.get_by_role("status").inner_text()
    for number in (9, 10, 11):
        page.locator(f"#l{number}").check()
    page.get_by_role("button", name="New article", exact=True).click()
    page.get_by_role("button", name="Save").click()
    saved(page, desk)
    context.close()


def test_a_range_is_put_between_two_lines_and_marked(page: Page, desk: Served):
    page.locator("li[data-line='1'] label").click()
    page.locator("li[data-line='5'] label").click(modifiers=["Shift"])
    assert page.locator("input[name=line]:checked").count() == 2
    page.locator("#l14").focus()
    page.keyboard.press("v")
    after(page, 1)
    order = page.locator("[data-card='4'] .line").evaluate_all("all => all.map(one => Number(one.dataset.line))")
    assert order == [12, 13, 1, 5, 14]
    assert "no text" in page.locator("[data-card='1']").inner_text()
    assert page.get_by_role("button", name="Save").is_disabled()
    page.keyboard.press("u")
    page.get_by_role("status").filter(has_text="No changes yet").wait_for()
    page.locator("#l13").focus()
    page.keyboard.press("c")
    after(page, 1)
    assert page.locator("[data-card='4'] .fair .hl").all_inner_texts() == [LIBRARY[0], LIBRARY[1].strip()]


def test_a_page_that_changed_meanwhile_is_not_overwritten(page: Page, desk: Served):
    from broadsheet.steps import changes
    from broadsheet.steps.changes import By

    guid = newest_items(desk.installation, ISSUE)[3].guid
    changes.correct_article(
        desk.installation, guid, {"headline": "图书馆的夜"}, "", By("x/1", "other", datetime.now(UTC))
    )
    page.locator("#l5").focus()
    page.keyboard.press("2")
    assert "has changed since" in page.get_by_role("alert").inner_text()
    assert "No changes yet" in page.get_by_role("status").inner_text()


def test_who_may_not_mend_gets_no_editor(page: Page, desk: Served):
    desk.role = "viewer"
    try:
        assert page.goto(f"{desk.address}/issue/{ISSUE}/page/1").status == 403
        page.goto(f"{desk.address}/issue/{ISSUE}")
        assert page.get_by_role("link", name="Mend this page").count() == 0
    finally:
        desk.role = "admin"


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_everybody_can_use_it(page: Page, width: int, theme: str):
    page.set_viewport_size({"width": width, "height": 860})
    page.emulate_media(color_scheme=theme)
    line(page, 2).locator("label").click()
    for details in page.locator("details").all():
        details.evaluate("d => d.open = true")
    found = Axe().run(page).response["violations"]
    serious = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
    assert serious == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
