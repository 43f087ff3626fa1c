"""What a partner would get of pages on this machine, made exactly as the pipeline makes it, with nothing running."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from broadsheet.cli.pages import issue_at, page_files
from transforms.audience.decide import audience
from transforms.audience.selection import takes, widened
from transforms.errors import BadInput
from transforms.illustrate import contents_of
from transforms.lifecycle.embargo import NAME as EMBARGO
from transforms.lifecycle.embargo import Embargo, read_embargoes
from transforms.lifecycle.identity import opening_time
from transforms.lifecycle.items import items_of
from transforms.model import Edition, File, Item, Partner, Photo, Publication, Refusal
from transforms.render import picture_files, render_feeds, render_items
from transforms.render.format import RECALLABLE
from transforms.render.pictures import JPEG


@dataclass(frozen=True, slots=True)
class Trial:
    """An issue as it would be stored, and the files that one partner would get of it at once."""

    edition: Edition
    files: tuple[File, ...]
    refused: tuple[Refusal, ...]


def trial(
    path: Path,
    publication: Publication,
    partner: Partner,
    partners: Sequence[Partner],
    day: date | None,
    base_url: str,
    now: datetime,
) -> Trial:
    """Read the issue at ``path`` and render it for ``partner``. Raises BadInput if no article is found in it."""
    from broadsheet.steps.reading import reading_of
    from broadsheet.steps.review import asks_of

    issue = issue_at(path, publication.id, day, publication)
    reading = reading_of(issue, publication)
    created = opening_time(publication, issue.date)
    asks = asks_of(partners, publication)
    items = items_of(reading.articles, publication, issue.date, created, embargoes=_embargoes(path), asks=asks)
    if not items:
        raise BadInput("No article was found: no line reads like a headline with text below it.")
    edition = Edition(publication, issue.date, 1, created, items)
    if not takes(partner, publication):
        return Trial(edition, (), reading.refused)
    shown = audience(items, partner, publication, now).shown
    everything = widened(partner, shown)
    files = (
        *render_items(Edition(publication, issue.date, 1, created, shown), everything, base_url),
        *_pictures(shown, contents_of(issue.pages, reading)),
        *render_feeds(publication, everything, shown, base_url),
    )
    return Trial(edition, files, reading.refused)


def _pictures(items: Sequence[Item], photos: Mapping[str, Photo]) -> Iterator[File]:
    for file in picture_files(items):
        content = next(r.content for r in photos[file.digest].renditions if r.width == file.width)
        yield File(file.key, content, JPEG, RECALLABLE)


def _embargoes(path: Path) -> tuple[Embargo, ...]:
    files = page_files(path)
    return read_embargoes(files[files.names.index(EMBARGO)].data) if EMBARGO in files.names else ()
