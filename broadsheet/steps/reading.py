"""The reader with its models loaded, as the command line and the pipeline use it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache

from transforms.enrich import enrich
from transforms.enrich.places import gazetteer
from transforms.enrich.subjects import topics
from transforms.errors import BadInput, BadRecord
from transforms.illustrate import illustrated
from transforms.intake.pages import FAULT
from transforms.model import Column, Issue, Page, Publication, Reading, Refusal
from transforms.reading import read_issue
from transforms.segment.marks import marks_of
from transforms.segment.style import HouseStyle, style_of
from transforms.trained import Models, load_models

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reader:
    """Reads issues of one newspaper. Load it once and use it for many."""

    models: Models
    style: HouseStyle
    columns: tuple[Column, ...] = ()

    @classmethod
    def load(cls, publication: Publication | None = None) -> Reader:
        """Load models and house style of a newspaper; without one, the general style.

        Raises BadRecord for an invalid style.
        """
        return cls(_models(), style_of(publication), publication.columns if publication else ())

    def read(self, issue: Issue) -> Reading:
        """The issue restored, segmented and classified, with pictures assigned to their stories."""
        return illustrated(issue.pages, read_issue(issue, self.models, self.style))

    def enriched(self, reading: Reading) -> Reading:
        """The reading with topics, places, people and organisations, and with the newspaper's own sections."""
        return replace(reading, articles=tuple(enrich(a, self.columns) for a in reading.articles))


def reading_of(issue: Issue, publication: Publication | None = None) -> Reading:
    """Everything that is read from an issue before it is stored.

    A page at which our reader fails is refused by name, and the others are read without it. Raises BadInput if no
    single page is to blame.
    """
    reader = Reader.load(publication)
    try:
        return reader.enriched(reader.read(issue))
    except Exception as error:
        failing = [(p, fault) for p in issue.pages if (fault := _fault(reader, issue, p))]
        if not failing:  # they fail only together, so that none of them can be blamed
            raise BadInput(f"{FAULT} ({type(error).__name__}: {error})") from error
        log.error("pages of %s %s could not be read", issue.publication, issue.date, exc_info=error)
    refused = tuple(Refusal(page.name, f"{FAULT} ({fault}); report it") for page, fault in failing)
    bad = {page.number for page, _ in failing}
    rest = tuple(p for p in issue.pages if p.number not in bad)
    return reading_of(replace(issue, pages=rest, refused=(*issue.refused, *refused)), publication)


def _fault(reader: Reader, issue: Issue, page: Page) -> str:
    """What the reader fails with at a page alone; empty if it can be read."""
    try:
        reader.enriched(reader.read(replace(issue, pages=(page,), refused=())))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def warm_up() -> None:
    """Load models, places and topics now, in a process from which others will be forked. Computes nothing."""
    _models()
    gazetteer()
    topics()


def warm_up_styles(publications: Iterable[Publication]) -> None:
    """Compile the marks of newspapers' styles now, for the same reason. Invalid ones are left out."""
    for publication in publications:
        with suppress(BadRecord):
            marks_of(style_of(publication))


@cache
def _models() -> Models:
    return load_models()
