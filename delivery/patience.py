"""Repeats requests that a store did not answer, for as long as that is worthwhile.

Neither botocore nor obstore repeats any by itself here. Both would silently repeat a conditional write, and if the
answer is "exists already", nobody could tell whether it is the first attempt that exists.

How long an attempt waits depends on how long recent answers took, as in TCP (RFC 6298): a store that answers within
milliseconds and then hangs once is asked again after a sixteenth of a second, not after ten seconds. From the second
attempt that hung on, each lets the next one wait longer, and slow answers raise the wait of all later ones, so that a
store that is merely slow is not flooded.

After a broken connection the request is repeated at once: a proxy that restarts or a connection that was closed while
idle says nothing of load. A store that asks for fewer requests, or serves nothing at all, is left alone for longer each
time. While it serves other requests, one that fails is repeated soon.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from delivery.errors import Unanswered, Unavailable
from transforms.errors import StoreError

T = TypeVar("T")

# Seconds before the next attempt; the longest doubles with each of its kind, and a random part of it is waited.
BUSY_PAUSE, LONGEST_BUSY_PAUSE = 0.05, 2.0  # after the store asked for time, or took no connection
PAUSE, LONGEST_PAUSE = 0.01, 0.5  # after a line that broke for the second time
LATELY = 1.0  # seconds since a store served a request, within which it is taken to serve others too
LONGEST_LIVELY_PAUSE = 0.05  # after a fault of one request while the store serves others
STRANGERS = 5  # attempts at a host with which no connection comes about: its address may be wrong

RUNGS = (0.0625, 0.125, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds that an attempt at a small object may wait
# The first rung of a change without a condition. One that hangs and is carried out late may come after a later change
# of the same key, so it is not given up as soon as reads and conditional writes are.
UNCONDITIONAL = RUNGS.index(1.0)
FIRST = 0.25  # seconds that an answer is taken to take before there was one
# RFC 6298, 2: the smoothing of the mean and of the mean deviation, and how many deviations are waited beyond the mean
ALPHA, BETA, DEVIATIONS = 1 / 8, 1 / 4, 4


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for a request in all its attempts, for connecting, and until the next bytes of an answer."""

    total: float
    connect: float
    read: float


@dataclass(frozen=True, slots=True)
class Attempt:
    """Which attempt it is: whether an earlier one may have been carried out, and how many were not answered in time."""

    again: bool = False
    hung: int = 0


class Pace:
    """How long recent answers took. Threads share it; an update lost between two of them does no harm."""

    def __init__(self) -> None:
        self._mean, self._deviation, self._known = FIRST, FIRST / 2, False

    def note(self, seconds: float) -> None:
        """Record how long an answer took, in seconds. The first one counts whole: RFC 6298, 2.2."""
        if not self._known:
            self._mean, self._deviation, self._known = seconds, seconds / 2, True
            return
        self._deviation += BETA * (abs(seconds - self._mean) - self._deviation)
        self._mean += ALPHA * (seconds - self._mean)

    def rung(self, attempt: Attempt, least: int = 0) -> int:
        """Which of ``RUNGS`` an attempt waits for; ``least``: the lowest one for a first attempt."""
        wanted = self._mean + DEVIATIONS * self._deviation
        first = next((n for n, seconds in enumerate(RUNGS) if seconds >= wanted), len(RUNGS) - 1)
        return min(max(first, least) + max(0, attempt.hung - 1), len(RUNGS) - 1)

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Notes how long an answer took; what failed for want of one is none."""
        begun = time.monotonic()
        try:
            yield
        except Unanswered:
            raise
        except StoreError:
            self.note(time.monotonic() - begun)
            raise
        self.note(time.monotonic() - begun)


class Health:
    """When a store last served a request.

    Threads share it; an update lost between two of them does no harm.

    Without a limit on outages each pending request would be repeated for as long as one of them may take.
    """

    def __init__(self, most: float = math.inf) -> None:
        """``most``: seconds that an outage may last before requests are given up."""
        self.most = most
        self._since = self._last = self._served = -math.inf

    def is_out_too_long(self, now: float) -> bool:
        """Record that a request was refused or not answered; whether nothing else has happened for too long."""
        if now - self._last > self.most:
            self._since = now
        self._last = now
        return self.most < math.inf and now - self._since >= self.most

    def note_served(self, now: float) -> None:
        """Record that the store served a request."""
        self._last, self._served = -math.inf, now

    def is_lively(self, now: float) -> bool:
        """Whether the store served a request a moment ago."""
        return now - self._served < LATELY


class Pauses:
    """How long one request waits before its next attempt."""

    def __init__(self) -> None:
        self._busy, self._broken = BUSY_PAUSE, 0.0

    def after(self, error: Unanswered, lively: bool) -> float:
        """The longest pause after a failed attempt, in seconds. ``lively``: whether the store serves other requests."""
        if error.hung:
            return 0.0  # it has waited
        if error.throttled or not error.connected or (error.busy and not lively):
            wait, self._busy = self._busy, min(2 * self._busy, LONGEST_BUSY_PAUSE)
            return wait
        wait = self._broken
        self._broken = min(max(2 * wait, PAUSE), LONGEST_LIVELY_PAUSE if lively else LONGEST_PAUSE)
        return wait


def patiently(ask: Callable[[Attempt], T], seconds: float, health: Health | None = None) -> T:
    """What ``ask`` returns. ``seconds``: for all attempts together.

    Raises Unanswered if there was no answer by then, Unavailable if the store has served nothing for too long before
    that, and any other error at once.
    """
    health = health or Health()
    deadline, attempt, strangers, pauses = time.monotonic() + seconds, Attempt(), 0, Pauses()
    while True:
        try:
            answer = ask(attempt)
        except Unanswered as error:
            now = time.monotonic()
            if (error.busy or error.hung) and health.is_out_too_long(now):
                raise Unavailable(f"{error}; the store has been unavailable for {health.most:.0f} s") from error
            strangers += not error.connected
            wait = pauses.after(error, health.is_lively(now))
            if now + wait > deadline or strangers >= STRANGERS:
                raise
            attempt = Attempt(True, attempt.hung + error.hung)
        except StoreError:
            health.note_served(time.monotonic())
            raise
        else:
            health.note_served(time.monotonic())
            return answer
        time.sleep(random.uniform(0, wait))  # noqa: S311 - spreads requests, no secrets
