"""What an output format is. Each module in ``formats/`` describes its own; ``registry.py`` finds them."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from transforms.model import Edition, File, Item, Partner, Publication
from transforms.render import keys

# What carries an article's text may have to be withdrawn within a minute: no cache may keep it longer than this
# without asking again, and two caches in a row (a web server's, a reader's) stay below the minute together.
RECALLABLE = "public, max-age=20, must-revalidate"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One article as a feed tells it; ``html`` is empty where the partner takes summaries."""

    item: Item
    title: str
    link: str
    summary: str
    html: str


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """One feed document: its own key without extension, its entries newest first, its neighbours in time."""

    stem: str
    title: str
    entries: tuple[FeedEntry, ...]
    withdrawn: tuple[Item, ...] = ()
    archive: bool = False
    current: str = ""  # stem of the live feed that an archive belongs to
    previous: str = ""  # stem of the next older archive; empty for the oldest
    following: str = ""  # stem of the next newer archive; empty for the newest and for live feeds


@dataclass(frozen=True, slots=True)
class Site:
    """Where and for whom pointers are made. ``items`` and ``feeds`` are the formats that the partner takes of each."""

    publication: Publication
    partner: Partner
    base_url: str
    items: tuple[ItemFormat, ...] = ()
    feeds: tuple[FeedFormat, ...] = ()

    def url(self, key: str) -> str:
        return keys.url(self.base_url, key)

    @property
    def home(self) -> str:
        """The page a feed stands for: the paper's site, else its domain."""
        return self.publication.site or f"https://{self.publication.provider}/"

    @property
    def rights(self) -> str:
        """Whose the articles are and what the partner may do with them; empty if the records say nothing."""
        terms = self.partner.usage_terms or self.publication.usage_terms
        return " ".join(part for part in (self.publication.copyright_notice, terms) if part)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a check may look at beside the file: which keys links may lead to, and the IPTC's schema if it is here."""

    keys: Container[str] = ()
    g2: etree.XMLSchema | None = None


@dataclass(frozen=True, kw_only=True)
class Format:
    """An output format. ``name`` is what a partner's record says, ``title`` what people call it.

    ``check`` yields the faults of a file, each a sentence; it may raise InvalidOutput if it cannot be parsed at all.
    ``needs`` are the names that a partner's record must all have for it to get files of this format: its own, if
    nothing is said. ``mark`` is found near the beginning of such a file, for files whose key does not tell.
    """

    name: str
    title: str
    extension: str
    media_type: str
    check: Callable[[File, Surroundings], Iterator[str]]
    needs: tuple[str, ...] = ()
    mark: bytes = b""
    order: int = 50  # its place among the formats in lists and files
    place: str = ""  # regular expression of its files' keys, if they do not follow from the kind
    doubts: Callable[[File], Iterator[str]] = lambda file: iter(())  # what readers take but an operator should see
    uses_g2: bool = False  # whether the check wants the IPTC's schema

    def is_taken(self, formats: Container[str]) -> bool:
        """Whether a partner whose record has ``formats`` gets files of this one."""
        return all(name in formats for name in self.needs or (self.name,))

    @property
    def is_chosen(self) -> bool:
        """Whether a partner's record can name it; others come along with one that it names."""
        return not self.needs or self.name in self.needs

    def has(self, key: str) -> bool:
        """Whether a file of this format has such a key, below ``<partner>/<publication>/``."""
        return bool(self._place and re.fullmatch(self._place, key))

    @property
    def landmarks(self) -> tuple[str, ...]:
        """Pointers that every partner with this format has at any time."""
        return ()

    @property
    def _place(self) -> str:
        return self.place

    def file(self, key: str, content: bytes, guid: str = "") -> File:
        """The object to store; ``guid`` names the article, if it is one's."""
        is_text = self.media_type.startswith("text/") or self.media_type.endswith(("xml", "json"))
        charset = "; charset=utf-8" if is_text else ""
        return File(key, content, f"{self.media_type}{charset}", RECALLABLE, {"guid": guid} if guid else {})


@dataclass(frozen=True, kw_only=True)
class ItemFormat(Format):
    """A file for each version of an article: ``items/<guid>/v<N>.<extension>``, and ``latest`` beside them."""

    render: Callable[[Item, Edition, Partner], bytes]

    def key(self, guid: str, version: int) -> str:
        return keys.item_key(guid, version, self.extension)

    @property
    def _place(self) -> str:
        return self.place or rf"items/[^/]+/(?:v[0-9]+|latest)\.{re.escape(self.extension)}"


@dataclass(frozen=True, kw_only=True)
class IssueFormat(Format):
    """Files for each version of an issue."""

    render: Callable[[Edition, Partner], Iterator[File]]


@dataclass(frozen=True, kw_only=True)
class FeedFormat(Format):
    """Live feeds, one for all and one a section, and an archive a day: ``feeds/....<extension>``."""

    render: Callable[[FeedDocument, Site], bytes]

    def key(self, stem: str) -> str:
        return f"{stem}.{self.extension}"

    @property
    def landmarks(self) -> tuple[str, ...]:
        return (self.key(keys.ALL),)

    @property
    def _place(self) -> str:
        return self.place or rf"feeds/.+\.{re.escape(self.extension)}"


@dataclass(frozen=True, kw_only=True)
class SiteFormat(Format):
    """Pointers that are made of all items at once, such as pages; the last argument are older items that changed."""

    render: Callable[[Sequence[Item], Site, Sequence[Item]], Iterator[File]]
    marks: tuple[str, ...] = ()  # its landmarks

    @property
    def landmarks(self) -> tuple[str, ...]:
        return self.marks


@dataclass(frozen=True, kw_only=True)
class PartFormat(Format):
    """No file of its own: it stands inside another format's files."""
