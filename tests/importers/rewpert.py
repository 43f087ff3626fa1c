"""What rewpert-g2, the NewsML-G2 importer for WordPress, makes of a document (github.com/michaelpande/rewpert-g2).

A reading of ``parser/newsItemParse.php`` and ``RESTApi.php`` in our own words: the first of each kind counts, and an
item is taken only if its version is higher than the one that is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree

NS = {
    "g": "http://iptc.org/std/nar/2006-10-01/",
    "h": "http://www.w3.org/1999/xhtml",
    "n": "http://iptc.org/std/NITF/2006-10-18/",
}
BODIES = (
    "g:contentSet/g:inlineXML/h:html/h:body/h:article/h:div[@itemprop='articleBody']",
    "g:contentSet/g:inlineXML/h:html/h:body",
    "g:contentSet/g:inlineXML/n:nitf/n:body/n:body.content",
    "g:contentSet/g:inlineData",
)
STATES = {"stat:withheld": "pending", "stat:canceled": "trash"}


class Refused(Exception):
    """It answers 400 (nothing to post) or 409 (no newer than what is there)."""


@dataclass(frozen=True)
class Post:
    """A post of WordPress as it makes one."""

    title: str
    name: str
    content: str
    status: str
    version: int
    tags: str
    users: tuple[str, ...]


def take(content: bytes, posts: dict[str, Post]) -> None:
    """Put each newsItem of a document among ``posts``, by guid. Raises Refused for the first that is not taken."""
    for item in etree.fromstring(content).xpath("//g:newsItem", namespaces=NS):
        guid, post = item.get("guid"), _post(item)
        if not (guid and post.title and post.content):
            raise Refused("400: something is wrong with the NewsML-G2")
        if guid in posts and post.version <= posts[guid].version:
            raise Refused(f"409: {guid} is there in version {posts[guid].version}")
        posts[guid] = post


def _post(item: Any) -> Post:
    def first(path: str) -> str:
        found = item.xpath(path, namespaces=NS)
        return (found[0] if isinstance(found[0], str) else found[0].text or "") if found else ""

    bodies = (item.xpath(path, namespaces=NS) for path in BODIES)
    body = next((found[0] for found in bodies if found), None)
    inner = "".join(etree.tostring(e, encoding="unicode", with_tail=False) for e in body) if body is not None else ""
    return Post(
        first("g:contentMeta/g:headline"),
        first("g:contentMeta/g:slugline"),
        inner,
        STATES.get(first("g:itemMeta/g:pubStatus/@qcode"), "publish"),
        int(item.get("version")),
        ",".join(item.xpath("g:contentMeta/g:keyword/text()", namespaces=NS)),
        tuple(item.xpath("g:contentMeta/g:creator/g:name/text()", namespaces=NS)),
    )
