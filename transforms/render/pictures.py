"""An article's pictures, as all formats share them: where their files are, in which sizes, with which caption."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from transforms.model import Article, Item, Media, Rendition, Status
from transforms.render import keys

JPEG = "image/jpeg"
NAMES = ("highRes", "preview", "thumbnail")  # of renditions, the largest first


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture's file at a partner: its key, the SHA-256 of the picture as it came (hexadecimal), and its width in
    pixels.
    """

    key: str
    digest: str
    width: int


def picture_files(items: Iterable[Item]) -> Iterator[PictureFile]:
    """The files of all pictures that we serve, of articles that are not withdrawn or withheld."""
    for item in items:
        for media in item.article.media if item.status is Status.USABLE else ():
            for rendition in media.renditions if media.digest else ():
                key = keys.picture_key(item.guid, media.digest, rendition.width)
                yield PictureFile(key, media.digest, rendition.width)


def addressed(item: Item, base_url: str) -> Item:
    """The item with the addresses of its pictures below ``base_url``. A withdrawn item is returned as it is."""
    if not item.article.media or item.status is not Status.USABLE:
        return item
    media = tuple(_addressed(m, item, base_url) for m in item.article.media)
    return replace(item, article=replace(item.article, media=media))


def _addressed(media: Media, item: Item, base_url: str) -> Media:
    if not media.digest or not media.renditions:
        return media
    return replace(media, url=keys.url(base_url, keys.picture_key(item.guid, media.digest, media.renditions[0].width)))


def sizes(media: Media) -> list[tuple[str, Rendition]]:
    """Address and size of each rendition, the largest first.

    A picture that we do not serve has only its own address.
    """
    if not media.renditions:
        return [(media.url, Rendition(0, 0, media.size))]
    return [(keys.rendition_url(media.url, r.width), r) for r in media.renditions]


def images(article: Article) -> Iterator[Media]:
    """The media of an article that are pictures."""
    return (m for m in article.media if m.media_type.startswith("image/"))


def ours(article: Article) -> Iterator[Media]:
    """The pictures that we serve ourselves."""
    return (m for m in article.media if m.digest)


def named(media: Media) -> str:
    """The caption, followed by the credit unless the caption names it."""
    credit = media.credit if media.credit and media.credit not in media.caption else ""
    return "　".join(part for part in (media.caption, credit) if part)
