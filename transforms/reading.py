"""From pages to articles: restore the reading order, segment, classify. Values in, values out."""

from __future__ import annotations

import re

from transforms.model import Article, Fate, Issue, Page, Paragraph, Reading, Span

TERMINAL = "。！？…”）」』；：，、"


def read_issue(issue: Issue) -> Reading:
    """Restore the articles of an issue, in page order."""
    articles: list[Article] = []
    fates: list[tuple[Span, Fate]] = []
    for page in issue.pages:
        articles += _articles(page)
        fates.append((Span(page.number, 0, len(page.text)), Fate.ARTICLE))
    return Reading(tuple(articles), tuple(fates), issue.refused)


def _articles(page: Page) -> list[Article]:
    found: list[Article] = []
    for block in re.finditer(r"[^\n]+(?:\n[^\n]+)*", page.text):
        span = Span(page.number, block.start(), block.end())
        text = block.group().strip()
        if len(text) < 45 and text[-1] not in TERMINAL:
            found.append(Article(headline=text, body=(), spans=(span,), pieces=(span,)))
        elif found:
            last = found[-1]
            body = (*last.body, Paragraph(text, (span,)))
            found[-1] = Article(
                headline=last.headline, body=body, spans=(*last.spans, span), pieces=(*last.pieces, span)
            )
    return [a for a in found if a.body]
