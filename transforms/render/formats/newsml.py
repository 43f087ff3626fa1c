"""NewsML-G2 2.35, power conformance: one newsItem for each version of an article.

Elements are in the order of IPTC's All-Power schema. Texts must be clean (``text.clean_item``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from transforms.guid import compact, package_guid, split_guid
from transforms.model import Article, Edition, File, Item, Paragraph, Partner, Publication, Status
from transforms.render.body import xhtml
from transforms.render.dates import iso, local
from transforms.render.format import ItemFormat
from transforms.render.formats.nitf import nitf
from transforms.render.g2 import PROFILE, PROFILE_VERSION, add, add_item_meta, add_party, add_rights, check, item_root
from transforms.render.keys import is_item
from transforms.render.text import spoken, summary, withdrawn_notice, word_count
from transforms.render.vocabulary import SECTION_TERMS, action_code, role_code, section_name
from transforms.render.xml import serialize

# A story that ends so was cut: nothing printed ends in a comma or opens a quotation that it does not close.
_CUT = "，、,“‘（(《〈「『【["
# 新华社北京11月3日电, 本报临县讯: a place stands between who sent it and when or how.
_PLACE = re.compile(
    r"^[（(]?(?:本报|本刊|新华社|中新社|人民网|\S{2,6}(?:社|报))(\S{2,8}?)(?:\d{1,2}月\d{1,2}日)?[电讯]"
)


def news_item(item: Item, edition: Edition, partner: Partner) -> etree._Element:
    """One version of one article as a ``newsItem``. ``item`` must be clean."""
    publication = spoken(edition.publication, item.article)
    if publication is not edition.publication:
        edition = replace(edition, publication=publication)
    root = item_root("newsItem", item.guid, item.version, publication)
    _add_hops(root, item)
    add_rights(root, publication, partner)
    _add_item_meta(root, item, edition)
    _add_content_meta(root, item, edition)
    _add_content(root, told(item, publication), publication, partner)
    return root


def told(item: Item, publication: Publication) -> Article:
    """The article; for a withdrawn one, a notice in its place.

    The notice is for importers that replace the text and ignore the status. Superdesk fails on an item without
    content, and rejects the whole message.
    """
    if item.status is not Status.CANCELED:
        return item.article
    return Article(item.article.headline, (Paragraph(item.ed_note or withdrawn_notice(publication.language)),))


def content_hash(article: Article) -> str:
    """SHA-256 (hexadecimal) of the paragraphs joined by line feeds. A reader can compute it from p, h2 and li."""
    return hashlib.sha256(article.text.encode()).hexdigest()


def byline(article: Article) -> str:
    """The credit on one line, each role once: ``记者 王洋 雷小方 通讯员 李明``."""
    words: list[str] = []
    role = ""
    for credit in article.byline:
        if credit.role and credit.role != role:
            words.append(credit.role)
        role = credit.role
        words.append(credit.name)
    return " ".join(words)


def qcode(value: str, alias: str) -> str:
    """A code with its alias: ``correction`` becomes ``sig:correction``, and ``sig:correction`` stays."""
    return value if ":" in value else f"{alias}:{value}"


def genre(article: Article) -> str:
    """The IPTC genre of the section; empty for sections without one."""
    code = SECTION_TERMS[article.section].genre
    return qcode(code, "genre") if code else ""


def place(dateline: str) -> str:
    """The place in a dateline; empty if it has none (本报讯)."""
    match = _PLACE.match(dateline)
    return match[1] if match else ""


def located(article: Article) -> str:
    """Where the story was reported from: the dateline's place, otherwise the first place in the text."""
    return place(article.dateline) or next((p.name for p in article.places), "")


def slugline(item: Item, edition: Edition) -> str:
    """A name by which importers file and find the story; no two stories share one."""
    page = f"-p{item.article.page}" if item.article.page else ""
    stable = split_guid(item.guid)[2]
    return f"{edition.publication.id}-{compact(edition.date)}{page}-{item.article.section.value}-{stable}"


def _add_hops(root: etree._Element, item: Item) -> None:
    if not item.history:
        return
    history = add(root, "hopHistory")
    for seq, step in enumerate(item.history):
        hop = add(history, "hop", seq=str(seq), timestamp=iso(step.at))
        add(add(hop, "party"), "name", step.actor)
        action = add(hop, "action", qcode=f"bsact:{action_code(step.what)}", timestamp=iso(step.at))
        add(action, "name", step.what)


def _add_item_meta(root: etree._Element, item: Item, edition: Edition) -> None:
    publication = edition.publication
    meta = add_item_meta(root, item, edition, "text", (PROFILE, PROFILE_VERSION))
    if item.ed_note:
        add(meta, "edNote", item.ed_note)
    if item.signal:
        add(meta, "signal", qcode=qcode(item.signal, "sig"))
    if item.status is not Status.CANCELED:
        add(meta, "hash", content_hash(item.article), hashtype="bshash:sha-256", scope="hashscope:content")
    if item.expires:
        add(meta, "expires", iso(local(publication, item.expires)))
    _add_links(meta, item, edition)


def _add_links(meta: etree._Element, item: Item, edition: Edition) -> None:
    if item.version > 1:
        add(meta, "link", rel="irel:previousVersion", residref=item.guid, version=str(item.version - 1))
    if item.parent_guid:
        add(meta, "link", rel="bsrel:sidebarOf", residref=item.parent_guid)
    package = package_guid(edition.publication.provider, edition.publication.id, edition.date)
    add(meta, "link", rel="bsrel:inPackage", residref=package)


def _add_content_meta(root: etree._Element, item: Item, edition: Edition) -> None:
    publication, article = edition.publication, item.article
    meta = add(root, "contentMeta")
    add(meta, "urgency", "4" if article.page == 1 else "5")
    add(meta, "contentCreated", iso(local(publication, item.first_created)))
    if located(article):
        add(add(meta, "located"), "name", located(article))
    for credit in article.byline:
        _add_creator(meta, credit.name, credit.role)
    add_party(meta, "infoSource", publication.id, publication.name)
    _add_topics(meta, article, publication)
    add(meta, "slugline", slugline(item, edition), separator="-")
    _add_labels(meta, item, publication)


def _add_creator(meta: etree._Element, name: str, role: str) -> None:
    creator = add(meta, "creator", role=f"bsrole:{role_code(role)}", type="cpnat:person")
    add(creator, "name", name)
    if role:
        add(creator, "note", role)


def _add_topics(meta: etree._Element, article: Article, publication: Publication) -> None:
    add(meta, "language", tag=publication.language)
    if genre(article):
        add(meta, "genre", qcode=genre(article))
    for subject in article.subjects:
        _add_subject(meta, subject.qcode, subject.name, subject.confidence, "why:direct")
    section = article.section
    _add_subject(meta, f"bssec:{section.value}", section_name(section), article.section_confidence, "why:inferred")
    _add_named(meta, article)
    for word in article.keywords:
        add(meta, "keyword", word)


def _add_named(meta: etree._Element, article: Article) -> None:
    """Places by their official codes, people and organisations by name: we keep no register of them."""
    for where in article.places:
        code = {"literal": where.code} if where.code else {}
        subject = add(meta, "subject", type="cpnat:geoArea", how="howextr:tool", why="why:direct", **code)
        add(subject, "name", where.name)
        if where.region:
            add(subject, "note", where.region)
    for kind, names in (("person", article.people), ("organisation", article.organisations)):
        for name in names:
            subject = add(meta, "subject", type=f"cpnat:{kind}", how="howextr:tool", why="why:direct")
            add(subject, "name", name)


def _add_subject(meta: etree._Element, code: str, name: str, confidence: float, why: str) -> None:
    percent = str(round(100 * min(1.0, max(0.0, confidence))))
    subject = add(meta, "subject", type="cpnat:abstract", qcode=code, confidence=percent, how="howextr:tool", why=why)
    if name:
        add(subject, "name", name)


def _add_labels(meta: etree._Element, item: Item, publication: Publication) -> None:
    article = item.article
    for role in ("headline", "kicker", "subhead"):  # importers take the first for the title
        text = getattr(article, role)
        if text:
            add(meta, "headline", text, role=f"bsrole:{role}")
    if article.dateline:
        add(meta, "dateline", article.dateline)
    if article.byline:
        add(meta, "by", byline(article))
    add(meta, "creditline", publication.name)
    if item.status is not Status.CANCELED:
        add(meta, "description", summary(article), role="drol:summary")


def _add_content(root: etree._Element, article: Article, publication: Publication, partner: Partner) -> None:
    content = add(root, "contentSet")
    words = str(word_count(article.text))
    if "nitf" in partner.formats:
        rendition = add(content, "inlineXML", contenttype="application/nitf+xml", wordcount=words)
        rendition.append(nitf(article, publication.language))
    # Last, since importers that know one text of an item keep the one that they read last.
    inline = add(content, "inlineXML", contenttype="application/xhtml+xml", wordcount=words)
    inline.append(xhtml(article, publication.language))


def render(item: Item, edition: Edition, partner: Partner) -> bytes:
    """One version of one article as NewsML-G2. ``item`` must be clean."""
    return serialize(news_item(item, edition, partner))


def doubts(file: File) -> Iterator[str]:
    """What importers accept but an editor should see: a story that breaks off.

    Only NewsML-G2 looks for it, so that it is reported once.

    It looks at the bytes before the end of the XHTML, because parsing each item again would take longer than all
    other checks.
    """
    end = file.content.find(b"</body></html>") if is_item(file.key) else -1
    tail = file.content[max(0, end - 400) : max(0, end)].decode("utf-8", "ignore")
    while tail.endswith(">"):
        tail = tail[: tail.rfind("<")].rstrip()
    text = tail.rpartition(">")[2]
    if text and text[-1] in _CUT:
        yield f"the story breaks off: “…{text[-20:]}”"


FORMATS = (
    ItemFormat(
        name="newsml",
        title="NewsML-G2",
        extension="xml",
        media_type="application/vnd.iptc.g2.newsitem+xml",
        mark=b"<newsItem",
        order=10,
        render=render,
        check=check,
        doubts=doubts,
        uses_g2=True,
    ),
)
