"""What an output format is. Each module in ``formats/`` describes its own, and ``registry.py`` finds them."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from transforms.model import Edition, File, Item, Partner, Publication
from transforms.render import keys
from transforms.render.ownership import terms_for

# What carries an article's text may have to be withdrawn within a minute: no cache may keep it longer than this
# without asking again, and two caches in a row (a web server's, a reader's) stay below the minute together.
RECALLABLE = "public, max-age=20, must-revalidate"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One article in a feed. ``html`` is empty if the partner takes summaries."""

    item: Item
    title: str
    link: str
    summary: str
    html: str


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """One feed document: its key without extension, its entries, newest first, and the documents before and after
    it.
    """

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
    """For whom files are made, and the address at which they will be.

    ``items`` and ``feeds``: the formats of each kind that the partner takes.
    """

    publication: Publication
    partner: Partner
    base_url: str
    items: tuple[ItemFormat, ...] = ()
    feeds: tuple[FeedFormat, ...] = ()

    def url(self, key: str) -> str:
        """The address of a key."""
        return keys.url(self.base_url, key)

    @property
    def home(self) -> str:
        """The page that a feed belongs to: the newspaper's site, otherwise its domain."""
        return self.publication.site or f"https://{self.publication.provider}/"

    @property
    def rights(self) -> str:
        """Who owns the articles and what the partner may do with them; empty if neither file says."""
        parts = (self.publication.copyright_notice, terms_for(self.partner, self.publication))
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a check may use besides the file: the keys that links may lead to, and the IPTC schema if it is
    installed.
    """

    keys: Container[str] = ()
    g2: etree.XMLSchema | None = None


@dataclass(frozen=True, kw_only=True)
class Format:
    """An output format. ``name`` is used in partners' files, ``title`` is for people.

    ``check`` yields each fault of a file as a sentence, and raises InvalidOutput if the file cannot be parsed.
    ``needs``: names that a partner's file must all have to get this format; by default its own. ``mark``: bytes
    near the beginning of every such file, for files whose key does not tell the format.
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
        """Whether a partner with ``formats`` in its file gets this format."""
        return all(name in formats for name in self.needs or (self.name,))

    @property
    def is_chosen(self) -> bool:
        """Whether a partner's file can name this format; others come with one that it names."""
        return not self.needs or self.name in self.needs

    def has(self, key: str) -> bool:
        """Whether a key, below ``<partner>/<publication>/``, is of this format."""
        return self._pattern.fullmatch(key) is not None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self._place or "(?!)")  # without a place, no key is its own

    @property
    def landmarks(self) -> tuple[str, ...]:
        """Keys that every partner with this format has at any time."""
        return ()

    @property
    def _place(self) -> str:
        return self.place

    def file(self, key: str, content: bytes, guid: str = "") -> File:
        """The file to store; ``guid`` is that of the article, if it belongs to one."""
        is_text = self.media_type.startswith("text/") or self.media_type.endswith(("xml", "json"))
        charset = "; charset=utf-8" if is_text else ""
        return File(key, content, f"{self.media_type}{charset}", RECALLABLE, {"guid": guid} if guid else {})


@dataclass(frozen=True, kw_only=True)
class ItemFormat(Format):
    """A file for each version of an article, ``items/<guid>/v<N>.<extension>``, and ``latest`` next to it.

    ``render`` takes a clean item, its edition and the partner, and raises InvalidOutput if the item cannot be
    written.
    """

    render: Callable[[Item, Edition, Partner], bytes]

    def key(self, guid: str, version: int) -> str:
        """The key of a version of an article. Raises InvalidOutput for an invalid guid or a version below 1."""
        return keys.item_key(guid, version, self.extension)

    @property
    def _place(self) -> str:
        return self.place or rf"{keys.ITEMS}[^/]+/(?:v[0-9]+|latest)\.{re.escape(self.extension)}"


@dataclass(frozen=True, kw_only=True)
class IssueFormat(Format):
    """Files for each version of an issue, such as its package.

    ``render`` takes the edition, with clean items, and the partner.
    """

    render: Callable[[Edition, Partner], Iterator[File]]


@dataclass(frozen=True, kw_only=True)
class FeedFormat(Format):
    """Live feeds, one for everything and one per section, and an archive per day:
    ``feeds/….<extension>``.

    ``render`` takes one document and the site.
    """

    render: Callable[[FeedDocument, Site], bytes]

    def key(self, stem: str) -> str:
        """The key of a feed document. ``stem``: its key without extension."""
        return f"{stem}.{self.extension}"

    @property
    def landmarks(self) -> tuple[str, ...]:
        """The feed of everything."""
        return (self.key(keys.ALL),)

    @property
    def _place(self) -> str:
        return self.place or rf"{keys.FEEDS}.+\.{re.escape(self.extension)}"


@dataclass(frozen=True, kw_only=True)
class SiteFormat(Format):
    """Files made from all items at once, such as web pages.

    ``render`` takes all items of the days to be made, the site, and older items that changed. ``marks``: the keys
    among its files that always exist.
    """

    render: Callable[[Sequence[Item], Site, Sequence[Item]], Iterator[File]]
    marks: tuple[str, ...] = ()  # its landmarks

    @property
    def landmarks(self) -> tuple[str, ...]:
        """Its ``marks``."""
        return self.marks


@dataclass(frozen=True, kw_only=True)
class PartFormat(Format):
    """A format whose files another format makes or contains: NITF inside NewsML-G2, the JPEG files of pictures."""
