"""Changes to an article after it was read, as values, and their effect on the items of an issue.

A change contains everything needed to make it (who, what, when), so whoever finds one half done can complete it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from transforms.errors import BadInput
from transforms.lifecycle.decision import Decision, Word, decide
from transforms.lifecycle.doubt import settle_sidebars
from transforms.lifecycle.embargo import move_embargo, shares_embargo
from transforms.lifecycle.identity import correct, withdraw
from transforms.lifecycle.mend import Mending, mend
from transforms.model import Action, Article, Item, Publication, Status
from transforms.multilingual import note_in


class ChangeKind(StrEnum):
    """What a change does to its article."""

    CORRECT = "correct"
    WITHDRAW = "withdraw"
    DECIDE = "decide"
    RELEASE = "release"
    MEND = "mend"
    EMBARGO = "embargo"


@dataclass(frozen=True, slots=True)
class Change:
    """One change to one article. ``id`` is permanent: the same id is the same change, made once.

    ``article``: the result of a correction. ``reason``: for the record, never published. ``message``: a note that
    partners may publish. ``decision``: an editor's answer about a waiting article. ``mending``: of a whole page, in
    which case ``guid`` is empty. ``until``: the new end of an embargo; for a release, the end that the run waited
    for, because nothing is released if the embargo was moved since.
    """

    id: str
    kind: ChangeKind
    guid: str
    actor: str
    at: datetime
    reason: str = ""
    message: str = ""
    article: Article | None = None
    decision: Decision | None = None
    mending: Mending | None = None
    until: datetime | None = None


def find(guid: str, items: Sequence[Item]) -> Item:
    """The item with this guid. Raises BadInput if the issue has none."""
    found = next((i for i in items if i.guid == guid), None)
    if found is None:
        raise BadInput(f"the issue has no article {guid}")
    return found


def check(change: Change, items: Sequence[Item]) -> None:
    """Raises BadInput if the change cannot be made to these items."""
    _made(change, items, "")


def apply(change: Change, items: Sequence[Item], publication: Publication) -> tuple[Item, ...]:
    """The items with the change made. Raises BadInput if that is impossible."""
    made = _made(change, items, publication.language)
    return settle_sidebars(made, {i.guid: i for i in items}, 0)


def _made(change: Change, items: Sequence[Item], language: str) -> tuple[Item, ...]:
    if change.mending:
        return mend(items, change.mending, change.actor, change.at, language)
    if change.decision:
        return decide(items, change.guid, Word(change.decision, change.actor, change.at, language))
    if change.kind is ChangeKind.RELEASE:
        return _release(items, find(change.guid, items), change)
    if change.kind is ChangeKind.EMBARGO:
        return _move(items, find(change.guid, items), change)
    new = _MAKERS[change.kind](find(change.guid, items), change, language)
    return tuple(new if i.guid == change.guid else i for i in items)


def _correct(item: Item, change: Change, language: str) -> Item:
    if item.status is Status.WITHHELD:
        raise BadInput(f"{item.guid} is waiting for an editor: answer its review, or start review_article for it again")
    if item.status is Status.CANCELED:
        raise BadInput(f"{item.guid} is withdrawn and stays so: it cannot be corrected")
    if change.article is None or not change.article.headline.strip() or not change.article.text.strip():
        raise BadInput(f"the correction of {item.guid} leaves it without headline or text; withdraw it instead")
    new = correct(item, change.article, change.at, change.actor, language, change.message)
    return new if new is item else replace(new, printed=item.printed or item.article)


def _withdraw(item: Item, change: Change, language: str) -> Item:
    if not (change.reason.strip() or change.message.strip()):
        raise BadInput("a withdrawal needs a reason, for the record")
    new = withdraw(item, change.at, change.message or note_in(language, "withdrawn"), change.actor)
    # What was printed stays with the item, so that another reading of the page knows it and does not bring it back.
    return new if new is item else replace(new, printed=item.printed or item.article)


def _release(items: Sequence[Item], item: Item, change: Change) -> tuple[Item, ...]:
    """The items without the embargo of a story and of the sidebars that share it.

    It is not a new version, since nobody had one. Raises BadInput for a sidebar of a story that waits on.
    """
    if item.embargoed is None:
        return tuple(items)
    if change.until and item.embargoed > change.until:
        raise BadInput(f"the embargo of {item.guid} was moved to {item.embargoed.isoformat()}")
    story = next((i for i in items if i.guid == item.parent_guid and i.embargoed), None)
    if story and story.embargoed:
        if story.embargoed > change.at:
            raise BadInput(f"{item.guid} is a sidebar of {story.guid}, which is under embargo: release that")
        return _release(items, story, change)
    freed = shares_embargo(items, item)
    return tuple(_freed(i, change) if i.guid in freed else i for i in items)


def _move(items: Sequence[Item], item: Item, change: Change) -> tuple[Item, ...]:
    """The items with the embargo of a story and of its sidebars moved. It is not a new version: nobody had one."""
    if change.until is None:
        raise BadInput("say until when the article is to wait")
    moved = move_embargo(items, item.guid, change.until, change.at)
    action = Action(change.actor, "rescheduled", change.at)
    return tuple(
        new if new.embargoed == old.embargoed else replace(new, history=(*new.history, action))
        for old, new in zip(items, moved, strict=True)
    )


def _freed(item: Item, change: Change) -> Item:
    at = max(change.at, item.version_created)
    action = Action(change.actor, "released", at)
    return replace(item, embargoed=None, released=at, history=(*item.history, action))


_MAKERS: dict[ChangeKind, Callable[[Item, Change, str], Item]] = {
    ChangeKind.CORRECT: _correct,
    ChangeKind.WITHDRAW: _withdraw,
}
