"""An editor's arrangement of a whole page: articles changed, created, or merged into others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from transforms.errors import BadInput
from transforms.guid import split_guid
from transforms.lifecycle.doubt import standing
from transforms.lifecycle.identity import after, correct, new_guid, withdraw
from transforms.model import Action, Article, Item, Status
from transforms.multilingual import note_in


@dataclass(frozen=True, slots=True)
class Mended:
    """An article as arranged by the editor. A new one has no ``guid``; ``origin`` is the article that most of its
    lines are from.
    """

    guid: str
    article: Article
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Mending:
    """The result for a page. ``gone`` pairs each article without lines with the one that has them now."""

    page: int
    made: tuple[Mended, ...]
    gone: tuple[tuple[str, str], ...] = ()


def mend(items: Sequence[Item], mending: Mending, actor: str, at: datetime, language: str) -> tuple[Item, ...]:
    """The items after mending the page. Raises BadInput if one of its articles was withdrawn or no longer exists."""
    made = list(items)
    for one in mending.made:
        if one.guid:
            place = _place(made, one.guid)
            made[place] = _remade(made[place], one.article, actor, at, language)
        else:
            made.insert(_place(made, one.origin) + 1 if one.origin else len(made), _new(made, one, actor, at))
    for guid, into in mending.gone:
        place = _place(made, guid)
        made[place] = _absorbed(made[place], into, actor, at, language)
    return tuple(made)


def _place(items: Sequence[Item], guid: str) -> int:
    found = next((n for n, i in enumerate(items) if i.guid == guid), None)
    if found is None:
        raise BadInput(f"the issue has no article {guid} any more: open the page again")
    if items[found].status is Status.CANCELED:
        raise BadInput(f"“{items[found].article.headline}” was withdrawn meanwhile: open the page again")
    return found


def _remade(item: Item, article: Article, actor: str, at: datetime, language: str) -> Item:
    """The item with its new text; what a person has put together is sure, and waits for nobody."""
    old = item.article
    article = replace(
        article, section=old.section, section_confidence=1.0, order_confidence=1.0,
        column=old.column, media=old.media, parent=old.parent,
    )  # fmt: skip
    printed = item.printed or item.article
    if item.status is Status.USABLE:
        new = correct(item, article, at, actor, language)
        history = (*new.history[:-1], replace(new.history[-1], what="mended")) if new is not item else item.history
        return replace(new, printed=printed, history=history)
    earlier = standing(item)
    if earlier:
        return replace(_remade(earlier, article, actor, at, language), printed=printed)
    at = after(item, at)
    history = (*item.history, Action(actor, "mended", at))
    return replace(
        item, article=article, status=Status.USABLE, version_created=at, waits=None, printed=printed, history=history
    )


def _new(items: Sequence[Item], one: Mended, actor: str, at: datetime) -> Item:
    source = next((i for i in items if i.guid == one.origin), None) or next(iter(items), None)
    if source is None:
        raise BadInput("the issue has no article, so none can be made beside it")
    provider, day, _ = split_guid(source.guid)
    guid = new_guid(one.article, provider, day, {i.guid for i in items}, source.guid)
    article = replace(one.article, order_confidence=1.0)
    history = (Action(actor, "mended", at),)
    return Item(
        guid, 1, article, source.first_created, at, embargoed=source.embargoed, history=history, origin=source.guid
    )


def _absorbed(item: Item, into: str, actor: str, at: datetime, language: str) -> Item:
    """An article that is part of another now, or of none: withdrawn if it was out, else kept from everybody."""
    out, printed = standing(item), item.printed or item.article
    if out is None:
        waits = replace(item.waits, rejected=True) if item.waits else None
        history = (*item.history, Action(actor, "mended", at))
        return replace(item, waits=waits, history=history, origin=into, printed=printed)
    return replace(withdraw(out, at, note_in(language, "absorbed"), actor), printed=printed, origin=into)
