"""The records of a list of pictures, ``pictures.toml``."""

from __future__ import annotations

import tomllib
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from transforms.errors import BadInput
from transforms.intake.adapter import Note
from transforms.shape import faults

ShortText = Annotated[str, Field(max_length=1000)]


class Picture(BaseModel):
    """One picture."""

    model_config = ConfigDict(extra="forbid", strict=True)

    file: str = Field(min_length=1, max_length=255, description="The file's name")
    page: int = Field(default=0, ge=0, le=999, description="The page that it stands on; 0: the one with the headline")
    headline: ShortText = Field(default="", description="The headline of its story")
    caption: str = Field(default="", max_length=2000, description="What is printed below it")
    credit: ShortText = Field(default="", description="Who made it")

    def note(self) -> Note:
        """The entry as a note on its file."""
        return Note(self.file, self.page, self.headline, self.caption, self.credit)


class Pictures(BaseModel):
    """The pictures of an issue."""

    model_config = ConfigDict(extra="forbid", strict=True)

    picture: list[Picture] = Field(min_length=1, max_length=1000)


def parse(text: str) -> Pictures:
    """A file's record. Raises BadInput, with its first fault, if it is none."""
    try:
        return Pictures.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"this list of pictures is not TOML: {error}") from error
    except ValidationError as error:
        place, fault = faults(error)[0]
        raise BadInput(f"this list of pictures cannot be understood: {place}: {fault}") from error
