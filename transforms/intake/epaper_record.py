"""The records of our own format for e-papers (``schemas/epaper.schema.json``)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from transforms.errors import BadInput
from transforms.intake.cut import CutArticle, lines_of
from transforms.intake.markdown import plain
from transforms.model import Box, GivenPicture
from transforms.shape import explain

ShortText = Annotated[str, Field(max_length=1000)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Area(_Record):
    """An article's area on its page, in points (1/72 inch) from the top left corner of the page."""

    left: float = Field(ge=0, le=20_000)
    top: float = Field(ge=0, le=20_000)
    right: float = Field(gt=0, le=20_000)
    bottom: float = Field(gt=0, le=20_000)

    @model_validator(mode="after")
    def _has_room(self) -> Area:
        if self.right <= self.left or self.bottom <= self.top:
            raise ValueError("right must be more than left, and bottom more than top")
        return self

    def box(self) -> Box:
        """The area as a box without type size."""
        return Box(self.left, self.top, self.right, self.bottom, 0.0)


class Picture(_Record):
    """A picture of an article. Its file is sent next to this one."""

    file: str = Field(min_length=1, max_length=255, description="The file's name")
    caption: str = Field(default="", max_length=2000, description="What is printed below it")
    credit: ShortText = Field(default="", description="Who made it")


class Crosshead(_Record):
    """A crosshead in the text."""

    crosshead: ShortText


class Story(_Record):
    """A whole article."""

    headline: ShortText = Field(min_length=1, description="标题")
    kicker: ShortText = Field(default="", description="引题, the line above the headline")
    subhead: ShortText = Field(default="", description="副题, the line below it")
    authors: tuple[ShortText, ...] = Field(default=(), description="作者, as printed: 本报记者 李明, or the name alone")
    body: tuple[str | Crosshead, ...] = Field(
        min_length=1, max_length=10_000, description="正文, one string for each paragraph"
    )
    area: Area | None = Field(default=None, description="Where it stands on the page")
    pictures: tuple[Picture, ...] = Field(default=(), max_length=200)

    def cut(self) -> CutArticle:
        """The article without markup, line by line."""
        body = [
            (role, line)
            for part in self.body
            for role, text in [("text", part) if isinstance(part, str) else ("crosshead", part.crosshead)]
            for line in lines_of(plain(text))
        ]
        pictures = tuple(GivenPicture(p.file, p.caption, p.credit) for p in self.pictures)
        area = self.area.box() if self.area else None
        kicker, headline, subhead = (plain(text) for text in (self.kicker, self.headline, self.subhead))
        authors = tuple(map(plain, self.authors))
        return CutArticle(kicker, headline, subhead, authors, tuple(body), area, pictures)


class PrintedPage(_Record):
    """A page of the issue."""

    number: int = Field(ge=1, le=999, description="Its number as printed")
    articles: tuple[Story, ...] = Field(max_length=1000)


class Epaper(_Record):
    """Pages of an issue, or one page of it, with articles that are already separate."""

    format: Literal["broadsheet-epaper"] = Field(description="Says that the file is in this form")
    version: Literal[1] = 1
    pages: tuple[PrintedPage, ...] = Field(min_length=1, max_length=999)


def parse(text: str) -> Epaper:
    """A file's record. Raises BadInput, with its faults, if it does not keep to the schema."""
    try:
        return Epaper.model_validate_json(text)
    except ValidationError as error:
        raise BadInput(explain(error, "an e-paper file", "schemas/epaper.schema.json")) from error
