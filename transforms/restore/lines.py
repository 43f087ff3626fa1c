"""A page's text as lines with their surroundings: the smallest units that the extractor left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from transforms.model import Box, Page

LINE = re.compile(r"[^\n\f]+")
TERMINAL = "。！？!?…"
PAUSE = "，、；：,;:—"
CLOSING = "”’）】》〉」』)]"
OPENING = "“‘（【《〈「『(["
INDENTS = ("　　", "    ", "\t")
MOST_GAP = 4
# 某某启示录③ 一句的半行: a deck ends with the number of its part, and what follows is a line of the next column.
NUMBERED_DECK = re.compile(rf"[^\n\f\s{TERMINAL}{PAUSE}]{{4,30}}[①-⑳](?= +\S)")
UNCLOSED = re.compile(r"[（(][^（）()]{0,40}$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its margins: its offsets in the page, the empty lines before it, whether it is indented.

    ``spaced``: whether there is a blank (less than an indent) before it and after it. ``box``: None if the page has
    none.
    """

    page: int
    start: int
    end: int
    text: str
    gap: int
    indented: bool
    spaced: tuple[bool, bool] = (False, False)
    box: Box | None = None


def blank_between(text: str, before: Line, after: Line) -> str:
    """The blank that a cut between names in brackets took: （张三 | 李四）. Elsewhere Chinese is set without."""
    spaced = before.spaced[1] or after.spaced[0]
    return " " if spaced and UNCLOSED.search(text) else ""


def lines_of(page: Page) -> list[Line]:
    """The page's non-empty lines, in the extractor's order."""
    found: list[Line] = []
    last = 0
    for at, raw in _printed(page):
        text = raw.strip()
        if not text:
            continue
        start = at + len(raw) - len(raw.lstrip())
        breaks = page.text.count("\n", last, start) + page.text.count("\f", last, start)
        gap = min(MOST_GAP, max(0, breaks - 1)) if found else MOST_GAP
        indented = raw.startswith(INDENTS)
        spaced = (not indented and raw[0] != text[0], raw[-1] != text[-1])
        box = page.boxes[len(found)] if page.boxes else None
        found.append(Line(page.number, start, start + len(text), text, gap, indented, spaced, box))
        last = start + len(text)
    return found


def _printed(page: Page) -> Iterator[tuple[int, str]]:
    """The page's lines and where they begin; one that extraction made of a numbered deck and another line is cut."""
    for match in LINE.finditer(page.text):
        raw = match.group()
        cut = NUMBERED_DECK.match(raw.lstrip()) if not page.boxes else None
        end = len(raw) - len(raw.lstrip()) + cut.end() if cut else len(raw)
        yield match.start(), raw[:end]
        if cut:
            yield match.start() + end, raw[end:]


def ends_sentence(text: str) -> bool:
    """Whether a sentence can end here: a final mark, perhaps inside closing quotation marks or brackets."""
    return text.rstrip(CLOSING)[-1:] in TERMINAL if text else False
