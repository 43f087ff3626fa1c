"""RSS 2.0 (rssboard.org) by feedgen, working around its errors.

feedgen writes the time of the run into lastBuildDate, drops every atom:link except self, uses the last link of any
kind as the channel's, drops authors without an e-mail address, and changes the process's locale to write a date. So
dates, links and credits are written by our own extension; feedgen gets one link and no date. Entries are appended
(by default it prepends). Texts must be clean, because one control character would make the whole feed invalid.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from transforms.model import File, Item, Media, Status
from transforms.render.body import escape, title_html
from transforms.render.common import alternates, entry, published
from transforms.render.dates import iso, latest, local, rfc822
from transforms.render.faults import dead_links, doubled, own_address
from transforms.render.format import FeedDocument, FeedEntry, FeedFormat, Site, Surroundings
from transforms.render.pictures import sizes
from transforms.render.vocabulary import IPTC_SCHEMES, SECTIONS, section_name
from transforms.render.xml import ATOM, parse

DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
MEDIA = "http://search.yahoo.com/mrss/"
HISTORY = "http://purl.org/syndication/history/1.0"
TTL_MINUTES = 15
INSIDE = ">"  # before the name of an element that goes into the one before it

Element = tuple[str, str | None, dict[str, str]]


class _NoDate(datetime):
    """A date that counts as none: feedgen writes no lastBuildDate for it, instead of the time of the run."""

    def __bool__(self) -> bool:
        return False


class _Channel(BaseExtension):  # type: ignore[misc] # feedgen is untyped
    """Elements of the channel that feedgen cannot write."""

    elements: tuple[Element, ...] = ()

    def extend_ns(self) -> dict[str, str]:
        return {"dc": DC, "dcterms": DCTERMS, "fh": HISTORY, "media": MEDIA}

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        _append(feed[0], self.elements)
        return feed


class _Item(BaseEntryExtension):  # type: ignore[misc] # feedgen is untyped
    """Elements of an item that feedgen cannot write."""

    elements: tuple[Element, ...] = ()

    def extend_rss(self, item: etree._Element) -> etree._Element:
        _append(item, self.elements)
        return item


def rss_feed(feed: FeedDocument, site: Site) -> bytes:
    """The feed as RSS 2.0. Its dates come from its content, never from the time of the run."""
    generator = _generator(feed, site)
    for one in feed.entries:
        _add_entry(generator, one, site)
    for gone in feed.withdrawn if "msn" in site.partner.contracts else ():
        _add_entry(generator, entry(gone, site), site)
    # An ampersand as the RSS Profile wants it: what stands escaped in a title is meant so. XML reads both alike.
    return bytes(generator.rss_str()).replace(b"&amp;", b"&#x26;") + b"\n"


def _generator(feed: FeedDocument, site: Site) -> Any:
    generator = FeedGenerator()
    generator.register_extension("more", _Channel, _Item, atom=False, rss=True)
    generator.title(feed.title)
    generator.link(href=site.home, rel="alternate")
    generator.description(feed.title)
    generator.language(site.publication.language)
    generator.generator("broadsheet")
    generator.docs("https://www.rssboard.org/rss-specification")
    generator.copyright(site.rights or None)
    generator.ttl(TTL_MINUTES)
    generator.lastBuildDate(_NoDate(1970, 1, 1, tzinfo=UTC))
    generator.more.elements = _channel_elements(feed, site)
    return generator


def _channel_elements(feed: FeedDocument, site: Site) -> tuple[Element, ...]:
    items = [*(e.item for e in feed.entries), *feed.withdrawn]
    found: list[Element] = []
    if items:
        found.append(("pubDate", rfc822(max(published(i) for i in items)), {}))
        found.append(("lastBuildDate", rfc822(latest(items)), {}))
    found.append(_link("self", site.url(f"{feed.stem}.rss")))
    if site.partner.hub and not feed.archive:
        found.append(_link("hub", site.partner.hub))
    if feed.archive:
        found.append((f"{{{HISTORY}}}archive", None, {}))
        found.append(_link("current", site.url(f"{feed.current}.rss")))
    if feed.previous:
        found.append(_link("prev-archive", site.url(f"{feed.previous}.rss")))
    if feed.following:
        found.append(_link("next-archive", site.url(f"{feed.following}.rss")))
    return tuple(found)


def _add_entry(generator: Any, one: FeedEntry, site: Site) -> None:
    article = one.item.article
    added = generator.add_entry(order="append")
    added.title(title_html(one.title))
    added.link(href=one.link, rel="alternate")
    added.guid(one.item.guid, permalink=False)
    added.description(escape(one.summary))
    if one.html:
        added.content(one.html)
    added.category(_categories(one.item, site))
    for media in article.media[:1] if one.item.status is Status.USABLE else ():
        added.enclosure(media.url, str(media.size), media.media_type)
    added.more.elements = _item_elements(one.item, site)


def _categories(item: Item, site: Site) -> list[dict[str, str]]:
    section = item.article.section
    found = [{"term": section_name(section), "scheme": SECTIONS.uri(site.publication.provider)}]
    topics = IPTC_SCHEMES["medtop"]
    found += [{"term": s.name or s.qcode, "scheme": topics} for s in item.article.subjects]
    return found


def _item_elements(item: Item, site: Site) -> tuple[Element, ...]:
    found: list[Element] = [("pubDate", rfc822(published(item)), {})]
    found += [(f"{{{DC}}}creator", credit.name, {}) for credit in item.article.byline]
    if item.version > 1:
        found.append((f"{{{DCTERMS}}}modified", iso(local(site.publication, item.version_created)), {}))
    ends = item.version_created if item.status is Status.CANCELED else item.expires
    if ends:
        span = f"start={iso(published(item))};end={iso(ends)};scheme=W3C-DTF"
        found.append((f"{{{DCTERMS}}}valid", span, {}))
    if item.status is Status.USABLE:
        found += [
            (f"{{{ATOM}}}link", None, {"rel": "alternate", "type": kind, "href": href})
            for kind, href in alternates(item, site)
        ]
    for media in item.article.media if item.status is Status.USABLE else ():
        found += _media(media)
    return tuple(found)


def _media(media: Media) -> Iterator[Element]:
    """A picture as Media RSS has it; what describes it is nested in it."""
    address, largest = sizes(media)[0]
    given = {"fileSize": str(largest.size)} if largest.size else {}
    given |= {"width": str(largest.width), "height": str(largest.height)} if largest.width else {}
    kind = {"medium": "image"} if media.media_type.startswith("image/") else {}
    yield f"{{{MEDIA}}}content", None, {"url": address, "type": media.media_type} | kind | given
    if media.caption:
        yield INSIDE + f"{{{MEDIA}}}description", media.caption, {"type": "plain"}
    if media.credit:
        yield INSIDE + f"{{{MEDIA}}}credit", media.credit, {"role": "photographer", "scheme": "urn:ebu"}
    if media.renditions:
        address, smallest = sizes(media)[-1]
        size = {"width": str(smallest.width), "height": str(smallest.height)}
        yield INSIDE + f"{{{MEDIA}}}thumbnail", None, {"url": address} | size


def _link(rel: str, href: str) -> Element:
    kind = {} if rel == "hub" else {"type": "application/rss+xml"}
    return f"{{{ATOM}}}link", None, {"rel": rel, "href": href} | kind


def _append(parent: etree._Element, elements: tuple[Element, ...]) -> None:
    for name, text, attributes in elements:
        inside = name.startswith(INSIDE)
        etree.SubElement(parent[-1] if inside else parent, name.removeprefix(INSIDE), attributes).text = text


def check(file: File, around: Surroundings) -> Iterator[str]:
    """Faults of an RSS 2.0 feed. Raises InvalidOutput if it is not XML."""
    channel = parse(file.content).find("channel")
    if channel is None:
        yield "the feed has no channel"
        return
    for name in ("title", "link", "description"):
        if not channel.findtext(name):
            yield f"the channel has no {name}"
    items = list(channel.iter("item"))
    yield from doubled(i.findtext("guid") or "" for i in items)
    yield from (f"{i.findtext('guid')} has no title" for i in items if not i.findtext("title"))
    for date in channel.iter("pubDate", "lastBuildDate"):
        yield from _no_rss_date(date.text or "")
    links = channel.findall(f"{{{ATOM}}}link")
    targets = [x.get("href", "") for x in links] + [x.text or "" for x in channel.iter("link")]
    yield from dead_links(own_address(links), targets, file.key, around.keys)


def _no_rss_date(text: str) -> Iterator[str]:
    try:
        parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the latter for years and zones of many digits
        yield f"“{text}” is not a date that RSS knows (RFC 822)"


FORMATS = (
    FeedFormat(
        name="rss",
        title="RSS",
        extension="rss",
        media_type="application/rss+xml",
        mark=b"<rss",
        order=30,
        render=rss_feed,
        check=check,
    ),
)
