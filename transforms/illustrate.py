"""Which picture goes with which story, and what its caption is: by what the input says, by captions, by place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from transforms.intake.naming import base_name
from transforms.model import (
    Article,
    Box,
    Caption,
    GivenPicture,
    Media,
    Page,
    Photo,
    PlacedPhoto,
    Reading,
    Refusal,
    Span,
)
from transforms.restore.lines import lines_of

NEAR = 45.0  # points from a picture to its caption
TOUCHING = 30.0  # points from a picture to the text that is set around it
OVERLAP = 0.5  # of the narrower one's width: a caption stands below its picture, not below its neighbour
MAJORITY = 0.75  # of the lines around a picture that make their story the picture's
FEWEST = 3  # such lines
GRAM = 3  # characters that a caption and its story have in common
GRAMS = 3  # such runs that make a story the picture's
HEADLINE = 4  # characters of a headline that are enough to know it by
STRAY = (
    "no story on page {page} is known for this picture's: name the story's headline in pictures.toml, or the picture"
    " in the e-paper's file"
)


def illustrated(pages: Sequence[Page], reading: Reading) -> Reading:
    """The reading with the pictures of its pages at their stories; a file that goes with none is refused.

    A picture of a PDF that goes with no story (a picture without text, an advertisement's) stays with its page.
    """
    media: dict[int, list[Media]] = {}
    placed: list[PlacedPhoto] = []
    refused: list[Refusal] = []
    for page in (p for p in pages if p.photos):
        surroundings = _Surroundings(page, reading)
        for photo in page.photos:
            article, caption, credit = surroundings.story_of(photo)
            placed.append(PlacedPhoto(photo.name, page.number, photo.digest, article, photo.box))
            if article >= 0:
                media.setdefault(article, []).append(_media(photo, caption, credit))
            elif photo.box is None:
                refused.append(Refusal(photo.name, STRAY.format(page=page.number)))
    articles = tuple(
        replace(a, media=(*a.media, *_once(media.get(n, ())))) if n in media else a
        for n, a in enumerate(reading.articles)
    )
    return replace(reading, articles=articles, photos=tuple(placed), refused=(*reading.refused, *refused))


def _media(photo: Photo, caption: str, credit: str) -> Media:
    sizes = tuple(replace(r, content=b"") for r in photo.renditions)
    return Media("", "image/jpeg", sizes[0].size, caption, credit, photo.digest, sizes)


def _once(media: Iterable[Media]) -> list[Media]:
    return list({m.digest: m for m in media}.values())


class _Surroundings:
    """A page as far as its pictures are concerned: articles and captions, where each stands."""

    def __init__(self, page: Page, reading: Reading) -> None:
        self.page = page
        self.boxes = {line.start: line.box for line in lines_of(page) if line.box}
        here = [(n, a) for n, a in enumerate(reading.articles) if any(s.page == page.number for s in a.spans)]
        self.articles: dict[int, Article] = dict(here)
        self.lines = {n: self._boxes(a.spans) for n, a in here}
        self.captions = [
            (caption, found)
            for caption in reading.captions
            if any(s.page == page.number for s in caption.spans) and (found := self._boxes(caption.spans))
        ]

    def story_of(self, photo: Photo) -> tuple[int, str, str]:
        """The article of a picture (-1: none is known), its caption and its credit."""
        given = self._given(photo)
        if given:
            article, said = given
            return article, said.caption or photo.caption, said.credit or photo.credit
        if photo.headline:
            return self._headed(photo.headline), photo.caption, photo.credit
        if photo.box:
            return self._by_place(photo, photo.box)
        if len(self.articles) == 1:
            return next(iter(self.articles)), photo.caption, photo.credit
        return self._alike(photo.caption), photo.caption, photo.credit

    def _boxes(self, spans: Iterable[Span]) -> list[Box]:
        own = [s for s in spans if s.page == self.page.number]
        starts = {start for s in own for start in self.boxes if s.start <= start < s.end}
        return [box for start in sorted(starts) if (box := self.boxes[start])]

    def _given(self, photo: Photo) -> tuple[int, GivenPicture] | None:
        """The article that the input names the picture's file in."""
        name = base_name(photo.name)
        for article in self.page.given or ():
            found = next((p for p in article.pictures if name and base_name(p.file) == name), None)
            starts = {span.start for part in article.parts for span in part.lines if span.page == self.page.number}
            owner = next((n for n, a in self.articles.items() if self._owns(a, starts)), -1)
            if found and owner >= 0:
                return owner, found
        return None

    def _owns(self, article: Article, starts: set[int]) -> bool:
        own = (s for s in article.spans if s.page == self.page.number)
        return any(s.start <= start < s.end for s in own for start in starts)

    def _headed(self, headline: str) -> int:
        wanted = _solid(headline)
        known = {n: _solid(a.headline) for n, a in self.articles.items()}
        exact = next((n for n, said in known.items() if said == wanted), -1)
        if exact >= 0 or len(wanted) < HEADLINE:
            return exact
        return next(
            (n for n, said in known.items() if wanted in said or (len(said) >= HEADLINE and said in wanted)), -1
        )

    def _by_place(self, photo: Photo, box: Box) -> tuple[int, str, str]:
        caption = self._caption(box)
        words = caption.text if caption else photo.caption
        credit = " ".join(c.name for c in caption.credits) if caption else photo.credit
        around = self._around(box, caption)
        if caption and caption.article in self.articles:
            return caption.article, words, credit
        return around, words, credit

    def _caption(self, box: Box) -> Caption | None:
        """The caption below a picture, else the one beside or above it, nearest first."""
        found = [
            (gap, place, n)
            for n, (_, boxes) in enumerate(self.captions)
            for place, gap in _gaps(box, _around_all(boxes))
            if gap <= NEAR
        ]
        return self.captions[min(found)[2]][0] if found else None

    def _around(self, box: Box, caption: Caption | None) -> int:
        """The article whose text is set around a picture, if no other's is."""
        own = set(self._boxes(caption.spans)) if caption else set()
        grown = Box(box.left - TOUCHING, box.top - TOUCHING, box.right + TOUCHING, box.bottom + TOUCHING, 0.0)
        counts = {
            n: sum(1 for line in boxes if line not in own and _meet(line, grown)) for n, boxes in self.lines.items()
        }
        best = max(counts, key=lambda n: (counts[n], -n), default=-1)
        if best < 0 or counts[best] < FEWEST or counts[best] < MAJORITY * sum(counts.values()):
            return -1
        return best

    def _alike(self, caption: str) -> int:
        """The article that a caption has most words in common with, if it has enough."""
        own = _grams(caption)
        shared = {n: len(own & _grams(f"{a.headline}\n{a.text}")) for n, a in self.articles.items()}
        best = max(shared, key=lambda n: (shared[n], -n), default=-1)
        return best if best >= 0 and shared[best] >= GRAMS else -1


def _gaps(picture: Box, text: Box) -> Iterator[tuple[int, float]]:
    """How far text stands below (0), beside (1) and above (2) a picture, as far as it faces it at all."""
    wide = min(picture.right, text.right) - max(picture.left, text.left)
    if wide >= OVERLAP * min(picture.right - picture.left, text.right - text.left):
        below, above = text.top - picture.bottom, picture.top - text.bottom
        if below >= -text.size:
            yield 0, max(0.0, below)
        elif above >= -text.size:
            yield 2, max(0.0, above)
    high = min(picture.bottom, text.bottom) - max(picture.top, text.top)
    if high >= OVERLAP * min(picture.bottom - picture.top, text.bottom - text.top):
        yield 1, max(0.0, text.left - picture.right, picture.left - text.right)


def _around_all(boxes: Sequence[Box]) -> Box:
    return Box(
        min(b.left for b in boxes),
        min(b.top for b in boxes),
        max(b.right for b in boxes),
        max(b.bottom for b in boxes),
        max(b.size for b in boxes),
    )


def _meet(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def _grams(text: str) -> set[str]:
    solid = _solid(text)
    return {solid[n : n + GRAM] for n in range(len(solid) - GRAM + 1)}


def _solid(text: str) -> str:
    return "".join(text.split())


def contents_of(pages: Iterable[Page], reading: Reading) -> Mapping[str, Photo]:
    """The pictures that go with a story, by digest, with their bytes."""
    used = {m.digest for a in reading.articles for m in a.media if m.digest}
    return {photo.digest: photo for page in pages for photo in page.photos if photo.digest in used}
