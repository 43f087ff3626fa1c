"""The commands and the browser on the running newsroom, as an operator meets them."""

import shutil
from datetime import date
from pathlib import Path

from broadsheet.local import airflow
from broadsheet.steps import changes, ingest
from delivery.keys import IssueKey
from tests.support.mixed import (
    BRIDGE_HEADLINE,
    CAPTION,
    FERRY_HEADLINE,
    LIBRARY,
    SCHOOL_HEADLINE,
    TEXT_HEADLINE,
    mixed,
    scanned,
)
from tests.support.room import NAME, broadsheet, entries, log_in
from tests.system.conftest import Room

SAMPLE = Path(__file__).parents[2] / "samples" / "yunzhou-daily" / "2026-01-15"
MIXED = date(2026, 5, 22)
NATURAL_WIDTHS = """all => Promise.all(all.map(async one => {
  one.loading = 'eager'; await one.decode(); return one.naturalWidth; }))"""


def test_submit_follows_an_issue_to_the_feed_and_knows_it_the_second_time(room: Room, tmp_path: Path):
    folder = tmp_path / "yunzhou-daily" / "2026-05-20"
    shutil.copytree(SAMPLE, folder)
    first = broadsheet(room, "submit", str(folder))
    assert first.returncode == 0, first.stdout + first.stderr
    assert "/sample-outlet/yunzhou-daily/feeds/" in first.stdout
    assert "8 articles of this issue" in first.stdout
    again = broadsheet(room, "submit", str(folder))
    assert again.returncode == 0
    assert "published before" in again.stdout


def test_an_article_is_corrected_and_withdrawn_from_a_terminal(room: Room, tmp_path: Path):
    folder = tmp_path / "yunzhou-daily" / "2026-05-23"
    shutil.copytree(SAMPLE, folder)
    assert broadsheet(room, "submit", str(folder)).returncode == 0
    issue = IssueKey("yunzhou-daily", date(2026, 5, 23))
    first, second = [i.guid for i in changes.newest_items(room.installation, issue)][:2]
    corrected = broadsheet(room, "correct", first, "--headline", "终端更正的标题", "--reason", "核实")
    assert corrected.returncode == 0, corrected.stdout + corrected.stderr
    assert "sample-outlet" in corrected.stdout
    assert changes.item_of(room.installation, first).article.headline == "终端更正的标题"
    refused = broadsheet(room, "correct", first)
    assert refused.returncode == 1
    assert "--headline" in refused.stderr
    gone = broadsheet(room, "withdraw", second, "--reason", "侵权投诉", "--yes")
    assert gone.returncode == 0, gone.stdout + gone.stderr
    assert "the article is gone" in gone.stdout
    assert "s until the last partner was verified" in gone.stdout
    audited = broadsheet(room, "audit", "--deep")
    assert audited.returncode == 0, audited.stdout + audited.stderr
    assert "0 missing, 0 damaged" in audited.stdout
    checked = broadsheet(room, "check", "--partner", "sample-outlet")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "objects of 样例新闻网 checked" in checked.stdout
    again = broadsheet(room, "reprocess", "-p", "yunzhou-daily", "--from", "2026-05-23", "--to", "2026-05-23")
    assert again.returncode == 0
    assert "0 differences" in again.stdout


def test_submit_says_in_words_what_is_wrong(room: Room, tmp_path: Path):
    (tmp_path / "page-01.txt").write_bytes(b"")
    unknown = broadsheet(room, "submit", str(tmp_path), "--publication", "nobody", "--date", "2026-05-21")
    assert unknown.returncode == 1
    assert "yunzhou-daily" in unknown.stderr
    empty = broadsheet(room, "submit", str(tmp_path), "--date", "2026-05-21")
    assert empty.returncode == 1
    assert "empty" in empty.stderr


def test_an_issue_of_every_kind_of_page_goes_to_a_feed_with_its_picture_and_is_seen_in_the_browser(
    room: Room, browser, tmp_path: Path
):
    folder = tmp_path / NAME / "2026-05-22"
    folder.mkdir(parents=True)
    for file in mixed() + scanned():
        (folder / file.name).write_bytes(file.data)
    done = broadsheet(room, "submit", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    found = {e.title: e for e in entries(room, MIXED)}
    assert found.keys() == {BRIDGE_HEADLINE, SCHOOL_HEADLINE, LIBRARY["headline"], TEXT_HEADLINE} | (
        {FERRY_HEADLINE} if scanned() else set()
    )
    assert {title for title, e in found.items() if e.enclosures} == {BRIDGE_HEADLINE, LIBRARY["headline"]}

    page = log_in(room, browser, airflow.USER)
    name = ingest.run_id(room.installation.store, NAME, MIXED)
    page.goto(room.api.run_url(room.api.run("ingest_issue", name)))
    page.get_by_text("store_articles").first.wait_for(timeout=60_000)
    assert page.get_by_text(name).count()
    assert page.get_by_text("Success").count()
    page.screenshot(path=tmp_path / "run.png")

    page.goto(f"{room.api.url}/desk/issue/{NAME}/{MIXED}")
    pictures = page.locator(".picture img")
    assert pictures.count() == 1 + len(scanned())
    assert all(wide > 400 for wide in pictures.evaluate_all(NATURAL_WIDTHS))
    for title in (BRIDGE_HEADLINE, SCHOOL_HEADLINE):
        number = page.locator(".row", has_text=title).get_attribute("data-a")
        assert page.locator(f'.outline[data-a="{number}"] rect').count()
    page.screenshot(path=tmp_path / "desk.png", full_page=True)

    page.goto(found[BRIDGE_HEADLINE].enclosures[0].href)  # the picture, as the partner's server sends it
    assert page.locator("img").evaluate("one => one.naturalWidth") > 400
    page.screenshot(path=tmp_path / "picture.png")
    page.goto(found[BRIDGE_HEADLINE].link)
    page.get_by_text(CAPTION).wait_for()
    assert all(wide > 100 for wide in page.locator("img").evaluate_all(NATURAL_WIDTHS))
    page.screenshot(path=tmp_path / "article.png", full_page=True)
    page.context.close()
