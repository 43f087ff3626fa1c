"""Keys of rendered files, built from checked parts only, below ``<partner>/<publication>/``.

guid: ``urn:newsml:<provider domain>:<YYYYMMDD>:<stable id>`` (RFC 3085 without the revision, which is @version here).
"""

from __future__ import annotations

import re
from datetime import date

from transforms.errors import InvalidOutput

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_GUID = re.compile(rf"urn:newsml:({_LABEL}(?:\.{_LABEL})*):([0-9]{{8}}):([A-Za-z0-9][A-Za-z0-9._-]{{0,127}})")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_EXTENSIONS = frozenset({"xml", "json", "html", "nitf.xml"})


def split_guid(guid: str) -> tuple[str, date, str]:
    """Provider domain, day of the issue and stable id of a guid. Raises InvalidOutput where it is none."""
    match = _GUID.fullmatch(guid)
    if not match or ".." in guid:
        raise InvalidOutput(f"{guid!r} is no guid of ours: urn:newsml:<domain>:<YYYYMMDD>:<id> is wanted")
    try:
        day = date.fromisoformat(match[2])
    except ValueError:
        raise InvalidOutput(f"{guid!r} names a day that does not exist") from None
    return match[1], day, match[3]


def safe_guid(guid: str) -> str:
    """A guid as one part of a key or URL: ``<domain>_<YYYYMMDD>_<id>``; no two guids share one."""
    provider, day, stable = split_guid(guid)
    return f"{provider}_{day:%Y%m%d}_{stable}"


def guid_of_key(key: str) -> str:
    """The guid of the article that a key belongs to; empty where it belongs to none (feeds, packages)."""
    match = re.match(r"(?:items/|articles/)([^/]+?)(?:/|\.html$)", key)
    parts = match[1].split("_", 2) if match else []
    return f"urn:newsml:{':'.join(parts)}" if len(parts) == 3 else ""


def item_key(guid: str, version: int, ext: str) -> str:
    """``items/<safe guid>/v<N>.<ext>``. Raises InvalidOutput where a part is not what it must be."""
    return f"items/{safe_guid(guid)}/v{_number(version)}.{_extension(ext)}"


def article_page_key(guid: str) -> str:
    """The article's page for people: its address stays the same over all versions."""
    return f"articles/{safe_guid(guid)}.html"


def package_key(day: date, version: int) -> str:
    return f"packages/{day.isoformat()}/v{_number(version)}.xml"


def message_key(day: date, version: int) -> str:
    return f"messages/{day.isoformat()}/v{_number(version)}.xml"


def feed_key(name: str, ext: str) -> str:
    """``feeds/<name>.<ext>``; the name is ``all`` or a section."""
    if not _NAME.fullmatch(name):
        raise InvalidOutput(f"{name!r} is no name for a feed")
    return f"feeds/{name}.{ext}"


def archive_key(day: date, part: int, ext: str) -> str:
    """A day's archive; days too long for one document go on in ``-2``, ``-3`` ..."""
    suffix = "" if part == 1 else f"-{part}"
    return f"feeds/archive/{day.isoformat()}{suffix}.{ext}"


def package_guid(provider: str, publication: str, day: date) -> str:
    """The permanent name of an issue's package."""
    guid = f"urn:newsml:{provider}:{day:%Y%m%d}:{publication}-issue"
    split_guid(guid)
    return guid


def url(base_url: str, key: str) -> str:
    """The address of a key; keys are ASCII and need no escapes. Without a base the key itself, a relative link."""
    return f"{base_url.rstrip('/')}/{key}" if base_url else key


def _number(version: int) -> int:
    if version < 1:
        raise InvalidOutput(f"versions count from 1, not {version}")
    return version


def _extension(ext: str) -> str:
    if ext not in _EXTENSIONS:
        raise InvalidOutput(f"{ext!r} is no extension of an item's file")
    return ext
