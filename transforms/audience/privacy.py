"""Private numbers in articles: masked, or shown to an editor first, as each partner's file says.

Masking keeps the length of the text, so spans still point at the same characters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from transforms.lifecycle.doubt import REVIEWED
from transforms.model import Action, Article, Item, Partner, Status
from transforms.multilingual import note_in
from transforms.private_numbers import masked, private_numbers

SEEN = REVIEWED | {"corrected"}  # what a person does to a version has been before a person's eyes


def private_in(article: Article) -> int:
    """How many private numbers a reader of the article would see."""
    return sum(len(private_numbers(text)) for text in _texts(article))


def for_partner(item: Item, partner: Partner, language: str) -> Item:
    """The item as the partner gets it: masked in every field that is sent, with a note that says so."""
    if partner.privacy != "mask":
        return item
    hidden = replace(
        item,
        article=_masked_article(item.article),
        ed_note=masked(item.ed_note),
        history=tuple(Action(masked(a.actor), masked(a.what), a.at) for a in item.history),
    )
    count = private_in(item.article) if item.status is not Status.CANCELED else 0
    if not count:
        return hidden if hidden != item else item
    note = " ".join(part for part in (hidden.ed_note, _note(count, language)) if part)
    return replace(hidden, ed_note=note)


def needs_desk(item: Item, partner: Partner) -> bool:
    """Whether an editor must see this version before the partner may have it, because it contains private numbers."""
    if partner.privacy != "desk" or item.status is Status.CANCELED:
        return False
    # What a person said of an earlier version does not speak for this one.
    seen = any(action.what in SEEN and action.at >= item.version_created for action in item.history)
    return not seen and private_in(item.article) > 0


def _texts(article: Article) -> Iterator[str]:
    yield from (article.kicker, article.headline, article.subhead, article.dateline)
    yield from (p.text for p in article.body)
    yield from (text for c in article.byline for text in (c.name, c.role))
    yield from (text for m in article.media for text in (m.caption, m.credit))


def _masked_article(article: Article) -> Article:
    return replace(
        article,
        kicker=masked(article.kicker),
        headline=masked(article.headline),
        subhead=masked(article.subhead),
        dateline=masked(article.dateline),
        byline=tuple(replace(c, name=masked(c.name), role=masked(c.role)) for c in article.byline),
        body=tuple(replace(p, text=masked(p.text)) for p in article.body),
        media=tuple(replace(m, caption=masked(m.caption), credit=masked(m.credit)) for m in article.media),
        subjects=tuple(replace(s, name=masked(s.name)) for s in article.subjects),
        places=tuple(replace(p, name=masked(p.name), region=masked(p.region)) for p in article.places),
        people=tuple(map(masked, article.people)),
        organisations=tuple(map(masked, article.organisations)),
        keywords=tuple(map(masked, article.keywords)),
    )


def _note(count: int, language: str) -> str:
    return note_in(language, "masked", count)
