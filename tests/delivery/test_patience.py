"""How long an attempt waits for an answer, and how long it is before the next."""

import random

import pytest

from delivery import patience
from delivery.errors import Unanswered, Unavailable
from delivery.patience import RUNGS, UNCONDITIONAL, Attempt, Health, Pace, patiently
from transforms.errors import NotFound, StoreError


def waited(pace: Pace, hung: int = 0) -> float:
    return RUNGS[pace.rung(Attempt(hung > 0, hung))]


def test_a_fast_store_that_hangs_is_asked_again_soon_and_waited_for_longer_each_time():
    pace = Pace()
    for _ in range(100):
        pace.note(0.01)
    assert [waited(pace, hung) for hung in range(len(RUNGS) + 2)] == [RUNGS[0], *RUNGS, RUNGS[-1]]


def test_a_slow_store_is_waited_for_from_the_first_attempt_on_until_it_is_fast_again():
    pace = Pace()
    for _ in range(20):
        pace.note(0.4)
    assert waited(pace) == 0.5
    pace.note(3.0)
    assert waited(pace) == 5.0
    for _ in range(100):
        pace.note(0.01)
    assert waited(pace) == RUNGS[0]


def test_an_answer_is_waited_for_long_at_first_and_while_answers_take_now_short_now_long():
    pace = Pace()
    assert waited(pace) == 1.0
    for _ in range(50):
        pace.note(0.01)
        pace.note(0.2)
    assert waited(pace) in (0.5, 1.0)


def test_the_first_answer_tells_at_once_how_fast_a_store_is():
    pace = Pace()
    pace.note(0.005)
    assert waited(pace) == RUNGS[0]


def test_a_change_without_a_condition_is_waited_for_long_at_first_and_longer_when_it_hangs_again():
    pace = Pace()
    for _ in range(100):
        pace.note(0.01)
    hung = [RUNGS[pace.rung(Attempt(True, hung), UNCONDITIONAL)] for hung in range(4)]
    assert hung == [1.0, 1.0, 2.0, 5.0]


def pauses(monkeypatch, *errors: Unanswered, lively: bool = False) -> list[float]:
    """The longest that each pause may be, when the attempts fail in this way one after the other.

    A ``lively`` store serves another request during each pause.
    """
    slept: list[float] = []
    health = Health()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if lively:
            health.note_served(patience.time.monotonic())

    monkeypatch.setattr(patience.time, "monotonic", lambda: 1000.0)
    monkeypatch.setattr(patience.time, "sleep", sleep)
    monkeypatch.setattr(patience.random, "uniform", lambda _, most: most)
    left, seen = iter(errors), []

    def ask(attempt: Attempt) -> str:
        seen.append(attempt)
        for error in left:
            raise error
        return "answered"

    if lively:
        health.note_served(patience.time.monotonic())
    assert patiently(ask, 60.0, health) == "answered"
    assert seen[0] == Attempt()
    assert all(attempt.again for attempt in seen[1:])
    assert seen[-1].hung == sum(error.hung for error in errors)
    return slept


def test_pauses_grow_for_a_busy_store_and_little_for_a_broken_line(monkeypatch):
    busy, broken, hung = Unanswered("", busy=True), Unanswered(""), Unanswered("", hung=True)
    assert pauses(monkeypatch, *[busy] * 7) == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0]
    assert pauses(monkeypatch, *[broken] * 8) == [0.0, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.5]
    assert pauses(monkeypatch, hung, broken, busy, broken, hung) == [0.0, 0.0, 0.05, 0.01, 0.0]


def test_while_a_store_serves_other_requests_only_one_that_asks_for_time_is_left_alone_for_long(monkeypatch):
    busy, broken, throttled = Unanswered("", busy=True), Unanswered(""), Unanswered("", throttled=True)
    assert pauses(monkeypatch, *[throttled] * 7, lively=True) == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0]
    for fault in (busy, broken):
        assert pauses(monkeypatch, *[fault] * 7, lively=True) == [0.0, 0.01, 0.02, 0.04, 0.05, 0.05, 0.05]


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


class Clock:
    """Time that passes only while somebody waits."""

    def __init__(self, monkeypatch):
        self.now = 1000.0
        monkeypatch.setattr(patience.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(patience.time, "sleep", self.wait)
        monkeypatch.setattr(patience.random, "uniform", lambda _, most: most)

    def wait(self, seconds: float) -> None:
        self.now += seconds


def down(clock: Clock, seconds: float = 0.0, **kind: bool):
    """A store that serves no request."""

    def ask(_: Attempt) -> None:
        clock.wait(seconds)
        raise Unanswered("503", **kind)

    return ask


@pytest.mark.parametrize(("kind", "seconds"), [("busy", 0.01), ("hung", 10.0)])
def test_a_store_that_serves_nothing_is_given_up_for_all_requests_once_it_was_for_one(monkeypatch, kind, seconds):
    clock, health = Clock(monkeypatch), Health(30.0)
    with pytest.raises(Unavailable, match="503; the store has been unavailable for 30 s"):
        patiently(down(clock, seconds, **{kind: True}), 60.0, health)
    assert 1030.0 <= clock.now <= 1045.0
    before = clock.now
    with pytest.raises(Unavailable):
        patiently(down(clock, 0.01, busy=True), 60.0, health)
    assert clock.now - before <= 0.01


@pytest.mark.parametrize("answer", ["served", NotFound("nothing is there")])
def test_any_answer_ends_an_outage(monkeypatch, answer):
    clock, health = Clock(monkeypatch), Health(30.0)
    with pytest.raises(Unavailable):
        patiently(down(clock, busy=True), 60.0, health)
    before = clock.now

    def once_more(attempt: Attempt) -> str:
        if isinstance(answer, Exception):
            raise answer
        return answer

    if isinstance(answer, Exception):
        with pytest.raises(NotFound):
            patiently(once_more, 60.0, health)
    else:
        assert patiently(once_more, 60.0, health) == answer
    with pytest.raises(Unavailable):
        patiently(down(clock, busy=True), 60.0, health)
    assert clock.now - before >= 30.0


def test_without_a_bound_on_outages_a_request_has_its_own_time(monkeypatch):
    clock = Clock(monkeypatch)
    with pytest.raises(Unanswered, match="503"):
        patiently(down(clock, busy=True), 60.0)
    assert 1055.0 <= clock.now <= 1060.0
