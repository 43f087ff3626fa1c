"""The inbox as the watch sees it: which uploads are closed, and for which a run was started.

``watch/<publication>/<date>/<digest>`` records that a run was started for an upload; there is one per day. So
nothing is started twice after a restart, and nothing is missed that arrived while everything was down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from delivery import runs
from delivery.issues import SourceEntry, issues_in_inbox, source_digest, source_entry
from delivery.key_parts import date_in
from delivery.keys import ARCHIVE, COMPLETE, IssueKey, inbox, watched
from delivery.objects import put_new
from delivery.store import Stat, Store
from transforms.days import is_plausible, today
from transforms.model import File, Publication, Watch

LATE = timedelta(seconds=10)  # pages that come after the mark: until no more came for so long


@dataclass(frozen=True, slots=True)
class Upload:
    """The pages of one issue in the inbox: which they are, when the newest arrived, when the mark that closes them
    arrived.

    ``archived``: whether it is closed for a backfill only.
    """

    issue: IssueKey
    files: tuple[SourceEntry, ...]
    changed: datetime
    marked: datetime | None
    archived: bool = False

    @property
    def digest(self) -> str:
        """The digest of its files, without reading them."""
        return source_digest(self.files)

    @property
    def mark(self) -> tuple[str, str]:
        """Day and digest, by which ``taken_up`` identifies it."""
        return self.issue.date.isoformat(), self.digest

    @property
    def closed_at(self) -> datetime:
        """When the upload, if it is closed, reached its present state."""
        return max(self.changed, self.marked or self.changed)

    @property
    def run_id(self) -> str:
        """The id of the run for these pages: the same pages give the same id, so that they are run once."""
        return runs.of_upload(self.issue, self.digest)

    def is_closed(self, watch: Watch, now: datetime, backfill: bool = False) -> bool:
        """Whether the newspaper has finished: it said so, or nothing has changed for as long as its file says.

        A page that arrives after the mark reopens the upload until nothing has arrived for ``LATE``. An upload
        marked as archive is closed only for a ``backfill``.
        """
        if self.archived:
            return backfill
        if self.marked is not None:
            return self.marked >= self.changed or now - self.changed >= LATE
        return self.is_quiet(watch, now)

    def is_quiet(self, watch: Watch, now: datetime) -> bool:
        """Whether nothing has changed for the newspaper's quiet minutes; never, if it sets none."""
        quiet = timedelta(minutes=watch.quiet_minutes)
        return bool(self.files) and bool(quiet) and now - self.changed >= quiet


def uploads(store: Store, publication: str, days: str = "") -> Iterator[Upload]:
    """Every upload of a newspaper, oldest day first. ``days``: how the dates begin, such as 2026-01."""
    root = inbox(publication)
    for folder, stats in groupby(store.list(root + days), lambda s: s.key[len(root) :].partition("/")[0]):
        if day := date_in(folder):  # other folders are not ours to judge
            yield _upload(IssueKey(publication, day), list(stats))


def upload_of(store: Store, issue: IssueKey) -> Upload | None:
    """The upload of one issue; None if there is none."""
    stats = list(store.list(issue.inbox))
    return _upload(issue, stats) if stats else None


def _upload(issue: IssueKey, stats: list[Stat]) -> Upload:
    pages = [(stat, entry) for stat in stats if (entry := source_entry(issue, stat))]
    mark = next((s.modified for s in stats if s.key == issue.inbox + COMPLETE), None)
    newest = max((stat.modified for stat, _ in pages), default=mark or stats[0].modified)
    archived = mark is None and any(s.key == issue.inbox + ARCHIVE for s in stats)
    return Upload(issue, tuple(entry for _, entry in pages), newest, mark, archived)


def taken_up(store: Store, uploads: Iterable[Upload]) -> set[tuple[str, str]]:
    """Day and digest of every upload for which a run was started, in the months of ``uploads``."""
    found = set()
    for publication, month in sorted({(u.issue.publication, f"{u.issue.date:%Y-%m}") for u in uploads}):
        root = watched(publication)
        marks = (stat.key[len(root) :].partition("/") for stat in store.list(root + month))
        found |= {(day, digest) for day, _, digest in marks}
    return found


def note_taken_up(store: Store, issue: IssueKey, digest: str) -> None:
    """Record that a run was started for an upload, in place of earlier uploads of that day."""
    folder = watched(issue.publication, issue.date)
    there = {stat.key for stat in store.list(folder)}
    if folder + digest not in there:
        put_new(store, File(folder + digest, b"", "text/plain", "private, no-store"))
    store.delete(sorted(there - {folder + digest}))


def waiting(store: Store, publications: Iterable[Publication], now: datetime) -> Iterator[Upload]:
    """Closed uploads for which no run was started, of all newspapers."""
    for publication in publications:
        here = today(now, publication.timezone)
        seen = (u for u in uploads(store, publication.id) if is_plausible(u.issue.date, here))
        closed = [u for u in seen if u.is_closed(publication.watch, now)]
        known = taken_up(store, closed)
        yield from (u for u in closed if u.mark not in known)


def misdated(store: Store, publication: Publication, now: datetime) -> Iterator[Upload]:
    """Uploads with a date that no issue can have. They wait until somebody corrects the folder's name."""
    here = today(now, publication.timezone)
    for issue in issues_in_inbox(store, publication.id):
        if is_plausible(issue.date, here):
            continue
        upload = upload_of(store, issue)
        if upload and not (upload.archived and is_plausible(issue.date, here, archive=True)):
            yield upload
