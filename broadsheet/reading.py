"""The reader with its models loaded: what the command line and the pipeline call."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from transforms.model import Issue, Publication, Reading
from transforms.reading import read_issue
from transforms.restore.network import Models, load_models
from transforms.segment.style import HouseStyle, style_of


@dataclass(frozen=True)
class Reader:
    """Reads issues of one publication. Load once, use for many."""

    models: Models
    style: HouseStyle

    @classmethod
    def load(cls, publication: Publication | None = None) -> Reader:
        """Load models and house style for a publication (none: the general style of its language)."""
        return cls(_models(), style_of(publication))

    def read(self, issue: Issue) -> Reading:
        return read_issue(issue, self.models, self.style)


@cache
def _models() -> Models:
    return load_models()
