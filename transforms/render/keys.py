"""Keys of a partner's files, below ``<partner>/<publication>/``. Nothing else builds one.

A key is built from checked parts only. Functions that take a guid or a version raise InvalidOutput for an invalid
guid, a version below 1, or an invalid extension.
"""

from __future__ import annotations

import re
from datetime import date

from transforms.errors import InvalidOutput
from transforms.guid import safe_guid

INDEX = "index.html"
ITEMS = "items/"
ARTICLES = "articles/"
PACKAGES = "packages/"
MESSAGES = "messages/"
CATALOG = "catalog/"
FEEDS = "feeds/"
ARCHIVES = f"{FEEDS}archive/"
PICTURES = "pictures/"
MANIFESTS = "manifests/"
NEWS_SITEMAP = "sitemap.xml"  # at the root: a sitemap may list only pages next to and below itself
ALL = f"{FEEDS}all"  # the feed of everything, without extension
IMMUTABLE = (ITEMS, PICTURES, PACKAGES, MESSAGES, MANIFESTS)
_EXTENSION = re.compile(r"[a-z0-9]+(\.[a-z0-9]+)*")
_ARTICLE = re.compile(r"(?:items|articles|pictures)/(?:([^/]+)/|([^/]+?)\.html$)")
_SHORT = 16  # digits of a picture's digest in its name


def guid_of_key(key: str) -> str:
    """The guid of the article that a key belongs to; empty for a feed, a package or any other file."""
    match = _ARTICLE.match(key)
    parts = (match[1] or match[2]).split("_", 2) if match else []
    return f"urn:newsml:{':'.join(parts)}" if len(parts) == 3 else ""


def item_key(guid: str, version: int, ext: str) -> str:
    """One version of an article: ``items/<safe guid>/v<N>.<ext>``."""
    return f"{versions_of(guid)}v{_number(version)}.{_extension(ext)}"


def versions_of(guid: str) -> str:
    """The prefix of all versions of an article and of its picture items."""
    return f"{ITEMS}{safe_guid(guid)}/"


def is_item(key: str) -> bool:
    """Whether a key is of any version of an article or of a picture item."""
    return key.startswith(ITEMS)


def latest_key(key: str) -> str:
    """``items/<safe guid>/latest.<ext>`` for the key of any version: it always has the bytes of the newest."""
    return re.sub(r"/v\d+\.", "/latest.", key, count=1)


def is_articles(key: str) -> bool:
    """Whether a key is of a version of an article itself, not of one of its picture items."""
    return re.fullmatch(rf"{ITEMS}[^/]+/v\d+\.\w+", key) is not None


def picture_guid(guid: str, digest: str) -> str:
    """The permanent guid of an article's picture. ``digest``: hexadecimal SHA-256 of the picture."""
    return f"{guid}.picture-{digest[:_SHORT]}"


def picture_item_key(guid: str, digest: str, version: int) -> str:
    """A picture's NewsML-G2 item: ``items/<safe guid>/picture-<digest>-v<N>.xml``, next to its article's."""
    return f"{picture_items_of(guid)}{digest[:_SHORT]}-v{_number(version)}.xml"


def picture_items_of(guid: str) -> str:
    """The prefix of all picture items of an article."""
    return f"{versions_of(guid)}picture-"


def picture_key(guid: str, digest: str, width: int) -> str:
    """A picture in one size: ``pictures/<safe guid>/<digest>-<width>.jpg``. ``width``: pixels.

    It is below the article's guid, so that it can be removed with the article.
    """
    return f"{pictures_of(guid)}{digest[:_SHORT]}-{width}.jpg"


def pictures_of(guid: str) -> str:
    """The prefix of an article's pictures."""
    return f"{PICTURES}{safe_guid(guid)}/"


def is_picture(key: str) -> bool:
    """Whether a key is of a picture's file."""
    return key.startswith(PICTURES)


def pictures_of_day(guid: str) -> str:
    """The prefix of all pictures of the newspaper and day that an article belongs to."""
    return f"{PICTURES}{safe_guid(guid).rpartition('_')[0]}_"


def rendition_url(url: str, width: int) -> str:
    """The address of the same picture in another width (pixels)."""
    return re.sub(r"-\d+\.jpg$", f"-{width}.jpg", url)


def article_page_key(guid: str) -> str:
    """The article's page for people. It is the same for all versions."""
    return f"{ARTICLES}{safe_guid(guid)}.html"


def package_key(day: date, version: int) -> str:
    """The package of one version of a day's issue."""
    return f"{PACKAGES}{day.isoformat()}/v{_number(version)}.xml"


def message_key(day: date, version: int) -> str:
    """The message of one version of a day's issue."""
    return f"{MESSAGES}{day.isoformat()}/v{_number(version)}.xml"


def manifest_key(day: date, version: int) -> str:
    """The manifest of one version of a day's issue: all of its files with their digests."""
    return f"{MANIFESTS}{day.isoformat()}/v{_number(version)}.json"


def is_manifest(key: str) -> bool:
    """Whether a key is of a manifest."""
    return key.startswith(MANIFESTS)


def is_carrier(key: str) -> bool:
    """Whether a key belongs to a message or package, which cover all articles of an issue."""
    return key.startswith((MESSAGES, PACKAGES))


def archive_stem(day: date, part: int) -> str:
    """One part of a day's archive, without extension; parts after the first end in ``-2``, ``-3`` ..."""
    return f"{archives_of(day)}{'' if part == 1 else f'-{part}'}"


def archives_of(day: date) -> str:
    """The prefix of a day's archives, in every format and part."""
    return f"{ARCHIVES}{day.isoformat()}"


def of_article(guid: str) -> tuple[str, ...]:
    """The prefixes of everything that belongs to one article alone."""
    return versions_of(guid), pictures_of(guid), article_page_key(guid)


def of_day(guid: str) -> tuple[str, ...]:
    """The prefixes of everything that belongs to single articles of the same newspaper and day as this one."""
    day = safe_guid(guid).rpartition("_")[0]
    return f"{ITEMS}{day}_", f"{PICTURES}{day}_", f"{ARTICLES}{day}_"


def of_issue(day: date) -> tuple[str, ...]:
    """The prefixes of everything that belongs to a day's issue as a whole."""
    return tuple(f"{area}{day.isoformat()}" for area in (PACKAGES, MESSAGES, MANIFESTS, ARCHIVES))


def catalog_key(name: str) -> str:
    """The catalog of our schemes, or the codes of one of them."""
    return f"{CATALOG}{name}.xml"


def feed_stem(name: str) -> str:
    """A live feed, without extension. ``name``: ``all`` or a section."""
    return f"{FEEDS}{name}"


def is_feed(key: str) -> bool:
    """Whether a key is of a live feed or an archive."""
    return key.startswith(FEEDS)


def is_archive(key: str) -> bool:
    """Whether a key is of an archive."""
    return key.startswith(ARCHIVES)


def url(base_url: str, key: str) -> str:
    """The address of a key; without a base the key itself, which is a relative link.

    Keys are ASCII and need no escapes.
    """
    return f"{base_url.rstrip('/')}/{key}" if base_url else key


def _number(version: int) -> int:
    if version < 1:
        raise InvalidOutput(f"versions count from 1, not {version}")
    return version


def _extension(ext: str) -> str:
    if not _EXTENSION.fullmatch(ext):
        raise InvalidOutput(f"{ext!r} is not an extension of an item's file")
    return ext
