"""The commands and the browser on the running newsroom, as an operator meets them."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from broadsheet.local import airflow
from broadsheet.steps import changes, ingest
from delivery.keys import IssueKey
from tests.support.room import broadsheet
from tests.system.conftest import Room

SAMPLE = Path(__file__).parents[2] / "samples" / "yunzhou-daily" / "2026-01-15"


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
    assert "s to the last partner" in gone.stdout
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


def test_an_operator_sees_the_run_in_the_browser(room: Room, tmp_path: Path):
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("no chromium on this machine; Debian has it as the package chromium")
    folder = tmp_path / "yunzhou-daily" / "2026-05-22"
    shutil.copytree(SAMPLE, folder)
    assert broadsheet(room, "submit", str(folder)).returncode == 0
    name = ingest.run_id(room.installation.store, "yunzhou-daily", date(2026, 5, 22))
    run = room.api.run("ingest_issue", name)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            page = browser.new_page(viewport={"width": 1360, "height": 820})
            page.goto(room.api.url)
            page.locator("input[name=username]").fill(airflow.USER)
            page.locator("input[name=password]").fill(airflow.password(room.settings.home))
            page.locator("button[type=submit]").click()
            page.wait_for_url("**/", timeout=60_000)
            page.goto(room.api.run_url(run))
            page.get_by_text("store_articles").first.wait_for(timeout=60_000)
            assert page.get_by_text(name).count()
            assert page.get_by_text("Success").count()
            assert len(page.screenshot(path=tmp_path / "run.png")) > 20_000
        finally:
            browser.close()
