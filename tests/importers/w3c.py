"""What the W3C feed validator says of a feed, after its code (github.com/w3c/feedvalidator), in our own words.

Only the checks that our feeds can meet: guesses at undeclared HTML (``validators.nonhtml``), entries of one moment
(``entry.do_updated``), namespaces it does not know, links given twice (``feed.validate_metadata``), archives
without neighbours (RFC 5005), and required elements. The real validator says the same of these feeds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.entities import name2codepoint
from typing import Any

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
KNOWN = {
    "http://www.w3.org/2005/Atom",
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/dc/terms/",
    "http://purl.org/rss/1.0/modules/content/",
    "http://purl.org/syndication/history/1.0",
    "http://search.yahoo.com/mrss/",
}
HTML = {
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "div",
    "em",
    "h1",
    "h2",
    "i",
    "iframe",
    "img",
    "li",
    "p",
    "script",
    "span",
}


def messages(content: bytes) -> list[str]:
    """Its warnings and errors, by the name of each."""
    root = etree.fromstring(content)
    found = [f"UnknownNamespace {uri}" for uri in set(root.nsmap.values()) - KNOWN]
    found += _of_atom(root) if root.tag == f"{ATOM}feed" else _of_rss(root, content)
    return found


def _of_atom(root: Any) -> Iterator[str]:
    yield from _missing(root, [f"{ATOM}{name}" for name in ("id", "title", "updated", "link")])
    moments = Counter(e.findtext(f"{ATOM}updated") for e in root.iter(f"{ATOM}entry"))
    yield from (f"DuplicateUpdated {m}" for m, count in moments.items() if count > 1)
    for entry in root.iter(f"{ATOM}entry"):
        yield from _missing(entry, [f"{ATOM}{name}" for name in ("id", "title", "updated")])
        for name in ("title", "summary"):
            element = entry.find(f"{ATOM}{name}")
            if element is not None and element.get("type", "text") == "text":
                yield from (f"ContainsUndeclaredHTML {tag}" for tag in _end_tags(element.text or ""))
        yield from _twice(entry)
    yield from _archive(root)


def _of_rss(root: Any, content: bytes) -> Iterator[str]:
    channel = root[0]
    yield from _missing(channel, ["title", "link", "description"])
    guids = Counter(i.findtext("guid") for i in channel.iter("item"))
    yield from (f"DuplicateItem {g}" for g, count in guids.items() if count > 1)
    for item in channel.iter("item"):
        title = item.findtext("title") or ""
        yield from (f"ContainsHTML {tag}" for tag in _end_tags(title))
        entities = [e for e in re.findall(r"&(#?\w+)", title) if e in name2codepoint or not e.isalpha()]
        line = content.splitlines()[(item.sourceline or 1) - 1]
        if entities and b"&#x" not in line:  # the RSS Profile's way of writing an ampersand that is meant
            yield f"ContainsHTML {entities[0]}"
    yield from _archive(channel)


def _missing(parent: Any, names: list[str]) -> Iterator[str]:
    yield from (f"MissingElement {name}" for name in names if parent.find(name) is None)


def _end_tags(text: str) -> list[str]:
    return [tag for tag in re.findall(r"</(\w+)>", text) if tag.lower() in HTML]


def _twice(entry: Any) -> Iterator[str]:
    links = [x for x in entry.iter(f"{ATOM}link") if x.get("rel") == "alternate"]
    kinds = Counter((x.get("type"), x.get("hreflang")) for x in links)
    yield from (f"DuplicateAtomLink {kind}" for kind, count in kinds.items() if count > 1)


def _archive(root: Any) -> Iterator[str]:
    rels = {x.get("rel") for x in root.findall(f"{ATOM}link")}
    if root.find(f"{HISTORY}archive") is not None:
        if not rels & {"prev-archive", "next-archive"}:
            yield "ArchiveIncomplete"
        if "current" not in rels:
            yield "MissingCurrentInArchive"
    if "self" not in rels:
        yield "MissingSelf"
