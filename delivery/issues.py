"""Issues in the private bucket: what arrived, which versions there are, and what they contain.

A version begins with its claim (``received.json``, written only if there is none), which fixes what it is made
from. For everybody else it exists from the moment its manifest exists, which is written last and names all of its
objects.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from delivery import keys
from delivery.codec import decode, json_file
from delivery.key_parts import date_in, parse_version, stored_name
from delivery.keys import COMPLETE, IssueKey, VersionKey
from delivery.objects import put_over
from delivery.parallel import at_once
from delivery.quarantine import set_aside
from delivery.store import Absent, Stat, Store
from transforms.days import FIRST_NEWSPAPER, months
from transforms.errors import BadInput, Conflict, NotFound
from transforms.lifecycle.change import Change
from transforms.model import Edition, File, Item, Publication

MOST_LOADED = 128 << 20  # bytes of an object that is copied through our memory; a page has seldom so many
MOST_COPIED = 5 * 10**9  # bytes that S3 copies in one request; a larger file stays in the inbox only
FILES = 3  # files of an issue that go through our memory at the same time


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A file in the inbox as it was listed. ``name``: under which it is stored."""

    key: str
    name: str
    etag: str
    size: int


@dataclass(frozen=True, slots=True)
class Received:
    """The claim on a version: what it is made from, when that arrived, and which version it derives from.

    ``change``: what a person or a rule changed in the version before; None if it was read from pages. ``redo``: the
    version whose reading this one repeats, because a change overtook it; 0 if none. Partners are not notified of a
    ``quiet`` version.
    """

    digest: str
    received_at: datetime
    files: tuple[SourceEntry, ...]
    change: Change | None = None
    redo: int = 0
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """The mark on a stored version that not every partner has yet. Partners are not notified of a ``quiet`` one."""

    version: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """One object of a version."""

    key: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """One article as the manifest lists it.

    ``version``: of the article, counted from 1. ``status``: as in ``Status``.
    """

    guid: str
    version: int
    status: str
    headline: str
    embargoed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """All objects and articles of a version of an issue, and the time that the version has."""

    publication: str
    day: date
    version: int
    created: datetime
    source: str
    objects: tuple[Stored, ...]
    items: tuple[ItemEntry, ...]


def inbox_files(store: Store, issue: IssueKey) -> list[SourceEntry]:
    """The pages of an issue in the inbox, in the order of their names. Hidden files are left out."""
    return [entry for stat in store.list(issue.inbox) if (entry := source_entry(issue, stat))]


def source_entry(issue: IssueKey, stat: Stat) -> SourceEntry | None:
    """An object in the inbox as one of an issue's pages; None if it is not one."""
    relative = stat.key[len(issue.inbox) :]
    if not relative or relative.rsplit("/", 1)[-1].startswith((".", "_")):
        return None
    return SourceEntry(stat.key, stored_name(relative), stat.etag, stat.size)


def completed(store: Store, issue: IssueKey) -> Stat | None:
    """The mark that closes the upload of an issue; None while the newspaper is still sending."""
    return store.stat(issue.inbox + COMPLETE)


def source_digest(files: Sequence[SourceEntry]) -> str:
    """One digest for the files of an issue: their names, sizes and ETags, without reading them."""
    listing = "\n".join(f"{f.key}\t{f.etag}\t{f.size}" for f in sorted(files, key=lambda f: f.key))
    return hashlib.sha256(listing.encode("utf-8", "surrogatepass")).hexdigest()


def issues_in_inbox(store: Store, publication: str) -> Iterator[IssueKey]:
    """Every issue with files in the inbox. Folders not named after a date are ignored."""
    for folder in store.folders(keys.inbox(publication)):
        if day := date_in(folder):
            yield IssueKey(publication, day)


def issues_received(store: Store, publication: str) -> Iterator[IssueKey]:
    """Every issue with at least one claimed version, oldest first."""
    for folder in sorted(store.folders(keys.all_issues(publication))):
        if day := date_in(folder):  # nothing of ours writes any other
            yield IssueKey(publication, day)


def issues_between(store: Store, publication: str, first: date, last: date) -> Iterator[IssueKey]:
    """The issues from ``first`` to ``last`` with a version, stored or being made, oldest first."""
    return (IssueKey(publication, day) for day in days_between(store, keys.all_issues(publication), first, last))


def days_between(store: Store, prefix: str, first: date, last: date) -> Iterator[date]:
    """The days from ``first`` to ``last`` with a folder below ``prefix``, oldest first. Lists only their months."""
    for month in months(first, last):
        found = sorted(day for rest in store.folders(prefix + month) if (day := date_in(month + rest)))
        yield from (day for day in found if first <= day <= last)


def versions(store: Store, issue: IssueKey) -> list[int]:
    """The numbers of all claimed versions, ascending."""
    return sorted(n for n in map(parse_version, store.folders(issue.versions)) if n)


def claim_of(store: Store, version: VersionKey) -> Received | None:
    """The claim on a version; None if there is none. Raises Damaged if it cannot be understood."""
    try:
        return decode(Received, store.get(version.received).content, version.received)
    except NotFound:
        return None


def latest_claim(store: Store, issue: IssueKey) -> tuple[VersionKey, Received] | None:
    """The newest version of an issue and its claim; None if nothing was received."""
    return next(claims(store, issue), None)


def claims(store: Store, issue: IssueKey) -> Iterator[tuple[VersionKey, Received]]:
    """All versions of an issue with their claims, newest first."""
    for number in reversed(versions(store, issue)):
        claim = claim_of(store, VersionKey(issue, number))
        if claim:
            yield VersionKey(issue, number), claim


def latest_upload(store: Store, issue: IssueKey) -> tuple[VersionKey, Received] | None:
    """The newest version that was read from pages, and its claim; None if nothing was received."""
    return next((c for c in claims(store, issue) if c[1].change is None), None)


def claim(store: Store, issue: IssueKey, wanted: Received) -> VersionKey:
    """The version for ``wanted``, claimed now or by an earlier run.

    If two runs race for a number, one takes the next.
    """
    while True:
        known = _claimed(store, issue, wanted)
        if known:
            return known
        version = VersionKey(issue, max(versions(store, issue), default=0) + 1)
        try:
            store.put(json_file(version.received, wanted, Received), Absent())
            return version
        except Conflict:
            continue  # somebody claimed this number since we looked: look again


def find_change(store: Store, issue: IssueKey, change: str) -> VersionKey | None:
    """The version claimed for the change with that id; None if there is none."""
    return next((v for v, c in claims(store, issue) if c.change and c.change.id == change), None)


def _claimed(store: Store, issue: IssueKey, wanted: Received) -> VersionKey | None:
    """The version that was claimed for the same change, or for the upload that is the newest."""
    if wanted.change:
        return find_change(store, issue, wanted.change.id)
    newest = latest_upload(store, issue)
    if newest is None or newest[1].digest != wanted.digest or newest[0].number <= wanted.redo:
        return None
    return newest[0]


def keep_source(store: Store, version: VersionKey, claim: Received) -> None:
    """Copy the claimed files from the inbox to where they stay. Raises Conflict if the inbox changed meanwhile.

    A file too large to be read as any kind of page is copied inside the store, without being loaded.
    """
    kept = {s.key for s in store.list(version.sources)}

    def keep(entry: SourceEntry) -> None:
        key = version.source(entry.name)
        if entry.size > MOST_LOADED:
            store.copy(entry.key, key, entry.etag)
            return
        blob = store.get(entry.key)
        if blob.etag != entry.etag:
            raise Conflict(f"{entry.key} changed while the issue was being received")
        put_over(store, File(key, blob.content, blob.media_type or "application/octet-stream", "private, no-store"))

    lacking = (e for e in claim.files if version.source(e.name) not in kept and e.size <= MOST_COPIED)
    at_once(keep, lacking, FILES)


def keep_again(store: Store, old: VersionKey, new: VersionKey) -> None:
    """Copy the source and the reading of a version to the one that repeats it."""
    copy_source(store, old, new)
    blob = store.get(old.reading)
    put_over(store, File(new.reading, blob.content, blob.media_type, "private, no-store"))


def copy_source(store: Store, old: VersionKey, new: VersionKey) -> None:
    """Copy the source of a version to the one that is read from it again."""
    there = {s.key for s in store.list(new.root)}
    for stat in store.list(old.sources):
        key = new.root + stat.key.removeprefix(old.root)
        if key not in there and stat.size > MOST_LOADED:
            store.copy(stat.key, key, stat.etag)
        elif key not in there:
            blob = store.get(stat.key)
            put_over(store, File(key, blob.content, blob.media_type, "private, no-store"))


def manifest_of(store: Store, version: VersionKey) -> Manifest | None:
    """The manifest of a version; None if the version is not stored. Raises Damaged if it cannot be understood."""
    try:
        return decode(Manifest, store.get(version.manifest).content, version.manifest)
    except NotFound:
        return None


def printed_of(store: Store, version: VersionKey) -> date | None:
    """The date printed on the pages, if it is not the issue's; otherwise None."""
    try:
        return decode(dict[str, date], store.get(version.printed).content, version.printed)["printed"]
    except NotFound:
        return None


def is_settled(store: Store, version: VersionKey) -> bool:
    """Whether a version is finished: stored, or refused as a whole."""
    return any(store.stat(key) is not None for key in (version.manifest, version.refused))


def latest_stored(store: Store, issue: IssueKey, before: int = 0) -> VersionKey | None:
    """The newest version with a manifest; below ``before`` if that is given."""
    for number in reversed(versions(store, issue)):
        version = VersionKey(issue, number)
        if (not before or number < before) and store.stat(version.manifest):
            return version
    return None


def note_base(store: Store, version: VersionKey) -> VersionKey | None:
    """The version that a change is made to: the newest stored one before it.

    It is recorded, so that others can see it.

    It is looked up again after it was recorded: a version that is stored meanwhile is either found here, or finds
    the record (``is_passed_over``).
    """
    while True:
        base = latest_stored(store, version.issue, version.number)
        put_over(store, json_file(version.base, {"base": base.number if base else 0}, dict[str, int]))
        if latest_stored(store, version.issue, version.number) == base:
            return base


def is_passed_over(store: Store, version: VersionKey) -> bool:
    """Whether a newer version was made, or is being made, without this one's articles."""
    for number in versions(store, version.issue):
        later = VersionKey(version.issue, number)
        if number > version.number and _base_of(store, later) < version.number:
            return True
    return False


def _base_of(store: Store, version: VersionKey) -> int:
    """The version that one builds on; its own number while that is open."""
    try:
        return decode(dict[str, int], store.get(version.base).content, version.base)["base"]
    except NotFound:
        return version.number


def items_of(store: Store, version: VersionKey) -> tuple[Item, ...]:
    """The items of a stored version, in page order. Raises NotFound if it is not stored."""
    return decode(tuple[Item, ...], store.get(version.articles).content, version.articles)


def load_edition(store: Store, version: VersionKey, publication: Publication) -> Edition:
    """A stored version as renderers take it. Raises NotFound if it is not stored."""
    manifest = manifest_of(store, version)
    if manifest is None:
        raise NotFound(f"{version} is not stored")
    return Edition(publication, version.issue.date, version.number, manifest.created, items_of(store, version))


def store_version(
    store: Store, version: VersionKey, items: tuple[Item, ...], created: datetime, claim: Received
) -> Manifest:
    """Write the articles, the pending mark and then the manifest, and return the manifest.

    A second writer of the same version changes nothing.
    """
    put_over(store, json_file(version.articles, items, tuple[Item, ...]))
    manifest = Manifest(
        publication=version.issue.publication,
        day=version.issue.date,
        version=version.number,
        created=created,
        source=claim.digest,
        objects=tuple(_objects(store, version)),
        items=tuple(ItemEntry(i.guid, i.version, i.status.value, i.article.headline, i.embargoed) for i in items),
    )
    # The mark comes first: a version without it would never be found again after a crash here.
    put_over(store, json_file(version.pending, Pending(str(version), claim.quiet), Pending))
    try:
        store.put(json_file(version.manifest, manifest, Manifest), Absent())
    except Conflict:
        return manifest_of(store, version) or manifest
    return manifest


def _objects(store: Store, version: VersionKey) -> list[Stored]:
    own = {version.manifest, version.published, version.refused, version.base}

    def stored(key: str) -> Stored:
        content = store.get(key).content
        return Stored(key, hashlib.sha256(content).hexdigest(), len(content))

    return at_once(stored, (stat.key for stat in store.list(version.root) if stat.key not in own), FILES)


def pending_versions(store: Store) -> list[VersionKey]:
    """Stored versions that not every partner has yet, oldest issue first. Damaged marks are set aside."""
    found = [version for stat in list(store.list(keys.PENDING)) if (version := _pending(store, stat.key))]
    found.sort(key=lambda v: (v.issue.date, v))
    manifests = store.stat_all([version.manifest for version in found])
    return [version for version, manifest in zip(found, manifests, strict=True) if manifest]


def _pending(store: Store, key: str) -> VersionKey | None:
    try:
        version = keys.pending_version(key)
    except BadInput as error:
        set_aside(store, key, str(error))
        return None
    if version.issue.date < FIRST_NEWSPAPER:
        set_aside(store, key, f"no issue can be dated {version.issue.date}")
        return None
    return version


def is_quiet(store: Store, version: VersionKey) -> bool:
    """Whether partners are not notified of a version, because it is from the archive."""
    claim = claim_of(store, version)
    return claim is not None and claim.quiet
