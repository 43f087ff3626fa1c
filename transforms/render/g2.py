"""NewsML-G2 trees: elements by name, the frame of an item, catalogs, a partner's rights, and how all of them are
checked.

Names and their order are those of IPTC's NewsML-G2 2.35, power conformance (https://iptc.org/standards/newsml-g2/).
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from functools import cache, lru_cache
from typing import Any

from lxml import etree

from transforms.model import Edition, File, Item, Partner, Publication
from transforms.render.dates import iso, local
from transforms.render.faults import disordered, renamed
from transforms.render.format import Surroundings
from transforms.render.ownership import holder_of, notice_of, terms_for
from transforms.render.profiles import newsml_reasons
from transforms.render.vocabulary import IPTC_CATALOG, IPTC_SCHEMES, SCHEMES
from transforms.render.xml import G2, LANG, parse, root_element

# Attributes of G2 that hold QCodes; the rest hold URIs, dates, numbers or words.
_QCODES = frozenset(
    {"qcode", "role", "rel", "type", "how", "why", "scope", "hashtype", "mode", "creator", "format", "rendition"}
)
_DATES = ("firstCreated", "versionCreated")  # in this order
GENERATOR = "broadsheet"
# A profile's version changes when the promise to partners does, not with each release: bytes stay stable.
PROFILE, PROFILE_VERSION = "broadsheet-text", "1"


@cache
def tag(name: str) -> str:
    """A G2 element name as lxml writes it: ``{namespace}name``."""
    return f"{{{G2}}}{name}"


def add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    """Append a child in the G2 namespace, and return it."""
    child = etree.SubElement(parent, tag(name), attributes or None)
    if text is not None:
        child.text = text
    return child


def item_root(name: str, guid: str, version: int, publication: Publication) -> etree._Element:
    """The root of an item: standard, conformance, guid, version, language, and the catalogs that resolve its codes."""
    root = copy(_frame(name, publication.provider, publication.language))
    root.set("guid", guid)
    root.set("version", str(version))
    return root


@lru_cache(maxsize=16)
def _frame(name: str, provider: str, language: str) -> etree._Element:
    """What all items of a newspaper begin with. It is copied, with all that it holds, because that is far faster."""
    attributes = {"standard": "NewsML-G2", "standardversion": "2.35", "conformance": "power", "guid": "", "version": ""}
    root = root_element(G2, name, {**attributes, LANG: language})
    add_catalogs(root, provider)
    return root


def add_catalogs(parent: etree._Element, provider: str) -> None:
    """Append IPTC's catalog by reference and ours inline, so that a reader can resolve every code without asking us.

    ``provider``: the domain of the newspaper, as in its record.
    """
    add(parent, "catalogRef", href=IPTC_CATALOG)
    catalog = add(parent, "catalog")
    for scheme in SCHEMES:
        add(catalog, "scheme", alias=scheme.alias, uri=scheme.uri(provider))


def add_item_meta(
    root: etree._Element, item: Item, edition: Edition, nature: str, profile: tuple[str, str]
) -> etree._Element:
    """Append the ``itemMeta`` that texts and pictures share, up to its title, and return it.

    ``nature``: a code of IPTC's ``ninature``, such as ``text``. ``profile``: name and version of our profile.
    """
    publication = edition.publication
    holder = holder_of(publication)
    meta = copy(_item_meta(nature, profile, publication.provider, holder, publication.id, publication.name))
    root.append(meta)
    _, _, version_created, first_created, status, _, _, _, title = meta
    version_created.text = iso(local(publication, item.version_created))
    first_created.text = iso(local(publication, item.first_created))
    if item.embargoed:
        first_created.addnext(add(meta, "embargoed", iso(local(publication, item.embargoed))))
    status.set("qcode", f"stat:{item.status.value}")
    title.text = item.article.headline
    return meta


@lru_cache(maxsize=16)
def _item_meta(
    nature: str, profile: tuple[str, str], provider: str, holder: str, newspaper: str, name: str
) -> etree._Element:
    """The ``itemMeta`` of all texts or pictures of a newspaper, in which dates, status and title are still empty."""
    meta = root_element(G2, "itemMeta")
    add(meta, "itemClass", qcode=f"ninat:{nature}")
    add_party(meta, "provider", provider, holder)
    add(meta, "versionCreated")
    add(meta, "firstCreated")
    add(meta, "pubStatus", qcode="")
    add(meta, "generator", GENERATOR)
    add(meta, "profile", profile[0], versioninfo=profile[1])
    add_party(meta, "service", newspaper, name)
    add(meta, "title")
    return meta


def add_party(parent: etree._Element, name: str, code: str, label: str) -> etree._Element:
    """Append an organisation, by our code for it and with its name, and return it."""
    party = add(parent, name, qcode=f"bsparty:{code}")
    add(party, "name", label)
    return party


def add_rights(root: etree._Element, publication: Publication, partner: Partner) -> None:
    """Append who owns the article and what this partner may do with it."""
    holder, notice, terms = holder_of(publication), notice_of(publication), terms_for(partner, publication)
    root.append(copy(_rights(publication.provider, holder, notice, terms)))


@lru_cache(maxsize=16)
def _rights(provider: str, holder: str, notice: str, terms: str) -> etree._Element:
    rights = root_element(G2, "rightsInfo")
    add_party(rights, "copyrightHolder", provider, holder)
    add(rights, "copyrightNotice", notice)
    if terms:
        add(rights, "usageTerms", terms)
    return rights


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
        dates = [next((e.text for e in meta.iterchildren(tag(name))), None) for name in _DATES]
        yield from disordered(_DATES, dates)


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
