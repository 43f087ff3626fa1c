"""What all feeds share: which items they have, in which order, how many, and what an entry contains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import zip_longest

from transforms.guid import split_guid
from transforms.model import Item, Partner, Section, Status
from transforms.render import keys
from transforms.render.body import fragment
from transforms.render.format import FeedDocument, FeedEntry, Site
from transforms.render.text import clean_item, summary
from transforms.render.vocabulary import section_name

# SmartNews and others refuse a feed of 1 MB; the frame of a feed takes far less than what is set aside here.
MAX_FEED_BYTES = 1_000_000
_FRAME_BYTES = 20_000
_ENTRY_BYTES = 3_000


def wanted(items: Iterable[Item], partner: Partner) -> list[Item]:
    """The newest version of each item in the partner's sections, cleaned; newest issue first, then in page order.

    A sidebar follows its main story if both are on one page.
    """
    newest: dict[str, Item] = {}
    for item in items:
        if item.article.section not in partner.sections:
            continue
        known = newest.get(item.guid)
        if known is None or known.version < item.version:
            newest[item.guid] = item
    return [clean_item(i) for i in sorted(newest.values(), key=lambda i: _order(i, newest))]


def published(item: Item) -> datetime:
    """The time from which readers may have the item: its date in feeds."""
    return item.released or item.first_created


def day_of(item: Item) -> date:
    """The day of the issue that printed the item."""
    return split_guid(item.guid)[1]


def live_feeds(
    items: Sequence[Item], site: Site, archives: Sequence[date], late: Sequence[Item] = ()
) -> Iterator[FeedDocument]:
    """The feed of everything and one per section, as far back as the partner's window and the size limit allow.

    ``archives``: days whose archives are in the store; the feed of everything links to the newest. ``late``: items
    of older days that changed within the window. They come first, so that no reader misses them. Each document
    stays below ``MAX_FEED_BYTES``.
    """
    window = [*sorted(late, key=lambda i: i.version_created, reverse=True), *_window(items, site.partner.feed_days)]
    days = sorted({day_of(i) for i in items} | set(archives))
    previous = _last_archive(items, days[-1], site.partner) if days else ""
    yield _live("all", site.publication.name, window, site, previous)
    for section in Section:
        if section in site.partner.sections:
            of_section = [i for i in window if i.article.section is section]
            title = f"{site.publication.name} {section_name(section)}"
            yield _live(section.value, title, of_section, site, "")


def archive_feeds(items: Sequence[Item], site: Site, archives: Sequence[date]) -> Iterator[FeedDocument]:
    """An archive (RFC 5005) for each day among ``items``, oldest first, each linked to the one before it.

    A day too long for one document has several. ``archives``: days whose archives are in the store; the oldest one
    made here links to the newest of those before it.
    """
    by_day: dict[date, list[Item]] = {}
    for item in items:
        by_day.setdefault(day_of(item), []).append(item)
    older = [d for d in sorted(archives) if not by_day or d < min(by_day)]
    previous = keys.archive_stem(older[-1], 1) if older else ""
    made: list[FeedDocument] = []
    for day in sorted(by_day):
        made += _day_archives(day, by_day[day], site, made[-1].stem if made else previous)
    for feed, newer in zip_longest(made, made[1:]):
        yield replace(feed, following=newer.stem) if newer else feed


def is_full(item: Item, partner: Partner) -> bool:
    """Whether an entry has the whole text. An article too long for any feed has only its summary and a link."""
    return partner.full_text and _weight(item) < MAX_FEED_BYTES - _FRAME_BYTES


def entry(item: Item, site: Site) -> FeedEntry:
    """The entry of an item in a feed, with its text if the partner takes full text and the item is not withdrawn."""
    html = fragment(item.article) if is_full(item, site.partner) and item.status is Status.USABLE else ""
    return FeedEntry(item, title(item, site), _link(item, site), summary(item.article), html)


def alternates(item: Item, site: Site) -> Iterator[tuple[str, str]]:
    """Media type and address of each of the item's own files, for readers that arrive from a feed or a page."""
    for format_ in site.items:
        yield format_.media_type, site.url(format_.key(item.guid, item.version))


def title(item: Item, site: Site) -> str:
    """The headline as a feed shows it.

    Some importers need more than 20 characters (MSN). For them a shorter headline is extended by kicker, subhead,
    the newspaper's name and, if that is still too short, the date.
    """
    article = item.article
    if "msn" not in site.partner.contracts or len(article.headline) > 20:
        return article.headline
    parts = [p for p in (article.kicker, article.headline, article.subhead) if p]
    long = "——".join(parts) + f" | {site.publication.name}"
    return long if len(long) > 20 else f"{long} {day_of(item).isoformat()}"


def _order(item: Item, items: Mapping[str, Item]) -> tuple[int, int, int, str, int, str]:
    parent = items.get(item.parent_guid)
    story = parent if parent and _page(parent) == _page(item) else item
    aside = 0 if story is item else 1 + _start(item)
    return -day_of(story).toordinal(), story.article.page, _start(story), story.guid, aside, item.guid


def _page(item: Item) -> tuple[date, int]:
    return day_of(item), item.article.page


def _start(item: Item) -> int:
    return item.article.spans[0].start if item.article.spans else 0


def _window(items: Sequence[Item], days: int) -> list[Item]:
    newest = max((day_of(i) for i in items), default=date.min)
    return [i for i in items if (newest - day_of(i)).days < days]


def _live(name: str, title: str, items: Sequence[Item], site: Site, previous: str) -> FeedDocument:
    usable = [i for i in items if i.status is Status.USABLE]
    first = next(_chunks(usable, site.partner), ())
    withdrawn = tuple(i for i in items if i.status is Status.CANCELED)
    entries = tuple(entry(i, site) for i in first)
    return FeedDocument(keys.feed_stem(name), title, entries, withdrawn, previous=previous)


def _day_archives(day: date, items: Sequence[Item], site: Site, previous: str) -> Iterator[FeedDocument]:
    usable = [i for i in items if i.status is Status.USABLE]
    withdrawn = tuple(i for i in items if i.status is Status.CANCELED)
    name = f"{site.publication.name} {day.isoformat()}"
    for part, chunk in enumerate(list(_chunks(usable, site.partner)) or [()], start=1):
        entries = tuple(entry(i, site) for i in chunk)
        gone = withdrawn if part == 1 else ()
        stem = keys.archive_stem(day, part)
        yield FeedDocument(stem, name, entries, gone, archive=True, current=keys.ALL, previous=previous)
        previous = stem


def _last_archive(items: Sequence[Item], day: date, partner: Partner) -> str:
    """The stem of the newest archive's last part; a day that is only in the store is known by its first."""
    usable = [i for i in items if i.status is Status.USABLE and day_of(i) == day]
    return keys.archive_stem(day, max(1, sum(1 for _ in _chunks(usable, partner))))


def _chunks(items: Sequence[Item], partner: Partner) -> Iterator[tuple[Item, ...]]:
    """Items in runs that each fit one feed document."""
    chunk: list[Item] = []
    size = _FRAME_BYTES
    for item in items:
        weight = _weight(item) if is_full(item, partner) else _ENTRY_BYTES
        if chunk and size + weight > MAX_FEED_BYTES:
            yield tuple(chunk)
            chunk, size = [], _FRAME_BYTES
        chunk.append(item)
        size += weight
    if chunk:
        yield tuple(chunk)


def _weight(item: Item) -> int:
    """At most so many bytes has the item's entry in any feed; markup is escaped in RSS and Atom."""
    text = item.article.text
    marked = text.count("&") * 8 + (text.count("<") + text.count(">") + text.count('"')) * 9
    return len(text.encode()) + marked + 40 * len(item.article.body) + _ENTRY_BYTES


def _link(item: Item, site: Site) -> str:
    """Where a reader goes on from a feed: the article's page, else its first file, else the newspaper."""
    if "html" in site.partner.formats:
        return site.url(keys.article_page_key(item.guid))
    return next((address for _, address in alternates(item, site)), site.home)
