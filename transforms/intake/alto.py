"""ALTO (Library of Congress, versions 1 to 4): text and positions from libraries' OCR, one page per file."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import partial

from lxml import etree

from transforms.errors import BadInput
from transforms.intake.adapter import Adapter, Contents, Head, SourceFile, SourcePage
from transforms.intake.collect import Collector, joined
from transforms.intake.kinds import root_name
from transforms.intake.markup import walk
from transforms.intake.naming import pages_in
from transforms.intake.sizes import size_of, with_even_sizes
from transforms.model import Box, Publication, Span

LIMIT = 64 << 20
# Points in one unit of measurement. Pixels are taken at 300 to the inch, the resolution that archives scan at: the
# scale of a page does not matter, since all its boxes share it.
UNITS = {"mm10": 72 / 254, "inch1200": 72 / 1200, "pixel": 72 / 300}


@dataclass
class _Line:
    """A line while it is read: its words and its place in the file's unit."""

    words: list[str] = field(default_factory=list)
    edges: list[tuple[float, float] | None] = field(default_factory=list)
    certainties: list[float] = field(default_factory=list)
    box: tuple[float, float, float, float] | None = None
    style: str = ""


@dataclass
class _State:
    """What is known at one point of the file."""

    unit: float = UNITS["pixel"]
    sizes: dict[str, float] = field(default_factory=dict)
    sheets: list[tuple[Collector, dict[str, tuple[Span, ...]]]] = field(default_factory=list)
    block: str = ""
    style: str = ""
    spans: list[Span] = field(default_factory=list)
    line: _Line | None = None


def _is_alto(head: Head) -> bool:
    return root_name(head).lower() == "alto"


def _read(file: SourceFile, publication: Publication | None) -> Contents:
    state = _State()
    walk(file.data, partial(_start, state), partial(_end, state))
    if not state.sheets:
        raise BadInput("this ALTO file has no <Page>: write it again")
    known = pages_in(file.name, len(state.sheets))
    return Contents(
        tuple(
            SourcePage(
                name,
                page.text,
                "alto",
                number,
                page.all_boxes() if state.sizes else with_even_sizes(page.all_boxes()),
                blocks=blocks,
                certainty=page.all_certainty(),
            )
            for (name, number), (page, blocks) in zip(known, state.sheets, strict=True)
        )
    )


def _start(state: _State, name: str, element: etree._Element) -> None:
    if name == "Page":
        state.sheets.append((Collector(), {}))
    elif name == "TextStyle" and _number(element, "FONTSIZE") > 0:
        state.sizes[element.get("ID", "")] = _number(element, "FONTSIZE")
    elif name == "TextBlock":
        state.block, state.style, state.spans = element.get("ID", ""), element.get("STYLEREFS", ""), []
    elif name == "TextLine":
        style = element.get("STYLEREFS") or state.style
        state.line = _Line(box=_place(element), style=style)


def _end(state: _State, name: str, element: etree._Element) -> None:
    if name == "MeasurementUnit":
        state.unit = UNITS.get((element.text or "").strip(), state.unit)
    elif name == "String" and state.line:
        place = _place(element)
        state.line.words.append(element.get("CONTENT", ""))
        state.line.edges.append((place[0], place[2]) if place else None)
        known = _number(element, "WC") if element.get("WC") else -1.0
        state.line.certainties += [known] if 0 <= known <= 1 else []
        state.line.style = state.line.style or element.get("STYLEREFS", "")
    elif name == "TextLine" and state.line and state.sheets:
        line, sure = state.line, state.line.certainties
        text = joined(line.words, line.edges, line.box[3] - line.box[1] if line.box else 0)
        certainty = sum(sure) / len(sure) if sure else None
        span = state.sheets[-1][0].add(text, _box(state, state.line, text), certainty)
        state.spans += [span] if span else []
        state.line = None
    elif name == "TextBlock" and state.sheets:
        page, blocks = state.sheets[-1]
        page.gap()
        if state.block and state.spans:
            blocks[state.block] = tuple(state.spans)


def _place(element: etree._Element) -> tuple[float, float, float, float] | None:
    left, top, width, height = (_number(element, key) for key in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    return (left, top, left + width, top + height) if width > 0 and height > 0 else None


def _number(element: etree._Element, key: str) -> float:
    try:
        value = float(element.get(key, "0"))
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0


def _box(state: _State, line: _Line, text: str) -> Box | None:
    if not line.box:
        return None
    left, top, right, bottom = (round(edge * state.unit, 2) for edge in line.box)
    named = [state.sizes[ref] for ref in line.style.split() if state.sizes.get(ref)]
    wide, high = right - left, bottom - top
    size = named[0] if named else size_of(text, max(wide, high), min(wide, high))
    return Box(left, top, right, bottom, round(size, 2))


ADAPTER = Adapter("alto", "an ALTO file", LIMIT, _is_alto, _read)
