"""One article of a newspaper's e-paper (数字报), as its web page.

CSS selectors in a data file say where its parts are.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path, PurePosixPath
from typing import cast

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from transforms.errors import BadInput, BadRecord
from transforms.intake.adapter import Adapter, Contents, Head, SourceFile
from transforms.intake.cut import CutArticle, lines_of, sheet_of
from transforms.intake.encoding import decode
from transforms.intake.kinds import ROOT, root_name
from transforms.intake.markup import check_attributes
from transforms.intake.naming import number_in
from transforms.model import GivenPicture, Publication

LIMIT = 4 << 20  # bytes; an article's page has 50 KB
MOST_ELEMENTS = 100_000
FIELDS = ("headline", "kicker", "subhead", "author", "body", "page", "picture", "caption", "drop")
BLOCKS = frozenset({"p", "div", "br", "tr", "li", "table", "ul", "ol", "dl", "dd", "dt", "hr", "pre", "figure"})
BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "blockquote"}
OPENS = re.compile(r"<!--\s{0,20}enpproperty")
CLOSES = re.compile(r"/?enpproperty\s{0,20}-->")
SCRIPT = re.compile(r"(<script\b|</script\s{0,20}>)", re.IGNORECASE)
PAGE = re.compile(r"第\s{0,5}0{0,2}([1-9]\d{0,2})\s{0,5}版|^\s{0,20}0{0,2}([1-9]\d{0,2})\s{0,5}版")
FILE_PAGE = re.compile(r"_\d{1,3}-(\d{2})\.s?html?$", re.IGNORECASE)  # nw.D110000paper_20260115_3-02.htm
SOURCE = re.compile(r"《[^《》]{1,30}》\s{0,5}[（(][^（）()]{0,60}[）)]\s*$")  # 《云州日报》（2026年01月15日 第02版）

Selector = Callable[[etree._Element], list[etree._Element]]
Selectors = dict[str, tuple[Selector, ...]]


@cache
def _general() -> dict[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name("epaper.toml").read_text("utf-8"))


@cache
def _selectors(own: tuple[tuple[str, tuple[str, ...]], ...]) -> Selectors:
    """A newspaper's selectors before the general ones. Raises BadRecord for one that is not CSS."""
    named = dict(own)
    return {field: tuple(map(selector, (*named.get(field, ()), *_general()[field]))) for field in FIELDS}


def selector(css: str) -> Selector:
    """A CSS selector, compiled. Raises BadRecord, quoting it, if it is not valid."""
    try:
        find = CSSSelector(css, translator="html")
        return lambda root: [e for e in cast("list[object]", find(root)) if isinstance(e, etree._Element)]
    except (SelectorError, etree.XPathError) as error:
        raise BadRecord(f"epaper: “{css}” is not a CSS selector: {error}") from error


def _is_html(head: Head) -> bool:
    if root_name(head).lower() == "html" or head.text[:15].lower().startswith("<!doctype html"):
        return True
    return ROOT.match(head.text) is not None and "founder-" in head.text


def _read(file: SourceFile, publication: Publication | None) -> Contents:
    selectors = _selectors(publication.epaper if publication else ())
    root = _tree(decode(file.data).text)
    headline, body = _first(root, selectors["headline"]), _element(root, selectors["body"])
    if not headline or body is None:
        lacks = "headline" if not headline else "text"
        raise BadInput(
            f"this is an HTML page, which cannot be read as a page: no article's {lacks} was found in it. Name the"
            " places of headline and body under [epaper] in the newspaper's file, or save the page's text as UTF-8"
        )
    number = number_in(file.name) or _number(root, selectors["page"], file.name)
    article = _article(root, body, headline, selectors)
    if not article.body:
        raise BadInput("this is an e-paper's page whose article has no text: if it is a picture page, leave it out")
    return Contents((sheet_of(file.name, "epaper", number, [article]),))


def _tree(text: str) -> etree._Element:
    """The document, what its property comment says included as elements. HTML is mended as browsers do."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    data = _with_properties(_without_scripts(text)).encode("utf-8", "replace")
    check_attributes(data)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise BadInput(f"this HTML page cannot be read ({error.msg}): save it again") from error
    if root is None:
        raise BadInput("this HTML page has nothing in it: save it again")
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise BadInput(f"this HTML page has more than {MOST_ELEMENTS:,} elements: send the article's own page")
    return root


def _with_properties(text: str) -> str:
    """The text with its property comments as elements of that name."""
    parts, at = [], 0
    while (opens := OPENS.search(text, at)) and (closes := CLOSES.search(text, opens.end())):
        parts += [text[at : opens.start()], "<enpproperty>", text[opens.end() : closes.start()], "</enpproperty>"]
        at = closes.end()
    return "".join((*parts, text[at:]))


def _without_scripts(text: str) -> str:
    kept, inside = [], False
    for part in SCRIPT.split(text):
        if SCRIPT.fullmatch(part):
            inside = part[1] != "/"
        elif not inside:
            kept.append(part)
    return "".join(kept)


def _article(root: etree._Element, body: etree._Element, headline: str, selectors: Selectors) -> CutArticle:
    kicker, subhead = _first(root, selectors["kicker"]), _first(root, selectors["subhead"])
    for dropped in _all(root, selectors["drop"]):
        _remove(dropped)
    authors = [SOURCE.sub("", line).strip() for line in lines_of(_first(root, selectors["author"], "\n"))]
    pictures = tuple(_pictures(body, selectors))
    # What is inside the text's element but not part of the text: headlines, captions.
    for field in ("headline", "kicker", "subhead", "author", "caption"):
        for inner in _all(body, selectors[field]):
            _remove(inner)
    lines = tuple(("text", line) for line in lines_of(_text(body, "\n")))
    return CutArticle(kicker, headline, subhead, tuple(filter(None, authors)), lines, None, pictures)


def _pictures(body: etree._Element, selectors: Selectors) -> Iterator[GivenPicture]:
    captions = [_text(e) for e in _all(body, selectors["caption"])]
    for n, image in enumerate(_all(body, selectors["picture"])):
        name = PurePosixPath((image.get("src") or "").partition("?")[0].replace("\\", "/")).name
        if name:
            yield GivenPicture(name, captions[n] if n < len(captions) else image.get("alt") or "")


def _all(root: etree._Element, selectors: Sequence[Selector]) -> list[etree._Element]:
    """All that any of the selectors finds below an element, in the order of the selectors, each once."""
    found = (e for s in selectors for e in s(root) if e is not root)
    return list(dict.fromkeys(found))


def _element(root: etree._Element, selectors: Sequence[Selector]) -> etree._Element | None:
    """The first element with text that the first fitting selector finds."""
    return next((e for s in selectors for e in s(root) if _text(e)), None)


def _first(root: etree._Element, selectors: Sequence[Selector], between: str = " ") -> str:
    found = _element(root, selectors)
    return "" if found is None else _text(found, between)


def _text(element: etree._Element, between: str = " ") -> str:
    """An element's text, ``between`` where a block or a line break ends a line."""
    parts: list[str] = []
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        breaks = inner.tag in BLOCKS and inner is not element
        if event == "start":
            parts += ["\n" if breaks else "", _flat(inner.text)]
        elif inner is not element:
            parts += ["\n" if breaks else "", _flat(inner.tail)]
    return between.join(lines_of("".join(parts)))


def _flat(text: str | None) -> str:
    """Line breaks of the source count as spaces in HTML."""
    return (text or "").replace("\r", " ").replace("\n", " ")


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    tail, before = element.tail or "", element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _number(root: etree._Element, selectors: Sequence[Selector], name: str) -> int:
    """The page that the article stands on, as the e-paper or the file's name says; 0 if neither does."""
    for element in (e for s in selectors for e in s(root)):
        found = PAGE.search(_text(element))
        if found:
            return int(found[1] or found[2])
    named = FILE_PAGE.search(name)
    return int(named[1]) if named else 0


ADAPTER = Adapter("epaper-html", "an HTML page", LIMIT, _is_html, _read)
