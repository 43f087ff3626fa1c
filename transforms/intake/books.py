"""Applies what one file says about others (METS): page numbers, and articles that are kept as the archive cut them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import PurePosixPath

from transforms.intake.adapter import Book, SourcePage
from transforms.intake.mets import APART
from transforms.model import Box, GivenArticle, GivenPart, Refusal, Span

INDENT = 1.2  # type sizes by which the first line of a paragraph is indented
ENDS = "。！？!?…”’」』）)"


@dataclass(frozen=True)
class _Filed:
    """A page and its file, by the name that a book uses for it."""

    file: str
    sheet: SourcePage


def bound(books: Sequence[tuple[str, Book]], sheets: Iterable[SourcePage]) -> tuple[list[SourcePage], list[Refusal]]:
    """The pages with the numbers and articles that the books give them, and a refusal for whatever is missing.

    ``books``: each with the name of its file. An article that lacks a block is not taken at all.
    """
    filed = [_Filed(PurePosixPath(sheet.name.replace("\\", "/")).name, sheet) for sheet in sheets]
    refused: list[Refusal] = []
    for name, book in books:
        filed = [_Filed(f.file, replace(f.sheet, number=book.pages.get(f.file, f.sheet.number))) for f in filed]
        named = {f.file: f.sheet for f in filed if f.file in book.pages}
        if not named:
            refused.append(Refusal(name, "none of the pages that this METS file names was sent: send their ALTO files"))
            continue
        absent = (f for f in book.pages if f not in named and f.lower().endswith(".xml"))  # images are not expected
        refused += [Refusal(f"{name}#{f}", "METS names this page, and it was not sent or read") for f in sorted(absent)]
        if book.articles:
            given, lacking = _articles(book, named)
            refused += [Refusal(f"{name}#article-{n}", reason) for n, reason in lacking]
            filed = [
                _Filed(f.file, replace(f.sheet, given=tuple(given.get(f.file, ()))) if f.file in named else f.sheet)
                for f in filed
            ]
    return [f.sheet for f in filed], refused


def _articles(book: Book, named: dict[str, SourcePage]) -> tuple[dict[str, list[GivenArticle]], list[tuple[int, str]]]:
    """The articles by the file of the page that they open on, and why others cannot be taken."""
    given: dict[str, list[GivenArticle]] = {}
    lacking = []
    for number, parts in enumerate(book.articles, 1):
        wanted = [p for p in parts if p[0] != APART]
        missing = sorted({file for _, file, _ in wanted if file not in named})
        if missing:
            lacking.append((number, f"this article stands on pages that were not sent or read: {', '.join(missing)}"))
            continue
        found = tuple(part for p in wanted for part in _parts(p, named))
        if found:
            given.setdefault(wanted[0][1], []).append(GivenArticle(found))
    return given, lacking


def _parts(part: tuple[str, str, str], named: dict[str, SourcePage]) -> Iterator[GivenPart]:
    """A block as parts: a text block has as many as it has paragraphs. Blocks without text have none."""
    role, file, block = part
    sheet = named[file]
    spans = [replace(span, page=sheet.number) for span in sheet.blocks.get(block, ())]
    if not spans:
        return
    if role != "text":
        yield GivenPart(role, tuple(spans))
        return
    for n, paragraph in enumerate(_paragraphs(spans, sheet)):
        yield GivenPart(role, tuple(paragraph), opens=n > 0)


def _paragraphs(spans: list[Span], sheet: SourcePage) -> list[list[Span]]:
    """The lines of a block, split before each indented line that follows the end of a sentence."""
    boxes = _boxes(sheet)
    edge = min((box.left for span in spans if (box := boxes.get(span.start))), default=0.0)
    paragraphs = [spans[:1]]
    for before, span in pairwise(spans):
        box = boxes.get(span.start)
        indented = box is not None and box.left - edge > INDENT * box.size
        if indented and sheet.text[before.end - 1] in ENDS:
            paragraphs.append([])
        paragraphs[-1].append(span)
    return paragraphs


def _boxes(sheet: SourcePage) -> dict[int, Box]:
    """The boxes of lines by where the lines begin; empty if the page has none."""
    starts, at = [], 0
    for line in sheet.text.split("\n"):
        if line:
            starts.append(at)
        at += len(line) + 1
    return dict(zip(starts, sheet.boxes, strict=True)) if sheet.boxes else {}
