"""A PDF page at the desk: its picture with each article outlined, lit from both sides; and in ``read --html``."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import feedparser
import pytest

from broadsheet.steps.revision import newest_items
from delivery.keys import IssueKey
from tests.support.issue import DAY, NAME, make_installation, submit
from tests.support.mixed import CAPTION, mixed


def test_an_issue_of_pdf_epaper_and_text_goes_out_with_its_pictures_and_is_seen_at_the_desk(desk, chromium, tmp_path):
    desk.installation = make_installation()
    submit(desk.installation, mixed())
    files = {k: f.content for k, f in desk.installation.shelf.files.items() if k.startswith("sample-outlet/")}
    entries = feedparser.parse(files[f"sample-outlet/{NAME}/feeds/all.rss"]).entries
    credits = {e.title: [c["content"] for c in e.get("media_credit", [])] for e in entries}
    assert credits == {
        "新桥今日通车": ["王强"],
        "城东小学添新操场": [],
        "图书馆夜间开门": ["高禾 摄"],
        "老渠新水润良田": [],
    }
    bridge = next(e for e in entries if e.title == "新桥今日通车")
    assert bridge.enclosures[0].href.removeprefix(f"{desk.installation.shelf_url}/") in files
    assert CAPTION in next(v.decode() for k, v in files.items() if "/articles/" in k and CAPTION.encode() in v)

    page = chromium.new_page(viewport={"width": 1400, "height": 1000})
    page.goto(f"{desk.address}/issue/{NAME}/{DAY}")
    picture = page.locator(".picture img")
    assert picture.count() == 1
    picture.evaluate("one => one.complete || new Promise(done => one.addEventListener('load', done))")
    assert picture.evaluate("one => one.naturalWidth") > 1000
    number = page.locator(".row", has_text="新桥今日通车").get_attribute("data-a")
    outline, row = page.locator(f'.outline[data-a="{number}"]'), page.locator(f'.row[data-a="{number}"]')
    row.hover()
    assert "lit" in outline.get_attribute("class")
    outline.locator("rect").first.hover()
    assert "lit" in row.get_attribute("class")
    page.locator(".row", has_text="城东小学").hover()
    assert "lit" not in outline.get_attribute("class")
    inside = page.evaluate(
        """() => { const frame = document.querySelector('.picture').getBoundingClientRect();
        return [...document.querySelectorAll('.outline rect')].every(one => { const r = one.getBoundingClientRect();
        return r.left >= frame.left && r.right <= frame.right &&
               r.top >= frame.top && r.bottom <= frame.bottom; }); }"""
    )
    assert inside
    page.close()


def test_lines_are_chosen_on_the_picture_of_a_page_that_is_mended(desk, chromium):
    desk.installation = make_installation()
    submit(desk.installation, mixed())
    page = chromium.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
    page.goto(f"{desk.address}/issue/{NAME}/{DAY}/page/1")
    on_picture, chosen = page.locator("rect.src"), page.locator("input[name=line]:checked")
    assert on_picture.count() == page.locator("label.src").count()
    on_picture.nth(3).click()
    on_picture.nth(6).click(modifiers=["Shift"])
    assert [chosen.nth(n).input_value() for n in range(chosen.count())] == ["3", "4", "5", "6"]
    assert page.locator("rect.lit").count() == 4
    cards = page.locator("[data-card]").count()
    page.get_by_role("button", name="New article").click()
    page.locator("[data-card]").nth(cards).wait_for()
    assert page.locator(".seen img").evaluate("one => one.complete && one.naturalWidth > 1000")
    page.close()


def test_the_form_of_a_correction_changes_caption_and_credit_and_takes_a_picture_back(desk, chromium):
    desk.installation = make_installation()
    submit(desk.installation, mixed())
    issue = IssueKey(NAME, DAY)

    def item():
        return next(i for i in newest_items(desk.installation, issue) if i.article.headline == "图书馆夜间开门")

    def correct(fill):
        page = chromium.new_page(locale="en-GB")
        page.goto(f"{desk.address}/article/{item().guid}")
        page.locator("summary", has_text="Correct").click()
        form = page.locator("form[action$='/correct']")
        fill(form)
        form.get_by_role("button").click()
        page.wait_for_url("**started=**")
        page.close()
        return desk.started[-1][2]

    def other_caption(form):
        assert form.locator("input[name=caption]").input_value() == "灯下的读者。"
        form.locator("input[name=caption]").fill("灯下读书的人：第一晚。")

    assert correct(other_caption).keys() == {"guid", "captions"}
    (picture,) = item().article.media
    assert (picture.caption, picture.credit, item().version) == ("灯下读书的人：第一晚。", "高禾 摄", 2)
    files = desk.installation.shelf.files
    assert any(picture.caption in f.content.decode() for k, f in files.items() if k.endswith("all.rss"))

    assert correct(lambda form: form.locator("input[name=drop]").check()).keys() == {"guid", "drop_pictures"}
    assert item().article.media == ()
    assert not [k for k in desk.installation.shelf.files if picture.digest[:16] in k and "/pictures/" in k]


@pytest.mark.slow
def test_reading_a_folder_shows_the_picture_of_its_pdf_page(tmp_path: Path):
    for file in mixed():
        (tmp_path / file.name).write_bytes(file.data)
    html = tmp_path / "seen.html"
    command = [sys.executable, "-m", "broadsheet.cli", "read", str(tmp_path), "--json", "--html", str(html)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    pictures = json.loads(done.stdout)["pictures"]
    assert {p["name"]: p["article"] for p in pictures} == {
        "page-01.pdf": "新桥今日通车",
        "library.jpg": "图书馆夜间开门",
    }
    seen = html.read_text("utf-8")
    assert seen.count("data:image/jpeg;base64,") == 1
    titles = re.findall(r"<rect[^>]*><title>([^<]*)</title>", seen)
    assert set(titles) == {"新桥今日通车", "城东小学添新操场"}
