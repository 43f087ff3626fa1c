"""A packageItem for each issue, with one group per page in page order; a newsMessage for each delivery; our
vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from lxml import etree

from transforms.guid import package_guid
from transforms.model import Edition, File, Item, Partner, Publication
from transforms.render import keys
from transforms.render.dates import iso, local, opening
from transforms.render.format import RECALLABLE, IssueFormat, Site, SiteFormat
from transforms.render.formats.newsml import news_item
from transforms.render.formats.picture import picture_item
from transforms.render.g2 import GENERATOR, add, add_catalogs, add_party, add_rights, check, item_root
from transforms.render.ownership import holder_of
from transforms.render.pictures import ours
from transforms.render.vocabulary import SCHEMES, Scheme
from transforms.render.xml import G2, root_element, serialize


def package_item(edition: Edition, items: Sequence[Item], partner: Partner) -> etree._Element:
    """The issue as this partner gets it: the guids of its items, page by page, each followed by those of its
    pictures.
    """
    publication = edition.publication
    guid = package_guid(publication.provider, publication.id, edition.date)
    root = item_root("packageItem", guid, edition.version, publication)
    add_rights(root, publication, partner)
    title = f"{publication.name} {edition.date.isoformat()}"
    _add_item_meta(root, edition, "ninat:composite", title, guid)
    meta = add(root, "contentMeta")
    add(meta, "contentCreated", iso(opening(publication, edition.date)))
    add(meta, "language", tag=publication.language)
    add(meta, "headline", title, role="bsrole:headline")
    _add_groups(root, items)
    return root


def news_message(edition: Edition, trees: Sequence[etree._Element], partner: Partner) -> etree._Element:
    """One delivery: the issue's items and its package in one document, dated as the edition.

    ``trees`` are moved into it.
    """
    root = root_element(G2, "newsMessage")
    header = add(root, "header")
    add(header, "sent", iso(local(edition.publication, edition.version_created)))
    add_catalogs(header, edition.publication.provider)
    add(header, "sender", edition.publication.provider)
    add(header, "transmitId", f"{edition.publication.id}:{edition.date.isoformat()}:v{edition.version}")
    add(header, "destination", partner.id)
    item_set = add(root, "itemSet")
    for tree in trees:
        item_set.append(tree)
    return root


def catalog(publication: Publication) -> etree._Element:
    """Our schemes with their URIs and names, as a G2 catalog."""
    root = root_element(G2, "catalog")
    for scheme in SCHEMES:
        entry = add(root, "scheme", alias=scheme.alias, uri=scheme.uri(publication.provider))
        add(entry, "name", scheme.name)
    return root


def knowledge_item(publication: Publication, scheme: Scheme) -> etree._Element:
    """All codes of one of our schemes with their definitions. Its date is that of the scheme, not of an issue."""
    guid = f"urn:newsml:{publication.provider}:20250101:vocabulary-{scheme.path}"
    root = item_root("knowledgeItem", guid, 1, publication)
    meta = add(root, "itemMeta")
    add(meta, "itemClass", qcode="cinat:scheme")
    add_party(meta, "provider", publication.provider, holder_of(publication))
    add(meta, "versionCreated", "2025-01-01T00:00:00Z")
    add(meta, "pubStatus", qcode="stat:usable")
    add(meta, "title", scheme.name)
    concepts = add(root, "conceptSet")
    for code in scheme.codes:
        concept = add(concepts, "concept")
        add(concept, "conceptId", qcode=f"{scheme.alias}:{code.code}")
        add(concept, "type", qcode="cpnat:abstract")
        add(concept, "name", code.name)
        add(concept, "definition", code.definition)
    add(root, "schemeMeta", uri=scheme.uri(publication.provider), preferredalias=scheme.alias)
    return root


def _add_item_meta(root: etree._Element, edition: Edition, item_class: str, title: str, guid: str) -> None:
    publication = edition.publication
    meta = add(root, "itemMeta")
    add(meta, "itemClass", qcode=item_class)
    add_party(meta, "provider", publication.provider, holder_of(publication))
    add(meta, "versionCreated", iso(local(publication, edition.version_created)))
    add(meta, "firstCreated", iso(opening(publication, edition.date)))
    add(meta, "pubStatus", qcode="stat:usable")
    add(meta, "generator", GENERATOR)
    add(meta, "profile", "broadsheet-issue", versioninfo="1")
    add(add(meta, "service", qcode=f"bsparty:{publication.id}"), "name", publication.name)
    add(meta, "title", title)
    if edition.version > 1:
        add(meta, "link", rel="irel:previousVersion", residref=guid, version=str(edition.version - 1))


def _add_groups(root: etree._Element, items: Sequence[Item]) -> None:
    # A withdrawn item stays in its place and says so: whoever works off packages must hear of it.
    ordered = sorted(items, key=lambda i: i.article.page)
    pages = [(page, list(group)) for page, group in groupby(ordered, key=lambda i: i.article.page)]
    groups = add(root, "groupSet", root="issue")
    issue = add(groups, "group", id="issue", role="bsgrp:issue", mode="pgrmod:seq")
    for page, _ in pages:
        add(issue, "groupRef", idref=f"page-{page}")
    for page, group in pages:  # without a title: Superdesk's parser takes every child of a group for an item
        entry = add(groups, "group", id=f"page-{page}", role="bsgrp:page", mode="pgrmod:seq")
        for item in group:
            _add_item_ref(entry, item, item.guid, "text")
            for media in ours(item.article):
                _add_item_ref(entry, item, keys.picture_guid(item.guid, media.digest), "picture")


def _add_item_ref(group: etree._Element, item: Item, guid: str, kind: str) -> None:
    reference = add(
        group,
        "itemRef",
        residref=guid,
        version=str(item.version),
        contenttype="application/vnd.iptc.g2.newsitem+xml",
    )
    add(reference, "itemClass", qcode=f"ninat:{kind}")
    add(reference, "pubStatus", qcode=f"stat:{item.status.value}")
    add(reference, "title", item.article.headline)


def package_file(edition: Edition, partner: Partner) -> Iterator[File]:
    """The package of an edition, as a file. Items must be clean."""
    key = keys.package_key(edition.date, edition.version)
    yield PACKAGE.file(key, serialize(package_item(edition, edition.items, partner)))


def message_file(edition: Edition, partner: Partner) -> Iterator[File]:
    """The message of an edition, as a file. Items must be clean."""
    trees = [news_item(i, edition, partner) for i in edition.items]
    trees += [picture_item(m, i, edition, partner) for i in edition.items for m in ours(i.article)]
    message = news_message(edition, [*trees, package_item(edition, edition.items, partner)], partner)
    yield MESSAGE.file(keys.message_key(edition.date, edition.version), serialize(message))


def vocabulary(items: Sequence[Item], site: Site, late: Sequence[Item]) -> Iterator[File]:
    """Our catalog, and a knowledge item for each of our schemes that has codes."""
    kind = "application/vnd.iptc.g2.{}+xml; charset=utf-8"
    yield File(keys.catalog_key("catalog"), serialize(catalog(site.publication)), kind.format("catalog"), RECALLABLE)
    for scheme in SCHEMES:
        if scheme.codes:
            content = serialize(knowledge_item(site.publication, scheme))
            yield File(keys.catalog_key(scheme.path), content, kind.format("knowledgeitem"), RECALLABLE)


PACKAGE = IssueFormat(
    name="package",
    title="NewsML-G2 package",
    extension="xml",
    media_type="application/vnd.iptc.g2.packageitem+xml",
    needs=("newsml",),
    place=rf"{keys.PACKAGES}.+\.xml",
    mark=b"<packageItem",
    order=11,
    render=package_file,
    check=check,
    uses_g2=True,
)
MESSAGE = IssueFormat(
    name="newsmessage",
    title="NewsML-G2 message",
    extension="xml",
    media_type="application/vnd.iptc.g2.newsmessage+xml",
    needs=("newsml", "newsmessage"),
    place=rf"{keys.MESSAGES}.+\.xml",
    mark=b"<newsMessage",
    order=12,
    render=message_file,
    check=check,
    uses_g2=True,
)
VOCABULARY = SiteFormat(
    name="vocabulary",
    title="NewsML-G2 catalog",
    extension="xml",
    media_type="application/vnd.iptc.g2.catalog+xml",
    needs=("newsml",),
    place=rf"{keys.CATALOG}.+\.xml",
    mark=b"<catalog",
    order=13,
    render=vocabulary,
    check=check,
    uses_g2=True,
)
FORMATS = (PACKAGE, MESSAGE, VOCABULARY)
