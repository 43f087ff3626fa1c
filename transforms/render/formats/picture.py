"""A NewsML-G2 item (class ``ninat:picture``) for each picture, next to its article's and with the same version."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from transforms.guid import package_guid
from transforms.model import Edition, File, Item, Media, Partner, Publication, Status
from transforms.render import keys
from transforms.render.dates import iso, local
from transforms.render.format import IssueFormat, PartFormat, Surroundings
from transforms.render.g2 import add, add_item_meta, add_party, add_rights, check, item_root
from transforms.render.pictures import JPEG, NAMES, ours, sizes
from transforms.render.text import spoken
from transforms.render.vocabulary import section_name
from transforms.render.xml import serialize

PROFILE, PROFILE_VERSION = "broadsheet-picture", "1"


def render(edition: Edition, partner: Partner) -> Iterator[File]:
    """The picture items of an edition, for the pictures that we serve."""
    for item in edition.items:
        for media in ours(item.article):
            key = keys.picture_item_key(item.guid, media.digest, item.version)
            yield PICTURE.file(key, serialize(picture_item(media, item, edition, partner)), item.guid)


def picture_item(media: Media, item: Item, edition: Edition, partner: Partner) -> etree._Element:
    """The item of a picture for one version of its article.

    If the article is withdrawn, it says only that it is cancelled.
    """
    publication = spoken(edition.publication, item.article)
    root = item_root("newsItem", keys.picture_guid(item.guid, media.digest), item.version, publication)
    add_rights(root, publication, partner)
    _add_item_meta(root, media, item, edition)
    _add_content_meta(root, media, item, publication)
    content = add(root, "contentSet")
    for (href, rendition), name in zip(sizes(media), NAMES, strict=False):
        if item.status is Status.USABLE:
            add(
                content,
                "remoteContent",
                href=href,
                rendition=f"rnd:{name}",
                contenttype=JPEG,
                size=str(rendition.size),
                width=str(rendition.width),
                height=str(rendition.height),
            )
    return root


def _add_item_meta(root: etree._Element, media: Media, item: Item, edition: Edition) -> None:
    publication = edition.publication
    meta = add_item_meta(root, item, edition, "picture", (PROFILE, PROFILE_VERSION))
    if item.expires:
        add(meta, "expires", iso(local(publication, item.expires)))
    if item.version > 1:
        guid = keys.picture_guid(item.guid, media.digest)
        add(meta, "link", rel="irel:previousVersion", residref=guid, version=str(item.version - 1))
    add(meta, "link", rel="bsrel:pictureOf", residref=item.guid)
    package = package_guid(publication.provider, publication.id, edition.date)
    add(meta, "link", rel="bsrel:inPackage", residref=package)


def _add_content_meta(root: etree._Element, media: Media, item: Item, publication: Publication) -> None:
    article = item.article
    meta = add(root, "contentMeta")
    add(meta, "urgency", "4" if article.page == 1 else "5")
    add(meta, "contentCreated", iso(local(publication, item.first_created)))
    if media.credit:
        creator = add(meta, "creator", role="bsrole:photographer", type="cpnat:person")
        add(creator, "name", media.credit)
    add_party(meta, "infoSource", publication.id, publication.name)
    add(meta, "language", tag=publication.language)
    section = add(meta, "subject", type="cpnat:abstract", qcode=f"bssec:{article.section.value}")
    add(section, "name", section_name(article.section))
    add(meta, "headline", article.headline, role="bsrole:headline")
    add(meta, "creditline", media.credit or publication.name)
    if media.caption and item.status is Status.USABLE:
        add(meta, "description", media.caption, role="drol:caption")


def check_jpeg(file: File, around: Surroundings) -> Iterator[str]:
    """Faults of a picture's file: whether it begins as a JPEG."""
    if not file.content.startswith(b"\xff\xd8\xff"):
        yield "it is not a JPEG"


PICTURE = IssueFormat(
    name="picture",
    title="NewsML-G2 picture",
    extension="xml",
    media_type="application/vnd.iptc.g2.newsitem+xml",
    needs=("newsml",),
    place=rf"{keys.ITEMS}[^/]+/picture-[0-9a-f]+-v[0-9]+\.xml",
    order=14,
    render=render,
    check=check,
    uses_g2=True,
)
FILE = PartFormat(
    name="picture-file",
    title="JPEG",
    extension="jpg",
    media_type=JPEG,
    needs=("pictures",),
    place=rf"{keys.PICTURES}[^/]+/[0-9a-f]+-[0-9]+\.jpg",
    order=90,
    check=check_jpeg,
)
FORMATS = (PICTURE, FILE)
