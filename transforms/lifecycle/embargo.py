"""The newspaper's own embargoes. ``embargo.toml``, next to an issue's pages, says what must wait and until when.

[[embargo]]
until = 2026-01-15T12:00:00+08:00
headline = "老渠新水"     # part of the headline; without it the whole issue waits
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from transforms.errors import BadInput
from transforms.model import Item, Status

NAME = "embargo.toml"


@dataclass(frozen=True, slots=True)
class Embargo:
    """The end of the embargo on articles whose headline contains ``headline``; empty: on all articles."""

    until: datetime
    headline: str = ""


def read_embargoes(content: bytes) -> tuple[Embargo, ...]:
    """The embargoes in a file. Raises BadInput for anything unclear, because ignoring an embargo would break it."""
    try:
        entries = tomllib.loads(content.decode("utf-8-sig"))["embargo"]
        return tuple(_embargo(entry) for entry in entries)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"{NAME} cannot be read ({error}), so nothing of this issue goes out") from error


def _embargo(entry: dict[str, object]) -> Embargo:
    until, headline = entry["until"], entry.get("headline", "")
    if not isinstance(until, datetime) or until.tzinfo is None or not isinstance(headline, str):
        raise BadInput(f"{NAME}: “until” is wanted as 2026-01-15T12:00:00+08:00, “headline” as text")
    return Embargo(until, headline.strip())


def embargo(items: Sequence[Item], earlier: Sequence[Item], embargoes: Sequence[Embargo]) -> tuple[Item, ...]:
    """The items with their embargoes, which sidebars share. Items known before keep theirs, because they are
    published already.

    Raises BadInput if an embargo fits no article, because it would be broken without anybody noticing.
    """
    known = {i.guid: i.embargoed for i in earlier}
    for one in embargoes:
        if not any(one.headline in i.article.headline for i in items):
            raise BadInput(
                f"{NAME}: no article has “{one.headline}” in its headline, so nothing of this issue goes out"
            )
    own = {i.guid: known[i.guid] if i.guid in known else _until(i, embargoes) for i in items}
    return tuple(
        i if i.embargoed == (until := _shared(i, items, own, known)) else replace(i, embargoed=until) for i in items
    )


def _shared(
    item: Item, items: Sequence[Item], own: Mapping[str, datetime | None], known: Collection[str]
) -> datetime | None:
    """The end of an item's embargo: its own or its story's, whichever is later. What was known before keeps its own."""
    parents = {i.guid: i.parent_guid for i in items}
    guid, moments, seen = item.guid, [own[item.guid]], {item.guid}
    while item.guid not in known and (guid := parents.get(guid, "")) in own and guid not in seen:
        seen.add(guid)
        moments.append(own[guid])
    return max((m for m in moments if m), default=None)


def shares_embargo(items: Sequence[Item], story: Item) -> set[str]:
    """The guids of a story and of those of its sidebars whose embargo ends with it."""
    found = {story.guid}
    while more := {i.guid for i in items if i.parent_guid in found and _ends_with(i, story)} - found:
        found |= more
    return found


def move_embargo(items: Sequence[Item], guid: str, until: datetime, now: datetime) -> tuple[Item, ...]:
    """The items with the embargo of a story and its sidebars ending at ``until``.

    A sidebar with a later end keeps it. Raises BadInput if the article is not under embargo at ``now``, if
    ``until`` is not after ``now``, or if a sidebar would be published before its story.
    """
    item = next(i for i in items if i.guid == guid)
    if item.status is Status.CANCELED or item.embargoed is None or item.embargoed <= now:
        raise BadInput(f"{guid} is not under embargo, so its embargo cannot be changed")
    if until <= now:
        raise BadInput(f"{until.isoformat()} is in the past: give a later time, or release the article")
    story = next((i for i in items if i.guid == item.parent_guid and i.embargoed), None)
    if story and story.embargoed and until < story.embargoed:
        raise BadInput(f"{guid} is a sidebar of {story.guid}, which is under embargo for longer: change that first")
    shared = shares_embargo(items, item)
    below = _below(items, guid)
    return tuple(
        _ending(i, until) if i.guid in shared or (i.guid in below and i.embargoed and i.embargoed < until) else i
        for i in items
    )


def _ending(item: Item, until: datetime) -> Item:
    """The item with another end of its embargo, also of the version that stands while this one waits for an editor."""
    earlier = item.waits.earlier if item.waits else None
    if item.waits and earlier and earlier.embargoed:
        item = replace(item, waits=replace(item.waits, earlier=replace(earlier, embargoed=until)))
    return replace(item, embargoed=until)


def _below(items: Sequence[Item], guid: str) -> set[str]:
    """The guids of an item's sidebars, of theirs, and so on."""
    found: set[str] = set()
    while more := {i.guid for i in items if i.parent_guid in found | {guid}} - found - {guid}:
        found |= more
    return found


def _ends_with(item: Item, story: Item) -> bool:
    return item.embargoed is not None and story.embargoed is not None and item.embargoed <= story.embargoed


def _until(item: Item, embargoes: Sequence[Embargo]) -> datetime | None:
    return max((e.until for e in embargoes if e.headline in item.article.headline), default=None)
