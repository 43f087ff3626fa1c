"""``broadsheet up``, ``down`` and ``status``."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

from rich.text import Text

from broadsheet.cli.newsroom import settings_of
from broadsheet.cli.pages import page_files
from broadsheet.cli.screen import called, complain, out, step, tell
from broadsheet.cli.submit import bring_out, issue_of
from broadsheet.installation import Installation, open_installation
from broadsheet.local import airflow, newsroom, s3, state, version
from broadsheet.local.airflow_api import AirflowApi
from broadsheet.local.state import Services
from broadsheet.settings import Settings
from broadsheet.steps import ingest
from delivery.setup import prepare_buckets
from transforms.audience.selection import takes
from transforms.errors import BroadsheetError
from transforms.render import keys
from transforms.shipped import IS_WHEEL, shipped

SAMPLE = shipped("samples") / "yunzhou-daily" / "2026-01-15"


def up() -> bool:
    """Start the newsroom, bring out the sample issue and say where to look; False if the sample did not come out."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # being ended is like ^C: stop what was started
    folder = state.home()
    with state.locked(folder):
        services, started = _running(folder)
        try:
            fault = _first_issue(folder, services)
        except KeyboardInterrupt:
            if started:
                with step("Stopping"):
                    newsroom.stop(folder)
            raise
        out.print()
        _show(folder, services)
    if fault:
        complain(f"The sample issue did not come out. {fault}")
    return not fault


def _running(folder: Path) -> tuple[Services, bool]:
    """The newsroom in ``folder``, running, and whether it was started here."""
    services = state.load(folder)
    current = services.code == version.digest()
    if current and newsroom.is_up(services):
        out.print("The newsroom is running already.")
        return services, False
    if services.alive:
        with step("Clearing up") as say:
            say("parts of an earlier newsroom were still running" if current else "an older version was running")
            newsroom.stop(folder)
    _seed_records()
    out.print(Text.assemble(("broadsheet", "bold"), " is opening the newsroom. This takes a minute or two.\n"))
    return newsroom.start(folder, step), True


def _seed_records() -> None:
    """Copy the sample's newspaper and partners to where an installed package keeps them, unless a folder is there."""
    settings = Settings.from_env()
    for name, folder in (("publications", settings.publications), ("partners", settings.partners)):
        if IS_WHEEL and not folder.exists():
            shutil.copytree(shipped(name), folder)


def _first_issue(folder: Path, services: Services) -> str:
    """Make the buckets and send the sample through the whole road, so that what is said to work was seen to work.

    Returns what went wrong with the sample, or nothing: the newsroom runs all the same.
    """
    settings = settings_of(folder, services)
    installation = open_installation(settings)
    with step("Buckets") as say:
        _prepare(installation, settings)
        say(f"{settings.bucket}, {settings.partner_bucket}")
    files = page_files(SAMPLE)
    issue = issue_of(installation, SAMPLE, files, "", None, archive=True)
    there = ingest.progress(installation.store, issue.publication, issue.date)
    if there.ended or there.version > 1:  # it is out, or somebody works with this day's issue: leave it alone
        return ""
    try:
        with AirflowApi(airflow.address(services.ports), airflow.USER, airflow.password(folder)) as api:
            bring_out(installation, api, issue, files)
    except BroadsheetError as error:
        return str(error)
    return ""


def _prepare(installation: Installation, settings: Settings) -> None:
    prepare_buckets(installation.store, settings.partner_bucket, installation.partners.values())


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
        out.print(f"All is kept in {folder}; `{called()} up` opens again where you left.", soft_wrap=True)


def status() -> bool:
    """Tell what runs; False if not all does."""
    folder = state.home()
    services = state.load(folder)
    if not services.alive:
        out.print(f"The newsroom is not running. `{called()} up` opens it.")
        return False
    for name in sorted(newsroom.EVERYTHING):
        running = services.alive.get(name)
        mark = Text("✓", "green") if running else Text("✗", "red")
        out.print(Text.assemble("  ", mark, f" {name:<22}", (f"pid {running.pid}" if running else "ended", "dim")))
    out.print()
    _show(folder, services)
    return newsroom.is_up(services)


def _show(folder: Path, services: Services) -> None:
    pair, command = s3.keys(folder), called()
    settings = settings_of(folder, services)
    rows = [
        ("Airflow", airflow.address(services.ports)),
        ("log-in", f"{airflow.USER} / {airflow.password(folder)}"),
        *_addresses(open_installation(settings)),
        ("object store", f"{s3.endpoint(services.ports)}   buckets {settings.bucket} and {settings.partner_bucket}"),
        ("", f"key {pair.access}, secret in {folder / 's3.keys.json'}"),
        ("logs", str(folder / "logs")),
        ("your own page", f"{command} submit PAGE.txt --date 2026-02-01"),
        ("stop", f"{command} down"),
    ]
    tell(rows)


def _addresses(installation: Installation) -> Iterator[tuple[str, str]]:
    """Of each partner that anybody may read: the page for people, and the feed of everything."""
    for partner in installation.partners.values():
        for publication in installation.publications.values():
            if partner.access != "public" or not takes(partner, publication):
                continue
            base = installation.base_url(partner, publication.id)
            if "html" in partner.formats:
                yield partner.name, f"{base}/{keys.INDEX}"
            if "rss" in partner.formats:
                yield "feed", f"{base}/{keys.ALL}.rss"
