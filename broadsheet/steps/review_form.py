"""A question as an editor reads it in Airflow: the article, why it waits, and the page that it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from broadsheet import texts as text_table
from broadsheet.steps.reasons import reason_in
from broadsheet.steps.review import OPTIONS, Question
from broadsheet.texts import Words
from transforms.lifecycle.decision import MAX_HEADLINE
from transforms.model import Article, Doubt, Item, Page, ParagraphKind, Publication, Section, Span
from transforms.render.dates import local

_MARKS = re.compile(r"([\\`*_\[\]<>#|~!])")
_AROUND = 60  # characters of other stories shown around a run


def words_of(language: str) -> Words:
    """The texts of questions in a newspaper's language; in English if we lack that language."""
    return text_table.words_of(language, "question")


def options(words: Words) -> list[str]:
    """The answers to choose from, each with its code: ``发布 (accept)``."""
    return [f"{words(f'answer_{code}')} ({code})" for code in OPTIONS]


def code_of(option: str) -> str:
    """The code of the answer that was chosen. Questions asked by earlier versions had only the codes."""
    return option.rpartition("(")[2].removesuffix(")")


def section_in(section: Section, words: Words) -> str:
    """The section's name in a language."""
    return words(f"section_{section.value}")


def fields(article: Article, words: Words) -> dict[str, dict[str, Any]]:
    """The form, as JSON Schema per field, filled in with what was read."""
    section = {
        "type": "string",
        "enum": [s.value for s in Section],
        "values_display": {s.value: f"{section_in(s, words)} ({s.value})" for s in Section},
        "default": article.section.value,
    }
    line = {"type": ["null", "string"], "maxLength": MAX_HEADLINE}
    return {
        "section": section | {"title": words("section")},
        "headline": line | {"title": words("headline"), "default": article.headline},
        "text": {
            "type": ["null", "string"],
            "format": "multiline",
            "title": words("text"),
            "default": article.text,
            "description": words("text_help"),
        },
        "merge_with": {
            "type": "string",
            "enum": ["next", "previous"],
            "values_display": {where: f"{words(where)} ({where})" for where in ("next", "previous")},
            "title": words("merge_with"),
            "default": "next",
            "description": words("merge_help"),
        },
        "split_at": {
            "type": ["null", "integer"],
            "title": words("split_at"),
            "default": None,
            "description": words("split_help"),
        },
        "second_headline": line
        | {"title": words("second_headline"), "default": None, "description": words("second_headline_help")},
        "second_section": section | {"title": words("second_section"), "description": words("second_section_help")},
    }


def subject(item: Item, publication: Publication) -> str:
    """One line that identifies the question."""
    words = words_of(publication.language)
    kinds = ", ".join(_kind(d, words) for d in item.waits.doubts) if item.waits else ""
    return words("subject", publication.name, item.article.page, item.article.headline, kinds)


def body(
    question: Question,
    item: Item,
    near: Mapping[str, Item],
    pages: Sequence[Page],
    publication: Publication,
) -> str:
    """The question in Markdown. None of the newspaper's own text is taken for markup."""
    words = words_of(publication.language)
    parts = [
        f"**{words('fault', _plain(reason_in(question.fault, words.language)))}**" if question.fault else "",
        _why(question.doubts, item.article, publication, words),
        _deadline(question, publication, words),
        _answers(words),
        _article(item.article, words),
        _near(near, words),
        *(page_as_printed(page, item.article, words) for page in pages),
        words("of", f"`{item.guid}`", question.version),
    ]
    return "\n\n".join(part for part in parts if part)


def _why(doubts: Sequence[Doubt], article: Article, publication: Publication, words: Words) -> str:
    return "\n".join(f"- {_kind(d, words)}: {_plain(_detail(d, article, publication, words))}" for d in doubts)


def _kind(doubt: Doubt, words: Words) -> str:
    return words(doubt.kind) if words.has(doubt.kind) else doubt.kind


def _detail(doubt: Doubt, article: Article, publication: Publication, words: Words) -> str:
    """Why an article waits, in the newspaper's language; as it was noted if we have no words for that kind."""
    wanted = publication.review
    match doubt.kind:
        case "order":
            return words("why_order", article.order_confidence, wanted.order)
        case "section":
            return words("why_section", section_in(article.section, words), article.section_confidence, wanted.section)
        case "private":
            return words("why_private", doubt.detail.rpartition(" ")[2])
        case "rejected" | "remade":
            return words(f"why_{doubt.kind}")
    return doubt.detail


def evidence_in(what: str, words: Words) -> str:
    """A piece of evidence for a section, in a language."""
    known = text_table.words_of(words.language, "evidence")
    if what.startswith("says ") and known.has("says"):
        return known("says", what[5:])
    return known(what) if known.has(what) else what


def _deadline(question: Question, publication: Publication, words: Words) -> str:
    until = local(publication, question.until).strftime("%Y-%m-%d %H:%M")
    return words(publication.review.unanswered, until, publication.timezone)


def _answers(words: Words) -> str:
    """What each answer does."""
    lines = [f"- **{words(f'answer_{code}')}** ({code}): {words(f'does_{code}')}" for code in OPTIONS]
    return "\n".join([f"### {words('answers')}\n", *lines])


def _article(article: Article, words: Words) -> str:
    evidence = "; ".join(f"{_plain(evidence_in(e.what, words))} {e.weight:+.1f}" for e in article.evidence) or words(
        "none"
    )
    sure = article.section_confidence, article.order_confidence
    head = [
        f"## {_plain(article.headline) or words('no_headline')}",
        words("sure", section_in(article.section, words), article.section.value, *sure, evidence),
        _plain(" / ".join(part for part in (article.shown_kicker, article.subhead) if part)),
        _plain(" ".join(f"{c.role} {c.name}".strip() for c in article.byline)),
    ]
    return "\n\n".join([*(h for h in head if h), *_paragraphs(article)])


def _paragraphs(article: Article) -> Iterator[str]:
    for number, paragraph in enumerate(article.body, start=1):
        text = _plain(paragraph.text)
        yield f"**{number}**\u2002{f'**{text}**' if paragraph.kind is ParagraphKind.CROSSHEAD else text}"


def _near(near: Mapping[str, Item], words: Words) -> str:
    lines = []
    for where, item in near.items():
        start = item.article.text[:_AROUND].replace("\n", " ")
        lines.append(f"- {words(where)}: **{_plain(item.article.headline)}** {_plain(start)}…")
    return f"### {words('neighbours')}\n\n" + "\n".join(lines) if lines else ""


def page_as_printed(page: Page, article: Article, words: Words) -> str:
    """The page as a table: the runs that the article was made from, numbered in reading order, and everything
    between.
    """
    order = {span: n for n, span in enumerate(_runs(page, article.spans), start=1)}
    if not order:
        return ""
    rows, at = [], 0
    for span in sorted(order):
        rows += _between(page.text[at : span.start])
        rows.append(f"| **{order[span]}** | {_cell(page.text[span.start : span.end])} |")
        at = span.end
    rows += _between(page.text[at:])
    head = f"### {words('page', page.number)}\n\n| {words('joined')} | {words('on_page')} |\n| --- | --- |"
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
