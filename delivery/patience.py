"""Repeats requests that a store did not answer, for as long as that is worthwhile.

Neither botocore nor obstore repeats any by itself here. Both would silently repeat a conditional write, and if the
answer is "exists already", nobody could tell whether it is the first attempt that exists.

How long an attempt waits depends on how long recent answers took, as in TCP (RFC 6298): a store that answers within
milliseconds and then hangs once is asked again after a sixteenth of a second, not after ten seconds. Each attempt
that hung lets the next one wait longer, and slow answers raise the wait of all later ones, so that a store that is
merely slow is not flooded.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from delivery.errors import Unanswered, Unavailable
from transforms.errors import StoreError

T = TypeVar("T")

# Seconds before the next attempt; the longest doubles with each of its kind, and a random part of it is waited.
BUSY_PAUSE, LONGEST_BUSY_PAUSE = 0.05, 2.0  # after the store asked for time, or took no connection
PAUSE, LONGEST_PAUSE = 0.01, 0.5  # after a line that broke
STRANGERS = 5  # attempts at a host with which no connection comes about: its address may be wrong

RUNGS = (0.0625, 0.125, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds that an attempt at a small object may wait
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
        self._mean, self._deviation = FIRST, FIRST / 2

    def note(self, seconds: float) -> None:
        """Record how long an answer took, in seconds."""
        self._deviation += BETA * (abs(seconds - self._mean) - self._deviation)
        self._mean += ALPHA * (seconds - self._mean)

    def rung(self, attempt: Attempt) -> int:
        """Which of ``RUNGS`` an attempt waits for."""
        wanted = self._mean + DEVIATIONS * self._deviation
        first = next((n for n, seconds in enumerate(RUNGS) if seconds >= wanted), len(RUNGS) - 1)
        return min(first + attempt.hung, len(RUNGS) - 1)


class Outage:
    """How long a store has not served any request.

    Threads share it; an update lost between two of them does no harm.

    Without it each pending request would be repeated for as long as one of them may take.
    """

    def __init__(self, most: float) -> None:
        """``most``: seconds that an outage may last before requests are given up."""
        self.most = most
        self._since = self._last = -math.inf

    def is_too_long(self, now: float) -> bool:
        """Record that a request was refused or not answered; whether nothing else has happened for too long."""
        if now - self._last > self.most:
            self._since = now
        self._last = now
        return now - self._since >= self.most

    def end(self) -> None:
        """Record that the store served a request."""
        self._last = -math.inf


def patiently(ask: Callable[[Attempt], T], seconds: float, outage: Outage | None = None) -> T:
    """What ``ask`` returns. ``seconds``: for all attempts together.

    Raises Unanswered if there was no answer by then, Unavailable if the store's ``outage`` gets too long before
    that, and any other error at once.
    """
    deadline, attempt, strangers = time.monotonic() + seconds, Attempt(), 0
    busy_pause, pause = BUSY_PAUSE, PAUSE
    while True:
        try:
            answer = ask(attempt)
        except Unanswered as error:
            if outage and (error.busy or error.hung) and outage.is_too_long(time.monotonic()):
                raise Unavailable(f"{error}; the store has been unavailable for {outage.most:.0f} s") from error
            strangers += not error.connected
            if error.hung:
                wait = 0.0  # it has waited
            elif error.busy or not error.connected:
                wait, busy_pause = busy_pause, min(2 * busy_pause, LONGEST_BUSY_PAUSE)
            else:
                wait, pause = pause, min(2 * pause, LONGEST_PAUSE)
            if time.monotonic() + wait > deadline or strangers >= STRANGERS:
                raise
            attempt = Attempt(True, attempt.hung + error.hung)
        except StoreError:
            if outage:
                outage.end()
            raise
        else:
            if outage:
                outage.end()
            return answer
        time.sleep(random.uniform(0, wait))  # noqa: S311 - spreads requests, no secrets
