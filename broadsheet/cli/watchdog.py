"""``broadsheet watchdog``: an eye on Airflow from outside, since a scheduler that is dead cannot report itself."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from broadsheet.cli.screen import show
from broadsheet.cli.speech import reason, tr
from broadsheet.errors import Untold
from broadsheet.local import airflow, state
from broadsheet.steps.incidents import words
from broadsheet.steps.services import services_at
from transforms.errors import BadInput

ALERTS, URL = "BROADSHEET_ALERTS", "BROADSHEET_AIRFLOW_URL"
PATIENCE = timedelta(minutes=2)  # a restart or an upgrade takes less
AGAIN = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Outage:
    """Which ``parts`` of Airflow are unhealthy, since when, and when the last alert was sent."""

    parts: str
    since: datetime
    alerted: datetime | None = None


def decide(known: Outage | None, parts: str, now: datetime) -> tuple[Outage | None, str]:
    """The outage after a look, and the code of the message to send: ``airflow_down``, ``airflow_up`` or none."""
    if not parts:
        return None, "airflow_up" if known and known.alerted else ""
    outage = replace(known, parts=parts) if known else Outage(parts, now)
    due = outage.since + PATIENCE if outage.alerted is None else outage.alerted + AGAIN
    return (replace(outage, alerted=now), "airflow_down") if now >= due else (outage, "")


def watchdog(every: float) -> bool:
    """Look at Airflow, every so many seconds or once (0), and alert people; False if it is not healthy."""
    if not os.environ.get(ALERTS):
        raise BadInput(f"There is nobody to alert: set {ALERTS} to Apprise addresses, separated by spaces.")
    while True:
        healthy = look(state.home() / "watchdog.json", address(), datetime.now(UTC))
        if not every:
            return healthy
        time.sleep(every)


def address() -> str:
    """Where Airflow answers: the address in the environment, or that of the newsroom on this machine."""
    return os.environ.get(URL, "").rstrip("/") or airflow.address({"airflow": 8080} | state.load(state.home()).ports)


def look(memory: Path, url: str, now: datetime) -> bool:
    """One look, remembered in a file, since each may be made by a process of its own."""
    parts = airflow.unhealthy(url)
    known = _remembered(memory)
    outage, code = decide(known, parts, now)
    health = tr("not healthy: {}", reason(parts)) if parts else tr("healthy")
    show("{} Airflow at {}: {}", f"{now:%H:%M:%S}", url, health)
    if code:
        since = outage or known
        try:
            _alert(code, (parts, url, f"{since.since:%Y-%m-%d %H:%M} UTC" if since else ""))
        except Untold as error:
            show("{}", error)
            return not parts  # not remembered, so that the next look sends it
    state.write_private(memory, {"outage": _record(outage) if outage else None})
    return not parts


def _record(outage: Outage) -> dict[str, str]:
    return {name: str(value or "") for name, value in asdict(outage).items()}


def _remembered(memory: Path) -> Outage | None:
    try:
        record = json.loads(memory.read_text("utf-8"))["outage"]
        moments = {name: datetime.fromisoformat(record[name]) for name in ("since", "alerted") if record[name]}
        return Outage(record["parts"], **moments)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _alert(code: str, values: tuple[str, ...]) -> None:
    services = services_at(os.environ[ALERTS].split(), ALERTS)
    said = [words(code, language, values) for language in ("en", "zh")]
    title, body = said[0][0], "\n\n".join((said[0][1], *said[1]))
    if not services.notify(title=title, body=body):
        raise Untold(f"Some services in {ALERTS} did not accept the alert; the next check sends it again.")
