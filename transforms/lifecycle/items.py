"""From the articles of a reading to the items of an issue: the only place that combines these steps.

The pipeline, ``render``, ``partner preview`` and ``reprocess`` call it, so what is previewed is what is published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from transforms.lifecycle.doubt import Asks, withhold
from transforms.lifecycle.embargo import Embargo, embargo
from transforms.lifecycle.identity import name_items
from transforms.model import Article, Item, Publication, Status


def items_of(
    articles: Sequence[Article],
    publication: Publication,
    day: date,
    created: datetime,
    *,
    version: int = 1,
    earlier: Sequence[Item] = (),
    embargoes: Sequence[Embargo] = (),
    asks: Asks = lambda article: (),
    incomplete: bool = False,
) -> tuple[Item, ...]:
    """The sound ``articles`` with permanent guids, embargoed and withheld according to the newspaper's rules.

    ``created`` dates what is new or changed, ``version`` is the number of the issue's version that they make, and
    ``earlier`` are the items of the version before. ``asks`` returns further doubts about an article. Nothing is
    withdrawn if the issue is ``incomplete``, because what is missing may be on the page that could not be read.
    Raises BadInput if an embargo fits no article.
    """
    items = name_items(sound_articles(articles), publication, day, created, earlier)
    items = embargo(items, earlier, embargoes)
    items = _kept(items, earlier) if incomplete else items
    return withhold(items, earlier, publication.review, version, asks)


def sound_articles(articles: Sequence[Article]) -> list[Article]:
    """The articles that have a headline and text; each ``parent`` still points at the same article, or at none."""
    kept = [n for n, article in enumerate(articles) if not fault_of(article)]
    places = {n: place for place, n in enumerate(kept)}
    return [replace(articles[n], parent=places.get(articles[n].parent, -1)) for n in kept]


def fault_of(article: Article) -> str:
    """Why an article cannot be published; empty if it can."""
    if not article.headline.strip():
        return f"the article on page {article.page} that begins “{article.text[:20]}” has no headline"
    return "" if article.text.strip() else f"the article “{article.headline}” has no text"


def _kept(items: Sequence[Item], earlier: Sequence[Item]) -> tuple[Item, ...]:
    known = {i.guid: i for i in earlier}
    return tuple(known.get(i.guid, i) if i.status is Status.CANCELED else i for i in items)
