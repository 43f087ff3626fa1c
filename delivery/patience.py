"""Asking a store again when it has not answered, for as long as it is worth while.

Neither botocore nor obstore asks again by itself here. Both would repeat a conditional write without saying so, and
whoever gets "exists already" for an answer could not know whether it was his own first attempt that exists.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from delivery.errors import Unanswered

T = TypeVar("T")

FIRST_PAUSE = 0.1  # seconds; the pause doubles with each attempt, and a random part of it is waited
LONGEST_PAUSE = 2.0
STRANGERS = 5  # attempts at a host with which no connection comes about: its address may be wrong


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that a request may take in all attempts, to connect, and until the next bytes of an answer."""

    total: float
    connect: float
    read: float


def patiently(ask: Callable[[bool], T], seconds: float) -> T:
    """What ``ask`` answers. It is told whether an earlier attempt may have been carried out without an answer.

    Raises Unanswered if there was no answer in ``seconds``; all other errors at once.
    """
    deadline, pause, again, strangers = time.monotonic() + seconds, FIRST_PAUSE, False, 0
    while True:
        try:
            return ask(again)
        except Unanswered as error:
            strangers += not error.connected
            if time.monotonic() + pause > deadline or strangers >= STRANGERS:
                raise
            again = True
        time.sleep(random.uniform(0, pause))  # noqa: S311 - spreads requests, no secrets
        pause = min(2 * pause, LONGEST_PAUSE)
