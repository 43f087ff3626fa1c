"""Articles of an e-paper, put together as a page: its text, and what each line is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transforms.intake.adapter import SourcePage
from transforms.intake.collect import Collector
from transforms.model import Box, GivenArticle, GivenPart, GivenPicture


@dataclass(frozen=True, slots=True)
class CutArticle:
    """An article of an e-paper. ``body``: (text or crosshead, line). ``area``: its place on the page."""

    kicker: str
    headline: str
    subhead: str
    authors: tuple[str, ...]
    body: tuple[tuple[str, str], ...]
    area: Box | None = None
    pictures: tuple[GivenPicture, ...] = ()


def sheet_of(name: str, encoding: str, number: int, articles: Iterable[CutArticle]) -> SourcePage:
    """A page made of these articles, one below the other.

    ``name``: of the file. ``encoding``: the kind of input. ``number``: the page number, 0 if unknown.
    """
    page = Collector()
    given = tuple(_laid_down(page, article) for article in articles)
    return SourcePage(name, page.text, encoding, number, page.all_boxes(), given)


def _laid_down(page: Collector, article: CutArticle) -> GivenArticle:
    labelled = [
        ("kicker", article.kicker),
        ("headline", article.headline),
        ("subhead", article.subhead),
        *(("byline", author) for author in article.authors),
        *article.body,
    ]
    page.gap()
    parts = ((role, page.add(text, article.area)) for role, text in labelled)
    return GivenArticle(tuple(GivenPart(role, (span,)) for role, span in parts if span), article.pictures)


def lines_of(text: str) -> Sequence[str]:
    """The lines of a text that are not blank, without indentation."""
    return [line for raw in text.splitlines() if (line := " ".join(raw.split()))]
