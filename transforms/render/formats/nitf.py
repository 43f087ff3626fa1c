"""NITF 3.6 (IPTC), for partners that ask for it: the article as a second rendition in its newsItem."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from transforms.model import Article, File
from transforms.render.body import blocks
from transforms.render.format import PartFormat, Surroundings
from transforms.render.xml import LANG, root_element

NITF = "http://iptc.org/std/NITF/2006-10-18/"


def nitf(article: Article, language: str) -> etree._Element:
    """The article as an NITF tree: ``hedline`` with ``hl1`` and ``hl2``, byline, dateline, and the blocks of the
    body.
    """
    root = root_element(NITF, "nitf", {LANG: language})
    _add(_add(root, "head"), "title", article.headline)
    body = _add(root, "body")
    _add_head(_add(body, "body.head"), article)
    content = _add(_add(body, "body.content"), "block")  # Superdesk reads what stands in blocks, and nothing else
    for block in blocks(article):
        if block.name == "ul":
            items = _add(content, "ul")
            for text in block.texts:
                _add(items, "li", text)
        else:
            _add(content, "hl2" if block.name == "h2" else "p", block.texts[0])
    return root


def _add_head(head: etree._Element, article: Article) -> None:
    hedline = _add(head, "hedline")
    _add(hedline, "hl1", article.headline)
    for text in (article.kicker, article.subhead):
        if text:
            _add(hedline, "hl2", text)
    for credit in article.byline:
        byline = _add(head, "byline")
        _add(byline, "person", credit.name)
        if credit.role:
            _add(byline, "byttl", credit.role)
    if article.dateline:
        _add(head, "dateline", article.dateline)


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{NITF}}}{name}")
    child.text = text
    return child


def check(file: File, around: Surroundings) -> Iterator[str]:
    """Yields nothing: NITF is checked as part of its NewsML-G2 item."""
    yield from ()


FORMATS = (
    PartFormat(
        name="nitf",
        title="NITF",
        extension="xml",
        media_type="application/nitf+xml",
        check=check,
    ),
)
