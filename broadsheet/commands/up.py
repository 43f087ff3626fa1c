"""``broadsheet up``, ``down`` and ``status``."""

from __future__ import annotations

import signal
from pathlib import Path

from rich.text import Text

from broadsheet.commands.newsroom import settings_of
from broadsheet.commands.pages import page_files
from broadsheet.commands.screen import out, step, tell
from broadsheet.commands.submit import bring_out, issue_of
from broadsheet.desk import Desk, open_desk
from broadsheet.services import airflow, newsroom, s3, state
from broadsheet.services.airflow_api import AirflowApi
from broadsheet.services.state import PROJECT, Services
from broadsheet.settings import Settings
from delivery.setup import prepare_buckets
from delivery.store import S3Store

SAMPLE = PROJECT / "samples" / "yunzhou-daily" / "2026-01-15"


def up() -> None:
    """Start the newsroom, bring out the sample issue and say where to look."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # being ended is like ^C: stop what was started
    folder = state.home()
    with state.locked(folder):
        services = state.load(folder)
        if newsroom.is_up(services):
            out.print("The newsroom is running already.\n")
            _show(folder, services)
            return
        if services.alive:
            with step("Clearing up") as say:
                say("parts of an earlier newsroom were still running")
                newsroom.stop(folder)
        out.print(Text.assemble(("broadsheet", "bold"), " is opening the newsroom. This takes a minute or two.\n"))
        services = newsroom.start(folder, step)
        try:
            _first_issue(folder, services)
        except KeyboardInterrupt:
            with step("Stopping"):
                newsroom.stop(folder)
            raise
        out.print()
        _show(folder, services)


def _first_issue(folder: Path, services: Services) -> None:
    """Make what the store needs and send the sample through the whole road: what is seen to work, works."""
    settings = settings_of(folder, services)
    desk = open_desk(settings)
    with step("Buckets") as say:
        _prepare(desk, settings)
        say(f"{settings.bucket}, {settings.partner_bucket}")
    if not SAMPLE.exists():
        return
    files = page_files(SAMPLE)
    with AirflowApi(airflow.address(services.ports), airflow.USER, airflow.password(folder)) as api:
        bring_out(desk, api, issue_of(desk, SAMPLE, files, "", None), files)


def _prepare(desk: Desk, settings: Settings) -> None:
    if isinstance(desk.store, S3Store):
        prepare_buckets(desk.store, settings.partner_bucket, desk.partners.values())


def down() -> None:
    """Stop the newsroom."""
    folder = state.home()
    with state.locked(folder):
        if not state.load(folder).alive:
            out.print("The newsroom is not running.")
            return
        with step("Closing") as say:
            stopped = newsroom.stop(folder)
            say(f"{len(stopped)} processes stopped")
        out.print(f"All is kept in {folder}; `broadsheet up` opens again where you left.")


def status() -> bool:
    """Tell what runs; False where not all does."""
    folder = state.home()
    services = state.load(folder)
    if not services.alive:
        out.print("The newsroom is not running. `broadsheet up` opens it.")
        return False
    for name in sorted(newsroom.EVERYTHING):
        running = services.alive.get(name)
        mark = Text("✓", "green") if running else Text("✗", "red")
        out.print(Text.assemble("  ", mark, f" {name:<22}", (f"pid {running.pid}" if running else "ended", "dim")))
    out.print()
    _show(folder, services)
    return newsroom.is_up(services)


def _show(folder: Path, services: Services) -> None:
    pair = s3.keys(folder)
    settings = settings_of(folder, services)
    desk = open_desk(settings)
    pages = [
        (p.name, f"{desk.base_url(p, publication)}/index.html")
        for p in desk.partners.values()
        for publication in desk.publications
        if p.access == "public"
    ]
    rows = [
        ("Airflow", airflow.address(services.ports)),
        ("log-in", f"{airflow.USER} / {airflow.password(folder)}"),
        *pages,
        ("object store", f"{s3.endpoint(services.ports)}   buckets {settings.bucket} and {settings.partner_bucket}"),
        ("", f"key {pair.access}, secret in {folder / 's3.keys.json'}"),
        ("logs", str(folder / "logs")),
        ("your own page", "broadsheet submit PAGE.txt --date 2026-02-01"),
        ("stop", "broadsheet down   (or: make down)"),
    ]
    tell(rows)
