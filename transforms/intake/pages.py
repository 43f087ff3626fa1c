"""Files of an issue to pages: numbers from names, form feeds split, line ends made one. No page is lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transforms.errors import BadInput
from transforms.intake.encoding import Decoded, decode
from transforms.model import Page, Refusal

LIMIT = 8 << 20  # bytes a file; a page of a broadsheet has some 20 KB, a whole issue under 1 MB
MOST_PAGES = 999  # pages an issue
NUMBERED = re.compile(r"(?:^|[/\\])page[-_ ]?0*([1-9]\d{0,2})\.[^./\\]*$", re.IGNORECASE)
LINE_END = re.compile("\r\n?|[\x0b\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as the newspaper sent it: its name (a path is fine) and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page that may not have its number yet. ``wants``: the number its file's name gives, 0 for none."""

    name: str
    text: str
    encoding: str
    wants: int


def read_source(files: Sequence[SourceFile], limit: int = LIMIT) -> tuple[tuple[Page, ...], tuple[Refusal, ...]]:
    """Pages in the order of their numbers, and what could not be read, in the order of names.

    ``page-NN.txt`` is page NN, and form feeds in it begin the pages after NN; other files take the free numbers
    in the order of their names. Each page of each file ends in exactly one of the two.
    """
    sheets: list[_Sheet] = []
    refused: list[Refusal] = []
    for file in sorted(files, key=lambda f: (_natural(f.name), f.data)):
        try:
            found = _sheets(file, limit)
        except BadInput as error:
            refused.append(Refusal(file.name, str(error)))
            continue
        sheets += found
    pages, doubles = _number(sheets)
    blank = [_blank(p) for p in pages if not p.text.strip()]
    return tuple(p for p in pages if p.text.strip()), (*refused, *doubles, *blank)


def _natural(name: str) -> tuple[tuple[bool, int, str], ...]:
    """Sorts page-2 before page-10."""
    parts = re.split(r"(\d+)", name)
    return tuple((p.isdigit(), int(p) if p.isdecimal() else 0, p) for p in parts)


def _sheets(file: SourceFile, limit: int) -> list[_Sheet]:
    if len(file.data) > limit:
        raise BadInput(
            f"the file has {len(file.data):,} bytes, more than the {limit:,} a page may have: send text only"
        )
    decoded = decode(file.data)
    texts = _split(decoded)
    if len(texts) > MOST_PAGES:
        raise BadInput(f"the file has {len(texts):,} pages, more than the {MOST_PAGES} of an issue: split it by issue")
    named = NUMBERED.search(file.name)
    first = int(named[1]) if named else 0
    return [
        _Sheet(f"{file.name}#{n + 1}" if len(texts) > 1 else file.name, text, decoded.encoding, first and first + n)
        for n, text in enumerate(texts)
    ]


def _split(decoded: Decoded) -> list[str]:
    """The texts between form feeds; extractors end the last page with one too, which opens no other."""
    texts = [LINE_END.sub("\n", t) for t in decoded.text.split("\f")]
    if len(texts) > 1 and not texts[-1].strip():
        texts.pop()
    return texts


def _blank(page: Page) -> Refusal:
    return Refusal(page.name, "the page has no text (a picture, perhaps): nothing to read on it")


def _number(sheets: Iterable[_Sheet]) -> tuple[tuple[Page, ...], list[Refusal]]:
    """Give pages their numbers; two files that claim one number cannot both be it."""
    pages: dict[int, Page] = {}
    doubles: list[Refusal] = []
    free: list[_Sheet] = []
    for sheet in sheets:
        if not sheet.wants:
            free.append(sheet)
        elif sheet.wants in pages:
            doubles.append(_double(sheet, pages[sheet.wants]))
        else:
            pages[sheet.wants] = _page(sheet, sheet.wants)
    number = 1
    for sheet in free:
        while number in pages:
            number += 1
        pages[number] = _page(sheet, number)
    return tuple(pages[n] for n in sorted(pages)), doubles


def _page(sheet: _Sheet, number: int) -> Page:
    return Page(number, sheet.text, sheet.name, sheet.encoding)


def _double(sheet: _Sheet, held: Page) -> Refusal:
    return Refusal(
        sheet.name, f"page {held.number} has come twice, here and as {held.name}: rename or withdraw one of them"
    )
