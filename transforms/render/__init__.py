"""One format a module: each takes values and gives files; nothing here reads a clock, writes, or asks the network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from transforms.model import Edition, File, Item, Partner, Publication
from transforms.render.atom import atom_file
from transforms.render.common import RECALLABLE, Site, archive_feeds, live_feeds, wanted
from transforms.render.html import pages
from transforms.render.jsonfeed import jsonfeed_file, to_json
from transforms.render.keys import guid_of_key, item_key, message_key, package_key
from transforms.render.newsml import news_item
from transforms.render.ninjs import ninjs
from transforms.render.package import catalog, knowledge_item, news_message, package_item
from transforms.render.rss import rss_file
from transforms.render.sitemap import sitemap_file
from transforms.render.text import clean_item, clean_publication
from transforms.render.vocabulary import SCHEMES
from transforms.render.xml import serialize

__all__ = ["guid_of_key", "item_key", "render_feeds", "render_items"]

G2_TYPE = "application/vnd.iptc.g2.{}+xml; charset=utf-8"
_FEEDS = {"rss": rss_file, "atom": atom_file, "jsonfeed": jsonfeed_file}


def render_items(edition: Edition, partner: Partner) -> tuple[File, ...]:
    """The immutable objects of one edition for one partner: its items, their package, and a message if asked for.

    Items of sections that the partner does not take are left out. Raises InvalidOutput for a guid that is none.
    """
    edition = _cleaned(edition, partner)
    files: list[File] = []
    if "newsml" in partner.formats:
        files += _newsml(edition, partner)
    if "ninjs" in partner.formats:
        files += [_ninjs(i, edition, partner) for i in edition.items]
    return tuple(files)


def render_feeds(
    publication: Publication,
    partner: Partner,
    items: Sequence[Item],
    base_url: str,
    archives: Sequence[date] = (),
    late: Sequence[Item] = (),
) -> tuple[File, ...]:
    """The pointers: live feeds, an archive a day, pages for people and their sitemap, our vocabulary.

    ``items`` are those now public to the partner and those withdrawn, in any order; ``archives`` the days before them
    whose archives are in the store already, so that the chain of archives goes on to them. ``late`` are items of older
    days that changed lately: the live feeds and the sitemap tell of them, their archives and pages are not made here.
    """
    site = Site(clean_publication(publication), partner, base_url.rstrip("/"))
    chosen = wanted(items, partner)
    more = wanted(late, partner)
    files: list[File] = []
    if "newsml" in partner.formats:
        files += _vocabulary(site.publication)
    feeds = (*archive_feeds(chosen, site, archives), *live_feeds(chosen, site, archives, more))
    for name, write in _FEEDS.items():
        if name in partner.formats:
            files += [write(feed, site) for feed in feeds]
    if "html" in partner.formats:
        files += pages(chosen, site)
        # A sitemap lists pages; a partner without pages has nothing to list.
        if "sitemap" in partner.formats:
            files.append(sitemap_file(chosen, site, more))
    return tuple(files)


def _cleaned(edition: Edition, partner: Partner) -> Edition:
    items = tuple(clean_item(i) for i in edition.items if i.article.section in partner.sections)
    publication = clean_publication(edition.publication)
    return Edition(publication, edition.date, edition.version, edition.version_created, items)


def _newsml(edition: Edition, partner: Partner) -> Iterator[File]:
    for item in edition.items:
        yield _g2(item_key(item.guid, item.version, "xml"), "newsItem", item, edition, partner)
    package = serialize(package_item(edition, edition.items, partner))
    yield File(package_key(edition.date, edition.version), package, G2_TYPE.format("packageitem"), RECALLABLE)
    if "newsmessage" in partner.formats:
        yield _message(edition, partner)


def _ninjs(item: Item, edition: Edition, partner: Partner) -> File:
    content = to_json(ninjs(item, edition, partner))
    key = item_key(item.guid, item.version, "json")
    return File(key, content, "application/json; charset=utf-8", RECALLABLE, {"guid": item.guid})


def _g2(key: str, kind: str, item: Item, edition: Edition, partner: Partner) -> File:
    content = serialize(news_item(item, edition, partner))
    return File(key, content, G2_TYPE.format(kind.lower()), RECALLABLE, {"guid": item.guid})


def _message(edition: Edition, partner: Partner) -> File:
    trees = [news_item(i, edition, partner) for i in edition.items]
    message = news_message(edition, [*trees, package_item(edition, edition.items, partner)], partner)
    key = message_key(edition.date, edition.version)
    return File(key, serialize(message), G2_TYPE.format("newsmessage"), RECALLABLE)


def _vocabulary(publication: Publication) -> Iterator[File]:
    """Our schemes: a catalog of them, and a knowledge item for each that has codes."""
    yield File("catalog/catalog.xml", serialize(catalog(publication)), G2_TYPE.format("catalog"), RECALLABLE)
    for scheme in SCHEMES:
        if scheme.codes:
            content = serialize(knowledge_item(publication, scheme))
            yield File(f"catalog/{scheme.path}.xml", content, G2_TYPE.format("knowledgeitem"), RECALLABLE)
