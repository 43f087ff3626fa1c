"""Reads what partners were given as the public reads it: over HTTP, without credentials, through any cache."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from transforms.errors import StoreError

DEADLINE = 15.0  # seconds for one address


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gives to anybody: the HTTP status and the bytes."""

    status: int
    content: bytes = b""


Fetch = Callable[[str], Answer]


def read(url: str) -> Answer:
    """What an address gives to anybody. Raises StoreError if nothing answers."""
    import httpx

    try:
        # No proxy and no credentials of this machine's: the answer must be what a stranger gets.
        with httpx.Client(trust_env=False, follow_redirects=True, timeout=DEADLINE) as client:
            answer = client.get(url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise StoreError(f"could not read {url}: {type(error).__name__}") from error
    return Answer(answer.status_code, answer.content)
