"""PAGE-XML (PRImA, 2009 to 2019): text and positions as Transkribus, eScriptorium, Kraken and OCR-D write them.

Elements and attributes are those of pagecontent.xsd 2019-07-15. Older versions give outlines point by point, and
Transkribus also keeps the order of regions and lines in ``custom``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

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
DPI = 300  # if a page does not give the resolution of its scan
INCHES = {"PPI": 1.0, "PPCM": 2.54}
MOST_PIXELS = 1_000_000  # along a side
POINT = re.compile(r"(-?\d{1,7}(?:\.\d{1,6})?),(-?\d{1,7}(?:\.\d{1,6})?)")
PLACE = re.compile(r"\breadingOrder\s{0,5}\{\s{0,5}index\s{0,5}:\s{0,5}(\d{1,6})")
TEXTUAL = frozenset({"TextLine", "Word", "Glyph", "Grapheme", "NonPrintingChar", "GraphemeGroup"})
GROUPS = frozenset({"OrderedGroup", "OrderedGroupIndexed", "UnorderedGroup", "UnorderedGroupIndexed"})
LAST_OF_ALL = 1 << 30

Point = tuple[float, float]


@dataclass
class _Reading:
    """One recognition of a piece of text (TextEquiv); the one with the lowest index is the best."""

    index: int
    certainty: float | None
    text: str = ""


@dataclass
class _Part:
    """A region, line, word or glyph while it is read."""

    kind: str
    order: int
    outline: list[Point] = field(default_factory=list)
    readings: list[_Reading] = field(default_factory=list)
    inner: list[_Part] = field(default_factory=list)


@dataclass
class _Region:
    """A region's lines. ``order``: its place, if the region gives it. ``around``: the region that contains it."""

    id: str
    order: int
    around: _Region | None = None
    lines: list[_Part] = field(default_factory=list)


@dataclass
class _Group:
    """A node of the reading order: a region, or regions and groups in their order."""

    index: int
    ref: str
    is_ordered: bool = True
    members: list[_Group] = field(default_factory=list)


@dataclass
class _Page:
    scale: float
    wide: float
    high: float
    regions: list[_Region] = field(default_factory=list)
    root: _Group = field(default_factory=lambda: _Group(0, "", is_ordered=False))


@dataclass
class _State:
    pages: list[_Page] = field(default_factory=list)
    open: list[_Part] = field(default_factory=list)
    within: list[_Region] = field(default_factory=list)
    groups: list[_Group] = field(default_factory=list)
    reading: _Reading | None = None


def _is_page_xml(head: Head) -> bool:
    return root_name(head).lower() == "pcgts"


def _read(file: SourceFile, publication: Publication | None) -> Contents:
    state = _State()
    walk(file.data, partial(_start, state), partial(_end, state))
    if not state.pages:
        raise BadInput("this PAGE-XML file has no <Page>: export it again")
    known = pages_in(file.name, len(state.pages))
    return Contents(tuple(_sheet(*one, page) for one, page in zip(known, state.pages, strict=True)))


def _start(state: _State, name: str, element: etree._Element) -> None:
    if name == "Page":
        state.pages.append(_page(element))
        state.open, state.within, state.groups = [], [], []
    elif not state.pages:
        return
    elif name in GROUPS or name in ("RegionRef", "RegionRefIndexed"):
        _open_group(state, name, element)
    elif name in TEXTUAL or _is_region(name):
        _open_part(state, name, element)
    elif name == "Coords" and state.open and not state.open[-1].outline:
        state.open[-1].outline = _outline(element.get("points", ""))
    elif name == "Point" and state.open:
        state.open[-1].outline += _outline(f"{element.get('x')},{element.get('y')}")
    elif name == "TextEquiv":
        index = element.get("index", "")
        state.reading = _Reading(int(index) if re.fullmatch(r"\d{1,6}", index) else 0, _certainty(element.get("conf")))


def _end(state: _State, name: str, element: etree._Element) -> None:
    if name in GROUPS and state.groups:
        state.groups.pop()
    elif name in ("Unicode", "PlainText") and state.reading:
        state.reading.text = element.text or state.reading.text
    elif name == "TextEquiv" and state.reading:
        if state.open:
            state.open[-1].readings.append(state.reading)
        state.reading = None
    elif state.open and name == state.open[-1].kind:
        _close_part(state)


def _is_region(name: str) -> bool:
    return name.endswith("Region") or name == "TableCell"  # the latter in Transkribus' tables


def _open_group(state: _State, name: str, element: etree._Element) -> None:
    index = element.get("index", "")
    group = _Group(
        int(index) if re.fullmatch(r"\d{1,6}", index) else 0, element.get("regionRef", ""), name.startswith("Ordered")
    )
    (state.groups[-1] if state.groups else state.pages[-1].root).members.append(group)
    if name in GROUPS:
        state.groups.append(group)


def _open_part(state: _State, name: str, element: etree._Element) -> None:
    place = PLACE.search(element.get("custom", ""))
    order = int(place[1]) if place else LAST_OF_ALL
    state.open.append(_Part(name, order))
    if _is_region(name):
        region = _Region(element.get("id", ""), order, state.within[-1] if state.within else None)
        state.pages[-1].regions.append(region)
        state.within.append(region)


def _close_part(state: _State) -> None:
    part = state.open.pop()
    if _is_region(part.kind):
        region = state.within.pop()
        if not region.lines and part.readings and not part.inner:
            region.lines = [_Part("TextLine", LAST_OF_ALL, readings=[r]) for r in _by_line(part)]
        if region.lines and state.open:
            state.open[-1].inner.append(part)
    elif part.kind == "TextLine":
        if not state.within:  # not valid by the schema, but still text
            state.within.append(_Region("", LAST_OF_ALL))
            state.pages[-1].regions.append(state.within[0])
        state.within[-1].lines.append(part)
    elif state.open:
        state.open[-1].inner.append(part)


def _by_line(region: _Part) -> list[_Reading]:
    """The lines of a region for which only the whole text is given."""
    best = _best(region)
    return [_Reading(0, best.certainty, line) for line in best.text.splitlines()] if best else []


def _page(element: etree._Element) -> _Page:
    unit = INCHES.get(element.get("imageResolutionUnit", ""), 0.0)
    dpi = _length(element.get("imageXResolution")) * unit
    scale = 72 / (dpi if 20 <= dpi <= 5000 else DPI)
    return _Page(scale, _length(element.get("imageWidth")), _length(element.get("imageHeight")))


def _length(text: str | None) -> float:
    """A length above 0, in pixels; 0 if there is none."""
    found = re.fullmatch(r"\d{1,7}(?:\.\d{1,6})?", text or "")
    return min(float(found[0]), MOST_PIXELS) if found else 0.0


def _certainty(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def _outline(points: str) -> list[Point]:
    """The points of an outline; none if one of them is not a point."""
    found = [POINT.fullmatch(p) for p in points.split()]
    return [(float(m[1]), float(m[2])) for m in found if m] if all(found) else []


# --- text ---


def _best(part: _Part) -> _Reading | None:
    return min((r for r in part.readings if r.text.strip()), key=lambda r: r.index, default=None)


def _text(part: _Part) -> str:
    """The text of a part, or that of the words or glyphs in it."""
    best = _best(part)
    if best:
        return best.text
    inner = [_text(p) for p in part.inner if p.kind in ("Word", "Glyph")]
    return joined(inner) if part.kind == "TextLine" else "".join(inner)


def _sureness(part: _Part) -> float | None:
    """How sure the recogniser is of a part; None if it does not say."""
    best = _best(part)
    if best and best.certainty is not None:
        return best.certainty
    known = [c for p in part.inner if (c := _sureness(p)) is not None]
    return sum(known) / len(known) if known else None


# --- places ---


def _box(part: _Part, page: _Page, text: str) -> Box | None:
    sides = _sides(part, page)
    if not sides:
        return None
    left, top, right, bottom = sides
    wide, high = right - left, bottom - top
    longer, thick = max(wide, high), min(wide, high)
    thick = min(thick, max(0.5 * thick, _area(part.outline) / longer)) if len(part.outline) > 2 else thick
    size = size_of(text, longer, thick)
    return Box(*(round(v * page.scale, 2) for v in (left, top, right, bottom, size)))


def _sides(part: _Part, page: _Page) -> tuple[float, float, float, float] | None:
    """Left, top, right and bottom of what an outline, or the words in it, cover of the page; None without any."""
    points = part.outline
    if points:
        right, bottom = page.wide or MOST_PIXELS, page.high or MOST_PIXELS
        xs, ys = [min(max(0.0, x), right) for x, _ in points], [min(max(0.0, y), bottom) for _, y in points]
        if max(xs) > min(xs) and max(ys) > min(ys):
            return min(xs), min(ys), max(xs), max(ys)
    inner = [s for p in part.inner if (s := _sides(p, page))]
    if not inner:
        return None
    return min(s[0] for s in inner), min(s[1] for s in inner), max(s[2] for s in inner), max(s[3] for s in inner)


def _area(points: Sequence[Point]) -> float:
    """The area of an outline, which gives the thickness of a line even if it slopes."""
    return abs(math.fsum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*points, points[0]]))) / 2


# --- order ---


def _in_order(page: _Page) -> list[_Region]:
    """The regions as ReadingOrder says, else as they say themselves, else as in the file.

    A region without a place in that order goes with the one that it lies in, else to the end.
    """
    places: dict[str, int] = {}
    _number(page.root, places)
    places = places or {r.id: r.order for r in page.regions if r.order != LAST_OF_ALL}
    ranks: dict[int, int] = {}
    for region in page.regions:
        beyond = ranks[id(region.around)] if region.around else LAST_OF_ALL
        ranks[id(region)] = places.get(region.id, beyond)
    return sorted(page.regions, key=lambda region: ranks[id(region)])


def _number(root: _Group, places: dict[str, int]) -> None:
    waiting = [root]
    while waiting:
        group = waiting.pop()
        if group.ref:
            places.setdefault(group.ref, len(places))
        members = sorted(group.members, key=lambda m: m.index) if group.is_ordered else group.members
        waiting += reversed(members)


def _sheet(name: str, number: int, page: _Page) -> SourcePage:
    found = Collector()
    blocks: dict[str, tuple[Span, ...]] = {}
    for region in _in_order(page):
        spans = []
        for line in sorted(region.lines, key=lambda part: part.order):
            text = _text(line)
            span = found.add(text, _box(line, page, text), _sureness(line))
            spans += [span] if span else []
        found.gap()
        if region.id and spans:
            blocks[region.id] = tuple(spans)
    size = (round(page.wide * page.scale, 2), round(page.high * page.scale, 2))
    boxes = with_even_sizes(found.all_boxes())
    return SourcePage(name, found.text, "page-xml", number, boxes, None, blocks, found.all_certainty(), size=size)


ADAPTER = Adapter("page-xml", "a PAGE-XML file", LIMIT, _is_page_xml, _read)
