"""The pages of an issue as they came: text, geometry, pictures, and what the input itself says of its articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A run of a page's text: page number as printed, code point offsets ``[start, end)``."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Box:
    """Where a line stands on its page, in points from the top left corner; ``size`` is its type size in points."""

    left: float
    top: float
    right: float
    bottom: float
    size: float


def commonest_size(lines: Iterable[tuple[Box, str]]) -> float:
    """The type size that most characters are set in, to a tenth of a point; the larger of two that are equally common.

    Each line is its box and its text; raises ValueError if there is none.
    """
    counts: Counter[float] = Counter()
    for box, text in lines:
        counts[round(box.size, 1)] += len(text)
    return max(counts, key=lambda size: (counts[size], size))


@dataclass(frozen=True, slots=True)
class GivenPart:
    """A run of an article that the input itself labels: kicker, headline, subhead, byline, crosshead or text.

    ``lines`` are joined into one paragraph. ``opens``: whether it surely begins a paragraph; an archive's text block
    may continue the one before it.
    """

    role: str
    lines: tuple[Span, ...]
    opens: bool = True


@dataclass(frozen=True, slots=True)
class GivenPicture:
    """A picture that the input ties to an article: the name of its file beside the page, caption and credit."""

    file: str
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture in one size: pixels, and the bytes of its JPEG file. ``content`` is empty once it is in the store."""

    width: int
    height: int
    size: int
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that came with a page, checked and without the metadata of its file.

    ``digest``: SHA-256 in hex of the file that came. ``renditions``: the largest first. ``box``: where it stands on the
    page, if that is known. ``headline``: the story that it belongs to, if the newspaper says so.
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
    """An article that the input had already cut out, its parts in reading order."""

    parts: tuple[GivenPart, ...]
    pictures: tuple[GivenPicture, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page as the extractor left it, decoded to text with ``\\n`` line ends.

    ``boxes``: one for each line of ``text`` that is not blank, in order; empty if the input has no geometry.
    ``certainty``: how sure a recogniser is of each of those lines, in [0, 1]; empty if the text was not recognised.
    ``given``: the articles that open on this page, if the input says so; None if they have to be restored.
    ``language``: BCP 47 tag of what the page is written in; empty if its text does not tell. ``size``: width and height
    in points; 0 if the input has none.
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
    """Input that cannot be read, with the reason as an editor would put it."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Issue:
    """A day's pages of one publication, in page order."""

    publication: str
    date: date
    pages: tuple[Page, ...]
    refused: tuple[Refusal, ...] = ()
