"""Changes to published articles.

Each makes a new version of its issue, from the newest one, and reaches every partner.

A change is claimed before it is made, with everything needed to make it. Whoever comes next completes what a
machine that died has left, in the order of versions, so that no change is lost and none is made twice.
"""

from __future__ import annotations

import logging

from broadsheet.installation import Installation
from delivery import issues
from delivery.issues import Manifest, Received
from delivery.keys import IssueKey, VersionKey
from transforms.errors import BadInput, InvalidOutput
from transforms.guid import split_guid
from transforms.lifecycle.change import Change, apply, check
from transforms.model import Edition, Item

log = logging.getLogger(__name__)


def find_issue(installation: Installation, guid: str) -> IssueKey:
    """The issue of an article. Raises BadInput if no newspaper here has an article with that guid."""
    return find_issues(installation, guid)[0]


def find_issues(installation: Installation, guid: str) -> list[IssueKey]:
    """All issues with an article of that guid: two newspapers of one provider may share one from older releases.

    Raises BadInput if there is none, or the guid is malformed.
    """
    try:
        provider, day = split_guid(guid)[:2]
    except InvalidOutput as error:
        raise BadInput(str(error)) from error
    issues_of_day = [IssueKey(p.id, day) for p in installation.publications.values() if p.provider == provider]
    found = [issue for issue in issues_of_day if any(i.guid == guid for i in newest_items(installation, issue))]
    if not found:
        raise BadInput(f"no issue here has an article {guid}")
    return found


def newest_items(installation: Installation, issue: IssueKey) -> tuple[Item, ...]:
    """The items of the newest stored version; none if there is none."""
    newest = issues.latest_stored(installation.store, issue)
    return issues.items_of(installation.store, newest) if newest else ()


def revise(installation: Installation, issue: IssueKey, change: Change) -> VersionKey:
    """Make a change; returns the version that has it. Raises BadInput if it cannot be made."""
    upload = issues.latest_upload(installation.store, issue)
    if upload is None:
        raise BadInput(f"{issue} was never received, so nothing of it can be changed")
    known = issues.find_change(installation.store, issue, change.id)
    if known is None:
        check(change, newest_items(installation, issue))
        # The digest stays that of the pages: a change is not an upload, and the inbox was worked off.
        known = issues.claim(installation.store, issue, Received(upload[1].digest, change.at, (), change))
    complete(installation, known)
    return known


def complete(installation: Installation, version: VersionKey) -> Manifest:
    """Store the version that a claimed change makes, and before it those that older changes make.

    Raises BadInput if the version is not a change to a stored one.
    """
    known = issues.manifest_of(installation.store, version)
    if known:
        return known
    complete_older(installation, version)
    claim = issues.claim_of(installation.store, version)
    base = issues.note_base(installation.store, version)
    if claim is None or claim.change is None or base is None:
        raise BadInput(f"{version} is not a change to a stored version")
    edition = issues.load_edition(installation.store, base, installation.publication(version.issue.publication))
    items = _made(claim.change, edition)
    created = max(claim.change.at, edition.version_created)  # clocks differ, versions are dated in their order
    return issues.store_version(installation.store, version, items, created, claim)


def _made(change: Change, edition: Edition) -> tuple[Item, ...]:
    """The items with the change made, or as they are where another change since its claim left no room for it."""
    try:
        return apply(change, edition.items, edition.publication)
    except BadInput as error:
        log.warning("%s of %s is void: %s", change.kind, change.guid, error)
        return edition.items


def complete_older(installation: Installation, version: VersionKey) -> None:
    """Complete the changes that were claimed before ``version`` and are not stored yet."""
    for older, claim in reversed(list(issues.claims(installation.store, version.issue))):
        if older.number < version.number and claim.change and not issues.is_settled(installation.store, older):
            complete(installation, older)
