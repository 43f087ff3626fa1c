"""The daily audit: does each partner's bucket have what ledger and manifests say, and nothing else?

What is missing or damaged is rendered again from the stored issue, and restored if its bytes are those of the
manifest. What cannot be restored is reported. Extra files are never deleted: a person decides that.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from broadsheet.installation import Installation
from broadsheet.steps.changes import mark_pending, send_issue_again
from broadsheet.steps.contain import reason_of
from broadsheet.steps.notify import is_unannounced
from broadsheet.steps.rendering import rendered
from delivery import keys
from delivery.codec import decode, json_file
from delivery.keys import IssueKey, VersionKey
from delivery.ledger import LedgerPage, days_of, ended_days, page_of
from delivery.manifests import Promise, read_manifest
from delivery.shipped import shipped_since
from delivery.store import Absent, Store
from transforms.errors import Conflict, Damaged, NotFound
from transforms.guid import compact
from transforms.model import File, Partner, Publication, Status
from transforms.render.format import RECALLABLE
from transforms.render.keys import (
    IMMUTABLE,
    is_articles,
    is_carrier,
    is_picture,
    latest_key,
    manifest_key,
    of_article,
    of_day,
    of_issue,
)
from transforms.render.pictures import JPEG
from transforms.render.registry import taken

ONE_DAY, WEEK = timedelta(days=1), timedelta(days=7)
NEWS = timedelta(days=2)  # what a partner has had for longer is not news to it any more


@dataclass(frozen=True, slots=True)
class Findings:
    """What an audit found at one partner for one newspaper. Keys are below the partner's root."""

    partner: str
    publication: str
    looked_at: int
    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()
    resent: tuple[str, ...] = ()  # versions that syndicate_issue has to send again
    failed: str = ""  # why the audit itself could not be carried out

    @property
    def lost(self) -> tuple[str, ...]:
        """What is wrong and could not be repaired."""
        own = (f"the audit failed: {self.failed}",) if self.failed else ()
        return (*own, *sorted({*self.missing, *self.damaged} - set(self.repaired)))


def last_audit(store: Store) -> tuple[datetime, list[Findings]] | None:
    """When the newest audit ended, and what it found; None if there was none."""
    for stat in sorted(store.list(keys.AUDITS), key=lambda stat: stat.key, reverse=True):
        try:
            return stat.modified, decode(list[Findings], store.get(stat.key).content, stat.key)
        except Damaged as error:  # the one before says nearly as much
            reason_of(stat.key, error)
    return None


class _Listing:
    """The objects below a partner's root, kept on disk, so that the audit's memory does not grow with their number."""

    def __init__(self, shelf: Store, root: str, starts: Iterable[str] = ("",)) -> None:
        """``starts``: prefixes, below the root, of the keys to list."""
        self._table = sqlite3.connect("")  # a temporary file that goes away with the connection
        self._table.execute("CREATE TABLE found (key TEXT PRIMARY KEY, size INTEGER, known INTEGER) WITHOUT ROWID")
        rows = ((stat.key[len(root) :], stat.size) for start in starts for stat in shelf.list(root + start))
        self._table.executemany("INSERT OR REPLACE INTO found VALUES (?, ?, 0)", rows)

    def __len__(self) -> int:
        return int(self._table.execute("SELECT count(*) FROM found").fetchone()[0])

    def size(self, key: str) -> int | None:
        """An object's size in bytes; None if it is not there."""
        row = self._table.execute("SELECT size FROM found WHERE key = ?", (key,)).fetchone()
        return int(row[0]) if row else None

    def know(self, keys: Iterable[str]) -> None:
        """Note keys that may be there."""
        self._table.executemany("UPDATE found SET known = 1 WHERE key = ?", ((key,) for key in keys))

    def unknown(self) -> Iterator[str]:
        """The keys that nothing was noted of."""
        yield from (key for (key,) in self._table.execute("SELECT key FROM found WHERE known = 0 ORDER BY key"))

    def close(self) -> None:
        self._table.close()


@dataclass
class _Wrong:
    """What was found so far, over all issues of a partner."""

    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    unsettled: set[date] = field(default_factory=set)
    newest: VersionKey | None = None
    unannounced: list[VersionKey] = field(default_factory=list)


def audit(installation: Installation, day: date, deep: bool = False, whole: bool = True) -> list[Findings]:
    """Audit every partner and record the result as ``audits/<day>.json``.

    ``deep``: compare contents, not only sizes.

    ``whole`` checks everything that partners have. Otherwise only issues that were sent in the last ``WEEK`` are
    checked, which is enough if a whole audit found nothing missing at most a week ago. Raises StoreError.
    """
    partners, faults = installation.everyone()
    pairs = [(a, b) for a in partners for b in installation.publications.values()]
    since = None if whole else day - WEEK
    found = [one for partner, paper in pairs if (one := _contained(installation, partner, paper, day, since, deep))]
    found += [
        Findings(name, paper, 0, failed=why) for name, why in faults.items() for paper in installation.publications
    ]
    installation.store.put(json_file(keys.audit(day), found, list[Findings]))
    if any(one.lost for one in found):  # the next one looks at everything again
        installation.store.delete([keys.LAST_WHOLE_AUDIT])
    elif whole:
        installation.store.put(json_file(keys.LAST_WHOLE_AUDIT, {"day": day}, dict[str, date]))
    return found


def is_whole_due(installation: Installation, day: date) -> bool:
    """Whether the last audit of everything was a week ago, or something has been lost since."""
    try:
        content = installation.store.get(keys.LAST_WHOLE_AUDIT).content
        last = decode(dict[str, date], content, keys.LAST_WHOLE_AUDIT)["day"]
    except (NotFound, Damaged, KeyError):
        return True
    return day - last >= WEEK


def _contained(
    installation: Installation, partner: Partner, publication: Publication, day: date, since: date | None, deep: bool
) -> Findings | None:
    try:
        days = _days(installation, partner, publication, since, day)
        return _audit(installation, partner, publication, day, days, since is None, deep) if days else None
    except Exception as error:  # one partner's trouble, its store's too, is no other's
        reason = reason_of(f"audit of {partner.id} {publication.id}", error)
        return Findings(partner.id, publication.id, 0, failed=reason)


def _days(
    installation: Installation, partner: Partner, publication: Publication, since: date | None, last: date
) -> list[date]:
    """The days of the issues to check, oldest first: all, or those sent to the partner since a day."""
    store = installation.store
    if since is None:
        return days_of(store, partner.id, publication.id)
    over = ended_days(store, partner.id, publication.id)
    return [d for d in shipped_since(store, partner.id, publication.id, since, last + ONE_DAY) if d not in over]


def _audit(
    installation: Installation,
    partner: Partner,
    publication: Publication,
    day: date,
    days: Sequence[date],
    whole: bool,
    deep: bool,
) -> Findings:
    root, shelf = installation.root(partner, publication.id), installation.shelf_of(partner)
    landmarks = [key for form in taken(partner.formats) for key in form.landmarks]
    starts = [""] if whole else [*_starts(installation, partner, publication, days), *landmarks]
    with closing(_Listing(shelf, root, starts)) as there:
        news = datetime.combine(day, time.min, UTC) - NEWS
        wrong = _compared(installation, partner, publication, days, there, news, deep)
        feeds = [key for key in landmarks if wrong.newest and there.size(key) is None]
        extra = tuple(key for key in there.unknown() if _is_extra(key, wrong.unsettled))
        looked_at = len(there)
    sent = send_issue_again(installation, partner.id, wrong.newest.issue) if feeds and wrong.newest else None
    for version in wrong.unannounced:
        mark_pending(installation, version)
    return Findings(
        partner.id,
        publication.id,
        looked_at,
        tuple(sorted([*wrong.missing, *feeds])),
        tuple(sorted(wrong.damaged)),
        extra,
        tuple(sorted([*wrong.repaired, *(feeds if sent else [])])),
        tuple(sorted({str(v) for v in (*wrong.unannounced, sent) if v})),
    )


def _starts(
    installation: Installation, partner: Partner, publication: Publication, days: Iterable[date]
) -> Iterator[str]:
    """Prefixes, below the partner's root, of all files of some days' issues."""
    for day in days:
        page = page_of(installation.store, partner.id, IssueKey(publication.id, day))
        yield from sorted({start for guid in (page.guids if page else ()) for start in of_day(guid)})
        yield from of_issue(day)


def _compared(
    installation: Installation,
    partner: Partner,
    publication: Publication,
    days: Iterable[date],
    there: _Listing,
    news: datetime,
    deep: bool,
) -> _Wrong:
    """Compare issue by issue what was promised with what is there, and put back what can be."""
    wrong = _Wrong()
    root, shelf = installation.root(partner, publication.id), installation.shelf_of(partner)
    for day in days:
        page = page_of(installation.store, partner.id, IssueKey(publication.id, day))
        if page is None or not page.delivered:
            wrong.unsettled.add(day)  # it is being published: neither missing nor extra
            continue
        wrong.newest = VersionKey(IssueKey(publication.id, day), page.version)
        wrong.unannounced += [wrong.newest] if is_unannounced(installation, partner, page, news) else []
        promised = {promise.key: (version, promise) for version, promise in _promises(shelf, root, page)}
        there.know([*promised, *(manifest_key(day, number) for number in range(1, page.version + 1))])
        kept = {key: entry for key, entry in promised.items() if not _is_erased(key, page)}
        sizes = {key: there.size(key) for key in kept}
        missing = [key for key, size in sizes.items() if size is None]
        damaged = [k for k, n in sizes.items() if n is not None and _differs(shelf, root + k, n, kept[k][1], deep)]
        latest = {key: item for key, item in _latest(kept).items() if there.size(key) is None}
        wrong.missing += [*missing, *latest]
        wrong.damaged += damaged
        lost = {key: key for key in (*missing, *damaged)} | latest
        wrong.repaired += [
            key for key, item in lost.items() if _repair(installation, partner, publication, key, item, *kept[item])
        ]
    return wrong


def _promises(shelf: Store, root: str, page: LedgerPage) -> Iterator[tuple[VersionKey, Promise]]:
    """What the manifests of all versions of an issue name."""
    issue = IssueKey.parse(page.issue)
    for number in range(1, page.version + 1):
        for promise in read_manifest(shelf, root, issue.date, number):
            if number == page.version or not is_picture(promise.key):  # pictures go when articles lose them
                yield VersionKey(issue, number), promise


def _is_erased(key: str, page: LedgerPage) -> bool:
    """Whether the text of an object was taken out since, because what it told was withdrawn."""
    withdrawn = [e.guid for e in page.entries if e.status is Status.CANCELED]
    own = tuple(start for guid in withdrawn for start in of_article(guid))
    return bool(withdrawn) and (is_carrier(key) or key.startswith(own))


def _differs(shelf: Store, key: str, size: int, promise: Promise, deep: bool) -> bool:
    if size != promise.size:
        return True
    return deep and hashlib.sha256(shelf.get(key).content).hexdigest() != promise.sha256


def _latest(keys: Iterable[str]) -> dict[str, str]:
    """The key under which each article's newest version is found, with the key of that version."""
    versions = sorted((int(key.rpartition("/")[2][1:].partition(".")[0]), key) for key in keys if is_articles(key))
    return {latest_key(key): key for _, key in versions}


def _repair(
    installation: Installation,
    partner: Partner,
    publication: Publication,
    key: str,
    item: str,
    version: VersionKey,
    promise: Promise,
) -> bool:
    """Put an object back as it was published as ``item``, where it can still be made so; whether it could."""
    files, pictures = rendered(installation, version, partner)
    file = next((f for f in files if f.key == item), None)
    picture = next((p for p in pictures if p.key == item), None)
    if picture and installation.store.stat(picture.source):
        file = File(key, installation.store.get(picture.source).content, JPEG, RECALLABLE)
    shelf, root = installation.shelf_of(partner), installation.root(partner, publication.id)
    if (
        file and key != item and shelf.stat(root + item)
    ):  # an earlier version of this software may have made it otherwise
        file = replace(file, content=shelf.get(root + item).content)
    if file is None or hashlib.sha256(file.content).hexdigest() != promise.sha256:
        return False
    with suppress(Conflict):  # what is published under it meanwhile is newer
        condition = None if key == item else Absent()
        shelf.put(replace(file, key=root + key), condition)
    return True


def _is_extra(key: str, unsettled: Collection[date]) -> bool:
    """Whether a key that no manifest names should not be there: its issue is not being published either."""
    if not key.startswith(IMMUTABLE) or key.rpartition("/")[2].startswith("latest."):
        return False
    return not any(day.isoformat() in key or f"_{compact(day)}_" in key for day in unsettled)
