"""Rendering: from items to the files of one partner. Each output format is a module of ``formats/``.

Nothing here reads a clock, writes a file or uses the network, so the same items always give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from transforms.model import Edition, File, Item, Partner, Publication
from transforms.render.common import archive_feeds, live_feeds, wanted
from transforms.render.format import FeedFormat, IssueFormat, ItemFormat, Site, SiteFormat
from transforms.render.keys import guid_of_key, item_key
from transforms.render.pictures import addressed, picture_files
from transforms.render.registry import feed_formats, item_formats, taken
from transforms.render.text import clean_item, clean_publication

__all__ = ["guid_of_key", "item_key", "picture_files", "render_feeds", "render_items"]


def render_items(edition: Edition, partner: Partner, base_url: str) -> tuple[File, ...]:
    """The files of one edition that never change: its items, their package, and a message if the partner takes one.

    Items in sections that the partner does not take are left out. ``base_url``: the address of the partner's files.
    Picture files are not among them (see ``picture_files``). Raises InvalidOutput for an invalid guid.
    """
    edition = _cleaned(edition, partner, base_url)
    files: list[File] = []
    for form in taken(partner.formats):
        if isinstance(form, ItemFormat):
            files += [
                form.file(form.key(i.guid, i.version), form.render(i, edition, partner), i.guid) for i in edition.items
            ]
        elif isinstance(form, IssueFormat):
            files += form.render(edition, partner)
    return tuple(files)


def render_feeds(
    publication: Publication,
    partner: Partner,
    items: Sequence[Item],
    base_url: str,
    archives: Sequence[date] = (),
    late: Sequence[Item] = (),
) -> tuple[File, ...]:
    """The files that change in place: live feeds, an archive per day, web pages and their sitemap, our vocabulary.

    ``items``: those now public to the partner and those withdrawn, in any order. ``archives``: earlier days whose
    archives are already in the store, to which the chain of archives continues. ``late``: items of older days that
    changed recently; live feeds and the sitemap list them, but their archives and pages are not made here.
    """
    site = Site(
        clean_publication(publication),
        partner,
        base_url.rstrip("/"),
        item_formats(partner.formats),
        feed_formats(partner.formats),
    )
    chosen = [addressed(i, site.base_url) for i in wanted(items, partner)]
    more = [addressed(i, site.base_url) for i in wanted(late, partner)]
    feeds = (*archive_feeds(chosen, site, archives), *live_feeds(chosen, site, archives, more))
    files: list[File] = []
    for form in taken(partner.formats):
        if isinstance(form, FeedFormat):
            files += [form.file(form.key(feed.stem), form.render(feed, site)) for feed in feeds]
        elif isinstance(form, SiteFormat):
            files += form.render(chosen, site, more)
    return tuple(files)


def _cleaned(edition: Edition, partner: Partner, base_url: str) -> Edition:
    items = tuple(addressed(clean_item(i), base_url) for i in edition.items if i.article.section in partner.sections)
    publication = clean_publication(edition.publication)
    return Edition(publication, edition.date, edition.version, edition.version_created, items)
