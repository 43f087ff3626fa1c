"""The sample issue on the running newsroom of the system tests: submitted, followed, looked at."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import feedparser
import httpx
from playwright.sync_api import Page

from broadsheet.local import airflow
from broadsheet.local.airflow_api import Run
from broadsheet.steps import ingest
from tests.support.waiting import until
from tests.system.conftest import Room
from transforms.intake import SourceFile

NAME = "yunzhou-daily"
SAMPLE = Path(__file__).parents[2] / "samples" / NAME / "2026-01-15"


def follow(room: Room, day: date, pages, again: str = "") -> tuple[Run, Run | None]:
    """Submit pages and wait for both runs; the second is None where nothing could be published."""
    ingest.put_in_inbox(room.installation.store, NAME, day, pages)
    name = ingest.run_id(room.installation.store, NAME, day) + again
    started = room.api.trigger("ingest_issue", name, {"publication": NAME, "date": day.isoformat()})
    ingested = until(lambda: (r := room.api.run("ingest_issue", started.id)).ended and r)
    if ingest.progress(room.installation.store, NAME, day).stage == "refused":
        return ingested, None
    caused = until(lambda: room.api.caused_by(ingested, "syndicate_issue"))
    return ingested, until(lambda: (r := room.api.run("syndicate_issue", caused.id)).ended and r)


def sample() -> list[SourceFile]:
    return [SourceFile(p.name, p.read_bytes()) for p in sorted(SAMPLE.glob("page-*.txt"))]


def listing(room: Room) -> dict[str, tuple[str, str]]:
    stores = (("private", room.installation.store), ("shelf", room.installation.shelf))
    return {f"{n}/{s.key}": (s.etag, s.modified.isoformat()) for n, store in stores for s in store.list("")}


def entries(room: Room, day: date) -> list[feedparser.FeedParserDict]:
    """What the partner's feed, or its archive where the feed goes back less far, holds of a day."""
    root = f"{room.installation.base_url(room.installation.partners['sample-outlet'], NAME)}/feeds"
    found = [httpx.get(url) for url in (f"{root}/all.rss", f"{root}/archive/{day}.rss")]
    entries = {e.id: e for f in found if f.is_success for e in feedparser.parse(f.content).entries}
    return [e for e in entries.values() if f":{day:%Y%m%d}:" in e.id]


def states(room: Room, run: Run) -> dict[str, str]:
    return {t.name: t.state for t in room.api.tasks(run)}


def broadsheet(room: Room, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "broadsheet.cli", *arguments]
    env = os.environ | {"BROADSHEET_HOME": str(room.settings.home)}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=400, check=False)


def numbers(room: Room) -> set[int]:
    found = room.api.ask("GET", "/backfills", params={"dag_id": "ingest_issue"}).json()["backfills"]
    return {b["id"] for b in found}


def is_over(room: Room, number: int) -> bool:
    return room.api.ask("GET", f"/backfills/{number}").json()["completed_at"] is not None


def log_in(room: Room, browser, user: str) -> Page:
    page = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 860}).new_page()
    page.goto(f"{room.api.url}/desk/")
    assert "/auth/login" in page.url  # a stranger is sent to Airflow's log-in
    page.locator("input[name=username]").fill(user)
    page.locator("input[name=password]").fill(airflow.password(room.settings.home, user))
    page.locator("button[type=submit]").click()
    page.wait_for_url(lambda url: "/auth/login" not in url, timeout=60_000)
    return page


def limits(kind: str, threshold: float) -> str:
    """The thresholds of ``[review]`` as a newspaper's file has them: ``kind`` is asked about, the other is not."""
    other = "section" if kind == "order" else "order"
    return f"{kind} = {threshold}\n{other} = 0"
