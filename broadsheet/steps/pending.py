"""What is pending for partners, and what each of them has of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from broadsheet.installation import Installation
from delivery.codec import json_file
from delivery.issues import pending_versions
from delivery.key_parts import is_id
from delivery.keys import IssueKey, VersionKey
from delivery.ledger import ended_days, page_of
from delivery.objects import put_new
from delivery.parallel import at_once
from transforms.audience.selection import (
    takes,
)
from transforms.errors import Damaged
from transforms.model import Partner, Publication


@dataclass(frozen=True, slots=True)
class Work:
    """What is pending for one partner of one newspaper: the newest pending version of each of its issues."""

    partner: str
    publication: str
    versions: tuple[str, ...]


def pending_work(installation: Installation) -> list[Work]:
    """Everything pending, by partner and newspaper. One task gets all of one, so that its feeds are written once."""
    newest: dict[IssueKey, VersionKey] = {v.issue: v for v in pending_versions(installation.store)}
    if not newest:
        return []
    work = []
    everyone = [*installation.partners.values(), *installation.unlisted()]
    unknown = {name for name in installation.bad_partners if is_id(name)} - installation.partners.keys()
    for publication in installation.publications.values():
        versions = tuple(str(v) for v in newest.values() if v.issue.publication == publication.id)
        if versions:
            work += [
                Work(p.id, publication.id, v) for p in everyone if (v := _for(installation, p, publication, versions))
            ]
            # What they take cannot be known until their files are mended; until then everything waits for them.
            work += [Work(name, publication.id, versions) for name in sorted(unknown)]
    return work


def _for(
    installation: Installation, partner: Partner, publication: Publication, versions: tuple[str, ...]
) -> tuple[str, ...]:
    """The versions that concern a partner: all of a newspaper that it takes, else those of issues that it once had."""
    if takes(partner, publication):
        return versions
    return tuple(v for v in versions if page_of(installation.store, partner.id, VersionKey.parse(v).issue))


def finish(installation: Installation, work: Sequence[Work]) -> list[str]:
    """Remove the pending mark from versions that every partner has; returns their names."""
    store = installation.store

    def finished(version: VersionKey) -> bool:
        takers = [w.partner for w in work if str(version) in w.versions]
        if not all(at_once(lambda partner: _has(installation, partner, version), takers)):
            return False
        put_new(store, json_file(version.published, {"partners": takers}, dict[str, list[str]]))
        # At once after the look, not for many versions together: a mark that is set meanwhile would be lost.
        store.delete([VersionKey(version.issue, n).pending for n in range(version.number, 0, -1)])
        return True

    versions = [VersionKey.parse(name) for name in sorted({v for w in work for v in w.versions})]
    return [str(v) for v, done in zip(versions, at_once(finished, versions), strict=True) if done]


def lacking(installation: Installation, work: Work) -> list[str]:
    """The versions of ``work`` that its partner has not received. Articles under embargo are not missing."""
    found = []
    for version in map(VersionKey.parse, work.versions):
        page = page_of(installation.store, work.partner, version.issue)
        over = out_of_reach(installation, work.partner, version.issue)
        if not over and (page is None or not page.delivered or page.version < version.number):
            found.append(str(version))
    return found


class Reach:
    """``out_of_reach`` for many issues of a newspaper at one partner, whose records are read once."""

    def __init__(self, installation: Installation, partner: str, publication: str) -> None:
        # Not cached_property: up to Python 3.11 it lets only one thread of the whole process read at a time.
        self._is_gone = cache(lambda: bool(installation.is_gone(partner)))
        self._ended = cache(lambda: ended_days(installation.store, partner, publication))

    def is_out(self, issue: IssueKey) -> bool:
        """Whether nothing of an issue goes to the partner any longer."""
        return self._is_gone() or issue.date in self._ended()


def out_of_reach(installation: Installation, partner: str, issue: IssueKey) -> bool:
    """Whether nothing of an issue goes to a partner any longer: its rights have ended, or its place was given up.

    It is still notified of withdrawals, because it may have kept copies.
    """
    return Reach(installation, partner, issue.publication).is_out(issue)


def _has(installation: Installation, partner: str, version: VersionKey) -> bool:
    try:
        return has_all(installation, partner, str(version), Reach(installation, partner, version.issue.publication))
    except Damaged:
        return False  # its books cannot be understood: the version waits, and no other version does


def has_all(installation: Installation, partner: str, name: str, reach: Reach) -> bool:
    """Whether a partner has everything that it will ever get of a version. ``reach``: the partner's."""
    version = VersionKey.parse(name)
    if reach.is_out(version.issue):
        return True
    page = page_of(installation.store, partner, version.issue)
    return page is not None and page.delivered and page.version >= version.number and page.awaits is None
