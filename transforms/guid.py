"""The permanent guids of articles and packages: ``urn:newsml:<provider domain>:<YYYYMMDD>:<stable id>``.

As in RFC 3085, but without the revision, which NewsML-G2 keeps in @version.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from transforms.errors import InvalidOutput

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_GUID = re.compile(rf"urn:newsml:({_LABEL}(?:\.{_LABEL})*):([0-9]{{8}}):([A-Za-z0-9][A-Za-z0-9._-]{{0,127}})")


def split_guid(guid: str) -> tuple[str, date, str]:
    """Provider domain, day of the issue, and stable id of a guid. Raises InvalidOutput for any other text."""
    match = _GUID.fullmatch(guid)
    if not match or ".." in guid:
        raise InvalidOutput(f"{guid!r} is not a guid of ours: write urn:newsml:<domain>:<YYYYMMDD>:<id>")
    try:
        day = date.fromisoformat(match[2])
    except ValueError:
        raise InvalidOutput(f"{guid!r} names a day that does not exist") from None
    return match[1], day, match[3]


def safe_guid(guid: str) -> str:
    """A guid as one part of a key or URL: ``<domain>_<YYYYMMDD>_<id>``. Raises InvalidOutput if it is not a guid."""
    provider, day, stable = split_guid(guid)
    return f"{provider}_{compact(day)}_{stable}"


def compact(day: date) -> str:
    """YYYYMMDD with four digits for every year; strftime drops leading zeros of the year on Linux."""
    return day.isoformat().replace("-", "")


@lru_cache(maxsize=64)  # each item of an issue asks for the same one
def package_guid(provider: str, publication: str, day: date) -> str:
    """The guid of an issue's package."""
    guid = f"urn:newsml:{provider}:{compact(day)}:{publication}-issue"
    split_guid(guid)
    return guid
