"""What is remembered of the running newsroom between two commands: processes, ports, keys. All in one folder."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from broadsheet.errors import BusyError
from broadsheet.local.process import Running, is_alive
from broadsheet.settings import Settings


def home() -> Path:
    """The state folder, in which all is kept."""
    return Settings.from_env().home.resolve()


@dataclass(frozen=True, slots=True)
class Services:
    """What runs (by name), on which ports. Ports are kept when it stops, so that addresses stay the same.

    ``code`` is the digest of the code that was started.
    """

    processes: dict[str, Running] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    code: str = ""

    @property
    def alive(self) -> dict[str, Running]:
        """Those that are running, by name."""
        return {name: running for name, running in self.processes.items() if is_alive(running)}


def load(folder: Path) -> Services:
    """What the folder remembers; nothing if it was never used or its record is damaged."""
    try:
        record = json.loads((folder / "services.json").read_text("utf-8"))
        processes = {name: Running(**r) for name, r in record["processes"].items()}
        return Services(processes, record["ports"], record.get("code", ""))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return Services()


def save(folder: Path, services: Services) -> None:
    """Record which services run, readable by this user only."""
    write_private(folder / "services.json", asdict(services))


def write_private(path: Path, record: dict[str, Any]) -> None:
    """Write JSON that only this user may read, in one step: a reader sees the old record or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(record, indent=1), "utf-8")
    draft.replace(path)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Only one command at a time may start or stop services. Raises BusyError at once if another one does."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BusyError("Another `broadsheet up` or `down` is at work here. Let it finish and try again.") from None
        yield
