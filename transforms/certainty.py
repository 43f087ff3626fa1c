"""How sure a recogniser was of a text, as part of the confidence in the articles that were read from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from transforms.model import Article, Page, Span

Lines = Sequence[tuple[int, int, float]]  # start, end, certainty


def certainties(pages: Sequence[Page]) -> dict[int, Lines]:
    """Where each recognised line stands on its page, by page number; pages that were not recognised are left out."""
    return {page.number: _lines(page) for page in pages if page.certainty}


def _lines(page: Page) -> Lines:
    lines, at, scores = [], 0, iter(page.certainty)
    for line in page.text.split("\n"):
        if line.strip():
            lines.append((at, at + len(line), next(scores)))
        at += len(line) + 1
    return lines


def as_certain(article: Article, scans: Mapping[int, Lines]) -> Article:
    """The article, as much less sure of its text as the recogniser was, on average over its characters."""
    shares = [share for span in article.spans for share in _shares(span, scans.get(span.page, ()))]
    total = sum(n for n, _ in shares)
    if not total:
        return article
    certainty = sum(n * score for n, score in shares) / total
    return replace(article, order_confidence=round(article.order_confidence * certainty, 4))


def _shares(span: Span, lines: Lines) -> list[tuple[int, float]]:
    """How many characters of a run each line has, with its certainty."""
    found = ((min(span.end, end) - max(span.start, start), score) for start, end, score in lines)
    return [(n, score) for n, score in found if n > 0]
