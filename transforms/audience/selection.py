"""Which articles of an issue a partner gets, and which days its feeds cover. Time is an argument."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from transforms.days import AHEAD
from transforms.lifecycle.doubt import standing
from transforms.model import Item, Partner, Publication, Status


def takes(partner: Partner, publication: Publication) -> bool:
    """Whether a partner takes a newspaper at all."""
    if partner.former:
        return False
    named = not partner.publications or publication.id in partner.publications
    spoken = not partner.languages or any(_speaks(publication.language, tag) for tag in partner.languages)
    return named and spoken


def _speaks(language: str, tag: str) -> bool:
    return language.lower() == tag.lower() or language.lower().startswith(tag.lower() + "-")


def lift(item: Item, partner: Partner) -> datetime:
    """The time from which the partner may have the item."""
    own = item.first_created + timedelta(minutes=partner.embargo_minutes)
    # Without an offset there is nothing to wait for: the newspaper decides when it sends an issue.
    moments = [m for m in (item.embargoed, own if partner.embargo_minutes else None) if m]
    return max(moments, default=item.first_created)


def waits_until(items: Iterable[Item], partner: Partner, now: datetime) -> datetime | None:
    """When the partner's own delay ends; None if it may have the whole issue."""
    if not partner.embargo_minutes:
        return None
    last = max((lift(i, partner) for i in items if i.embargoed is None), default=now)
    return last if last > now else None


def is_held_back(item: Item, partner: Partner, now: datetime) -> bool:
    """Whether the partner must not be able to see any trace of the item yet."""
    waits = item.embargoed is not None or partner.embargo_minutes > 0
    return waits and lift(item, partner) > now


def let_out(items: Iterable[Item]) -> tuple[Item, ...]:
    """What may be published of an issue: for a withheld article the version published before, or nothing."""
    return tuple(out for item in items if (out := standing(item)))


def rights_end(opened: datetime, partner: Partner) -> datetime | None:
    """When a partner's rights in what was published at ``opened`` end; None if they do not."""
    return opened + timedelta(days=partner.expires_days) if partner.expires_days else None


def unwanted(item: Item, partner: Partner) -> str:
    """Why a partner that never had the item does not take it; empty if it does."""
    if item.article.section not in partner.sections:
        return f"section {item.article.section} is not among those that it takes"
    spoken = item.article.language
    if spoken and partner.languages and not any(_speaks(spoken, tag) for tag in partner.languages):
        return f"it is in {spoken}, which is not among the languages that it takes"
    if partner.topics and not {s.qcode for s in item.article.subjects} & set(partner.topics):
        return "it is about none of the topics that it takes"
    return ""


def choose(items: Iterable[Item], partner: Partner, now: datetime, had: Collection[str]) -> tuple[Item, ...]:
    """What the partner gets of an issue. ``had``: all guids that it was ever given.

    A partner keeps getting updates of what it once had, even if its filters or the article's section have changed.
    A withdrawal goes to those who had the article, and to nobody else.
    """
    chosen = []
    for item in items:
        known = item.guid in had
        wanted = known if item.status is Status.CANCELED else known or not unwanted(item, partner)
        if wanted and (known or not is_held_back(item, partner, now)):
            chosen.append(item)
    return tuple(chosen)


def widened(partner: Partner, items: Iterable[Item]) -> Partner:
    """The partner with the sections of ``items`` added to its own, because renderers leave out all others."""
    more = {i.article.section for i in items} - set(partner.sections)
    return replace(partner, sections=(*partner.sections, *sorted(more))) if more else partner


def live_days(days: Sequence[date], window: int, today: date) -> list[date]:
    """The days that the live feeds cover, oldest first, without gaps.

    ``window`` days are counted back from the newest issue that ``today`` has reached. So a newspaper that pauses
    keeps its feeds, and one that sends tomorrow's issue early loses nothing of today's. An issue dated too far
    ahead is left out.
    """
    start = window_start(days, window, today)
    return sorted(d for d in days if start <= d <= today + AHEAD)


def window_start(days: Sequence[date], window: int, today: date) -> date:
    """The first day of the live feeds. They contain whatever changed on it or later, even if it was printed earlier."""
    return max((d for d in days if d <= today), default=today) - timedelta(days=window - 1)
