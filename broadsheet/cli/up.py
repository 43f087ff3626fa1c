"""``broadsheet up``, ``down`` and ``status``."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

from rich.text import Text

from broadsheet.cli.newsroom import settings_of
from broadsheet.cli.pages import page_files
from broadsheet.cli.screen import called, complain, out, show, step, tell
from broadsheet.cli.speech import reason, tr
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
    """Start the newsroom, publish the sample issue and print addresses; False if the sample was not published."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # SIGTERM is treated like ^C: stop what was started
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
        complain(tr("The sample issue was not published. {}", fault))
    return not fault


def _running(folder: Path) -> tuple[Services, bool]:
    """The newsroom in ``folder``, running, and whether it was started here."""
    services = state.load(folder)
    current = services.code == version.digest()
    if current and newsroom.is_up(services):
        show("The newsroom is already running.")
        return services, False
    if services.alive:
        with step("Clearing up") as say:
            say("parts of an earlier newsroom were still running" if current else "another version was running")
            newsroom.stop(folder)
    seed_records()
    show("Starting the newsroom. This takes a minute or two.")
    out.print()
    return newsroom.start(folder, step), True


def seed_records() -> None:
    """Copy the sample's newspaper and partners to where an installed package keeps them, unless a folder is there."""
    settings = Settings.from_env()
    for name, folder in (("publications", settings.publications), ("partners", settings.partners)):
        if IS_WHEEL and not folder.exists():
            shutil.copytree(shipped(name), folder)


def _first_issue(folder: Path, services: Services) -> str:
    """Make the buckets and publish the sample issue, so that the whole pipeline was seen to work.

    Returns what went wrong with the sample, if anything; the newsroom runs all the same.
    """
    settings = settings_of(folder, services)
    installation = open_installation(settings)
    with step("Buckets") as say:
        _prepare(installation, settings)
        say("{}, {}", settings.bucket, settings.partner_bucket)
    files = page_files(SAMPLE)
    issue = issue_of(installation, SAMPLE, files, "", None, archive=True)
    there = ingest.progress(installation.store, issue.publication, issue.date)
    if there.ended or there.version > 1:  # it is published, or somebody uses this day for other pages: leave it alone
        return ""
    try:
        with AirflowApi(airflow.address(services.ports), airflow.USER, airflow.password(folder)) as api:
            bring_out(installation, api, issue, files)
    except BroadsheetError as error:
        return reason(str(error))
    return ""


def _prepare(installation: Installation, settings: Settings) -> None:
    prepare_buckets(installation.store, settings.partner_bucket, installation.partners.values())


def down() -> None:
    """Stop the newsroom."""
    folder = state.home()
    with state.locked(folder):
        if not state.load(folder).alive:
            show("The newsroom is not running.")
            return
        with step("Stopping") as say:
            stopped = newsroom.stop(folder)
            say("{} processes stopped", len(stopped))
        show("All data stays in {}; `{} up` starts the newsroom again.", folder, called())


def status() -> bool:
    """Print what is running; False if a part is not."""
    folder = state.home()
    services = state.load(folder)
    if not services.alive:
        show("The newsroom is not running. Start it with `{} up`.", called())
        return False
    for name in sorted(newsroom.EVERYTHING):
        running = services.alive.get(name)
        mark = Text("✓", "green") if running else Text("✗", "red")
        out.print(
            Text.assemble("  ", mark, f" {name:<22}", (f"pid {running.pid}" if running else tr("not running"), "dim"))
        )
    out.print()
    _show(folder, services)
    return newsroom.is_up(services)


def _show(folder: Path, services: Services) -> None:
    pair, command, store = s3.keys(folder), called(), s3.endpoint(services.ports)
    settings = settings_of(folder, services)
    rows = [
        ("Airflow", airflow.address(services.ports)),
        (tr("log-in"), f"{airflow.USER} / {airflow.password(folder)}"),
        *_addresses(open_installation(settings)),
        (tr("object store"), tr("{}   buckets {} and {}", store, settings.bucket, settings.partner_bucket)),
        ("", tr("key {}, secret in {}", pair.access, folder / "s3.keys.json")),
        (tr("logs"), str(folder / "logs")),
        (tr("your own page"), f"{command} submit PAGE.txt --date 2026-02-01"),
        (tr("stop"), f"{command} down"),
    ]
    tell(rows)


def _addresses(installation: Installation) -> Iterator[tuple[str, str]]:
    """For each public partner: its index page and its feed of all articles."""
    for partner in installation.partners.values():
        for publication in installation.publications.values():
            if partner.access != "public" or not takes(partner, publication):
                continue
            base = installation.base_url(partner, publication.id)
            if "html" in partner.formats:
                yield partner.name, f"{base}/{keys.INDEX}"
            if "rss" in partner.formats:
                yield tr("feed"), f"{base}/{keys.ALL}.rss"
