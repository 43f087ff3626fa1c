"""A page of HTML that shows how an issue was read: the source in its articles' colours, the seams numbered."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from broadsheet.cli.speech import account_line, language, tr
from transforms.model import Article, Fate, Issue, Page, Paragraph, ParagraphKind, Reading
from transforms.outlines import outlines

LEGEND = (
    "Each colour is one article. A small number stands where one of its pieces begins, in reading order: follow the "
    "numbers to read the story as it was printed. Grey text is not part of any article."
)
HUES = (210, 25, 130, 285, 55, 175, 340, 95, 245, 0)

STYLE = Path(__file__).with_name("report.css").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of a page: of which article (-1: none), and which of its pieces begins here (0: none does)."""

    start: int
    end: int
    article: int
    seam: int


def report(issue: Issue, reading: Reading, pictures: Mapping[int, bytes]) -> str:
    """One self-contained page in the user's language: on the left the source, on the right the articles.

    ``pictures``: pages of PDF and scans as JPEG, by number; on these each article is outlined.
    """
    spoken = "zh-Hans" if language() == "zh" else "en"
    title = escape(f"{issue.publication or tr('Issue')} {issue.date}")
    sources = "".join(_source(page, reading, pictures.get(page.number, b"")) for page in issue.pages)
    articles = "".join(_article(n, article) for n, article in enumerate(reading.articles))
    return (
        f'<!doctype html>\n<html lang="{spoken}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head><body>'
        f"<header><h1>{title}</h1><p>{escape(tr(LEGEND))}<br>{escape(account_line(reading))}</p></header>"
        f"<main><section><h2>{escape(tr('As the extractor left it'))}</h2>{sources}</section>"
        f"<section><h2>{escape(tr('As it was printed'))}</h2>{articles}</section></main></body></html>\n"
    )


def _source(page: Page, reading: Reading, picture: bytes) -> str:
    runs = "".join(_marked(page.text[run.start : run.end], run) for run in _runs(page, reading))
    text = f'<div class="source">{runs}</div>'
    if picture:
        text = f"{_picture(page, reading, picture)}<details><summary>{escape(tr('Its text'))}</summary>{text}</details>"
    return f'<div><p class="dim">{escape(tr("Page {}", page.number))} {escape(page.name)}</p>{text}</div>'


def _picture(page: Page, reading: Reading, picture: bytes) -> str:
    """The page as it was printed, the blocks of each article in its colour."""
    wide, high = page.size
    data, name = base64.b64encode(picture).decode("ascii"), escape(tr("Page {}", page.number))
    image = f'<img src="data:image/jpeg;base64,{data}" alt="{name}">'
    blocks = "".join(
        f'<rect style="--h:{_hue(n)}" x="{b.left:.1f}" y="{b.top:.1f}" width="{b.right - b.left:.1f}"'
        f' height="{b.bottom - b.top:.1f}"><title>{escape(article.headline)}</title></rect>'
        for n, article in enumerate(reading.articles)
        for b in outlines(page, article.spans)
    )
    return f'<div class="page">{image}<svg viewBox="0 0 {wide} {high}">{blocks}</svg></div>'


def _runs(page: Page, reading: Reading) -> Iterator[_Run]:
    """The page cut wherever an article's source or one of its pieces begins or ends, in source order."""
    owner = [-1] * len(page.text)
    seams: dict[int, int] = {}
    for number, article in enumerate(reading.articles):
        for span in article.spans:
            if span.page == page.number:
                owner[span.start : span.end] = [number] * (span.end - span.start)
        seams |= {p.start: n for n, p in enumerate(article.pieces, 1) if p.page == page.number}
    for span, fate in reading.fates:
        if span.page == page.number and fate is not Fate.ARTICLE:
            owner[span.start : span.end] = [-1] * (span.end - span.start)
    start = 0
    for at in range(1, len(owner) + 1):
        if at == len(owner) or at in seams or owner[at] != owner[start]:
            yield _Run(start, at, owner[start], seams.get(start, 0))
            start = at


def _marked(text: str, run: _Run) -> str:
    if run.article < 0:
        return f"<s>{escape(text)}</s>"
    seam = f"<b>{run.seam}</b>" if run.seam else ""
    return f'<mark style="--h:{_hue(run.article)}">{seam}{escape(text)}</mark>'


def _hue(article: int) -> int:
    return HUES[article % len(HUES)]


def _article(number: int, article: Article) -> str:
    by = " ".join(credit.name for credit in article.byline)
    about = [
        article.shown_kicker,
        article.subhead,
        by,
        f"{tr(article.section.value)} ({article.section_confidence:.0%})",
        tr("{} pieces, order {}", len(article.pieces), f"{article.order_confidence:.0%}"),
        tr("continues on page {}", article.jump_to) if article.jump_to else "",
    ]
    body = "".join(map(_paragraph, article.body))
    aside = ' class="aside"' if article.parent >= 0 else ""
    return (
        f'<article style="--h:{_hue(number)}"{aside}><h3>{escape(article.headline)}</h3>'
        f'<p class="dim">{escape(" · ".join(filter(None, about)))}</p>{body}</article>'
    )


def _paragraph(paragraph: Paragraph) -> str:
    kind = ' class="crosshead"' if paragraph.kind is ParagraphKind.CROSSHEAD else ""
    return f"<p{kind}>{escape(paragraph.text)}</p>"
