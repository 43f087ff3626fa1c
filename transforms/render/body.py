"""An article's body as XHTML: paragraphs, crossheads, lists, the same for every format with markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from lxml import etree

from transforms.model import Article, Paragraph, ParagraphKind
from transforms.render.xml import XHTML, root_element

_GUESSED = re.compile(r"</\w|&#?\w")
_BULLETS = "●•■▲★◆※○□◇☆-–·"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the body in one element: ``p``, ``h2``, or ``ul`` with one text per item."""

    name: str
    texts: tuple[str, ...]


def blocks(article: Article) -> Iterator[Block]:
    """The body in order.

    Consecutive paragraphs that begin with the same bullet are one list, if there are two or more.
    """
    for (name, _), group in groupby(article.body, key=_kind):
        texts = tuple(p.text for p in group)
        if name == "ul" and len(texts) > 1:
            yield Block("ul", texts)
            continue
        for text in texts:
            yield Block("p" if name == "ul" else name, (text,))


def append_body(parent: etree._Element, article: Article) -> None:
    """Append the body to ``parent``, as p and h2 only.

    Lists are paragraphs with bullets in the text, because importers (Superdesk) drop nested elements.
    """
    text, crosshead = _tag(XHTML, "p"), _tag(XHTML, "h2")
    for paragraph in article.body:
        name = crosshead if paragraph.kind is ParagraphKind.CROSSHEAD else text
        etree.SubElement(parent, name).text = paragraph.text


def xhtml(article: Article, language: str) -> etree._Element:
    """The article as a whole XHTML document, for the ``inlineXML`` of NewsML-G2. ``language``: a BCP 47 tag."""
    html = root_element(XHTML, "html", {"lang": language})
    head = etree.SubElement(html, _tag(XHTML, "head"))
    etree.SubElement(head, _tag(XHTML, "title")).text = article.headline
    append_body(etree.SubElement(html, _tag(XHTML, "body")), article)
    return html


def fragment(article: Article) -> str:
    """The body as an HTML fragment for feeds: escaped text in p, h2, ul and li."""
    return "".join(_html(block) for block in blocks(article))


def escape(text: str) -> str:
    """Text escaped for use as HTML content or in a quoted attribute."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def title_html(text: str) -> str:
    """A title for feed readers that guess whether it is HTML: escaped only if they would take it for HTML.

    feedparser and the W3C's validator guess by end tags and entities.
    """
    return escape(text) if _GUESSED.search(text) else text


@cache
def _tag(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}" if namespace else name


def _kind(paragraph: Paragraph) -> tuple[str, str]:
    if paragraph.kind is ParagraphKind.CROSSHEAD:
        return "h2", ""
    return ("ul", paragraph.text[0]) if paragraph.text[0] in _BULLETS else ("p", "")


def _html(block: Block) -> str:
    if block.name == "ul":
        return "<ul>" + "".join(f"<li>{escape(t)}</li>" for t in block.texts) + "</ul>"
    return f"<{block.name}>{escape(block.texts[0])}</{block.name}>"
