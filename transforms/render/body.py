"""An article's body as XHTML: paragraphs, crossheads, lists; the same blocks for every format that carries markup."""

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
    """A run of the body under one element: ``p``, ``h2``, or ``ul`` with a text for each item."""

    name: str
    texts: tuple[str, ...]


def blocks(article: Article) -> Iterator[Block]:
    """The body in order. Two or more paragraphs in a row that open with the same bullet are one list."""
    for (name, _), group in groupby(article.body, key=_kind):
        texts = tuple(p.text for p in group)
        if name == "ul" and len(texts) > 1:
            yield Block("ul", texts)
            continue
        for text in texts:
            yield Block("p" if name == "ul" else name, (text,))


def append_body(parent: etree._Element, article: Article) -> None:
    """Put the body's elements below ``parent``: p and h2 alone.

    A list is paragraphs with their bullets in the text: importers (Superdesk) keep the text of an element and drop what
    is nested in it.
    """
    for block in blocks(article):
        name = "p" if block.name == "ul" else block.name
        for text in block.texts:
            etree.SubElement(parent, _tag(XHTML, name)).text = text


def xhtml(article: Article, language: str) -> etree._Element:
    """A whole XHTML document: what NewsML-G2's inlineXML holds."""
    html = root_element(XHTML, "html", {"lang": language})
    head = etree.SubElement(html, _tag(XHTML, "head"))
    etree.SubElement(head, _tag(XHTML, "title")).text = article.headline
    append_body(etree.SubElement(html, _tag(XHTML, "body")), article)
    return html


def fragment(article: Article) -> str:
    """The body as an HTML fragment for feeds; text is escaped, nothing but p, h2, ul and li is in it."""
    return "".join(_html(block) for block in blocks(article))


def escape(text: str) -> str:
    """Text for HTML content or a quoted attribute."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def title_html(text: str) -> str:
    """A title for readers that guess whether it is HTML: as it is, or as HTML where they would take it for that.

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
