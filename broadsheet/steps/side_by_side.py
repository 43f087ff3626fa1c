"""Runs many jobs at once, a bounded number of them: none waits for one that hangs, and none fails because of
another.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from broadsheet.errors import OutOfTime
from delivery.errors import Unavailable
from transforms.errors import StoreError

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE = 8
SLOW = 5.0  # seconds, after which a job no longer counts among those at once: what hangs holds nobody up
PAUSES = (2.0, 10.0)  # seconds before a job that failed is tried again, behind all others


@dataclass(frozen=True, slots=True)
class Limits:
    """How many jobs run at once, those slower than ``slow`` (seconds) not counted, and the ``seconds`` for all of
    them.
    """

    at_once: int = AT_ONCE
    slow: float = SLOW
    seconds: float = 1200.0
    pauses: Sequence[float] = PAUSES


@dataclass
class _Running(Generic[T]):
    job: T
    tries: int
    since: float


@dataclass
class _Round(Generic[T, R]):
    jobs: deque[tuple[T, int]]
    do: Callable[[T], R]
    limits: Limits
    clock: Callable[[], float]
    begun: float
    running: dict[int, _Running[T]] = field(default_factory=dict)
    later: list[tuple[float, T, int]] = field(default_factory=list)
    ended: SimpleQueue[tuple[int, R | Exception]] = field(default_factory=SimpleQueue)
    number: int = 0

    def start_those_that_may(self) -> None:
        now = self.clock()
        due = [entry for entry in self.later if entry[0] <= now]
        self.later = [entry for entry in self.later if entry[0] > now]
        self.jobs.extend((job, tries) for _, job, tries in due)
        while self.jobs and self._counted(now) < self.limits.at_once:
            self._start(*self.jobs.popleft())

    def _counted(self, now: float) -> int:
        return sum(1 for r in self.running.values() if now - r.since < self.limits.slow)

    def _start(self, job: T, tries: int) -> None:
        self.number += 1
        self.running[self.number] = _Running(job, tries + 1, self.clock())
        # A daemon: a job that hangs for ever must not keep the process from ending.
        run = contextvars.copy_context().run
        threading.Thread(target=run, args=(self._run, self.number, job), daemon=True).start()

    def _run(self, number: int, job: T) -> None:
        try:
            self.ended.put((number, self.do(job)))
        except Exception as error:
            self.ended.put((number, error))

    def next_end(self) -> tuple[T, R | Exception] | None:
        """The next job that is done with and what came of it; None if there was none within a moment."""
        try:
            number, result = self.ended.get(timeout=self._patience())
        except Empty:
            return None
        running = self.running.pop(number)
        if is_passing(result) and running.tries <= len(self.limits.pauses):
            self.later.append((self.clock() + self.limits.pauses[running.tries - 1], running.job, running.tries))
            return None
        return running.job, result

    def _patience(self) -> float:
        """Seconds until the next moment at which something changes by itself."""
        now = self.clock()
        moments = [r.since + self.limits.slow for r in self.running.values()] + [when for when, _, _ in self.later]
        return max(0.01, min([m - now for m in moments if m > now] + [self.left(), 1.0]))

    def left(self) -> float:
        return self.begun + self.limits.seconds - self.clock()

    def unfinished(self) -> list[T]:
        return [*(r.job for r in self.running.values()), *(job for _, job, _ in self.later), *(j for j, _ in self.jobs)]


def is_passing(result: object) -> bool:
    """Whether a job failed for a reason that may be gone in a moment."""
    return isinstance(result, StoreError) and not isinstance(result, Unavailable)


def side_by_side(
    jobs: Iterable[T], do: Callable[[T], R], limits: Limits | None = None, clock: Callable[[], float] = time.monotonic
) -> Iterator[tuple[T, R | Exception]]:
    """Each job with the result of ``do``, or with the exception that ended it, as they end.

    What failed for a passing reason is tried again, after a pause and after the others. ``do`` is called in
    threads.
    """
    limits = limits or Limits()
    round_ = _Round(deque((job, 0) for job in jobs), do, limits, clock, clock())
    while round_.jobs or round_.running or round_.later:
        round_.start_those_that_may()
        if end := round_.next_end():
            yield end
        if round_.left() <= 0:
            yield from ((job, OutOfTime(f"not done after {limits.seconds:.0f} s")) for job in round_.unfinished())
            return
