"""Gives articles permanent names, and finds those that an earlier version of the issue has named already.

A guid is ``urn:newsml:<provider>:<YYYYMMDD>:<stable id>`` and never changes. An article that was read before keeps
its guid, by similarity. It gets a new version only if a reader would see a change, with a note that says which. No
clock is read: times are computed from the issue's date and the newspaper's hour, or passed in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz

from transforms.guid import compact
from transforms.lifecycle.differences import describe_changes, pictures_of, seen_by_readers
from transforms.model import Action, Article, Item, Media, Paragraph, Publication, Status
from transforms.multilingual import note_in

CORRECTION = "sig:correction"
LIKE = 0.5  # texts of one day's paper that share no story stay below 0.35 (character overlap), edits stay above 0.6
_ID_LENGTH = 12


def opening_time(publication: Publication, day: date) -> datetime:
    """When the day's issue counts as published: the newspaper's hour in its own time zone."""
    return datetime.combine(day, time.fromisoformat(publication.publishes_at), ZoneInfo(publication.timezone))


def name_items(
    articles: Sequence[Article], publication: Publication, day: date, at: datetime, earlier: Sequence[Item]
) -> tuple[Item, ...]:
    """Items for ``articles``, in their order, followed by those of ``earlier`` that are no longer printed.

    ``at`` dates what is new or changed. Unchanged items are returned as they were, and withdrawn ones stay
    withdrawn. An earlier item that no article resembles is withdrawn, because the newspaper removed it.
    """
    found = match(articles, earlier)
    guids = _guids(articles, found, publication, day, earlier)
    moved = {i.guid: i.origin for i in earlier if _is_no_more(i)}
    items = [
        _renew(found[n], a, _kept_parent(found[n], _parent(a, guids), moved), at, publication.language)
        if n in found
        else Item(guids[n], 1, a, at, at, parent_guid=moved.get(_parent(a, guids), _parent(a, guids)))
        for n, a in enumerate(articles)
    ]
    now = {i.guid: i for i in items}
    gone = [i for i in earlier if i.guid not in now]
    why = note_in(publication.language, "taken_out")
    return (*items, *(i if _is_split_off(i, now) else withdraw(i, at, why, "broadsheet") for i in gone))


def _is_no_more(item: Item) -> bool:
    """Whether the article will not be seen (again) under its name."""
    return item.status is Status.CANCELED or (item.waits is not None and item.waits.rejected)


def _kept_parent(item: Item, parent: str, moved: dict[str, str]) -> str:
    """The story that a known sidebar belongs to: what was done to a story that is no more was done to its sidebars."""
    return item.parent_guid if parent in moved else parent


def _is_split_off(item: Item, now: dict[str, Item]) -> bool:
    """Whether the desk has split the item off from an article that is still printed: no reading will find it again."""
    return item.status is Status.USABLE and item.origin in now


def match(articles: Sequence[Article], earlier: Sequence[Item]) -> dict[int, Item]:
    """For each article (by index) the earlier item that it continues, with the best total similarity."""
    if not articles or not earlier:
        return {}
    import numpy as np  # here, since they are slow to load and only what was read before needs them
    from lap import lapjv

    scores = np.array([[_likeness_of(a, i) for i in earlier] for a in articles])
    columns, _ = lapjv(1 - scores, extend_cost=True, return_cost=False)
    pairs = [(row, int(column)) for row, column in enumerate(columns) if column >= 0]  # -1: no partner was left
    return {row: earlier[column] for row, column in pairs if scores[row, column] >= LIKE}


def likeness(one: Article, other: Article) -> float:
    """Similarity of two articles in [0, 1]: mostly of the text, partly of the headline."""
    text = fuzz.ratio(one.text, other.text) / 100
    headline = fuzz.ratio(one.headline, other.headline) / 100
    return max(text, 0.6 * text + 0.4 * headline)


def _likeness_of(article: Article, item: Item) -> float:
    """Likeness to an item as it stands, or as it was printed before the desk changed it."""
    stands = likeness(article, item.article)
    return max(stands, likeness(article, item.printed)) if item.printed else stands


def withdraw(item: Item, at: datetime, note: str, actor: str) -> Item:
    """The next version of an item: cancelled, its text replaced by the note. A withdrawn item is returned unchanged."""
    if item.status is Status.CANCELED:
        return item
    if item.waits and item.waits.earlier:
        item = item.waits.earlier  # what partners have
    at = after(item, at)
    # Its pictures stay named, so that partners who keep items are told which of them are canceled too.
    media = tuple(Media("", m.media_type, digest=m.digest) for m in item.article.media if m.digest)
    notice = replace(
        item.article, body=(Paragraph(note),), kicker="", subhead="", byline=(), dateline="", media=media, evidence=()
    )
    history = (*item.history, Action(actor, "withdrawn", at))
    return replace(
        item,
        version=item.version + 1,
        version_created=at,
        article=notice,
        status=Status.CANCELED,
        ed_note=note,
        signal="",
        history=history,
        waits=None,
    )


def correct(item: Item, article: Article, at: datetime, actor: str, language: str, remark: str = "") -> Item:
    """The next version of an item with another text; the same item if a reader would see no change.

    ``remark`` is added to the note that says what changed; both are public.
    """
    renewed = _renew(replace(item, printed=None), article, item.parent_guid, at, language)
    if renewed.version == item.version:
        return item
    note = f"{renewed.ed_note}（{remark}）" if remark else renewed.ed_note
    return replace(renewed, ed_note=note, history=(*item.history, Action(actor, "corrected", renewed.version_created)))


def _renew(item: Item, article: Article, parent: str, at: datetime, language: str) -> Item:
    if item.status is Status.CANCELED:
        return item
    read, printed = article, item.printed and article
    if item.printed:
        article = _with_desks_changes(article, item.printed, item.article)
    changes = describe_changes(item.article, article, language)
    if not changes and parent == item.parent_guid:
        return replace(item, article=_moved(item.article, article), printed=printed)
    if item.waits:  # no partner has this version, so another text makes no further one
        fresh = replace(item, article=article, version_created=after(item, at), parent_guid=parent, printed=printed)
        fresh = replace(fresh, status=Status.USABLE, waits=None)
        return _renew(item.waits.earlier, read, parent, at, language) if item.waits.earlier else fresh
    return replace(
        item,
        version=item.version + 1,
        version_created=after(item, at),
        article=article,
        parent_guid=parent,
        ed_note=changes or item.ed_note,
        signal=CORRECTION if changes else item.signal,
        printed=printed,
    )


# What the desk may change in an article, each for itself.
_DESKS_FIELDS = ("headline", "kicker", "subhead", "byline", "dateline", "section", "column", "body", "media")


def _with_desks_changes(new: Article, printed: Article, desks: Article) -> Article:
    """A new reading with what the desk had changed, except where the paper has since printed something else."""
    kept = {
        name: getattr(desks, name)
        for name in _DESKS_FIELDS
        if _seen(new, name) == _seen(printed, name) and _seen(desks, name) != _seen(printed, name)
    }
    return replace(new, **kept)


def _seen(article: Article, name: str) -> object:
    """A field as a reader sees it: paragraphs without the places where they were found."""
    if name == "media":
        return pictures_of(article)
    return tuple((p.kind, p.text) for p in article.body) if name == "body" else getattr(article, name)


def _moved(old: Article, new: Article) -> Article:
    """The old article, whose every rendered byte must stay, at the places where the new reading found it."""
    body = tuple(replace(p, spans=q.spans) for p, q in zip(old.body, new.body, strict=True))
    if old.page == new.page:
        return replace(old, body=body, pieces=new.pieces, spans=new.spans, parent=new.parent)
    return replace(old, body=body, parent=new.parent)


def after(item: Item, at: datetime) -> datetime:
    """The date of an item's next version: always later than the last one, whatever the clocks say."""
    return max(at, item.version_created + timedelta(seconds=1))


def _guids(
    articles: Sequence[Article], found: dict[int, Item], publication: Publication, day: date, earlier: Sequence[Item]
) -> list[str]:
    taken = {i.guid for i in earlier}
    guids: list[str] = []
    for n, article in enumerate(articles):
        guid = found[n].guid if n in found else new_guid(article, publication.provider, day, taken, publication.id)
        taken.add(guid)
        guids.append(guid)
    return guids


def new_guid(article: Article, provider: str, day: date, taken: set[str], origin: str) -> str:
    """A guid derived from the article's first text. Twins (the same notice printed twice) are numbered.

    ``origin``: the newspaper's id, since several may share a provider and print the same text; or the guid of the
    article that this one was split off.
    """
    said = f"{origin}\n{seen_by_readers(replace(article, media=()))!r}"
    digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_LENGTH]
    guid = base = f"urn:newsml:{provider}:{compact(day)}:{digest}"
    count = 1
    while guid in taken:
        count += 1
        guid = f"{base}-{count}"
    return guid


def _parent(article: Article, guids: Sequence[str]) -> str:
    return guids[article.parent] if 0 <= article.parent < len(guids) else ""
