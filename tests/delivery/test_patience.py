"""How long an attempt waits for an answer, and how long it is before the next."""

import random

import pytest

from delivery import patience
from delivery.errors import Unanswered
from delivery.patience import RUNGS, Attempt, Pace, patiently
from transforms.errors import StoreError


def waited(pace: Pace, hung: int = 0) -> float:
    return RUNGS[pace.rung(Attempt(hung > 0, hung))]


def test_a_fast_store_that_hangs_is_asked_again_soon_and_waited_for_longer_each_time():
    pace = Pace()
    for _ in range(100):
        pace.note(0.01)
    assert [waited(pace, hung) for hung in range(7)] == [*RUNGS, RUNGS[-1]]


def test_a_slow_store_is_waited_for_from_the_first_attempt_on_until_it_is_fast_again():
    pace = Pace()
    pace.note(0.4)
    assert waited(pace) == 2.0
    pace.note(9.0)
    assert waited(pace) == RUNGS[-1]
    for _ in range(300):
        pace.note(0.01)
    assert waited(pace) == RUNGS[0]


def pauses(monkeypatch, *errors: Unanswered) -> list[float]:
    """The longest that each pause may be, when the attempts fail in this way one after the other."""
    slept: list[float] = []
    monkeypatch.setattr(patience.time, "sleep", slept.append)
    monkeypatch.setattr(patience.random, "uniform", lambda _, most: most)
    left, seen = iter(errors), []

    def ask(attempt: Attempt) -> str:
        seen.append(attempt)
        for error in left:
            raise error
        return "answered"

    assert patiently(ask, 60.0) == "answered"
    assert seen[0] == Attempt()
    assert all(attempt.again for attempt in seen[1:])
    assert seen[-1].hung == sum(error.hung for error in errors)
    return slept


def test_pauses_grow_for_a_busy_store_and_little_for_a_broken_line(monkeypatch):
    busy, broken, hung = Unanswered("", busy=True), Unanswered(""), Unanswered("", hung=True)
    assert pauses(monkeypatch, *[busy] * 7) == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]
    assert pauses(monkeypatch, *[broken] * 7) == [0.02, 0.04, 0.08, 0.16, 0.32, 0.5, 0.5]
    assert pauses(monkeypatch, hung, broken, busy, broken, hung) == [0.0, 0.02, 0.1, 0.04, 0.0]


def test_pauses_follow_a_seed(monkeypatch):
    slept: list[list[float]] = []
    for _ in range(2):
        random.seed(18)
        slept.append([])
        monkeypatch.setattr(patience.time, "sleep", slept[-1].append)
        errors = iter([Unanswered("", busy=True)] * 3)

        def ask(_: Attempt, errors=errors) -> None:
            for error in errors:
                raise error

        patiently(ask, 60.0)
    assert slept[0] == slept[1]
    assert len(set(slept[0])) == 3


def test_a_host_that_takes_no_connection_is_given_up_after_a_few_attempts(monkeypatch):
    monkeypatch.setattr(patience.time, "sleep", lambda _: None)
    asked = []

    def ask(attempt: Attempt) -> None:
        asked.append(attempt)
        raise Unanswered("no connection", connected=False)

    with pytest.raises(StoreError, match="no connection"):
        patiently(ask, 60.0)
    assert len(asked) == patience.STRANGERS
