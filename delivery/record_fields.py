"""What the tables of newspapers' and partners' files share: how their fields are checked."""

from __future__ import annotations

from datetime import time
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict

from delivery.key_parts import checked_id, checked_relative
from transforms.errors import BadInput

DOMAIN = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$"


def _id(value: str) -> str:
    try:
        return checked_id(value)
    except BadInput as error:
        raise ValueError(str(error)) from error


def _prefix(value: str) -> str:
    try:
        return checked_relative(value) if value else ""
    except BadInput as error:
        raise ValueError(str(error)) from error


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"“{value}” is not a time zone of the IANA list, such as Asia/Shanghai") from error
    return value


def _hour(value: str) -> str:
    if len(value) != 5:
        raise ValueError(f"“{value}” is not a time of day: write HH:MM")
    time.fromisoformat(value)
    return value


def _web(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.netloc):
        raise ValueError(f"“{value}” is not a web address: write https://...")
    return value


def _name(value: str) -> str:
    if not value.isprintable():
        raise ValueError(f"{value!r} holds characters that cannot be printed")
    return value


Id = Annotated[str, AfterValidator(_id)]
Name = Annotated[str, AfterValidator(_name)]
Web = Annotated[str, AfterValidator(_web)]
Hour = Annotated[str, AfterValidator(_hour)]
Zone = Annotated[str, AfterValidator(_zone)]
Prefix = Annotated[str, AfterValidator(_prefix)]


class Table(BaseModel):
    """A table of such a file. Unknown fields and values of another type are errors."""

    model_config = ConfigDict(extra="forbid", strict=True)
