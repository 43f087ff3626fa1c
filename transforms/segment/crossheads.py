"""A crosshead that was taken for a headline cuts a long story in two: the halves are joined again here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transforms.restore.chains import Chain
from transforms.restore.network import Scores
from transforms.restore.roles import ROLES
from transforms.segment.decks import COLUMN_AT_END, HEAD, head_of
from transforms.segment.marks import Marks

CROSSHEAD = ROLES.index("crosshead")
LEAST_CROSSHEAD = np.log(0.01)  # log chance of being a crosshead
LEAST_LINK = -13.0  # nats by which two texts may be likelier apart than one


def at_crossheads(
    chains: Sequence[Chain], roles: Sequence[str], texts: Sequence[str], scores: Scores, marks: Marks
) -> tuple[list[Chain], list[str]]:
    """Chains joined at their crossheads, and the roles, in which those are crossheads.

    A text that is signed neither above nor in its lead goes on the one that ends right above its head, if together they
    are signed once, above or at the end, and the head may be a crosshead. One with the name of a column
    (某某某（民生观）) is a headline.
    """
    out, kinds = list(chains), list(roles)
    for below in sorted(chains, key=lambda c: c.pieces[0]):
        head = head_of(below.pieces, kinds)
        above = next((c for c in out if c.pieces[-1] == below.pieces[0] - 1), None)
        if not above or not head or len(head) == len(below.pieces):
            continue
        if not _may_be_one(above, below, head, kinds, texts, marks):
            continue
        last, first = above.pieces[-1], below.pieces[0]
        link = scores.follows[last, first] + scores.back[last, first] - scores.ends[last] - scores.starts[first]
        if min(scores.roles[n, CROSSHEAD] for n in head) < LEAST_CROSSHEAD or link < LEAST_LINK:
            continue
        below = next(c for c in out if c.pieces[0] == first)
        chance = float(min(scores.follows[last, first], scores.back[last, first]))
        whole = Chain(above.pieces + below.pieces, (*above.chances[:-1], chance, *below.chances[1:]))
        out = [whole if c is above else c for c in out if c is not below]
        for n in head:
            kinds[n] = "crosshead"
    return out, kinds


def _may_be_one(
    above: Chain, below: Chain, head: Sequence[int], roles: Sequence[str], texts: Sequence[str], marks: Marks
) -> bool:
    """Whether form allows that ``below`` is the rest of ``above``: one text with one signature."""
    opening = texts[below.pieces[len(head)]]
    if any(roles[n] in ("byline", "continuation", "label") for n in head) or any(marks.parse_lead(opening)):
        return False
    if marks.split_continuation(opening)[1]:
        return False  # the rest of a story on another page, below its headline
    if any(COLUMN_AT_END.search(texts[n]) for n in head) or not head_of(above.pieces, roles):
        return False
    end = texts[above.pieces[-1]]
    if roles[above.pieces[-1]] in HEAD or marks.closes_signed(end) or marks.split_jump(end)[1]:
        return False
    return _signed_above(above, roles, texts, marks) != marks.closes_signed(texts[below.pieces[-1]])


def _signed_above(chain: Chain, roles: Sequence[str], texts: Sequence[str], marks: Marks) -> bool:
    """Whether a writer is named above the chain's text or in its lead."""
    head = head_of(chain.pieces, roles)
    return any(roles[n] == "byline" for n in head) or any(marks.parse_lead(texts[chain.pieces[len(head)]]))
