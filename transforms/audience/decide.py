"""Decides what a partner gets of an issue: which articles, which version of each, and how the partner sees them.

The pipeline, ``render``, ``preview`` and ``reprocess`` call this, and nothing else decides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from transforms.audience.privacy import for_partner, needs_desk
from transforms.audience.selection import choose, is_held_back, let_out, rights_end, takes
from transforms.model import Item, Partner, Publication, Status
from transforms.multilingual import note_in


@dataclass(frozen=True, slots=True)
class Share:
    """What a partner gets of an issue: ``items`` as stored, and ``shown`` as the partner sees them, in the same
    order.

    ``stays``: guids whose present version the partner keeps. ``private``: guids that an editor must see
    first. ``embargoed``: guids that it may not have yet. Sidebars of either wait with their main story.
    """

    items: tuple[Item, ...]
    shown: tuple[Item, ...]
    stays: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()
    embargoed: frozenset[str] = frozenset()


def audience(
    items: Sequence[Item],
    partner: Partner,
    publication: Publication,
    now: datetime,
    known: Mapping[str, Item] | None = None,
    held: Collection[str] = (),
) -> Share:
    """The share of a partner in an issue's ``items`` at ``now``.

    ``known``: what the partner already has of the issue, by guid. ``held``: guids that must not be published for
    other reasons.
    """
    known = known or {}
    if not takes(partner, publication):
        partner = replace(partner, sections=())  # only what it once had: it hears of corrections and withdrawals
    items = let_out(items)
    private = frozenset(i.guid for i in items if needs_desk(i, partner))
    embargoed = frozenset(i.guid for i in items if is_held_back(i, partner, now))
    hidden = {*held, *_with_sidebars(items, private | embargoed)}
    chosen, stays = [], set()
    for item in choose(items, partner, now, known):
        if item.guid not in hidden:
            chosen.append(item)
        elif item.guid in known:
            chosen.append(known[item.guid])
            stays.add(item.guid)
    shown = tuple(seen_by(i, partner, publication) for i in chosen)
    return Share(tuple(chosen), shown, frozenset(stays), private, embargoed)


def seen_by(item: Item, partner: Partner, publication: Publication) -> Item:
    """One item as the partner sees it: its treatment of private numbers, when it could have the item, when its
    rights end.

    An article that was held back is dated with its release, because importers skip what looks old.
    """
    ends = (m for m in (item.expires, rights_end(item.first_created, partner)) if m)
    later = item.first_created + timedelta(minutes=partner.embargo_minutes) if partner.embargo_minutes else None
    released = max((m for m in (item.released, later) if m), default=None)
    seen = replace(
        item,
        expires=min(ends, default=None),
        released=released,
        version_created=max(item.version_created, released or item.version_created),
        printed=None,  # neither what was printed nor what waits is the partner's to see
        waits=None,
    )
    shown = _marked(_without_pictures(seen, partner, publication), publication.language)
    return for_partner(shown, partner, publication.language)


def _without_pictures(item: Item, partner: Partner, publication: Publication) -> Item:
    """The item without pictures, unless the newspaper grants them and the partner takes them."""
    if (partner.pictures and publication.pictures) or not item.article.media:
        return item
    return replace(item, article=replace(item.article, media=()))


def _marked(item: Item, language: str) -> Item:
    """The item with a note if it was doubtful and went out as read, since no editor had answered in time."""
    last = item.history[-1].what if item.history else ""
    if last != "lapsed" or item.status is not Status.USABLE:
        return item
    return replace(item, ed_note=" ".join(part for part in (item.ed_note, note_in(language, "unchecked")) if part))


def _with_sidebars(items: Sequence[Item], stories: Collection[str]) -> set[str]:
    """The stories and all that hangs on them: a sidebar alone would name what must not be known yet."""
    found = set(stories)
    while more := {i.guid for i in items if i.parent_guid in found} - found:
        found |= more
    return found
