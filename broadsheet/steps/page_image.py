"""The image of a source page, for the desk."""

from __future__ import annotations

from broadsheet.installation import Installation
from broadsheet.steps.sources import source_of
from delivery import issues
from delivery.keys import IssueKey
from transforms.errors import BadInput, NotFound
from transforms.intake import SourceFile
from transforms.intake.page_images import page_image
from transforms.model import Page


def picture_of(installation: Installation, issue: IssueKey, page: Page) -> bytes:
    """A page of the newest stored articles as JPEG. Raises NotFound if it has no image."""
    for version, claim in issues.claims(installation.store, issue):
        if claim.change is None and installation.store.stat(version.manifest):
            content = source_of(installation.store, version, claim, page.name)
            names = {entry.name for entry in claim.files}
            name = page.name if page.name in names else page.name.rpartition("#")[0]
            if not content:
                break
            try:
                return page_image(SourceFile(name, content), page.name)
            except BadInput as error:
                raise NotFound(str(error)) from error
    raise NotFound(f"page {page.number} of {issue} has no picture")
