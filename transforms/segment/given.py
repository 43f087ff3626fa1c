"""Turns articles that the input had already separated into drafts, so all later steps are the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from transforms.model import Credit, GivenArticle, GivenPart, Page, Span
from transforms.restore.features import Piece, Sheet, pieces_of
from transforms.restore.lines import Line, lines_of
from transforms.segment.articles import story_of
from transforms.segment.decks import Part
from transforms.segment.draft import Draft
from transforms.segment.marks import Marks, marks_of
from transforms.segment.style import HouseStyle, style_for

ROLES = {"text": "body", "crosshead": "crosshead", "headline": "headline", "kicker": "kicker", "subhead": "subhead"}
SURELY = 100.0  # log-odds that a part opens a paragraph, if the input says so

Lines = Mapping[tuple[int, int], Line]


def given_drafts(pages: Iterable[Page], style: HouseStyle) -> dict[int, list[Draft]]:
    """The drafts of all given articles, by the page on which they open.

    ``pages`` must have all pages, because an article may continue on another one.
    """
    pages = list(pages)
    lines = {(line.page, line.start): line for page in pages for line in lines_of(page)}
    return {
        page.number: [draft for article in page.given for draft in _drafts(article, lines, _marks(page, style))]
        for page in pages
        if page.given is not None
    }


def _marks(page: Page, style: HouseStyle) -> Marks:
    """Those of the page's language, without sidebars: an article is taken whole, and none is cut out of it."""
    return marks_of(replace(style_for(page.language, style), sidebars=()))


def _drafts(article: GivenArticle, lines: Lines, marks: Marks) -> list[Draft]:
    credited = [(part, line) for part in article.parts if part.role == "byline" for line in _lines(part, lines)]
    parts = [p for part in article.parts if part.role != "byline" for p in _parts(part, lines)]
    if not parts:
        return []
    drafts = story_of(parts, 1.0, marks)
    if drafts and credited:
        draft, found = drafts[0], [c for _, line in credited for c in _credits(line.text, marks)]
        draft.byline = [*found, *(c for c in draft.byline if c.name not in {f.name for f in found})]
        draft.pieces += [Span(line.page, line.start, line.end) for _, line in credited]
    return drafts


def _credits(text: str, marks: Marks) -> tuple[Credit, ...]:
    """Who is credited, by the house's marks; what they do not know (a pen name, a firm) is taken as it stands."""
    return marks.parse_byline(text) or marks.parse_credit(text) or (Credit(text),)


def _lines(part: GivenPart, lines: Lines) -> list[Line]:
    return [line for span in part.lines if (line := lines.get((span.page, span.start)))]


def _parts(part: GivenPart, lines: Lines) -> Iterator[Part]:
    """Text as one run; the lines of a headline one by one, as they were set one below the other."""
    found = _lines(part, lines)
    runs = [found] if part.role == "text" else [[line] for line in found]
    for run in filter(None, runs):
        yield Part(_piece(run), ROLES[part.role], SURELY if part.opens else 0.0)


def _piece(run: list[Line]) -> Piece:
    (piece,) = pieces_of(Sheet(run, [], 0), set(range(len(run) - 1)))
    return piece
