"""The pages of issues as they were read. A scan takes its time, so the last ones looked at are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from broadsheet.installation import Installation
from broadsheet.steps import review
from delivery import issues
from delivery.keys import IssueKey
from transforms.model import Page, Publication


@dataclass(frozen=True, slots=True)
class _Source:
    """What pages are made of: the version's digest names every file with its content."""

    version: str
    digest: str
    publication: Publication
    installation: Installation = field(compare=False)


def pages_of(installation: Installation, key: IssueKey) -> tuple[Page, ...]:
    """The pages that the newest stored articles were read from; none if nothing is stored."""
    publication = installation.publication(key.publication)
    for version, claim in issues.claims(installation.store, key):
        if claim.change is None and installation.store.stat(version.manifest):
            return _read(_Source(str(version), claim.digest, publication, installation))
    return ()


@lru_cache(maxsize=8)
def _read(source: _Source) -> tuple[Page, ...]:
    return review.pages_of(source.installation, IssueKey.parse(source.version.rpartition("/")[0]))
