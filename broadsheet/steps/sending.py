"""Sends messages: many at a time, each once, and records those that could not be delivered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from broadsheet.installation import Installation
from broadsheet.steps.contain import reason_of
from broadsheet.steps.dead_letters import HUB, Gone, Letter, keep, next_at_after
from delivery import keys
from delivery.codec import json_file
from delivery.errors import Undelivered
from delivery.notify import Allowance, ping_hub, post_webhook
from transforms.errors import BadRecord
from transforms.model import Partner

AT_ONCE = 16  # letters that are sent at the same time: none waits for another's endpoint
GONE = "the endpoint said earlier that it is gone (410)"
Sending = Callable[[], None]
Taken = tuple["Partner", "Letter", str]  # ... and the ETag under which a run has taken it up; empty: it is new


def attempt_all(installation: Installation, made: Sequence[Taken], now: datetime, allowance: Allowance) -> list[str]:
    """Send letters at the same time, each once; returns what went wrong with each (empty if it was delivered).

    A letter that failed is recorded with its next time; one that was delivered is removed.
    """
    # Airflow is asked for connections from the task's own thread only.
    sendings = [_sending(installation, partner, letter, now, allowance) for partner, letter, _ in made]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(_answer, sendings))
    return [
        _noted(installation, letter, held, now, answer) for (_, letter, held), answer in zip(made, answers, strict=True)
    ]


def _noted(installation: Installation, letter: Letter, held: str, now: datetime, answer: Undelivered | None) -> str:
    try:
        return _judged(installation, letter, held, now, answer)
    except Exception as error:  # what became of one letter cannot be noted: those after it still are
        return reason_of(letter.key, error)


def _sending(
    installation: Installation, partner: Partner, letter: Letter, now: datetime, allowance: Allowance
) -> Sending | Undelivered | None:
    """What sends a letter; the error if it cannot be sent, None if its endpoint said earlier that it is gone."""
    if letter.attempts == 0 and installation.store.stat(keys.endpoint(partner.id, letter.endpoint)):
        return None
    if letter.endpoint == HUB:
        return partial(ping_hub, partner.hub, letter.body.splitlines(), allowance)
    try:
        connection = installation.connections(letter.endpoint)
        url, secret = connection.url, connection.password
    except Exception as error:  # no connection, say: the schedule goes on while the operator mends it
        return Undelivered(str(error) if isinstance(error, BadRecord) else reason_of(letter.key, error))
    return partial(_post_signed, url, secret, letter, now, allowance)


def _post_signed(url: str, secret: str, letter: Letter, now: datetime, allowance: Allowance) -> None:
    # Signed when it is sent: receivers refuse what is older than five minutes, and others may have been waited for.
    post_webhook(url, secret, letter.id, letter.body.encode(), max(now, datetime.now(UTC)), allowance)


def _answer(sending: Sending | Undelivered | None) -> Undelivered | None:
    """What became of a sending; None if it arrived."""
    if sending is None:
        return Undelivered(GONE, gone=True)
    if isinstance(sending, Undelivered):
        return sending
    try:
        sending()
    except Undelivered as error:
        return error
    except BadRecord as error:  # no secret, or an address that cannot be read
        return Undelivered(str(error))
    except Exception as error:  # a fault of ours with one letter is no other's
        return Undelivered(reason_of("a letter", error))
    return None


def _judged(installation: Installation, letter: Letter, held: str, now: datetime, answer: Undelivered | None) -> str:
    mark = keys.endpoint(letter.partner, letter.endpoint)
    if answer and str(answer) == GONE:
        keep(installation, replace(letter, next_at=None, reason=GONE), held)
        return f"not sent, {GONE}: kept as {letter.key}"
    if answer:
        return _failed(installation, letter, held, now, answer)
    gone = [mark] if letter.attempts and installation.store.stat(mark) else []
    installation.store.delete([*gone, letter.key] if letter.attempts else gone)
    return ""


def _failed(installation: Installation, letter: Letter, held: str, now: datetime, error: Undelivered) -> str:
    attempts = letter.attempts + 1
    next_at = None if error.gone else next_at_after(attempts, now, error.retry_after)
    keep(installation, replace(letter, attempts=attempts, next_at=next_at, reason=str(error)), held)
    if error.gone:
        mark = Gone(letter.endpoint, now)
        installation.store.put(json_file(keys.endpoint(letter.partner, letter.endpoint), mark, Gone))
        return f"{error}: it is gone, so nothing more is sent to it until you send again; kept as {letter.key}"
    then = f"tried again from {next_at:%Y-%m-%d %H:%M} UTC" if next_at else "given up"
    return f"{error}: {then}, kept as {letter.key}"
