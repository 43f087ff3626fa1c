"""METS with ALTO: the page number of each file and, if the archive cut its pages into articles, the blocks of each.

Division types are those of the METS/ALTO newspaper profiles (docWorks, NDNP, Europeana). A division inherits the
role of its parent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath

from lxml import etree

from transforms.errors import BadInput
from transforms.intake.adapter import Adapter, Book, Contents, Head, SourceFile
from transforms.intake.kinds import root_name
from transforms.intake.markup import walk
from transforms.model import Publication

LIMIT = 64 << 20
HREF = "{http://www.w3.org/1999/xlink}href"
ARTICLES = frozenset({"article", "newsarticle", "news_article"})
APART = "apart"  # is inside an article but not part of its text
ROLES = {
    "heading": "headline",
    "headline": "headline",
    "title": "headline",
    "overline": "kicker",
    "kicker": "kicker",
    "subheadline": "subhead",
    "subtitle": "subhead",
    "subheading": "subhead",
    "author": "byline",
    "byline": "byline",
    "crossheading": "crosshead",
    "crosshead": "crosshead",
    "intertitle": "crosshead",
    "illustration": APART,
    "image": APART,
    "picture": APART,
    "photograph": APART,
    "figure": APART,
    "caption": APART,
    "advertisement": APART,
    "table": APART,
}


@dataclass
class _State:
    """What is known at one point of the file. ``within`` holds the types of the divisions around it."""

    files: dict[str, str] = field(default_factory=dict)
    file: str = ""
    struct: str = ""
    within: list[str] = field(default_factory=list)
    page: int = 0
    numbers: dict[str, int] = field(default_factory=dict)
    articles: list[list[tuple[str, str, str]]] = field(default_factory=list)


def _is_mets(head: Head) -> bool:
    return root_name(head).lower() == "mets"


def _read(file: SourceFile, publication: Publication | None) -> Contents:
    state = _State()
    walk(file.data, partial(_start, state), partial(_end, state))
    pages = {name: number for ref, number in state.numbers.items() if (name := state.files.get(ref, ""))}
    if not pages:
        raise BadInput("this METS file names no pages with text (ALTO): send the pages' ALTO files")
    articles = (
        tuple((role, state.files.get(ref, ""), block) for role, ref, block in parts)
        for parts in state.articles
        if parts
    )
    return Contents(book=Book(pages, tuple(articles)))


def _end(state: _State, name: str, element: etree._Element) -> None:
    if name == "div" and state.within:
        state.within.pop()


def _start(state: _State, name: str, element: etree._Element) -> None:
    if name == "file":
        state.file = element.get("ID", "")
    elif name == "FLocat" and state.file:
        # Only the name counts, because files are uploaded into one folder, whatever paths the archive has.
        state.files[state.file] = PurePosixPath((element.get(HREF) or "").replace("\\", "/")).name
    elif name == "structMap":
        state.struct, state.within = element.get("TYPE", "").lower(), []
    elif name == "div":
        _division(state, element.get("TYPE", "").lower())
    elif name in ("fptr", "area") and element.get("FILEID"):
        _pointer(state, element.get("FILEID", ""), element.get("BEGIN", ""))


def _division(state: _State, kind: str) -> None:
    if kind in ARTICLES and not ARTICLES & set(state.within):
        state.articles.append([])
    if kind == "page" and state.struct != "logical":
        state.page += 1
    state.within.append(kind)


def _pointer(state: _State, file: str, block: str) -> None:
    if state.struct == "logical":
        if block and state.articles and ARTICLES & set(state.within):
            state.articles[-1].append((_role(state.within), file, block))
    elif "page" in state.within:
        state.numbers.setdefault(file, state.page)


def _role(within: list[str]) -> str:
    """The role that the innermost division with one gives, inside the article; without one it is text."""
    inner = within[max(n for n, kind in enumerate(within) if kind in ARTICLES) + 1 :]
    known = [ROLES[kind] for kind in inner if kind in ROLES]
    return APART if APART in known else known[-1] if known else "text"


ADAPTER = Adapter("mets", "a METS file", LIMIT, _is_mets, _read)
