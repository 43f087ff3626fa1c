"""What the form of each line of a page says, beside what was learned of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from transforms.repair import HAN
from transforms.restore.evidence import Floats
from transforms.restore.features import Piece
from transforms.restore.network import Scores
from transforms.restore.roles import ROLES
from transforms.segment.decks import DECKS
from transforms.segment.headlines import headline_like
from transforms.segment.jumps import Rests
from transforms.segment.linking import HEADS, Links
from transforms.segment.literary import pen_names
from transforms.segment.marks import Marks
from transforms.segment.misread import is_signed_below, misread_heads
from transforms.segment.names import ORGAN, is_likely
from transforms.segment.standing import Standing
from transforms.segment.verses import verses_of

LEAST_REST = -4.0  # log chance that the rest of a story follows the line above it, for that line to be its headline
WITHIN = 0.0  # log odds that a piece opens a paragraph, for one that goes on within one
LEAST_SIGNED = 30  # characters of a text whose closing names are its writers'
TITLE = re.compile(rf"[{HAN}“”《》（）·\s]{{2,14}}$")  # of a poem
LONGEST_NAMED = 16  # characters of a line of names alone


@dataclass(frozen=True)
class PageForm:
    """The lines of a page, what form says about each, and what is learned of them, which the rules change.

    ``numbers``: the places of the pieces on the page. ``rests``: which lines above the rest of a story repeat its
    headline. ``parted``: whether blank lines part the page's paragraphs. ``strangers``: lines that were judged as
    headlines and are none, so their kin is unknown.
    """

    scores: Scores
    pieces: Sequence[Piece]
    numbers: Sequence[int]
    marks: Marks
    found: Standing
    rests: Rests
    parted: bool
    links: Links
    strangers: list[int] = field(default_factory=list)

    @cached_property
    def texts(self) -> list[str]:
        return [p.text for p in self.pieces]

    @cached_property
    def split(self) -> list[tuple[str, str]]:
        """Each line without the mark of a rest (上接1版) at its front, and the page that the mark names."""
        return [self.marks.split_continuation(t) for t in self.texts]

    @cached_property
    def leads(self) -> list[bool]:
        return [any(self.marks.parse_lead(text)) for text, _ in self.split]

    @cached_property
    def bylines(self) -> list[bool]:
        return [self.marks.is_byline(t) for t in self.texts]

    @cached_property
    def pen_names(self) -> set[int]:
        return set() if any(self.leads) else pen_names(self.texts, self.numbers, self.bylines, self.found, self.marks)

    @cached_property
    def names(self) -> list[bool]:
        """Which lines between a head and its text hold nothing but names, by the roles that were learned."""
        roles = self.scores.roles
        return [n in self.pen_names or _named(n, self.texts, roles, self.numbers, self.marks) for n in self.range]

    @cached_property
    def verses(self) -> set[int]:
        named = [byline or name for byline, name in zip(self.bylines, self.names, strict=True)]
        heads = [role in HEADS and self.is_above(n) for n, role in enumerate(self.scores.roles.argmax(axis=1))]
        return verses_of(self.texts, self.numbers, named, heads)

    @property
    def poets(self) -> set[int]:
        return {n - 1 for n in self.verses} - self.verses

    def _titled(self, n: int) -> bool:
        """Whether what stands right above a writer's name may be a title."""
        return n in self.pen_names or (self.is_below(n) and bool(TITLE.match(self.texts[n - 1])))

    @cached_property
    def begun(self) -> dict[int, str]:
        """Lines of heads that the network took for text, and their roles."""
        heads = misread_heads(self.scores, self.texts, self.numbers, self.marks)
        heads = {n: role for n, role in heads.items() if n not in self.verses}
        heads |= {n - 1: "headline" for n in self.pen_names | self.poets if n and self._titled(n)}
        return {n: role for n, role in heads.items() if not self.is_outside(n)}

    @cached_property
    def has_columns(self) -> bool:
        return any(self.marks.label(text) for text in self.texts)

    @property
    def range(self) -> range:
        return range(len(self.pieces))

    def role(self, n: int) -> str:
        return ROLES[int(self.links.roles[n].argmax())]

    def is_deck(self, n: int) -> bool:
        return self.role(n) in DECKS

    def is_outside(self, n: int) -> bool:
        return self.numbers[n] in self.found.furniture or self.numbers[n] in self.found.captions

    def is_below(self, n: int) -> bool:
        """Whether the piece before ``n`` stands right above it."""
        return n > 0 and self.numbers[n - 1] == self.numbers[n] - 1

    def is_above(self, n: int) -> bool:
        """Whether the piece after ``n`` stands right below it."""
        return n + 1 < len(self.texts) and self.is_below(n + 1)

    def is_headed(self, n: int) -> bool:
        """Whether a line of a head stands right above piece ``n``."""
        return self.is_below(n) and self.is_deck(n - 1)

    def heads_rest(self, n: int) -> bool:
        """Whether a line above the mark of a rest is its headline."""
        if not self.is_above(n) or not self.split[n + 1][1]:
            return False
        linked = self.links.follows[n, n + 1] > LEAST_REST and headline_like(self.texts[n])
        return self.texts[n] in self.rests.named or bool(linked and self.texts[n] not in self.rests.strange)

    def heads_story(self, n: int) -> bool:
        """Whether a line stands above a lead or above a byline with its mark."""
        if not self.is_above(n):
            return False
        return self.leads[n + 1] or (self.bylines[n + 1] and self.marks.is_marked(self.texts[n + 1]))


def _named(n: int, texts: Sequence[str], roles: Floats, numbers: Sequence[int], marks: Marks) -> bool:
    """Whether a line between a head and its text holds nothing but names: such a line is a byline without a role."""
    text = texts[n]
    if not 0 < n < len(texts) - 1 or len(text) > LONGEST_NAMED or numbers[n + 1] - numbers[n - 1] != 2:
        return False
    if text.endswith(("：", ":")):
        return False  # 海口：, a kicker
    above = ROLES[int(roles[n - 1].argmax())]
    if above == "crosshead" and is_signed_below(n - 1, texts, numbers):
        return True
    if above not in DECKS or not headline_like(texts[n - 1]) or len(texts[n + 1]) < LEAST_SIGNED:
        return False
    names = [c.name for c in marks.parse_byline(text)]
    return bool(names) and all(is_likely(name) and not ORGAN.search(name) for name in names)
