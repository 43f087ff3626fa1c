"""What may happen to an article after it was read: changes as values, and what they make of an issue's items.

A change says all that is needed to make it (who, what, when), so that whoever finds one half done can complete it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from transforms.errors import BadInput
from transforms.identity import correct, withdraw
from transforms.model import Action, Article, Item, Publication, Status


class Kind(StrEnum):
    """What a change does to its article."""

    CORRECT = "correct"
    WITHDRAW = "withdraw"
    RELEASE = "release"  # ends an embargo before its time
    TURN = "turn"  # a moment has come at which partners get or lose something; the articles stay as they are


@dataclass(frozen=True, slots=True)
class Change:
    """One change to one article. ``id`` names it for good: the same id is the same change, made once.

    ``article`` is what a correction makes of it; ``message`` is what a withdrawal tells partners, ``reason`` why.
    """

    id: str
    kind: Kind
    guid: str
    actor: str
    at: datetime
    reason: str = ""
    message: str = ""
    article: Article | None = None


def find(guid: str, items: Sequence[Item]) -> Item:
    """The item of that name. Raises BadInput where the issue has none."""
    found = next((i for i in items if i.guid == guid), None)
    if found is None:
        raise BadInput(f"the issue has no article {guid}")
    return found


def check(change: Change, items: Sequence[Item]) -> None:
    """Raises BadInput, in words, where the change cannot be made to these items."""
    if change.kind is not Kind.TURN:
        _MAKERS[change.kind](find(change.guid, items), change, "")


def apply(change: Change, items: Sequence[Item], publication: Publication) -> tuple[Item, ...]:
    """The items with the change made. Raises BadInput where it cannot be."""
    if change.kind is Kind.TURN:
        return tuple(items)
    new = _MAKERS[change.kind](find(change.guid, items), change, publication.language)
    return tuple(new if i.guid == change.guid else i for i in items)


def _correct(item: Item, change: Change, language: str) -> Item:
    if item.status is Status.CANCELED:
        raise BadInput(f"{item.guid} is withdrawn and stays so: it cannot be corrected")
    if change.article is None or not change.article.headline.strip() or not change.article.text.strip():
        raise BadInput(f"the correction of {item.guid} leaves it without headline or text; withdraw it instead")
    new = correct(item, change.article, change.at, change.actor, language, change.reason)
    return new if new is item else replace(new, printed=item.printed or item.article)


def _withdraw(item: Item, change: Change, language: str) -> Item:
    note = change.message or change.reason
    if not note.strip():
        raise BadInput("a withdrawal needs a message to partners, or a reason")
    new = withdraw(item, change.at, note, change.actor)
    # What was printed stays with the item, so that another reading of the page knows it and does not bring it back.
    return new if new is item else replace(new, printed=item.printed or item.article)


def _release(item: Item, change: Change, language: str) -> Item:
    if item.embargoed is None or item.embargoed <= change.at:
        raise BadInput(f"{item.guid} has no embargo that could be lifted")
    history = (*item.history, Action(change.actor, "release", change.at))
    return replace(item, embargoed=None, history=history)


def end_rights(item: Item, at: datetime, language: str) -> Item:
    """The item as a partner has it whose rights ended at that time: canceled, without text; its version stays."""
    note = "使用期限已到，请勿再使用本稿。" if language.startswith("zh") else "The rights to this article have ended."
    ended = withdraw(item, at, note, "broadsheet")
    return replace(ended, version=item.version, expires=at)


_MAKERS: dict[Kind, Callable[[Item, Change, str], Item]] = {
    Kind.CORRECT: _correct,
    Kind.WITHDRAW: _withdraw,
    Kind.RELEASE: _release,
}
