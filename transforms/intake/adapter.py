"""What an input adapter is: it recognises its kind of file and makes pages of it. It knows nothing of news."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from transforms.model import Box, GivenArticle, Photo, Publication, Refusal, Span

HEAD = 1 << 16  # bytes looked at to recognise a file


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as the newspaper sent it: its name (a path is fine) and its bytes.

    ``size``: how many bytes the whole file has, if ``data`` is only its beginning because it is too large to load;
    -1 if ``data`` is all of it.
    """

    name: str
    data: bytes
    size: int = -1

    @property
    def is_whole(self) -> bool:
        return self.size <= len(self.data)

    @property
    def length(self) -> int:
        """Bytes of the whole file."""
        return max(self.size, len(self.data))


@dataclass(frozen=True)
class Head:
    """The beginning and the end of a file, by which its kind is recognised; ``decoded`` if its encoding is known."""

    data: bytes
    tail: bytes = b""
    decoded: str = ""

    @classmethod
    def of(cls, file: SourceFile) -> Head:
        return cls(file.data[:HEAD], file.data[-HEAD:])

    @cached_property
    def text(self) -> str:
        """The beginning as text, without byte order mark and leading blanks; bytes that are no text become U+FFFD."""
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
    """A page before it has its number.

    ``number``: the one that the file gives it, 0 if none. ``boxes``, ``given``, ``certainty`` as in ``Page``; the
    spans of ``given`` have this page's number 0. ``blocks``: where the lines of each block with a name stand, for a
    book that names them. ``photos``: pictures that stand on it; ``size`` as in ``Page``.
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
    """What one file says of other files: which page each is, and which of their blocks make an article.

    ``pages``: page numbers by the name of the page's file. ``articles``: parts of each article, as (role, file, block);
    empty if it knows the pages only.
    """

    pages: Mapping[str, int]
    articles: tuple[tuple[tuple[str, str, str], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What a list of pictures says of a file: its page (0: unknown), its story's headline, its caption and credit."""

    file: str
    page: int = 0
    headline: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What an adapter found in one file: its pages, what could not be read, what it says of other files."""

    sheets: tuple[SourcePage, ...] = ()
    refused: tuple[Refusal, ...] = ()
    book: Book | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Adapter:
    """One kind of input.

    ``what`` names it in messages ("a PDF file"). ``limit``: the most bytes that one such file may have; larger ones
    are refused without being loaded. ``sniff`` looks at the beginning of a file. ``read`` gets whole files within the
    limit and raises BadInput, saying what to do, if there is nothing to read in one.
    """

    name: str
    what: str
    limit: int
    sniff: Callable[[Head], bool]
    read: Callable[[SourceFile, Publication | None], Contents]
