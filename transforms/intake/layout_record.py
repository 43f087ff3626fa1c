"""The records of our own format for recognised pages (``schemas/layout.schema.json``)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from transforms.errors import BadInput
from transforms.shape import explain

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


def parse(text: str) -> LayoutFile:
    """A file's record. Raises BadInput, with its faults, if it does not keep to the schema."""
    try:
        return LayoutFile.model_validate_json(text)
    except ValidationError as error:
        raise BadInput(explain(error, "a layout file", "schemas/layout.schema.json")) from error
