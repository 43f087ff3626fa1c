"""NewsML-G2 trees: elements by name, the frame of an item, catalogs, a partner's rights, and how all of them are
checked.

Names and their order are those of IPTC's NewsML-G2 2.35, power conformance (https://iptc.org/standards/newsml-g2/).
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

from lxml import etree

from transforms.model import Edition, File, Item, Partner, Publication
from transforms.render.dates import iso, local
from transforms.render.faults import disordered, renamed
from transforms.render.format import Surroundings
from transforms.render.profiles import newsml_reasons
from transforms.render.vocabulary import IPTC_CATALOG, IPTC_SCHEMES, SCHEMES
from transforms.render.xml import G2, LANG, parse, root_element

# Attributes of G2 that hold QCodes; the rest hold URIs, dates, numbers or words.
_QCODES = frozenset(
    {"qcode", "role", "rel", "type", "how", "why", "scope", "hashtype", "mode", "creator", "format", "rendition"}
)
GENERATOR = "broadsheet"
# A profile's version changes when the promise to partners does, not with each release: bytes stay stable.
PROFILE, PROFILE_VERSION = "broadsheet-text", "1"


@cache
def tag(name: str) -> str:
    """A G2 element name as lxml writes it: ``{namespace}name``."""
    return f"{{{G2}}}{name}"


def add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    """Append a child in the G2 namespace, and return it."""
    child = etree.SubElement(parent, tag(name), attributes)
    if text is not None:
        child.text = text
    return child


def item_root(name: str, guid: str, version: int, publication: Publication) -> etree._Element:
    """The root of an item: standard, conformance, guid, version, language, and the catalogs that resolve its codes."""
    root = root_element(
        G2,
        name,
        {
            "standard": "NewsML-G2",
            "standardversion": "2.35",
            "conformance": "power",
            "guid": guid,
            "version": str(version),
            LANG: publication.language,
        },
    )
    add_catalogs(root, publication)
    return root


def add_catalogs(parent: etree._Element, publication: Publication) -> None:
    """Append IPTC's catalog by reference and ours inline, so that a reader can resolve every code without asking us."""
    add(parent, "catalogRef", href=IPTC_CATALOG)
    parent.append(deepcopy(_catalog(publication.provider)))


@cache
def _catalog(provider: str) -> etree._Element:
    """Our catalog, the same in every item: copied, since building it would take a fifth of an item's time."""
    catalog = root_element(G2, "catalog")
    for scheme in SCHEMES:
        add(catalog, "scheme", alias=scheme.alias, uri=scheme.uri(provider))
    return catalog


def add_item_meta(
    root: etree._Element, item: Item, edition: Edition, nature: str, profile: tuple[str, str]
) -> etree._Element:
    """Append the ``itemMeta`` that texts and pictures share, up to its title, and return it.

    ``nature``: a code of IPTC's ``ninature``, such as ``text``. ``profile``: name and version of our profile.
    """
    publication = edition.publication
    meta = add(root, "itemMeta")
    add(meta, "itemClass", qcode=f"ninat:{nature}")
    add_party(meta, "provider", publication.provider, publication.copyright_holder or publication.name)
    add(meta, "versionCreated", iso(local(publication, item.version_created)))
    add(meta, "firstCreated", iso(local(publication, item.first_created)))
    if item.embargoed:
        add(meta, "embargoed", iso(local(publication, item.embargoed)))
    add(meta, "pubStatus", qcode=f"stat:{item.status.value}")
    add(meta, "generator", GENERATOR)
    add(meta, "profile", profile[0], versioninfo=profile[1])
    add(add(meta, "service", qcode=f"bsparty:{publication.id}"), "name", publication.name)
    add(meta, "title", item.article.headline)
    return meta


def add_party(parent: etree._Element, name: str, code: str, label: str) -> etree._Element:
    """Append an organisation, by our code for it and with its name, and return it."""
    party = add(parent, name, qcode=f"bsparty:{code}")
    add(party, "name", label)
    return party


def add_rights(root: etree._Element, publication: Publication, partner: Partner) -> None:
    """Append who owns the article and what this partner may do with it.

    A partner's own terms replace the newspaper's.
    """
    rights = add(root, "rightsInfo")
    holder = publication.copyright_holder or publication.name
    add_party(rights, "copyrightHolder", publication.provider, holder)
    add(rights, "copyrightNotice", publication.copyright_notice or f"© {holder}")
    terms = partner.usage_terms or publication.usage_terms
    if terms:
        add(rights, "usageTerms", terms)


def check(file: File, around: Surroundings) -> Iterator[str]:
    """Faults of any NewsML-G2 document: by IPTC's schema if it is installed, by our profile, of codes, dates, and
    its key.

    Raises InvalidOutput if the file is not XML.
    """
    root = parse(file.content)
    yield from _reasons(root, around.g2)
    yield from renamed(file.key, root.get("guid", ""), root.get("version", ""))


def _reasons(root: etree._Element, schema: etree.XMLSchema | None) -> Iterator[str]:
    if root.tag == tag("catalog"):  # no item; the Power schema knows a catalog only inside of one
        return
    if schema is not None and not schema.validate(root):
        log: Any = schema.error_log  # iterable, which its stub does not know
        yield from (f"line {e.line}: {e.message}" for e in log)
    yield from newsml_reasons(root)
    yield from _unresolved(root)
    for meta in root.iter(tag("itemMeta")):
        dates = (meta.findtext(tag("firstCreated")), meta.findtext(tag("versionCreated")))
        yield from disordered(("firstCreated", "versionCreated"), dates)


def _unresolved(root: etree._Element) -> Iterator[str]:
    """Codes whose alias no catalog that the document names declares."""
    aliases = {s.get("alias") for s in root.iter(tag("scheme"))}
    if any(r.get("href") == IPTC_CATALOG for r in root.iter(tag("catalogRef"))):
        aliases |= set(IPTC_SCHEMES)
    for element in root.iter(tag("*")):
        for name, value in element.items():
            if name not in _QCODES or ":" not in value:
                continue
            for code in str(value).split():
                alias, colon, _ = code.partition(":")
                if colon and alias not in aliases:
                    yield f"{code}: no catalog that the document names declares “{alias}”"
