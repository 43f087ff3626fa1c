"""What an article is about and whom it names: topics, places, people, organisations, the paper's own columns.

Nothing is invented: every name stands in the text as printed, and what is not sure is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.enrich.names import organisations_in, people_in
from transforms.enrich.places import places_in
from transforms.enrich.subjects import column_of, subjects_in
from transforms.model import Article, Column

__all__ = ["enrich"]

MOST_KEYWORDS = 8


def enrich(article: Article, columns: Sequence[Column] = ()) -> Article:
    """The article with topics, places, people, organisations, keywords and column; its text stays as it is."""
    subjects, words = subjects_in(article)
    places = places_in(article)
    column = column_of(article, columns)
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
