"""JSON Feed 1.1: the live feeds and their archives; withdrawn articles stand in an extension, ``_broadsheet``."""

from __future__ import annotations

import json
from typing import Any

from transforms.model import File
from transforms.render.common import Entry, Feed, Site, alternates, feed_file, published
from transforms.render.dates import iso, local
from transforms.render.keys import INDEX
from transforms.render.vocabulary import section_name

VERSION = "https://jsonfeed.org/version/1.1"


def jsonfeed_file(feed: Feed, site: Site) -> File:
    """The feed as JSON Feed 1.1; ``next_url`` leads to older archives, which repeat ids that a reader knows."""
    return feed_file(feed, "json", to_json(_feed(feed, site)), "application/feed+json")


def to_json(value: dict[str, Any]) -> bytes:
    """UTF-8, keys in the order given, one line: the same value gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def _feed(feed: Feed, site: Site) -> dict[str, Any]:
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
    if feed.withdrawn:
        gone = [{"id": i.guid, "when": iso(local(publication, i.version_created))} for i in feed.withdrawn]
        found["_broadsheet"] = {"about": _about(site), "withdrawn": gone}
    return found


def _item(one: Entry, site: Site) -> dict[str, Any]:
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
    if article.media:
        found["attachments"] = [_attachment(m.url, m.media_type, m.size) for m in article.media]
    files = [{"type": kind, "url": href} for kind, href in alternates(item, site)]
    if files:
        found["_broadsheet"] = {"about": _about(site), "version": item.version, "alternates": files}
    return found


def _about(site: Site) -> str:
    """Where our extension is explained: on the partner's own index page, if it has one."""
    return site.url(f"{INDEX}#broadsheet") if "html" in site.partner.formats else site.home


def _attachment(url: str, media_type: str, size: int) -> dict[str, Any]:
    return {"url": url, "mime_type": media_type} | ({"size_in_bytes": size} if size else {})
