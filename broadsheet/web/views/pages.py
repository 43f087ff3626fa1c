"""The pages of issues as they were read. A scan takes its time, so the last ones looked at are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from broadsheet.installation import Installation
from broadsheet.steps import review
from broadsheet.steps.page_image import picture_of
from delivery import issues
from delivery.keys import IssueKey
from transforms.errors import NotFound
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


@lru_cache(maxsize=64)
def _picture(source: _Source, issue: IssueKey, number: int) -> bytes:
    page = next((p for p in pages_of(source.installation, issue) if p.number == number), None)
    if page is None:
        raise NotFound(f"{issue} has no page {number}")
    return picture_of(source.installation, issue, page)


def picture_of_page(installation: Installation, key: IssueKey, number: int) -> bytes:
    """The picture of a page, as JPEG. Raises NotFound if it has none."""
    upload = issues.latest_upload(installation.store, key)
    if upload is None:
        raise NotFound(f"nothing of {key} was received")
    source = _Source(str(upload[0]), upload[1].digest, installation.publication(key.publication), installation)
    return _picture(source, key, number)


@lru_cache(maxsize=8)
def _read(source: _Source) -> tuple[Page, ...]:
    return review.pages_of(source.installation, IssueKey.parse(source.version.rpartition("/")[0]))
