"""Columns of news in brief: which are one text because they are signed, and what their items are."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.restore.chains import Chain
from transforms.segment.decks import DECKS
from transforms.segment.headlines import headline_like
from transforms.segment.marks import Marks

LONGEST_ITEM = 600  # characters


def is_signed_column(name: str, below: str, marks: Marks) -> bool:
    """Whether a text is a column with its own byline, by its first line and the role of the next line."""
    return below == "byline" and bool(marks.label(name))


def signed_columns(
    chains: Sequence[Chain], roles: Sequence[str], texts: Sequence[str], marks: Marks
) -> tuple[list[Chain], list[str]]:
    """Join the items of a column of news in brief into one text if the column has its own byline.

    A byline below the column's name covers the items below, each a headline and a lead without a reporter. Without
    a byline, the column's name is only a heading, and its items are separate texts.
    """
    out, kinds = list(chains), list(roles)
    for column in [c for c in chains if _has_byline(c, roles, texts, marks)]:
        items = [c for c in out if c.pieces[0] > column.pieces[0] and _is_item(c, roles, texts, marks)]
        for chain in (column, *items):
            own = 2 if chain is column else 0  # its name and its byline
            for n in chain.pieces[own:]:
                kinds[n] = "crosshead" if kinds[n] in DECKS else "body"
        pieces = [n for c in (column, *items) for n in c.pieces]
        links = [chance for c in (column, *items) for chance in c.chances[:-1]]
        out = [c for c in out if c not in items]
        out[out.index(column)] = Chain(tuple(pieces), (*links, (items or [column])[-1].chances[-1]))
    return out, kinds


def _has_byline(chain: Chain, roles: Sequence[str], texts: Sequence[str], marks: Marks) -> bool:
    first, *rest = chain.pieces
    return bool(rest) and is_signed_column(texts[first], roles[rest[0]], marks)


def _is_item(chain: Chain, roles: Sequence[str], texts: Sequence[str], marks: Marks) -> bool:
    """Whether a text is a headline, then a lead that names nobody, and no more than a few sentences."""
    if len(chain.pieces) < 2:
        return False
    head, lead, *rest = chain.pieces
    dated, names = marks.parse_lead(texts[lead])
    return (
        headline_like(texts[head])
        and bool(dated)
        and not names
        and not any(roles[n] in DECKS for n in rest)
        and sum(len(texts[n]) for n in chain.pieces) <= LONGEST_ITEM
    )
