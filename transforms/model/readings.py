"""What was read from an issue: its articles, captions and pictures, and where each character went."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from transforms.model.articles import Article, Credit
from transforms.model.pages import Box, Refusal, Span


class Fate(StrEnum):
    """Where a character of the source went. Each has exactly one fate."""

    ARTICLE = "article"
    FURNITURE = "furniture"
    ADVERT = "advert"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class PlacedPhoto:
    """A picture with its page and its place there. ``article``: the index of its story in the reading, or -1."""

    name: str
    page: int
    digest: str
    article: int = -1
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Caption:
    """The text below a picture, and who took it. ``article``: the index of its story in the reading, or -1."""

    text: str
    credits: tuple[Credit, ...] = ()
    article: int = -1
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was read from an issue. ``fates`` covers every character of every page exactly once.

    A caption that fits no story belongs to its page.
    """

    articles: tuple[Article, ...]
    fates: tuple[tuple[Span, Fate], ...]
    refused: tuple[Refusal, ...] = ()
    captions: tuple[Caption, ...] = ()
    photos: tuple[PlacedPhoto, ...] = ()

    def account(self) -> dict[str, int]:
        """The number of characters by fate, and their total."""
        counts = {f.value: 0 for f in Fate}
        for span, fate in self.fates:
            counts[fate.value] += span.end - span.start
        return counts | {"total": sum(counts.values())}
