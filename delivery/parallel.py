"""Doing independent things to a store at once, so that its round trips are waited for together."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE = 8


def at_once(do: Callable[[T], R], things: Iterable[T], threads: int = AT_ONCE) -> list[R]:
    """The results for independent things, in order. Raises the first error once all have ended."""
    every = list(things)
    if len(every) < 2:
        return [do(thing) for thing in every]
    with ThreadPoolExecutor(min(threads, len(every))) as pool:
        runs = [pool.submit(contextvars.copy_context().run, do, thing) for thing in every]
    return [run.result() for run in runs]
