"""Messages that were not delivered: when each is tried again, and which endpoints are gone."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from broadsheet.installation import Installation
from broadsheet.steps.contain import records
from delivery import keys
from delivery.codec import json_file
from delivery.store import Unchanged
from transforms.errors import Conflict, NotFound

log = logging.getLogger(__name__)
HUB = "hub"
# Minutes from one attempt to the next: three days in all, as Standard Webhooks advises. This is all that sets them; the
# first is the pause between two runs of resend_notifications. docs/partners.md promises them, and a test compares.
RETRY_AFTER_MINUTES = (5, 30, 120, 300, 600, 840, 1200, 1440)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that was not delivered. ``next_at``: when it is tried again; None if only an operator can.

    ``id``: of the message, the same for all endpoints and attempts. ``endpoint``: ``hub``, or the id of a
    connection. ``guids``: the articles that it is about. ``body``: what is sent; for a hub, the addresses of feeds,
    one per line.
    """

    id: str
    partner: str
    issue: str
    endpoint: str
    body: str
    guids: tuple[str, ...]
    attempts: int
    first_at: datetime
    next_at: datetime | None
    reason: str = ""

    @property
    def key(self) -> str:
        """Its key in the store."""
        return keys.dead_letter(self.partner, self.id, self.endpoint)


@dataclass(frozen=True, slots=True)
class Gone:
    """An endpoint that answered 410: nothing is sent to it until the operator resends."""

    endpoint: str
    at: datetime


def next_at_after(attempts: int, now: datetime, asked: float = 0.0) -> datetime | None:
    """When a letter is tried again after this many attempts; None if that was the last.

    ``asked``: how long the endpoint asked us to wait, in seconds.
    """
    if attempts > len(RETRY_AFTER_MINUTES):
        return None
    return now + timedelta(seconds=max(RETRY_AFTER_MINUTES[attempts - 1] * 60.0, asked))


def keep(installation: Installation, letter: Letter, held: str) -> None:
    """Record a letter as dead. If a run took it up, only if no other has taken it up since."""
    file = json_file(letter.key, letter, Letter)
    try:
        installation.store.put(file, Unchanged(held) if held else None)
    except (Conflict, NotFound):
        log.info("%s was sent by another run meanwhile", letter.key)


def letters(installation: Installation, partner: str = "") -> Iterator[Letter]:
    """The dead letters of a partner, or of all."""
    yield from records(installation.store, Letter, keys.dead_letters(partner))


def gone_endpoints(installation: Installation, partner: str) -> list[Gone]:
    """The endpoints of a partner that answered 410."""
    return list(records(installation.store, Gone, keys.endpoints(partner)))
