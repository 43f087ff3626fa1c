"""Embargoes that the newspaper sends beside an issue's pages: ``_EMBARGO.toml`` in the inbox.

A table ``[[article]]`` for each: ``until`` (a time with its zone) and ``headline`` as printed; without a headline it
is the whole issue. A headline that no article has holds the whole issue too: rather late than too early.
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from delivery.keys import IssueKey, VersionKey
from delivery.publish import put_new
from delivery.store import Store
from transforms.errors import BadInput, NotFound
from transforms.model import File, Item

NAME = "_EMBARGO.toml"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Embargo:
    """Until when; ``headline`` is empty for the whole issue."""

    until: datetime
    headline: str = ""


def parse_embargoes(content: bytes) -> tuple[Embargo, ...]:
    """What the newspaper wrote. Raises BadInput, in words, where it cannot be understood."""
    try:
        record = tomllib.loads(content.decode("utf-8"))
        if set(record) != {"article"} or not isinstance(record["article"], list):
            raise BadInput("write a table [[article]] for each embargo")
        return tuple(_embargo(table) for table in record["article"])
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, BadInput, TypeError) as error:
        raise BadInput(f"{NAME} cannot be understood, so nothing goes out: {error}") from error


def _embargo(table: dict[str, object]) -> Embargo:
    until, headline = table.get("until"), table.get("headline", "")
    if not isinstance(until, datetime) or until.tzinfo is None:
        raise BadInput("until: write a time with its zone, such as 2026-01-15T18:00:00+08:00")
    if not isinstance(headline, str) or set(table) - {"until", "headline"}:
        raise BadInput("an embargo has until and headline, nothing else")
    return Embargo(until, headline.strip())


def check_embargoes(store: Store, issue: IssueKey) -> File | None:
    """The newspaper's note as it lies in the inbox; None where there is none. Raises BadInput where it is unsound."""
    try:
        blob = store.get(issue.inbox + NAME)
    except NotFound:
        return None
    parse_embargoes(blob.content)
    return File(NAME, blob.content, "application/toml", "private, no-store")


def keep_embargoes(store: Store, version: VersionKey, note: File | None) -> None:
    """Keep the note with the version that it was sent with; what was kept first stays."""
    if note:
        put_new(store, replace(note, key=version.source(NAME)))


def with_embargoes(store: Store, version: VersionKey, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items with the embargoes of the version's note; those that a person has released stay free."""
    try:
        found = parse_embargoes(store.get(version.source(NAME)).content)
    except NotFound:
        return items
    return tuple(_with(item, found, {_plain(i.article.headline) for i in items}) for item in items)


def _with(item: Item, embargoes: Iterable[Embargo], headlines: set[str]) -> Item:
    if any(action.what == "release" for action in item.history):
        return item
    own = _plain(item.article.headline)
    binding = [e.until for e in embargoes if _plain(e.headline) == own or _plain(e.headline) not in headlines]
    return replace(item, embargoed=max(binding)) if binding else item


def _plain(headline: str) -> str:
    return "".join(headline.split())
