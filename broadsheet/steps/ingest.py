"""The pipeline from the inbox to stored articles, step by step, as DAGs and the command line call it.

Every step may be run again at any time: it finds what an earlier run left, and writes only what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from broadsheet.installation import Installation
from broadsheet.steps.failures import each
from broadsheet.steps.pending import Work, finish, pending_work
from broadsheet.steps.rendering import render_issue
from broadsheet.steps.review import asks_of
from broadsheet.steps.revision import complete_older
from broadsheet.steps.sources import source_of, sources_of
from broadsheet.steps.syndication import check_issue, publish_issue, serve
from delivery import issues
from delivery.codec import decode, encode, json_file
from delivery.inbox import Upload, note_taken_up, upload_of, uploads, waiting
from delivery.issues import Manifest, Received
from delivery.keys import COMPLETE, IssueKey, VersionKey
from delivery.keys import photo as photo_key
from delivery.objects import put_changed, put_new, put_over
from delivery.parallel import at_once
from delivery.quarantine import Held, held_of, hold
from delivery.stages import STAGES
from delivery.store import Stat, Store
from transforms.days import AHEAD, checked_day, is_plausible, months, today
from transforms.errors import BadInput, Damaged, NotFound
from transforms.illustrate import contents_of
from transforms.intake import SourceFile, loading, read_source
from transforms.lifecycle.embargo import NAME as EMBARGO
from transforms.lifecycle.embargo import Embargo, read_embargoes
from transforms.lifecycle.identity import opening_time
from transforms.lifecycle.items import fault_of, items_of, sound_articles
from transforms.model import Article, Fate, File, Issue, Page, Publication, Reading
from transforms.printed import printed_day

__all__ = [
    "Progress",
    "Work",
    "check_issue",
    "finish",
    "pending_work",
    "progress",
    "publish_issue",
    "put_in_inbox",
    "read_pages",
    "receive_all",
    "receive_issue",
    "render_issue",
    "run_id",
    "serve",
    "store_articles",
    "unsettled",
    "waiting_uploads",
]

BYTES = "application/octet-stream"
PRIVATE = "private, no-store"


def put_in_inbox(
    store: Store, publication_id: str, day: date, files: Sequence[SourceFile], mark: str = COMPLETE
) -> IssueKey:
    """Upload the pages of an issue and close it. Pages of an earlier upload that are not in ``files`` are removed.

    What already exists is not written again; while anything changes, the issue is not complete. With ``ARCHIVE`` as
    its ``mark`` it is closed for a backfill only. Raises BadInput if a file is too large to be read.
    """
    issue = IssueKey(publication_id, day)
    for file in files:
        if fault := loading.fault(file):
            raise BadInput(f"{file.name}: {fault}. Nothing was uploaded.")
    wanted = [issue.inbox_file(file.name) for file in files]

    def differs(file: SourceFile, stat: Stat | None) -> bool:
        return stat is None or not stat.holds(_inbox_file(issue, file))

    # Each file is loaded as it comes: an issue may be larger than memory.
    changed = [(file, stat) for file, stat in zip(files, store.stat_all(wanted), strict=True) if differs(file, stat)]
    gone = sorted({entry.key for entry in issues.inbox_files(store, issue)} - set(wanted))
    if not gone and not changed and store.stat(issue.inbox + mark):
        return issue
    store.delete([issue.inbox + COMPLETE, *gone])
    at_once(lambda pair: put_over(store, _inbox_file(issue, pair[0]), pair[1]), changed, issues.FILES)
    put_over(store, File(issue.inbox + mark, b"complete\n", "text/plain", PRIVATE))
    return issue


def _inbox_file(issue: IssueKey, file: SourceFile) -> File:
    return File(issue.inbox_file(file.name), file.data, BYTES, PRIVATE)


def run_id(store: Store, publication_id: str, day: date) -> str:
    """The id of the ingest run for what is in the inbox now: the same pages give the same id.

    Raises BadInput if nothing of that day is in the inbox.
    """
    upload = upload_of(store, IssueKey(publication_id, day))
    if upload is None:
        raise BadInput(f"nothing of {publication_id} {day} is in the inbox")
    return upload.run_id


def waiting_uploads(installation: Installation, now: datetime) -> list[Upload]:
    """Closed uploads for which no run was started."""
    return list(waiting(installation.store, installation.publications.values(), now))


def unsettled(
    installation: Installation,
    publication: Publication,
    now: datetime,
    day: date | None = None,
    backfill: bool = False,
    back: timedelta | None = None,
) -> Iterator[IssueKey]:
    """Closed uploads that were not made into a version yet, whichever run took them up.

    ``day``: only that day. ``back``: from so long before today. Without both, everything in the inbox.
    """
    here = today(now, publication.timezone)
    first = here - back if back is not None else None
    starts = months(first, here + AHEAD) if first else [f"{day}/" if day else ""]
    closed = [
        upload
        for start in starts
        for upload in uploads(installation.store, publication.id, start)
        if not (first and upload.issue.date < first)
        and is_plausible(upload.issue.date, here, backfill)
        and upload.is_closed(publication.watch, now, backfill)
    ]
    open_ = at_once(lambda upload: is_unsettled(installation.store, upload), closed)
    yield from (upload.issue for upload, is_open in zip(closed, open_, strict=True) if is_open)


def is_unsettled(store: Store, upload: Upload) -> bool:
    """Whether no version was made of an upload.

    True if that cannot be found out: receiving it then gives the reason.
    """
    try:
        newest = issues.latest_upload(store, upload.issue)
    except Damaged:
        return True
    return newest is None or newest[1].digest != upload.digest or not issues.is_settled(store, newest[0])


def receive_issue(
    installation: Installation,
    publication_id: str,
    day: date,
    now: datetime,
    backfill: bool = False,
    quiet: bool = False,
) -> VersionKey:
    """Claim a version for what is in the inbox and store its source. Partners are not notified of a ``quiet`` one.

    Raises BadInput while the upload is not closed, and for a date that no issue can have; a ``backfill`` may go
    further back.
    """
    publication = installation.publication(publication_id)
    checked_day(day, today(now, publication.timezone), backfill)
    upload = upload_of(installation.store, IssueKey(publication.id, day))
    if upload is None or not upload.is_closed(publication.watch, now, backfill):
        issue = IssueKey(publication.id, day)
        raise BadInput(f"{issue} is not complete: {issue.inbox}{COMPLETE} is missing, or pages came just now")
    received_at = upload.closed_at.replace(microsecond=0)
    wanted = Received(upload.digest, received_at, upload.files, quiet=quiet)
    version = issues.claim(installation.store, upload.issue, wanted)
    issues.keep_source(installation.store, version, _claim(installation.store, version))
    note_taken_up(installation.store, upload.issue, upload.digest)
    return version


def receive_all(
    installation: Installation, found: Iterable[IssueKey], now: datetime, backfill: bool = False, quiet: bool = False
) -> list[VersionKey]:
    """Claim a version for each issue. One that cannot be received is recorded as a failure, and the others continue."""

    def receive(issue: IssueKey) -> VersionKey:
        return receive_issue(installation, issue.publication, issue.date, now, backfill, quiet)

    done, _ = each(installation.store, "receive", found, receive, now)
    return [version for _, version in done]


def read_pages(installation: Installation, version: VersionKey) -> Reading:
    """Read a received version. Pages that cannot be read are quarantined, and the others continue."""
    from broadsheet.steps.reading import reading_of  # here, because the models load slowly and one task needs them

    publication = installation.publication(version.issue.publication)
    claim = _claim(installation.store, version)
    pages, refused = read_source(sources_of(installation.store, version, claim), publication)
    issue = Issue(publication.id, version.issue.date, pages, refused)
    reading = reading_of(issue, publication)
    _keep_pictures(installation.store, pages, reading)
    for refusal in reading.refused:
        content = source_of(installation.store, version, claim, refusal.name)
        hold(installation.store, version, Held(refusal.name, "intake", refusal.reason), content, BYTES)
    for page in without_article(pages, reading):
        reason = f"no headline with text below it was found on page {page.number}, so no article could be made of it"
        hold(
            installation.store,
            version,
            Held(page.name, "read", reason),
            page.text.encode(),
            "text/plain; charset=utf-8",
        )
    if printed := printed_day(pages, reading.fates, version.issue.date):
        put_changed(installation.store, json_file(version.printed, {"printed": printed}, dict[str, date]))
    put_changed(installation.store, json_file(version.reading, reading, Reading))
    return reading


def _keep_pictures(store: Store, pages: Sequence[Page], reading: Reading) -> None:
    """Keep the pictures that go with articles, each once however often it is printed."""
    for digest, photo in contents_of(pages, reading).items():
        for rendition in photo.renditions:
            put_new(store, File(photo_key(digest, rendition.width), rendition.content, "image/jpeg", PRIVATE))


def without_article(pages: Sequence[Page], reading: Reading) -> Iterator[Page]:
    """Pages whose text should have become articles but did not. Pages that hold only adverts are fine."""
    told = _told(reading.articles)
    text = {span.page for span, fate in reading.fates if fate in (Fate.ARTICLE, Fate.REJECTED)}
    known = {refusal.name for refusal in reading.refused}
    yield from (p for p in pages if p.number in text - told and p.name not in known)


def _told(articles: Iterable[Article]) -> set[int]:
    """The pages on which a part of an article stands that can go out."""
    return {span.page for article in articles if not fault_of(article) for span in article.spans}


def _claim(store: Store, version: VersionKey) -> Received:
    claim = issues.claim_of(store, version)
    if claim is None:
        raise NotFound(f"{version} was never received")
    return claim


def store_articles(installation: Installation, version: VersionKey) -> Manifest | None:
    """Give the articles of a read version their guids and store them; None if nothing of it could be read.

    An article without headline or text is quarantined. While anything of a version is quarantined, nothing is
    withdrawn: what is missing may be on the page that could not be read.
    """
    manifest = issues.manifest_of(installation.store, version) or _store_read(installation, version)
    upload = issues.latest_upload(installation.store, version.issue)
    if manifest and upload and upload[0] == version and issues.is_passed_over(installation.store, version):
        return store_articles(installation, _again(installation.store, version))
    return manifest


def _store_read(installation: Installation, version: VersionKey) -> Manifest | None:
    complete_older(installation, version)
    publication, claim = installation.publication(version.issue.publication), _claim(installation.store, version)
    reading = decode(Reading, installation.store.get(version.reading).content, version.reading)
    _hold_faulty(installation.store, version, reading.articles)
    held = list(held_of(installation.store, version))
    base = issues.note_base(installation.store, version)
    earlier = issues.items_of(installation.store, base) if base else ()
    if not sound_articles(reading.articles) and (held or not earlier):
        reasons = [str(h) for h in held] or ["the issue has no page"]
        put_changed(installation.store, json_file(version.refused, {"reasons": reasons}, dict[str, list[str]]))
        return None
    created = _created(publication, version, claim)
    try:
        items = items_of(
            reading.articles,
            publication,
            version.issue.date,
            created,
            version=version.number,
            earlier=earlier,
            embargoes=embargoes_of(installation.store, version, claim),
            asks=asks_of(installation.partners.values(), publication),
            incomplete=bool(held),
        )
    except BadInput as error:
        hold(installation.store, version, Held(EMBARGO, "read", str(error)), b"", BYTES)
        put_changed(installation.store, json_file(version.refused, {"reasons": [str(error)]}, dict[str, list[str]]))
        return None
    return issues.store_version(installation.store, version, items, created, claim)


def embargoes_of(store: Store, version: VersionKey, claim: Received) -> tuple[Embargo, ...]:
    """The embargoes that the newspaper sent with its pages. Raises BadInput if its file cannot be understood."""
    if EMBARGO not in {f.name for f in claim.files}:
        return ()
    return read_embargoes(store.get(version.source(EMBARGO)).content)


def _again(store: Store, version: VersionKey) -> VersionKey:
    """The version that repeats one, because a change was made meanwhile to the articles before it."""
    claim = replace(_claim(store, version), redo=version.number)
    again = issues.claim(store, version.issue, claim)
    issues.keep_again(store, version, again)
    return again


def _hold_faulty(store: Store, version: VersionKey, articles: Sequence[Article]) -> None:
    """Put the articles that cannot go out into quarantine, unless their whole page is there."""
    told = _told(articles)
    for n, article in enumerate(articles):
        fault = fault_of(article)
        if fault and article.page in told:
            name = f"article-{n + 1}-page-{article.page}.json"
            hold(store, version, Held(name, "read", fault), encode(article, Article), "application/json")


def _created(publication: Publication, version: VersionKey, claim: Received) -> datetime:
    """A first version is dated with the paper, a later one with the upload that made it."""
    opening = opening_time(publication, version.issue.date)
    if version.number == 1:
        return opening
    return max(opening, claim.received_at.astimezone(opening.tzinfo or UTC))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the newest version of an issue is: its stage, the number of articles, what is held and why."""

    stage: str
    version: int = 0
    articles: int = 0
    held: tuple[Held, ...] = ()

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.stage in ("published", "refused")


def progress(store: Store, publication_id: str, day: date) -> Progress:
    """How far an issue is: nothing, uploading, in the inbox, received, read, stored, published, or refused."""
    issue = IssueKey(publication_id, day)
    newest = issues.latest_claim(store, issue)
    files = issues.inbox_files(store, issue)
    if newest is None or (files and newest[1].digest != issues.source_digest(files)):
        if issues.completed(store, issue):
            return Progress("in the inbox")
        return Progress("uploading" if files else "nothing there")
    version = newest[0]
    manifest = issues.manifest_of(store, version)
    held = tuple(held_of(store, version))
    return Progress(_stage(store, version), version.number, len(manifest.items) if manifest else 0, held)


def _stage(store: Store, version: VersionKey) -> str:
    """The stage of a version, looked for from the last one on: most versions are published."""
    return next((stage for name, stage in STAGES if store.stat(version.root + name)), "received")
