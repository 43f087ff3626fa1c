"""Pictures sent as files next to the pages: which files are pictures, and which page each belongs to.

An image named ``page-NN`` is a page, and if an issue has nothing but images, all of them are. Any other image is a
picture. It belongs to the page whose e-paper articles or list of pictures name it, otherwise to the page in its
name (``page-03-bridge.jpg``).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from transforms.errors import BadInput
from transforms.intake.adapter import Head, Note, SourceFile
from transforms.intake.apart import read_apart
from transforms.intake.naming import base_name, number_in
from transforms.model import Box, Page, Photo, Publication, Refusal, Rendition

LIMIT = 64 << 20  # bytes of a picture's file
SECONDS = 20  # of processor time
MEMORY = 1400 << 20  # bytes of address space; a picture of 120 million pixels takes some 700 MB
MOST_PHOTOS = 400  # per issue
HELD = 300 << 20  # bytes of files kept in memory until it is clear whether they are pages
MAGICS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*", b"GIF8")
PAGE_OF = re.compile(r"page[-_ ]?0*([1-9]\d{0,2})[-_ .][^/\\]*$", re.IGNORECASE)
STRAY = (
    "this picture belongs to no page that was sent: name it in pictures.toml or in the e-paper's file, or call it"
    " page-03-NAME.jpg for a picture of page 3"
)


def wants_pictures(publication: Publication | None) -> bool:
    """Whether pictures of the newspaper are published. Without a publication, they are."""
    return publication is None or publication.pictures


def is_picture(file: SourceFile) -> bool:
    """Whether a file may be a picture next to the pages, rather than a page."""
    head = Head.of(file).data
    known = head.startswith(MAGICS) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP")
    return known and not number_in(file.name)


def photo_in(file: SourceFile) -> Photo:
    """The picture that a file is. Raises BadInput if it is damaged, too large or too small."""
    if file.length > LIMIT:
        raise BadInput(f"this is a picture of {file.length:,} bytes, more than the {LIMIT:,} that one may have")
    answer = read_apart("transforms.intake.photo_child", file.data, SECONDS, MEMORY, "this picture")
    return photo_from(answer["pages"][0][0], file.name)


def photo_from(record: Mapping[str, Any], name: str) -> Photo:
    """The picture in a record of ``photo_child``. ``name``: the name of its file."""
    sizes = tuple(
        Rendition(wide, high, size, base64.b64decode(content)) for wide, high, size, content in record["renditions"]
    )
    box = Box(*record["box"]) if record["box"] else None
    return Photo(name, record["digest"], sizes, box, record["caption"], record["credit"])


def with_photos(
    pages: Iterable[Page], files: Iterable[SourceFile], notes: Iterable[Note]
) -> tuple[tuple[Page, ...], list[Refusal]]:
    """The pages with their pictures, and a refusal for each picture that belongs to no page or cannot be used.

    ``notes``: what lists of pictures say. Nothing is raised: each file ends in one of the two.
    """
    held = {page.number: page for page in pages}
    by_file = {base_name(note.file): note for note in notes}
    given = {base_name(p.file): n for n, page in held.items() for a in page.given or () for p in a.pictures}
    refused: list[Refusal] = []
    count = 0
    for file in files:
        note = by_file.pop(base_name(file.name), None)
        number = _page_of(file.name, note, given, held)
        if number not in held:
            refused.append(Refusal(file.name, STRAY))
            continue
        try:
            if count >= MOST_PHOTOS:
                raise BadInput(f"an issue has {MOST_PHOTOS} pictures at most, and this one comes after")
            photo = _noted(photo_in(file), note)
        except BadInput as error:
            refused.append(Refusal(file.name, str(error)))
            continue
        count += 1
        held[number] = replace(held[number], photos=(*held[number].photos, photo))
    refused += [Refusal(n.file, "the list of pictures names this file, and it was not sent") for n in by_file.values()]
    return tuple(held.values()), refused


def _page_of(name: str, note: Note | None, given: Mapping[str, int], pages: Mapping[int, Page]) -> int:
    """The page that a picture belongs to; 0 if nothing says."""
    if note and note.page:
        return note.page
    if note and note.headline:
        solid = "".join(note.headline.split())
        return next((n for n, page in pages.items() if solid in "".join(page.text.split())), 0)
    if base_name(name) in given:
        return given[base_name(name)]
    named = PAGE_OF.search(name)
    if named:
        return int(named[1])
    return next(iter(pages)) if len(pages) == 1 else 0


def _noted(photo: Photo, note: Note | None) -> Photo:
    if note is None:
        return photo
    caption, credit = note.caption or photo.caption, note.credit or photo.credit
    return replace(photo, headline=note.headline, caption=caption, credit=credit)
