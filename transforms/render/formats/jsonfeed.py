"""JSON Feed 1.1 (jsonfeed.org): live feeds and archives. Withdrawn articles are in an extension, ``_broadsheet``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from transforms.model import File, Media
from transforms.render.common import alternates, published
from transforms.render.dates import iso, local
from transforms.render.faults import dead_links, disordered, doubled
from transforms.render.format import FeedDocument, FeedEntry, FeedFormat, Site, Surroundings
from transforms.render.json_text import load_json, to_json
from transforms.render.keys import INDEX
from transforms.render.pictures import images, named
from transforms.render.profiles import json_reasons
from transforms.render.vocabulary import section_name

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(feed: FeedDocument, site: Site) -> bytes:
    """The feed as JSON Feed 1.1. ``next_url`` leads to older archives, which may repeat ids that a reader has."""
    return to_json(_feed(feed, site))


def _feed(feed: FeedDocument, site: Site) -> dict[str, Any]:
    publication = site.publication
    found: dict[str, Any] = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": site.home,
        "feed_url": site.url(f"{feed.stem}.json"),
        "language": publication.language,
        "authors": [{"name": publication.name}],
    }
    if feed.previous:
        found["next_url"] = site.url(f"{feed.previous}.json")
    if site.partner.hub and not feed.archive:
        found["hubs"] = [{"type": "WebSub", "url": site.partner.hub}]
    found["items"] = [_item(one, site) for one in feed.entries]
    gone = [{"id": i.guid, "when": iso(local(publication, i.version_created))} for i in feed.withdrawn]
    ours: dict[str, Any] = {"rights": site.rights} if site.rights else {}
    ours |= {"withdrawn": gone} if gone else {}
    return found | ({"_broadsheet": {"about": _about(site)} | ours} if ours else {})


def _item(one: FeedEntry, site: Site) -> dict[str, Any]:
    item, article = one.item, one.item.article
    found: dict[str, Any] = {"id": item.guid, "url": one.link, "title": one.title}
    # The specification wants content_html or content_text in each item; a summary is the text where that is all.
    found |= {"content_html": one.html} if one.html else {"content_text": one.summary}
    found["summary"] = one.summary
    found["date_published"] = iso(local(site.publication, published(item)))
    found["date_modified"] = iso(local(site.publication, item.version_created))
    if article.byline:
        found["authors"] = [{"name": credit.name} for credit in article.byline]
    topics = (s.name for s in article.subjects if s.name)
    found["tags"] = list(dict.fromkeys((section_name(article.section), *topics, *article.keywords)))
    found["language"] = article.language or site.publication.language
    first = next(images(article), None)
    if first:
        found["image"] = first.url
    if article.media:
        found["attachments"] = [_attachment(m) for m in article.media]
    files = [{"type": kind, "url": href} for kind, href in alternates(item, site)]
    if files:
        found["_broadsheet"] = {"about": _about(site), "version": item.version, "alternates": files}
    return found


def _about(site: Site) -> str:
    """Where our extension is explained: on the partner's own index page, if it has one."""
    return site.url(f"{INDEX}#broadsheet") if "html" in site.partner.formats else site.home


def _attachment(media: Media) -> dict[str, Any]:
    found: dict[str, Any] = {"url": media.url, "mime_type": media.media_type}
    found |= {"title": named(media)} if named(media) else {}
    return found | ({"size_in_bytes": media.size} if media.size else {})


def check(file: File, around: Surroundings) -> Iterator[str]:
    """Faults of a JSON feed. Raises InvalidOutput if it is not JSON."""
    feed = load_json(file.content)
    faults = list(json_reasons("jsonfeed", feed))
    if faults:
        yield from faults
        return
    items = feed["items"]
    withdrawn = feed.get("_broadsheet", {}).get("withdrawn", [])
    yield from doubled(i["id"] for i in (*items, *withdrawn))
    for item in items:
        yield from disordered(("date_published", "date_modified"), (item["date_published"], item["date_modified"]))
    targets = [feed["feed_url"], feed.get("next_url", ""), *(i["url"] for i in items)]
    yield from dead_links(feed["feed_url"], targets, file.key, around.keys)


FORMATS = (
    FeedFormat(
        name="jsonfeed",
        title="JSON Feed",
        extension="json",
        media_type="application/feed+json",
        mark=b"https://jsonfeed.org/version/",
        order=32,
        render=json_feed,
        check=check,
    ),
)
