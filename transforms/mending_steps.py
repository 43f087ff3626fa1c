"""What an editor did to a page, act by act: kept in order, so that the page is what they make of it, and undoing one
is leaving it out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from transforms.errors import BadInput
from transforms.mending import Draft, Role, marked, merged, moved, split

MOST_STEPS = 500


class Act(StrEnum):
    """What can be done to lines. MERGE takes an article (``into``, from 0) as the end of the one before it."""

    MOVE = "move"
    MARK = "mark"
    SPLIT = "split"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Step:
    """One act: on which lines; ``into`` and ``before`` as ``moved`` takes them, ``role`` as ``marked`` does."""

    act: Act
    lines: tuple[int, ...] = ()
    into: int = -1
    before: int = -1
    role: Role = Role.TEXT


def replay(draft: Draft, steps: Iterable[Step]) -> Draft:
    """The draft after all steps. Raises BadInput if one of them cannot be done."""
    for number, step in enumerate(steps):
        if number >= MOST_STEPS:
            raise BadInput(f"a page is mended in {MOST_STEPS} steps at most: save, then open it again")
        draft = _done(draft, step)
    return draft


def _done(draft: Draft, step: Step) -> Draft:
    if step.act is Act.MERGE:
        return merged(draft, step.into)
    if step.act is Act.SPLIT:
        return split(draft, step.lines)
    if not step.lines:
        raise BadInput("choose one or more lines first")
    if step.act is Act.MARK:
        return marked(draft, step.lines, step.role)
    return moved(draft, step.lines, step.into, step.before)
