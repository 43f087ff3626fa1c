"""The checks: well-formed, valid, codes that resolve, one item a guid, dates in order, links that exist, size."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from lxml import etree

from transforms.errors import InvalidOutput
from transforms.gate.model import Finding, Schemas, Severity
from transforms.model import File
from transforms.render.common import MAX_FEED_BYTES
from transforms.render.keys import guid_of_key
from transforms.render.vocabulary import IPTC_CATALOG, IPTC_SCHEMES
from transforms.render.xml import ATOM, G2, parse

# libxml2 readers refuse a text node of 10 MB; what is near it is refused here, in words.
MAX_ITEM_BYTES = 10_000_000
_G2 = f"{{{G2}}}"
# Attributes of G2 that hold QCodes; the rest hold URIs, dates, numbers or words.
_QCODES = ("qcode", "role", "rel", "type", "how", "why", "scope", "hashtype", "mode", "creator", "format", "rendition")
_SPACE = re.compile(r"\s+")
NO_G2_SCHEMA = "the IPTC NewsML-G2 schema is not on this machine, so no NewsML file was checked against it"


def check_files(files: Sequence[File], schemas: Schemas, known: Collection[str] = ()) -> tuple[Finding, ...]:
    """All that is wrong with ``files``; an empty answer means that every reader takes every one of them.

    ``known`` are keys that are in the store already: links to them exist.
    """
    keys = {f.key for f in files} | set(known)
    findings: list[Finding] = []
    for file in files:
        findings += [Finding(file.key, Severity.ERROR, r, guid_of_key(file.key)) for r in _reasons(file, schemas, keys)]
    if schemas.g2 is None and any("iptc.g2" in f.media_type for f in files):
        findings.append(Finding("", Severity.WARNING, NO_G2_SCHEMA))
    return tuple(findings)


def _reasons(file: File, schemas: Schemas, keys: Collection[str]) -> Iterator[str]:
    limit = MAX_FEED_BYTES if file.key.startswith("feeds/") else MAX_ITEM_BYTES
    if len(file.content) >= limit:
        yield f"{len(file.content):,} bytes are more than the {limit:,} that readers take"
        return
    try:
        root = parse(file.content)
    except InvalidOutput as error:
        yield str(error)
        return
    if root.tag.startswith(_G2):
        yield from _g2_reasons(root, schemas)
    elif root.tag == "rss":
        yield from _rss_reasons(root, file.key, keys)


def _g2_reasons(root: etree._Element, schemas: Schemas) -> Iterator[str]:
    # A bare catalog is no item; the Power schema knows it only inside of one.
    if schemas.g2 is not None and root.tag != f"{_G2}catalog" and not schemas.g2.validate(root):
        log: Any = schemas.g2.error_log  # iterable, which its stub does not know
        yield from (f"line {e.line}: {e.message}" for e in log)
    if root.tag != f"{_G2}catalog":
        yield from _unresolved(root)
    for meta in root.iter(f"{_G2}itemMeta"):
        first, version = meta.findtext(f"{_G2}firstCreated"), meta.findtext(f"{_G2}versionCreated")
        if first and version and datetime.fromisoformat(first) > datetime.fromisoformat(version):
            yield f"firstCreated {first} is later than versionCreated {version}"


def _unresolved(root: etree._Element) -> Iterator[str]:
    """Codes whose alias no catalog that the document names declares."""
    aliases = {s.get("alias") for s in root.iter(f"{_G2}scheme")}
    if any(r.get("href") == IPTC_CATALOG for r in root.iter(f"{_G2}catalogRef")):
        aliases |= set(IPTC_SCHEMES)
    for element in root.iter(f"{_G2}*"):
        for name in _QCODES:
            for code in _SPACE.split(element.get(name, "")):
                alias = code.partition(":")[0]
                if ":" in code and alias not in aliases:
                    yield f"{code}: no catalog that the document names declares “{alias}”"


def _rss_reasons(root: etree._Element, key: str, keys: Collection[str]) -> Iterator[str]:
    channel = root.find("channel")
    if channel is None:
        yield "the feed has no channel"
        return
    for name in ("title", "link", "description"):
        if not channel.findtext(name):
            yield f"the channel has no {name}"
    seen: set[str] = set()
    for item in channel.iter("item"):
        guid = item.findtext("guid") or ""
        if not guid or guid in seen:
            yield f"two items share the guid {guid}" if guid else "an item has no guid"
        seen.add(guid)
        if not item.findtext("title"):
            yield f"{guid} has no title"
    yield from _dead_links(channel, key, keys)


def _dead_links(channel: etree._Element, key: str, keys: Collection[str]) -> Iterator[str]:
    """Links below the feed's own address that lead to no file."""
    links = channel.findall(f"{{{ATOM}}}link")
    own = next((x.get("href", "") for x in links if x.get("rel") == "self"), "")
    if not own.endswith(key):
        yield f"the feed calls itself {own or 'nothing'}, which is not its place {key}"
        return
    base = own[: -len(key)]
    targets = [x.get("href", "") for x in links] + [x.text or "" for x in channel.iter("link")]
    for target in targets:
        if base and target.startswith(base) and target[len(base) :] not in keys:
            yield f"{target} leads nowhere"
