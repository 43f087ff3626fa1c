"""The pages of an issue as they arrived: text, geometry, pictures, and what the input itself says about its
articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A part of a page's text: the page number, and code point offsets ``[start, end)``."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Box:
    """The place of a line on its page, in points from the top left corner. ``size``: its type size in points."""

    left: float
    top: float
    right: float
    bottom: float
    size: float


def commonest_size(lines: Iterable[tuple[Box, str]]) -> float:
    """The type size of most characters, to a tenth of a point; if two are equally common, the larger.

    ``lines``: the box and the text of each. Raises ValueError if there are none.
    """
    counts: Counter[float] = Counter()
    for box, text in lines:
        counts[round(box.size, 1)] += len(text)
    return max(counts, key=lambda size: (counts[size], size))


@dataclass(frozen=True, slots=True)
class GivenPart:
    """A part of an article that the input itself labels: kicker, headline, subhead, byline, crosshead or text.

    ``lines`` are joined into one paragraph. ``opens``: whether it certainly begins a paragraph; the text block of
    an archive may continue the one before it.
    """

    role: str
    lines: tuple[Span, ...]
    opens: bool = True


@dataclass(frozen=True, slots=True)
class GivenPicture:
    """A picture that the input assigns to an article: the name of its file next to the page, its caption and credit."""

    file: str
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture in one size: pixels, and the bytes of its JPEG file. ``content`` is empty once it is stored."""

    width: int
    height: int
    size: int
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that arrived with a page, checked, without the metadata of its file.

    ``digest``: SHA-256 (hexadecimal) of the file that arrived. ``renditions``: the largest first. ``box``: its
    place on the page, if known. ``headline``: that of its story, if the newspaper names it.
    """

    name: str
    digest: str
    renditions: tuple[Rendition, ...]
    box: Box | None = None
    caption: str = ""
    credit: str = ""
    headline: str = ""


@dataclass(frozen=True, slots=True)
class GivenArticle:
    """An article that the input itself delimits, its parts in reading order."""

    parts: tuple[GivenPart, ...]
    pictures: tuple[GivenPicture, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page as text, with ``\\n`` as line end.

    ``boxes``: one for each line of ``text`` that is not blank, in order; empty if the input has no positions.
    ``certainty``: the recogniser's, of each of those lines, from 0 to 1; empty if the text was not recognised.
    ``given``: the articles that open on this page, if the input delimits them; None if they have to be restored.
    ``language``: a BCP 47 tag; empty if the text does not show it. ``size``: width and height in points; 0 if
    unknown.
    """

    number: int
    text: str
    name: str = ""
    encoding: str = "utf-8"
    boxes: tuple[Box, ...] = ()
    given: tuple[GivenArticle, ...] | None = None
    language: str = ""
    certainty: tuple[float, ...] = ()
    photos: tuple[Photo, ...] = ()
    size: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Input that cannot be read, with the reason as an editor should see it."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Issue:
    """A newspaper's pages of one day, in page order."""

    publication: str
    date: date
    pages: tuple[Page, ...]
    refused: tuple[Refusal, ...] = ()
