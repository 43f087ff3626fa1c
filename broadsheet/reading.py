"""The reader with its models loaded: what the command line and the pipeline call."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.model import Issue, Publication, Reading
from transforms.reading import read_issue


@dataclass(frozen=True)
class Reader:
    """Reads issues of one publication. Load once, use for many."""

    publication: str

    @classmethod
    def load(cls, publication: Publication | None = None) -> Reader:
        """Load models and house style for a publication (none: the general style of its language)."""
        return cls(publication.id if publication else "")

    def read(self, issue: Issue) -> Reading:
        return read_issue(issue)
