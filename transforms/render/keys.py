"""Keys of rendered files, built from checked parts only, below ``<partner>/<publication>/``."""

from __future__ import annotations

import re
from datetime import date

from transforms.errors import InvalidOutput
from transforms.guid import safe_guid

INDEX = "index.html"
_EXTENSION = re.compile(r"[a-z0-9]+(\.[a-z0-9]+)*")
_SHORT = 16  # digits of a picture's digest in its name


def guid_of_key(key: str) -> str:
    """The guid of the article that a key belongs to; empty where it belongs to none (feeds, packages)."""
    match = re.match(r"(?:items/|articles/|pictures/)([^/]+?)(?:/|\.html$)", key)
    parts = match[1].split("_", 2) if match else []
    return f"urn:newsml:{':'.join(parts)}" if len(parts) == 3 else ""


def item_key(guid: str, version: int, ext: str) -> str:
    """``items/<safe guid>/v<N>.<ext>``. Raises InvalidOutput where a part is not what it must be."""
    return f"items/{safe_guid(guid)}/v{_number(version)}.{_extension(ext)}"


def latest_key(key: str) -> str:
    """``items/<safe guid>/latest.<ext>`` for the key of any version of an item: always the newest one's bytes."""
    return re.sub(r"/v\d+\.", "/latest.", key, count=1)


def is_articles(key: str) -> bool:
    """Whether a key is of a version of an article itself, not of one of its pictures."""
    return re.fullmatch(r"items/[^/]+/v\d+\.\w+", key) is not None


def picture_guid(guid: str, digest: str) -> str:
    """The permanent name of an article's picture."""
    return f"{guid}.picture-{digest[:_SHORT]}"


def picture_item_key(guid: str, digest: str, version: int) -> str:
    """A picture's NewsML-G2 item: ``items/<safe guid>/picture-<digest>-v<N>.xml``, beside its article's."""
    return f"items/{safe_guid(guid)}/picture-{digest[:_SHORT]}-v{_number(version)}.xml"


def picture_key(guid: str, digest: str, width: int) -> str:
    """A picture in one size: ``pictures/<safe guid>/<digest>-<width>.jpg``, so that it goes with its article."""
    return f"pictures/{safe_guid(guid)}/{digest[:_SHORT]}-{width}.jpg"


def pictures_of_day(guid: str) -> str:
    """How the keys of all pictures begin that came out with an article."""
    return f"pictures/{safe_guid(guid).rpartition('_')[0]}_"


def rendition_url(url: str, width: int) -> str:
    """The address of a picture in another of its sizes."""
    return re.sub(r"-\d+\.jpg$", f"-{width}.jpg", url)


def article_page_key(guid: str) -> str:
    """The article's page for people: its address stays the same over all versions."""
    return f"articles/{safe_guid(guid)}.html"


def package_key(day: date, version: int) -> str:
    return f"packages/{day.isoformat()}/v{_number(version)}.xml"


def message_key(day: date, version: int) -> str:
    return f"messages/{day.isoformat()}/v{_number(version)}.xml"


def archive_stem(day: date, part: int) -> str:
    """A day's archive, without extension; days too long for one document go on in ``-2``, ``-3`` ..."""
    return f"feeds/archive/{day.isoformat()}{'' if part == 1 else f'-{part}'}"


def url(base_url: str, key: str) -> str:
    """The address of a key; keys are ASCII and need no escapes. Without a base the key itself, a relative link."""
    return f"{base_url.rstrip('/')}/{key}" if base_url else key


def _number(version: int) -> int:
    if version < 1:
        raise InvalidOutput(f"versions count from 1, not {version}")
    return version


def _extension(ext: str) -> str:
    if not _EXTENSION.fullmatch(ext):
        raise InvalidOutput(f"{ext!r} is no extension of an item's file")
    return ext
