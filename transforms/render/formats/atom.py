"""Atom 1.0 (RFC 4287) with archives (RFC 5005) and tombstones of withdrawn articles (RFC 6721)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from transforms.model import File, Item
from transforms.render.body import title_html
from transforms.render.common import alternates, published
from transforms.render.dates import EPOCH, iso, latest, local, precise
from transforms.render.faults import dead_links, disordered, doubled, own_address
from transforms.render.format import FeedDocument, FeedEntry, FeedFormat, Site, Surroundings
from transforms.render.pictures import named
from transforms.render.profiles import atom_reasons
from transforms.render.vocabulary import IPTC_SCHEMES, SECTIONS, resolve, section_name
from transforms.render.xml import ATOM, LANG, parse, qname, serialize

HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_A = f"{{{ATOM}}}"
_STONE = f"{{{TOMBSTONES}}}deleted-entry"


def atom_feed(feed: FeedDocument, site: Site) -> bytes:
    """The feed as Atom 1.0. Its dates come from its content, never from the time of the run."""
    spaces = {None: ATOM, "fh": HISTORY} | ({"at": TOMBSTONES} if feed.withdrawn else {})
    root = etree.Element(
        qname(ATOM, "feed"),
        {LANG: site.publication.language},
        spaces,  # type: ignore[arg-type] # stubs forbid None
    )
    _add_head(root, feed, site)
    for one in feed.entries:
        _add_entry(root, one, site)
    for gone in feed.withdrawn:
        _add_tombstone(root, gone, site)
    return serialize(root)


def feed_id(feed: FeedDocument, site: Site) -> str:
    """A tag URI (RFC 4151), so that it stays the same if the address changes.

    Archives have that of their live feed (RFC 5005, section 4).
    """
    stem = feed.current if feed.archive else feed.stem
    return f"tag:{site.publication.provider},2025:{site.publication.id}:{site.partner.id}:{stem}"


def _add_head(root: etree._Element, feed: FeedDocument, site: Site) -> None:
    items = [*(e.item for e in feed.entries), *feed.withdrawn]
    publication = site.publication
    _add(root, "id", feed_id(feed, site))
    _add(root, "title", feed.title)
    changes = [latest(items), *(_changed(e.item) for e in feed.entries)]
    _add(root, "updated", precise(local(publication, max(changes))) if items else iso(EPOCH))
    _add(_add(root, "author"), "name", publication.name)
    _add(root, "generator", "broadsheet")
    if site.rights:
        _text(root, "rights", site.rights)
    _link(root, "self", site.url(f"{feed.stem}.atom"), "application/atom+xml")
    _link(root, "alternate", site.home, "text/html")
    if site.partner.hub and not feed.archive:
        _link(root, "hub", site.partner.hub)
    _add_history(root, feed, site)


def _add_history(root: etree._Element, feed: FeedDocument, site: Site) -> None:
    if feed.archive:
        etree.SubElement(root, qname(HISTORY, "archive"))
    for rel, stem in (("current", feed.current), ("prev-archive", feed.previous), ("next-archive", feed.following)):
        if stem:
            _link(root, rel, site.url(f"{stem}.atom"), "application/atom+xml")


def _add_entry(root: etree._Element, one: FeedEntry, site: Site) -> None:
    item, article = one.item, one.item.article
    entry = _add(root, "entry")
    if article.language:
        entry.set(LANG, article.language)
    _add(entry, "id", item.guid)
    _text(entry, "title", one.title)
    _add(entry, "published", iso(local(site.publication, published(item))))
    _add(entry, "updated", precise(local(site.publication, _changed(item))))
    for credit in article.byline:
        _add(_add(entry, "author"), "name", credit.name)
    files = {href: kind for kind, href in alternates(item, site)}
    _link(entry, "alternate", one.link, files.get(one.link, "text/html"))
    for href, kind in files.items():
        if href != one.link:
            _link(entry, "alternate", href, kind)
    for media in article.media:
        given = {"length": str(media.size)} if media.size else {}
        given |= {"title": named(media)} if named(media) else {}
        _link(entry, "enclosure", media.url, media.media_type, **given)
    _add_categories(entry, item, site)
    _text(entry, "summary", one.summary)
    if one.html:
        _add(entry, "content", one.html, type="html")


def _changed(item: Item) -> datetime:
    """When an entry changed, with a fraction of a second of its own: readers take two entries of one moment for one."""
    digest = hashlib.sha256(item.guid.encode()).digest()
    return item.version_created.replace(microsecond=int.from_bytes(digest[:4], "big") % 1_000_000)


def _text(parent: etree._Element, name: str, text: str) -> None:
    """A text construct; as HTML if readers would take it for that."""
    html = title_html(text)
    _add(parent, name, html, **({"type": "html"} if html != text else {}))


def _add_categories(entry: etree._Element, item: Item, site: Site) -> None:
    section = item.article.section
    scheme = SECTIONS.uri(site.publication.provider)
    _add(entry, "category", None, term=section.value, scheme=scheme, label=section_name(section))
    for subject in item.article.subjects:
        uri = resolve(subject.qcode, site.publication)
        known = IPTC_SCHEMES.get(subject.qcode.partition(":")[0])
        term = subject.qcode.partition(":")[2] if known else uri
        scheme_of = {"scheme": known} if known else {}
        _add(entry, "category", None, term=term, label=subject.name or subject.qcode, **scheme_of)


def _add_tombstone(root: etree._Element, gone: Item, site: Site) -> None:
    when = iso(local(site.publication, gone.version_created))
    stone = etree.SubElement(root, qname(TOMBSTONES, "deleted-entry"), {"ref": gone.guid, "when": when})
    if gone.ed_note:
        etree.SubElement(stone, qname(TOMBSTONES, "comment")).text = gone.ed_note


def _link(parent: etree._Element, rel: str, href: str, type_: str = "", **attributes: str) -> None:
    kind = {"type": type_} if type_ else {}
    etree.SubElement(parent, qname(ATOM, "link"), {"rel": rel, "href": href} | kind | attributes)


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, qname(ATOM, name), attributes)
    child.text = text
    return child


def check(file: File, around: Surroundings) -> Iterator[str]:
    """Faults of an Atom feed, such as a guid that is both an entry and a tombstone.

    Raises InvalidOutput if it is not XML.
    """
    root = parse(file.content)
    yield from atom_reasons(root)
    entries = root.findall(f"{_A}entry")
    yield from doubled([e.findtext(f"{_A}id") or "" for e in entries] + [s.get("ref", "") for s in root.iter(_STONE)])
    newest = root.findtext(f"{_A}updated")
    for entry in entries:
        dates = (entry.findtext(f"{_A}published"), entry.findtext(f"{_A}updated"), newest)
        yield from disordered(("published", "updated", "the feed's updated"), dates)
    targets = [x.get("href", "") for x in root.iter(f"{_A}link")]
    yield from dead_links(own_address(root.findall(f"{_A}link")), targets, file.key, around.keys)


FORMATS = (
    FeedFormat(
        name="atom",
        title="Atom",
        extension="atom",
        media_type="application/atom+xml",
        mark=b"<feed",
        order=31,
        render=atom_feed,
        check=check,
    ),
)
