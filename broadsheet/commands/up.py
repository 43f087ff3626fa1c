"""``broadsheet up``, ``down`` and ``status``."""

from __future__ import annotations

import signal
from pathlib import Path

from rich.text import Text

from broadsheet.commands.screen import facts, out, step
from broadsheet.services import airflow, newsroom, s3, state
from broadsheet.services.state import Services


def up() -> None:
    """Start the newsroom and say where to look."""
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
        out.print()
        _show(folder, services)


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
    rows = [
        ("Airflow", airflow.address(services.ports)),
        ("log-in", f"{airflow.USER} / {airflow.password(folder)}"),
        ("object store", f"{s3.endpoint(services.ports)}   key {pair.access}, secret in {folder / 's3.keys.json'}"),
        ("logs", str(folder / "logs")),
        ("stop", "broadsheet down   (or: make down)"),
    ]
    out.print(facts(rows))
