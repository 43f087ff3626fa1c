"""Keys of rendered files, built from checked parts only, below ``<partner>/<publication>/``."""

from __future__ import annotations

import re
from datetime import date

from transforms.errors import InvalidOutput
from transforms.guid import safe_guid

INDEX = "index.html"
FEEDS = "feeds/"
ARCHIVES = f"{FEEDS}archive/"
PICTURES = "pictures/"
MANIFESTS = "manifests/"
NEWS_SITEMAP = "sitemap.xml"
ALL = f"{FEEDS}all"  # the feed of everything, without extension
IMMUTABLE = ("items/", PICTURES, "packages/", "messages/", MANIFESTS)
_EXTENSION = re.compile(r"[a-z0-9]+(\.[a-z0-9]+)*")
_SHORT = 16  # digits of a picture's digest in its name


def guid_of_key(key: str) -> str:
    """The guid of the article that a key belongs to; empty if it belongs to none (feeds, packages)."""
    match = re.match(r"(?:items/|articles/|pictures/)([^/]+?)(?:/|\.html$)", key)
    parts = match[1].split("_", 2) if match else []
    return f"urn:newsml:{':'.join(parts)}" if len(parts) == 3 else ""


def item_key(guid: str, version: int, ext: str) -> str:
    """``items/<safe guid>/v<N>.<ext>``. Raises InvalidOutput if a part is not what it must be."""
    return f"{versions_of(guid)}v{_number(version)}.{_extension(ext)}"


def versions_of(guid: str) -> str:
    """The prefix of everything of an article that has versions: itself and the items of its pictures."""
    return f"items/{safe_guid(guid)}/"


def is_item(key: str) -> bool:
    """Whether a key is of an item: an article's or a picture's, of any version."""
    return key.startswith("items/")


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
    return f"{picture_items_of(guid)}{digest[:_SHORT]}-v{_number(version)}.xml"


def picture_items_of(guid: str) -> str:
    """How the keys of all items of an article's pictures begin."""
    return f"{versions_of(guid)}picture-"


def picture_key(guid: str, digest: str, width: int) -> str:
    """A picture in one size: ``pictures/<safe guid>/<digest>-<width>.jpg``, so that it goes with its article."""
    return f"{pictures_of(guid)}{digest[:_SHORT]}-{width}.jpg"


def pictures_of(guid: str) -> str:
    """The prefix of an article's pictures."""
    return f"{PICTURES}{safe_guid(guid)}/"


def is_picture(key: str) -> bool:
    return key.startswith(PICTURES)


def pictures_of_day(guid: str) -> str:
    """How the keys of all pictures begin that came out with an article."""
    return f"{PICTURES}{safe_guid(guid).rpartition('_')[0]}_"


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


def manifest_key(day: date, version: int) -> str:
    return f"{MANIFESTS}{day.isoformat()}/v{_number(version)}.json"


def is_manifest(key: str) -> bool:
    return key.startswith(MANIFESTS)


def is_carrier(key: str) -> bool:
    """Whether a key is of a message or package, which carry all of an issue's articles."""
    return key.startswith(("messages/", "packages/"))


def archive_stem(day: date, part: int) -> str:
    """A day's archive, without extension; days too long for one document go on in ``-2``, ``-3`` ..."""
    return f"{archives_of(day)}{'' if part == 1 else f'-{part}'}"


def archives_of(day: date) -> str:
    """How the keys of a day's archives begin, in every format and part."""
    return f"{ARCHIVES}{day.isoformat()}"


def of_article(guid: str) -> tuple[str, ...]:
    """How the keys of everything begin that is of one article alone."""
    return versions_of(guid), pictures_of(guid), article_page_key(guid)


def of_day(guid: str) -> tuple[str, ...]:
    """How the keys begin of everything that is of one of the articles of the same newspaper and day."""
    day = safe_guid(guid).rpartition("_")[0]
    return f"items/{day}_", f"{PICTURES}{day}_", f"articles/{day}_"


def of_issue(day: date) -> tuple[str, ...]:
    """How the keys of everything begin that is of one issue, its articles' own files aside."""
    return tuple(f"{area}{day.isoformat()}" for area in ("packages/", "messages/", MANIFESTS, ARCHIVES))


def feed_stem(name: str) -> str:
    """A live feed, without extension."""
    return f"{FEEDS}{name}"


def is_feed(key: str) -> bool:
    """Whether a key is of a live feed or an archive."""
    return key.startswith(FEEDS)


def is_archive(key: str) -> bool:
    return key.startswith(ARCHIVES)


def url(base_url: str, key: str) -> str:
    """The address of a key; keys are ASCII and need no escapes. Without a base the key itself, a relative link."""
    return f"{base_url.rstrip('/')}/{key}" if base_url else key


def _number(version: int) -> int:
    if version < 1:
        raise InvalidOutput(f"versions count from 1, not {version}")
    return version


def _extension(ext: str) -> str:
    if not _EXTENSION.fullmatch(ext):
        raise InvalidOutput(f"{ext!r} is not an extension of an item's file")
    return ext
