"""A question as the desk reads it in Airflow: the article, why it waits, and the page that it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from broadsheet.review import Question
from transforms.model import Article, Doubt, Item, Page, ParagraphKind, Publication, Section, Span
from transforms.render.dates import local
from transforms.render.vocabulary import section_name
from transforms.review import MAX_HEADLINE

_MARKS = re.compile(r"([\\`*_\[\]<>#|~!])")
_AROUND = 60  # characters of other stories shown around a run
_CONSEQUENCE = {
    "publish": "it goes out as it was read",
    "hold": "it stays withheld",
}


def fields(article: Article) -> dict[str, dict[str, Any]]:
    """The form, as JSON Schema a field, filled with what was read."""
    section = {
        "type": "string",
        "enum": [s.value for s in Section],
        "values_display": {s.value: f"{section_name(s)} ({s.value})" for s in Section},
    }
    free = {"type": ["null", "string"], "maxLength": MAX_HEADLINE}
    return {
        "section": section | {"title": "Section", "default": article.section.value},
        "headline": free | {"title": "Headline", "default": article.headline},
        "text": {
            "type": ["null", "string"],
            "format": "multiline",
            "title": "Text",
            "default": article.text,
            "description": "To mend what was torn apart or does not belong: a paragraph a line",
        },
        "merge_with": {
            "type": "string",
            "enum": ["next", "previous"],
            "title": "Merge with",
            "default": "next",
            "description": "For merge: the next article is its end, or it is the end of the previous one",
        },
        "split_at": {
            "type": ["null", "integer"],
            "title": "Split at paragraph",
            "default": None,
            "description": "For split: the number of the paragraph that opens the second article",
        },
        "second_headline": free
        | {
            "title": "Second headline",
            "default": None,
            "description": "For split: empty if that paragraph is the headline itself",
        },
        "second_section": section
        | {"title": "Second section", "default": article.section.value, "description": "For split"},
    }


def subject(item: Item, publication: Publication) -> str:
    """One line that tells the question from the others."""
    kinds = ", ".join(d.kind for d in item.waits.doubts) if item.waits else ""
    return f"{publication.name} p. {item.article.page}: “{item.article.headline}” ({kinds})"


def body(
    question: Question,
    item: Item,
    near: Mapping[str, Item],
    pages: Sequence[Page],
    publication: Publication,
) -> str:
    """The question in Markdown. Nothing of the paper's own text is taken for markup."""
    parts = [
        f"**The last answer could not be carried out: {_plain(question.fault)}.**" if question.fault else "",
        _why(question.doubts),
        _deadline(question, publication),
        _article(item.article),
        _near(near),
        *(_page(page, item.article) for page in pages),
        f"`{item.guid}` of {question.version}",
    ]
    return "\n\n".join(part for part in parts if part)


def _why(doubts: Sequence[Doubt]) -> str:
    return "\n".join(f"- {d.kind}: {_plain(d.detail)}" for d in doubts)


def _deadline(question: Question, publication: Publication) -> str:
    until = local(publication, question.until).strftime("%Y-%m-%d %H:%M")
    return f"Without an answer until {until} ({publication.timezone}) {_CONSEQUENCE[publication.review.unanswered]}."


def _article(article: Article) -> str:
    evidence = "; ".join(f"{_plain(e.what)} {e.weight:+.1f}" for e in article.evidence) or "none"
    head = [
        f"## {_plain(article.headline) or '(no headline)'}",
        f"Section **{section_name(article.section)} ({article.section.value})**, sure to "
        f"{article.section_confidence:.2f}; order sure to {article.order_confidence:.2f}. What spoke: {evidence}.",
        _plain(" / ".join(part for part in (article.kicker, article.subhead) if part)),
        _plain(" ".join(f"{c.role} {c.name}".strip() for c in article.byline)),
    ]
    return "\n\n".join([*(h for h in head if h), *_paragraphs(article)])


def _paragraphs(article: Article) -> Iterator[str]:
    for number, paragraph in enumerate(article.body, start=1):
        text = _plain(paragraph.text)
        yield f"**{number}**\u2002{f'**{text}**' if paragraph.kind is ParagraphKind.CROSSHEAD else text}"


def _near(near: Mapping[str, Item]) -> str:
    lines = []
    for where, item in near.items():
        start = item.article.text[:_AROUND].replace("\n", " ")
        lines.append(f"- {where}: **{_plain(item.article.headline)}** {_plain(start)}…")
    return "### Its neighbours\n\n" + "\n".join(lines) if lines else ""


def _page(page: Page, article: Article) -> str:
    """The page as a table: the runs that the article was joined from, numbered as they are read, and all between."""
    order = {span: n for n, span in enumerate(_runs(page, article.spans), start=1)}
    if not order:
        return ""
    rows, at = [], 0
    for span in sorted(order):
        rows += _between(page.text[at : span.start])
        rows.append(f"| **{order[span]}** | {_cell(page.text[span.start : span.end])} |")
        at = span.end
    rows += _between(page.text[at:])
    head = f"### Page {page.number} as it came\n\n| joined as | on the page (⏎ ends a line) |\n| --- | --- |"
    return "\n".join([head, *rows])


def _runs(page: Page, spans: Sequence[Span]) -> list[Span]:
    """The article's runs on a page in reading order, with those joined that stand side by side."""
    runs: list[Span] = []
    for number, group in groupby(spans, key=lambda s: s.page):
        for span in group if number == page.number else ():
            if runs and not page.text[runs[-1].end : span.start].strip() and runs[-1].end <= span.start:
                runs[-1] = Span(number, runs[-1].start, span.end)
            else:
                runs.append(span)
    return runs


def _between(text: str) -> list[str]:
    """Other stories' text, cut to what orients."""
    text = " ".join(text.split())
    if not text:
        return []
    return [f"| | *{_cell(text if len(text) <= 2 * _AROUND else f'{text[:_AROUND]} … {text[-_AROUND:]}')}* |"]


def _cell(text: str) -> str:
    return _plain(" ⏎ ".join(line.strip() for line in text.splitlines() if line.strip()))


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
