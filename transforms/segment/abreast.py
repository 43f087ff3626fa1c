"""Heads of stories that stand side by side, written row by row: headline, headline, subhead, subhead, byline.

The line right above a second row is not the one it belongs to, and position alone misleads the network.
"""

from __future__ import annotations

from collections.abc import Sequence

from transforms.restore.chains import EVEN, Chain, without
from transforms.segment.decks import HEAD, head_of
from transforms.segment.marks import Marks

WIRED = ("电", "電")  # how the dateline of a wire's story ends, and of a correspondent's: 新华社北京1月3日电


def abreast(chains: Sequence[Chain], roles: Sequence[str], texts: Sequence[str], marks: Marks) -> list[Chain]:
    """The chains with bylines and subheads of heads that stand side by side given to the story that lacks them.

    A byline above a text whose lead names its reporters or is a wire's goes to the one unsigned story among the
    headlines above it. One that is not right below a head, above a text that is signed at its end, goes to the unsigned
    story that goes on right below it.
    Of two subheads, or two bylines, below two headlines in a row, the first goes to the first headline.
    """
    out = list(chains)
    for line in [n for n, role in enumerate(roles) if role in ("byline", "subhead")]:
        mine = next((c for c in out if line in head_of(c.pieces, roles)[1:]), None)
        other = mine and (
            _unsigned(line, mine, out, roles, texts, marks)
            if roles[line] == "byline" and _lead_signed(mine, roles, texts, marks)
            else _first_of_two(line, mine, out, roles) or _right_below(line, mine, out, roles, texts, marks)
        )
        if mine and other:
            out[out.index(mine)] = without(line, mine)
            out[out.index(other)] = _with(line, other, roles)
    return out


def _lead_signed(chain: Chain, roles: Sequence[str], texts: Sequence[str], marks: Marks) -> bool:
    """Whether the chain's text opens with a lead that names reporters or is a wire's: such a text has no byline."""
    text = chain.pieces[len(head_of(chain.pieces, roles)) :]
    dateline, names = marks.parse_lead(texts[text[0]]) if text else ("", ())
    return bool(names) or dateline.endswith(WIRED)


def _unsigned(
    line: int, mine: Chain, chains: Sequence[Chain], roles: Sequence[str], texts: Sequence[str], marks: Marks
) -> Chain | None:
    """The one chain with a headline among the head lines right above ``line`` and nobody's name."""
    above = line
    while above and roles[above - 1] in HEAD and roles[above - 1] != "byline":
        above -= 1
    fits = [
        c
        for c in chains
        if c is not mine
        and any(above <= n < line and roles[n] == "headline" for n in head_of(c.pieces, roles))
        and not _has_writer(c, roles, texts, marks)
    ]
    return fits[0] if len(fits) == 1 else None


def _has_writer(chain: Chain, roles: Sequence[str], texts: Sequence[str], marks: Marks) -> bool:
    """Whether a chain names its writer above its text, in its lead or at its end; one without a text is left alone."""
    text = chain.pieces[len(head_of(chain.pieces, roles)) :]
    return (
        not text
        or any(roles[n] == "byline" for n in chain.pieces)
        or any(marks.parse_lead(texts[text[0]]))
        or marks.closes_signed(texts[text[-1]])
    )


def _right_below(
    line: int, mine: Chain, chains: Sequence[Chain], roles: Sequence[str], texts: Sequence[str], marks: Marks
) -> Chain | None:
    """The unsigned story that goes on right below a byline, if the byline's own story is signed at its end as well.

    The byline stands at the top of a column then, below no line of the head that it was given to.
    """
    if roles[line] != "byline" or line - 1 in mine.pieces or line + 1 in mine.pieces:
        return None
    if not marks.closes_signed(texts[mine.pieces[-1]]):
        return None
    other = next((c for c in chains if line + 1 in c.pieces), None)
    headed = other is not None and any(roles[n] == "headline" for n in head_of(other.pieces, roles))
    return other if other and headed and not _has_writer(other, roles, texts, marks) else None


def _first_of_two(line: int, mine: Chain, chains: Sequence[Chain], roles: Sequence[str]) -> Chain | None:
    """The chain of the first of two headlines in a row, if both lines of one kind below them are in the second's."""
    first, second, below = line - 2, line - 1, line + 1
    if first < 0 or below not in mine.pieces or second not in mine.pieces or roles[below] != roles[line]:
        return None
    if roles[first] != "headline" or roles[second] != "headline":
        return None
    other = next((c for c in chains if first in head_of(c.pieces, roles) and c is not mine), None)
    return other if other and all(roles[n] != roles[line] for n in head_of(other.pieces, roles)) else None


def _with(line: int, chain: Chain, roles: Sequence[str]) -> Chain:
    at = len(head_of(chain.pieces, roles))
    pieces = (*chain.pieces[:at], line, *chain.pieces[at:])
    return Chain(pieces, (*chain.chances[:at], EVEN, EVEN, *chain.chances[at + 1 :]))
