"""Our own format for recognised pages: lines with their positions (``schemas/layout.schema.json``).

It is for programs whose output no other adapter reads; a short script converts it.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from transforms.errors import BadInput
from transforms.intake.adapter import Adapter, Contents, Head, SourceFile, SourcePage
from transforms.intake.collect import Collector
from transforms.intake.encoding import decode
from transforms.intake.kinds import is_json
from transforms.intake.naming import pages_in
from transforms.intake.sizes import size_of, with_even_sizes
from transforms.intake.unordered import put_in_order
from transforms.model import Box, Publication
from transforms.shape import explain

LIMIT = 16 << 20
FORMAT = "broadsheet-layout"
SAYS_SO = re.compile(rf'"format"\s{{0,20}}:\s{{0,20}}"{FORMAT}"')
MOST_LINES = 6_000  # a page, as transforms.intake.soundness has it
MOST_LOOSE = 3_000  # unordered lines per page, and per file; ordering 3,000 that overlap takes 3 s
MOST_LOOSE_IN_ALL = 20_000

Edge = Annotated[float, Field(ge=-1_000, le=200_000, allow_inf_nan=False)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class PrintedLine(_Record):
    """A printed line."""

    text: str = Field(max_length=10_000)
    box: tuple[Edge, Edge, Edge, Edge] | None = Field(
        default=None, description="Left, top, right and bottom, in the page's unit from its top left corner"
    )
    size: float | None = Field(
        default=None, gt=0, le=20_000, description="Type size in the page's unit; told from the box if it is absent"
    )
    certainty: float | None = Field(default=None, ge=0, le=1, description="How sure the recogniser is of the text")

    @model_validator(mode="after")
    def _has_room(self) -> PrintedLine:
        if self.box and not (self.box[2] > self.box[0] and self.box[3] > self.box[1]):
            raise ValueError("right must be more than left, and bottom more than top")
        return self


class Block(_Record):
    """Lines that belong together, in reading order: a paragraph, a headline, a column."""

    lines: tuple[PrintedLine, ...] = Field(max_length=MOST_LINES)


class LaidOutPage(_Record):
    """A page: either blocks in reading order, or lines in any order, which are ordered by their positions."""

    number: int | None = Field(default=None, ge=1, le=999, description="Its number as printed")
    unit: Literal["pixel", "point"] = Field(default="pixel", description="What all lengths are given in")
    dpi: float = Field(default=300, ge=20, le=5000, description="Pixels to the inch; of no account for points")
    width: float | None = Field(default=None, gt=0, le=200_000)
    height: float | None = Field(default=None, gt=0, le=200_000)
    blocks: tuple[Block, ...] | None = Field(default=None, max_length=MOST_LINES)
    lines: tuple[PrintedLine, ...] | None = Field(default=None, max_length=MOST_LOOSE)

    @model_validator(mode="after")
    def _is_one_of_both(self) -> LaidOutPage:
        if (self.blocks is None) == (self.lines is None):
            raise ValueError("give either blocks or lines")
        if self.lines and not all(line.box for line in self.lines):
            raise ValueError("lines in no order need a box each: give them one, or send blocks in reading order")
        return self

    @property
    def scale(self) -> float:
        """Points per unit."""
        return 72 / self.dpi if self.unit == "pixel" else 1.0


class LayoutFile(_Record):
    """Pages as OCR and layout programs write them: lines of text with their positions."""

    format: Literal["broadsheet-layout"] = Field(description="Says that the file is in this form")
    version: Literal[1] = 1
    pages: tuple[LaidOutPage, ...] = Field(min_length=1, max_length=999)

    @model_validator(mode="after")
    def _can_be_ordered(self) -> LayoutFile:
        if sum(len(page.lines or ()) for page in self.pages) > MOST_LOOSE_IN_ALL:
            raise ValueError(f"it has more than {MOST_LOOSE_IN_ALL:,} lines in no order: send each page by itself")
        return self


def _is_layout(head: Head) -> bool:
    return is_json(head) and SAYS_SO.search(head.text) is not None


def _read(file: SourceFile, publication: Publication | None) -> Contents:
    try:
        record = LayoutFile.model_validate_json(decode(file.data).text)
    except ValidationError as error:
        raise BadInput(explain(error, "a layout file", "schemas/layout.schema.json")) from error
    known = zip(pages_in(file.name, len(record.pages)), record.pages, strict=True)
    return Contents(tuple(_sheet(name, page.number or number, page) for (name, number), page in known))


def _sheet(name: str, number: int, page: LaidOutPage) -> SourcePage:
    size = (round((page.width or 0) * page.scale, 2), round((page.height or 0) * page.scale, 2))
    if page.lines is not None:
        told = [line for line in page.lines if line.text.strip()]
        boxes = with_even_sizes([box for line in told if (box := _box(line, page.scale))])
        texts = [" ".join(line.text.split()) for line in told]
        certainties = [line.certainty for line in told]
        text, placed, certainty = put_in_order(texts, boxes, certainties)
        return SourcePage(name, text, "layout", number, placed, certainty=certainty, size=size)
    found = Collector()
    for block in page.blocks or ():
        found.gap()
        for line in block.lines:
            found.add(line.text, _box(line, page.scale), line.certainty)
    boxes = with_even_sizes(found.all_boxes())
    return SourcePage(name, found.text, "layout", number, boxes, certainty=found.all_certainty(), size=size)


def _box(line: PrintedLine, scale: float) -> Box | None:
    if not line.box:
        return None
    left, top, right, bottom = line.box
    wide, high = right - left, bottom - top
    size = line.size or size_of(line.text.strip(), max(wide, high), min(wide, high))
    return Box(*(round(v * scale, 2) for v in (left, top, right, bottom, size)))


ADAPTER = Adapter("layout-json", "a layout file (JSON)", LIMIT, _is_layout, _read)
