"""Small tools for building NewsML-G2 trees: elements by name, the item's frame, catalogs, the rights of a partner."""

from __future__ import annotations

from copy import deepcopy
from functools import cache

from lxml import etree

from transforms.model import Partner, Publication
from transforms.render.vocabulary import IPTC_CATALOG, SCHEMES
from transforms.render.xml import G2, LANG, root_element

GENERATOR = "broadsheet"
# A profile's version changes when the promise to partners does, not with each release: bytes stay stable.
PROFILE, PROFILE_VERSION = "broadsheet-text", "1"


@cache
def tag(name: str) -> str:
    return f"{{{G2}}}{name}"


def add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    """A child in the G2 namespace."""
    child = etree.SubElement(parent, tag(name), attributes)
    if text is not None:
        child.text = text
    return child


def item_root(name: str, guid: str, version: int, publication: Publication) -> etree._Element:
    """An item's opening: standard, conformance, guid, version, language, and the catalogs that resolve its codes."""
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
    """IPTC's catalog by reference and ours inline, so that a reader needs nothing of ours to resolve a code."""
    add(parent, "catalogRef", href=IPTC_CATALOG)
    parent.append(deepcopy(_catalog(publication.provider)))


@cache
def _catalog(provider: str) -> etree._Element:
    """Our catalog, the same in every item: copied, since building it would take a fifth of an item's time."""
    catalog = root_element(G2, "catalog")
    for scheme in SCHEMES:
        add(catalog, "scheme", alias=scheme.alias, uri=scheme.uri(provider))
    return catalog


def add_party(parent: etree._Element, name: str, code: str, label: str) -> etree._Element:
    """An organisation by our code for it, with its name."""
    party = add(parent, name, qcode=f"bsparty:{code}")
    add(party, "name", label)
    return party


def add_rights(root: etree._Element, publication: Publication, partner: Partner) -> None:
    """Whose the words are and what this partner may do with them; a partner's own terms go before the paper's."""
    rights = add(root, "rightsInfo")
    holder = publication.copyright_holder or publication.name
    add_party(rights, "copyrightHolder", publication.provider, holder)
    add(rights, "copyrightNotice", publication.copyright_notice or f"© {holder}")
    terms = partner.usage_terms or publication.usage_terms
    if terms:
        add(rights, "usageTerms", terms)
