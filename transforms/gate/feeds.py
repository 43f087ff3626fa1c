"""Feeds and the sitemap as their readers take them: one entry a guid, dates in order, links that lead somewhere."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from lxml import etree

from transforms.gate.profiles import atom_reasons, json_reasons
from transforms.render.sitemap import MAX_URLS, NEWS, SITEMAP
from transforms.render.xml import ATOM

_A = f"{{{ATOM}}}"
_STONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


def rss_reasons(root: etree._Element, key: str, keys: Container[str]) -> Iterator[str]:
    """Faults of an RSS 2.0 feed."""
    channel = root.find("channel")
    if channel is None:
        yield "the feed has no channel"
        return
    for name in ("title", "link", "description"):
        if not channel.findtext(name):
            yield f"the channel has no {name}"
    items = list(channel.iter("item"))
    yield from _doubled(i.findtext("guid") or "" for i in items)
    yield from (f"{i.findtext('guid')} has no title" for i in items if not i.findtext("title"))
    for date in channel.iter("pubDate", "lastBuildDate"):
        yield from _no_rss_date(date.text or "")
    links = channel.findall(f"{_A}link")
    targets = [x.get("href", "") for x in links] + [x.text or "" for x in channel.iter("link")]
    yield from dead_links(_self(links), targets, key, keys)


def atom_feed_reasons(root: etree._Element, key: str, keys: Container[str]) -> Iterator[str]:
    """Faults of an Atom feed; a guid that is both an entry and a tombstone is one."""
    yield from atom_reasons(root)
    entries = root.findall(f"{_A}entry")
    yield from _doubled([e.findtext(f"{_A}id") or "" for e in entries] + [s.get("ref", "") for s in root.iter(_STONE)])
    newest = root.findtext(f"{_A}updated")
    for entry in entries:
        dates = (entry.findtext(f"{_A}published"), entry.findtext(f"{_A}updated"), newest)
        yield from disordered(("published", "updated", "the feed's updated"), dates)
    targets = [x.get("href", "") for x in root.iter(f"{_A}link")]
    yield from dead_links(_self(root.findall(f"{_A}link")), targets, key, keys)


def json_feed_reasons(feed: dict[str, Any], key: str, keys: Container[str]) -> Iterator[str]:
    """Faults of a JSON feed."""
    faults = list(json_reasons("jsonfeed", feed))
    if faults:
        yield from faults
        return
    items = feed["items"]
    withdrawn = feed.get("_broadsheet", {}).get("withdrawn", [])
    yield from _doubled(i["id"] for i in (*items, *withdrawn))
    for item in items:
        yield from disordered(("date_published", "date_modified"), (item["date_published"], item["date_modified"]))
    targets = [feed["feed_url"], feed.get("next_url", ""), *(i["url"] for i in items)]
    yield from dead_links(feed["feed_url"], targets, key, keys)


def sitemap_reasons(root: etree._Element, keys: Container[str]) -> Iterator[str]:
    """Faults of a news sitemap, which does not say its own address: its pages must be pages of ours."""
    pages = [u.findtext(f"{{{SITEMAP}}}loc") or "" for u in root]
    if len(pages) > MAX_URLS:
        yield f"{len(pages):,} pages are more than the {MAX_URLS:,} that a news sitemap may list"
    yield from _doubled(pages)
    for page in pages:
        if f"articles/{page.rpartition('/')[2]}" not in keys:
            yield f"{page} leads nowhere"
    for news in root.iter(f"{{{NEWS}}}news"):
        for name in ("publication", "publication_date", "title"):
            if news.find(f"{{{NEWS}}}{name}") is None:
                yield f"an entry has no news:{name}"


def disordered(names: Iterable[str], dates: Iterable[str | None]) -> Iterator[str]:
    """Dates that are given must not run backwards. Those that cannot be read are faults too."""
    given = [(name, text) for name, text in zip(names, dates, strict=True) if text]
    try:
        moments = [datetime.fromisoformat(text) for _, text in given]
        pairs = [n for n in range(len(moments) - 1) if moments[n] > moments[n + 1]]
    except (ValueError, TypeError):
        yield f"dates that no reader understands: {', '.join(text for _, text in given)}"
        return
    for n in pairs:
        yield f"{given[n][0]} {given[n][1]} is later than {given[n + 1][0]} {given[n + 1][1]}"


def dead_links(own: str, targets: Iterable[str], key: str, keys: Container[str]) -> Iterator[str]:
    """Links below the feed's own address that lead to no file."""
    if not own.endswith(key):
        yield f"the feed calls itself {own or 'nothing'}, which is not its place {key}"
        return
    base = own[: -len(key)]
    for target in targets:
        if base and target.startswith(base) and target != base and target[len(base) :] not in keys:
            yield f"{target} leads nowhere"


def _self(links: Iterable[etree._Element]) -> str:
    return next((x.get("href", "") for x in links if x.get("rel") == "self"), "")


def _doubled(guids: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for guid in guids:
        if not guid or guid in seen:
            yield f"two items share the guid {guid}" if guid else "an item has no guid"
        seen.add(guid)


def _no_rss_date(text: str) -> Iterator[str]:
    try:
        parsedate_to_datetime(text)
    except ValueError:
        yield f"“{text}” is no date that RSS knows (RFC 822)"
