"""What an input adapter is: it recognises a kind of file and makes pages of it. It knows nothing about news."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from transforms.model import Box, GivenArticle, Photo, Publication, Refusal, Span

HEAD = 1 << 16  # bytes looked at to recognise a file


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as the newspaper sent it: its name (a path is fine) and its bytes.

    ``size``: bytes of the whole file if ``data`` is only its beginning, because it is too large to load; -1 if
    ``data`` is everything.
    """

    name: str
    data: bytes
    size: int = -1

    @property
    def is_whole(self) -> bool:
        """Whether ``data`` is the whole file."""
        return self.size <= len(self.data)

    @property
    def length(self) -> int:
        """Bytes of the whole file."""
        return max(self.size, len(self.data))


@dataclass(frozen=True)
class Head:
    """The beginning and the end of a file, from which its kind is recognised.

    ``decoded``: the beginning as text if its encoding is known, otherwise empty.
    """

    data: bytes
    tail: bytes = b""
    decoded: str = ""

    @classmethod
    def of(cls, file: SourceFile) -> Head:
        """The head of a file."""
        return cls(file.data[:HEAD], file.data[-HEAD:])

    @cached_property
    def text(self) -> str:
        """The beginning as text, without byte order mark and leading blanks; invalid bytes become U+FFFD."""
        if self.decoded:
            return self.decoded.lstrip()
        for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8")):
            if self.data.startswith(mark):
                return self.data[len(mark) :].decode(encoding, "replace").lstrip()
        wide = self._unmarked_utf16()
        if wide:
            return self.data.decode(wide, "replace").lstrip()
        return self.data.decode("utf-8", "replace").lstrip()

    def _unmarked_utf16(self) -> str:
        """The order of UTF-16 without a mark, which shows in the zero bytes of ASCII signs: < \\0 ? \\0."""
        start = self.data[:4]
        if len(start) == 4 and start[1] == start[3] == 0 and start[0] and start[2]:
            return "utf-16-le"
        return "utf-16-be" if len(start) == 4 and start[0] == start[2] == 0 and start[1] and start[3] else ""


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A page before it has a number.

    ``number``: the one given in the file, 0 if none. ``boxes``, ``given``, ``certainty``, ``size``: as in ``Page``,
    but the spans of ``given`` have page number 0. ``blocks``: where the lines of each named block are, for METS.
    ``photos``: pictures on the page.
    """

    name: str
    text: str
    encoding: str = "utf-8"
    number: int = 0
    boxes: tuple[Box, ...] = ()
    given: tuple[GivenArticle, ...] | None = None
    blocks: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    certainty: tuple[float, ...] = ()
    photos: tuple[Photo, ...] = ()
    size: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Book:
    """What one file says about others: the page number of each, and which of their blocks make an article.

    ``pages``: page numbers by file name. ``articles``: parts of each article as (role, file, block); empty if only
    pages are known.
    """

    pages: Mapping[str, int]
    articles: tuple[tuple[tuple[str, str, str], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What a list of pictures says about a file.

    Its page (0: unknown), the headline of its story, its caption and its credit.
    """

    file: str
    page: int = 0
    headline: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What an adapter found in one file: its pages, what could not be read, and what it says about other files."""

    sheets: tuple[SourcePage, ...] = ()
    refused: tuple[Refusal, ...] = ()
    book: Book | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Adapter:
    """One kind of input.

    ``what``: its name in messages ("a PDF file"). ``limit``: the largest size in bytes; larger files are refused
    without being loaded. ``sniff``: recognises a file by its head. ``read``: reads whole files within the limit,
    and raises BadInput, saying what to do, if one has nothing to read.
    """

    name: str
    what: str
    limit: int
    sniff: Callable[[Head], bool]
    read: Callable[[SourceFile, Publication | None], Contents]
