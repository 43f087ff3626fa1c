"""What an article is about and whom it names: topics, places, people, organisations, the paper's own columns.

Nothing is invented: every name stands in the text as printed, and what is not sure is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.chinese import in_simplified
from transforms.enrich.names import organisations_in, people_in
from transforms.enrich.places import places_in
from transforms.enrich.subjects import column_of, subjects_in
from transforms.model import Article, Column

__all__ = ["enrich"]

MOST_KEYWORDS = 8


def enrich(article: Article, columns: Sequence[Column] = ()) -> Article:
    """The article with topics, places, people, organisations, keywords and column; its text stays as it is."""
    column = column_of(article, columns)
    plain = in_simplified(article)  # the lists of words and names are in simplified characters
    if plain is not article:
        return _as_printed(_enriched(plain, column), article)
    return _enriched(article, column)


def _enriched(article: Article, column: Column | None) -> Article:
    subjects, words = subjects_in(article)
    places = places_in(article)
    keywords = [*words, *(p.name for p in places), *([column.name] if column else [])]
    return replace(
        article,
        subjects=subjects,
        places=places,
        people=people_in(article),
        organisations=organisations_in(article, places),
        keywords=tuple(dict.fromkeys(keywords))[:MOST_KEYWORDS],
        column=column.id if column else "",
        section=column.base if column else article.section,
        section_confidence=1.0 if column else article.section_confidence,
    )


def _as_printed(found: Article, article: Article) -> Article:
    """What was found in an article's simplified form, with each name as the article itself prints it."""
    plain = "\n".join((found.headline, found.subhead, found.dateline, found.text))
    text = "\n".join((article.headline, article.subhead, article.dateline, article.text))

    def printed(name: str) -> str:
        at = plain.find(name)
        return text[at : at + len(name)] if at >= 0 else name

    return replace(
        article,
        subjects=found.subjects,
        places=tuple(replace(p, name=printed(p.name)) for p in found.places),
        people=tuple(map(printed, found.people)),
        organisations=tuple(map(printed, found.organisations)),
        keywords=tuple(map(printed, found.keywords)),
        column=found.column,
        section=found.section,
        section_confidence=found.section_confidence,
    )
