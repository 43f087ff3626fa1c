"""An article under construction."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.model import Credit, Paragraph, Span
from transforms.restore.features import Piece


@dataclass
class Draft:
    """An article under construction. ``continues`` is the page that its opening is on.

    ``note`` is the name of the column (编者按) if it is a sidebar of the story next to it.
    """

    page: int
    kickers: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    headlines: list[str] = field(default_factory=list)
    subheads: list[str] = field(default_factory=list)
    byline: list[Credit] = field(default_factory=list)
    body: list[Paragraph] = field(default_factory=list)
    pieces: list[Span] = field(default_factory=list)
    continues: str = ""
    jump_to: str = ""
    dateline: str = ""
    confidence: float = 1.0
    parent: Draft | None = None
    last: Piece | None = None
    note: str = ""


def spans_of(piece: Piece) -> list[Span]:
    """The places of the lines of a piece on the page."""
    return [Span(x.page, x.start, x.end) for x in piece.lines]
