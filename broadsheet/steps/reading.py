"""The reader with its models loaded: what the command line and the pipeline call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from transforms.enrich import enrich
from transforms.illustrate import illustrated
from transforms.model import Column, Issue, Publication, Reading
from transforms.reading import read_issue
from transforms.segment.style import HouseStyle, style_of
from transforms.trained import Models, load_models


@dataclass(frozen=True)
class Reader:
    """Reads issues of one publication. Load once, use for many."""

    models: Models
    style: HouseStyle
    columns: tuple[Column, ...] = ()

    @classmethod
    def load(cls, publication: Publication | None = None) -> Reader:
        """Load models and house style for a publication (none: the general style of its language)."""
        return cls(_models(), style_of(publication), publication.columns if publication else ())

    def read(self, issue: Issue) -> Reading:
        """Restored, segmented and classified, with the pictures at their stories."""
        return illustrated(issue.pages, read_issue(issue, self.models, self.style))

    def enriched(self, reading: Reading) -> Reading:
        """With topics, places, people and organisations, and in the paper's own columns."""
        return replace(reading, articles=tuple(enrich(a, self.columns) for a in reading.articles))


def reading_of(issue: Issue, publication: Publication | None = None) -> Reading:
    """All that is made of an issue's pages before it is stored: read, then enriched."""
    reader = Reader.load(publication)
    return reader.enriched(reader.read(issue))


@cache
def _models() -> Models:
    return load_models()
