"""The checks: well-formed, valid, codes that resolve, one item a guid, dates in order, links that exist, size."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from transforms.errors import InvalidOutput
from transforms.gate.documents import load_json, ninjs_reasons, page_reasons
from transforms.gate.feeds import atom_feed_reasons, disordered, json_feed_reasons, rss_reasons, sitemap_reasons
from transforms.gate.model import Finding, Schemas, Severity
from transforms.gate.profiles import newsml_reasons
from transforms.model import File
from transforms.render.common import MAX_FEED_BYTES
from transforms.render.keys import guid_of_key
from transforms.render.sitemap import SITEMAP
from transforms.render.vocabulary import IPTC_CATALOG, IPTC_SCHEMES
from transforms.render.xml import ATOM, G2, parse

# libxml2 readers refuse a text node of 10 MB; what is near it is refused here, in words.
MAX_ITEM_BYTES = 10_000_000
_G2 = f"{{{G2}}}"
# Attributes of G2 that hold QCodes; the rest hold URIs, dates, numbers or words.
_QCODES = frozenset(
    {"qcode", "role", "rel", "type", "how", "why", "scope", "hashtype", "mode", "creator", "format", "rendition"}
)
_SPACE = re.compile(r"\s+")
_VERSION = re.compile(r"^items/[^/]+/v(\d+)\.")
# A story that ends so was cut: nothing printed ends in a comma or opens a quotation that it does not close.
_CUT = "，、,“‘（(《〈「『【["
NO_G2_SCHEMA = "the IPTC NewsML-G2 schema is not on this machine, so no NewsML file was checked against it"


@dataclass(frozen=True, slots=True)
class _Links:
    """What a link may lead to: a file that is checked beside it, or one that is there already."""

    files: frozenset[str]
    known: Container[str]

    def __contains__(self, key: object) -> bool:
        return key in self.files or key in self.known


def check_files(files: Sequence[File], schemas: Schemas, known: Container[str] = ()) -> tuple[Finding, ...]:
    """All that is wrong with ``files``; an empty answer means that every reader takes every one of them.

    ``known`` answers whether a key is in the store already: links to it exist. It is asked for no key among ``files``.
    """
    keys = _Links(frozenset(f.key for f in files), known)
    findings: list[Finding] = []
    for file in files:
        guid = guid_of_key(file.key)
        findings += [Finding(file.key, Severity.ERROR, r, guid) for r in _reasons(file, schemas, keys)]
        findings += [Finding(file.key, Severity.WARNING, r, guid) for r in _doubts(file)]
    if schemas.g2 is None and any("iptc.g2" in f.media_type for f in files):
        findings.append(Finding("", Severity.WARNING, NO_G2_SCHEMA))
    return tuple(findings)


def _reasons(file: File, schemas: Schemas, keys: Container[str]) -> Iterator[str]:
    limit = MAX_FEED_BYTES if file.key.startswith("feeds/") else MAX_ITEM_BYTES
    if len(file.content) >= limit:
        yield f"{len(file.content):,} bytes are more than the {limit:,} that readers take"
        return
    if file.key.endswith(".html"):
        yield from page_reasons(file.content, file.key, keys)
        return
    try:
        if file.key.endswith(".json"):
            yield from _json_reasons(load_json(file.content), file.key, keys)
        else:
            yield from _xml_reasons(parse(file.content), file.key, schemas, keys)
    except InvalidOutput as error:
        yield str(error)


def _json_reasons(value: dict[str, Any], key: str, keys: Container[str]) -> Iterator[str]:
    if key.startswith("feeds/"):
        yield from json_feed_reasons(value, key, keys)
        return
    yield from ninjs_reasons(value)
    yield from _renamed(key, str(value.get("uri")), str(value.get("version")))


def _xml_reasons(root: etree._Element, key: str, schemas: Schemas, keys: Container[str]) -> Iterator[str]:
    if root.tag.startswith(_G2):
        yield from _g2_reasons(root, schemas)
        yield from _renamed(key, root.get("guid", ""), root.get("version", ""))
    elif root.tag == "rss":
        yield from rss_reasons(root, key, keys)
    elif root.tag == f"{{{ATOM}}}feed":
        yield from atom_feed_reasons(root, key, keys)
    elif root.tag == f"{{{SITEMAP}}}urlset":
        yield from sitemap_reasons(root, keys)
    else:
        yield f"<{root.tag}> opens no format that partners are promised"


def _renamed(key: str, guid: str, version: str) -> Iterator[str]:
    """An article's name is for good: the key, which never changes, and the document must say the same."""
    match = _VERSION.match(key)
    if match and (guid, version) != (guid_of_key(key), match[1]):
        yield f"the document calls itself {guid} version {version}, its key says otherwise"


def _g2_reasons(root: etree._Element, schemas: Schemas) -> Iterator[str]:
    if root.tag == f"{_G2}catalog":  # no item; the Power schema knows a catalog only inside of one
        return
    if schemas.g2 is not None and not schemas.g2.validate(root):
        log: Any = schemas.g2.error_log  # iterable, which its stub does not know
        yield from (f"line {e.line}: {e.message}" for e in log)
    yield from newsml_reasons(root)
    yield from _unresolved(root)
    for meta in root.iter(f"{_G2}itemMeta"):
        dates = (meta.findtext(f"{_G2}firstCreated"), meta.findtext(f"{_G2}versionCreated"))
        yield from disordered(("firstCreated", "versionCreated"), dates)


def _unresolved(root: etree._Element) -> Iterator[str]:
    """Codes whose alias no catalog that the document names declares."""
    aliases = {s.get("alias") for s in root.iter(f"{_G2}scheme")}
    if any(r.get("href") == IPTC_CATALOG for r in root.iter(f"{_G2}catalogRef")):
        aliases |= set(IPTC_SCHEMES)
    for element in root.iter(f"{_G2}*"):
        for name, value in element.items():
            if name not in _QCODES or ":" not in value:
                continue
            for code in _SPACE.split(str(value)):
                alias = code.partition(":")[0]
                if ":" in code and alias not in aliases:
                    yield f"{code}: no catalog that the document names declares “{alias}”"


def _doubts(file: File) -> Iterator[str]:
    """What readers take but the desk should see: a story that breaks off. Each story is looked at once, in NewsML.

    Read from the bytes before the XHTML's end: a second parse of each item would cost more than all else here.
    """
    end = file.content.find(b"</body></html>") if file.key.startswith("items/") else -1
    tail = file.content[max(0, end - 400) : max(0, end)].decode("utf-8", "ignore")
    while tail.endswith(">"):
        tail = tail[: tail.rfind("<")].rstrip()
    text = tail.rpartition(">")[2]
    if text and text[-1] in _CUT:
        yield f"the story breaks off: “…{text[-20:]}”"
