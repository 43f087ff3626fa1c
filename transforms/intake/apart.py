"""Runs a parser of untrusted files in a child process, so that crashes and decompression bombs do not reach the
caller.

The child reads the file from standard input and writes JSON. Its memory and processor time are limited.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from transforms.errors import BadInput

BUSY = 10  # a busy machine may take this many times the processor time


def read_apart(module: str, data: bytes, seconds: int, memory: int, what: str, arguments: Sequence[str] = ()) -> Any:
    """The JSON that ``python -m module`` writes for ``data``.

    ``seconds``: of processor time. ``memory``: bytes of address space. ``what``: the name of the file in messages.
    Raises BadInput if the child reports an error (``{"error": reason}``), crashes or exceeds its limits.
    """
    command = [sys.executable, "-m", module, str(seconds), str(memory), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, with numbers
            command, input=data, capture_output=True, timeout=seconds * BUSY, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise BadInput(_too_much(what, seconds, memory)) from error
    if done.returncode:
        raise BadInput(_too_much(what, seconds, memory))
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise BadInput(answer["error"])
    return answer


def limit_this_process(seconds: int, memory: int) -> None:
    """Called by the child before it reads its input: limits its processor time (seconds) and memory (bytes)."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # macOS refuses limits of address space
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _too_much(what: str, seconds: int, memory: int) -> str:
    return (
        f"{what} could not be read within {seconds} s and {memory >> 20} MB; it is damaged, or made to do harm:"
        " export the page again from the layout system"
    )
