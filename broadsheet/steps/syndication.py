"""From stored issues to partners: what goes to whom, rendered, checked, published."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from broadsheet.installation import Installation
from broadsheet.steps.contain import is_own, reason_of
from broadsheet.steps.shared import Shared, Vetted
from delivery import issues, keys
from delivery.codec import encode, json_file
from delivery.issues import load_edition, pending_versions
from delivery.keys import IssueKey, VersionKey, is_id
from delivery.ledger import Entry, LedgerPage, changed_days, days_of, ended_days, items_at, page_of
from delivery.publish import PictureCopy, Plan, Receipt, Shipment, carry_out, put_new, turn_of
from delivery.quarantine import Held, hold
from delivery.store import Store
from transforms.audience.decide import Share, seen_by
from transforms.audience.selection import (
    let_out,
    live_days,
    takes,
    waits_until,
    widened,
    window_start,
)
from transforms.days import today
from transforms.errors import Damaged, InvalidOutput, NotFound, Overtaken
from transforms.gate import Finding, check_files
from transforms.gate.model import Severity
from transforms.guid import safe_guid
from transforms.model import Edition, File, Item, Partner, Publication, Status
from transforms.render import guid_of_key, picture_files, render_items
from transforms.render.common import MAX_FEED_BYTES
from transforms.render.keys import (
    FEEDS,
    archives_of,
    article_page_key,
    is_archive,
    is_articles,
    latest_key,
    message_key,
    package_key,
    picture_items_of,
    versions_of,
)
from transforms.render.registry import issue_names

TURNS = 5  # how often a plan is made anew because another publisher was first


@dataclass(frozen=True, slots=True)
class Work:
    """What waits for one partner of one publication: the newest pending version of each of its issues."""

    partner: str
    publication: str
    versions: tuple[str, ...]


def pending_work(installation: Installation) -> list[Work]:
    """All that waits, by partner and publication. One task has all of it: its feeds are written once, by one hand."""
    newest: dict[IssueKey, VersionKey] = {v.issue: v for v in pending_versions(installation.store)}
    work = []
    everyone = [*installation.partners.values(), *installation.former(), *installation.given_up()]
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


def render_issue(
    installation: Installation,
    work: Work,
    now: datetime,
    without: Collection[str] = (),
    shared: Shared | None = None,
) -> Plan:
    """All files that a partner gets of its pending versions, and its feeds with them; ``without`` names guids to hold.

    What other partners get too is taken from ``shared``.

    Of an article that is held, or embargoed at ``now``, the partner keeps the version that it has. An issue that the
    partner has nothing of waits whole where it has everything later than others.
    """
    shared = shared or Shared(installation)
    publication, partner = installation.publication(work.publication), installation.partner(work.partner)
    base = turn_of(installation.store, partner.id, publication.id)  # looked at before all that the plan is made from
    shipments, waiting, changed, lifts = [], [], {}, []
    private: list[str] = []
    broken: list[Held] = []
    for version in map(VersionKey.parse, work.versions):
        try:
            edition = shared.edition(version, publication)
            page = page_of(installation.store, partner.id, version.issue)
            if out_of_reach(installation, partner.id, version.issue) or (page and page.version > version.number):
                continue  # nothing goes there any more, or another publisher was here with a newer one
            moment = waits_until(edition.items, partner, now)
            lifts += [moment] if moment else []
            if moment and page is None:
                waiting.append(str(version))
                continue
            known = {i.guid: i for i in items_at(installation.store, page, shared.out)} if page else {}
            share = shared.share(edition, partner, now, known, without)
            files = shared.items(edition, share, partner, installation.base_url(partner, publication.id))
            shipment = _ship(installation, edition, partner, page, share, files, moment)
        except Exception as error:  # one issue's trouble is no other's
            if not is_own(error):
                raise
            broken.append(Held("issue.json", "render", reason_of(str(version), error), "", partner.id, str(version)))
            continue
        private += sorted(share.private - set(without))
        shipments.append(shipment)
        changed[version.issue.date] = share.items
    days = Days(installation, publication, partner, changed, shared)
    late = late_days(days, now) if changed else ()
    files = pointers(days, late, now) if changed else ()
    files += tuple(replace(f, key=latest_key(f.key)) for s in shipments for f in s.files if is_articles(f.key))
    named = {VersionKey.parse(h.version).issue.date for h in broken}
    broken += [
        Held("ledger.json", "ledger", reason, "", partner.id, f"{publication.id}/{day}/v1")
        for day, reason in sorted(days.broken.items())
        if day not in named
    ]
    root = installation.root(partner, publication.id)
    written = {f.key for f in files}
    shipments = [replace(s, gone=_left_over(installation.shelf_of(partner), root, s, written)) for s in shipments]
    return Plan(
        partner=partner.id,
        publication=publication.id,
        root=root,
        shipments=tuple(shipments),
        pointers=files,
        waiting=tuple(waiting),
        private=tuple(private),
        lifts=tuple(lifts),
        base=base,
        at=now,
        late=late,
        broken=tuple(broken),
    )


def _ship(
    installation: Installation,
    edition: Edition,
    partner: Partner,
    page: LedgerPage | None,
    share: Share,
    files: tuple[File, ...],
    awaits: datetime | None,
) -> Shipment:
    version = VersionKey(IssueKey(edition.publication.id, edition.date), edition.version)
    sources = {e.guid: e.source for e in page.entries} if page else {}
    entries = [
        Entry(i.guid, i.version, i.status, sources[i.guid] if i.guid in share.stays else edition.version)
        for i in share.items
    ]
    ledger = LedgerPage(partner.id, str(version.issue), edition.version, False, tuple(entries), awaits)
    withdrawn = [i for i in share.shown if i.status is Status.CANCELED]
    fresh = [i for i in withdrawn if not _is_told(i, page)]
    erased = _erased(installation, edition, partner, fresh, withdrawn)
    return Shipment(str(version), files, ledger, erased, pictures=tuple(copies_of(share.shown)))


def copies_of(items: Iterable[Item]) -> Iterator[PictureCopy]:
    """The pictures that go with a partner's items, and where the private store has them."""
    for file in picture_files(items):
        yield PictureCopy(file.key, keys.photo(file.digest, file.width))


def rendered(
    installation: Installation, version: VersionKey, partner: Partner
) -> tuple[tuple[File, ...], tuple[PictureCopy, ...]]:
    """The immutable objects of a stored version for a partner, whatever its filters are now, and its pictures."""
    edition = load_edition(installation.store, version, installation.publication(version.issue.publication))
    page = page_of(installation.store, partner.id, version.issue)
    had = [i for i in let_out(edition.items) if page and i.guid in page.guids]
    shown = tuple(seen_by(i, partner, edition.publication) for i in had)
    base = installation.base_url(partner, edition.publication.id)
    return render_items(replace(edition, items=shown), widened(partner, shown), base), tuple(copies_of(shown))


def _is_told(item: Item, page: LedgerPage | None) -> bool:
    """Whether a withdrawal was carried out at the partner before: then all that was to be erased is."""
    return (
        page is not None
        and page.delivered
        and any(e.guid == item.guid and e.status is item.status for e in page.entries)
    )


def _erased(
    installation: Installation, edition: Edition, partner: Partner, fresh: Sequence[Item], withdrawn: Sequence[Item]
) -> tuple[File, ...]:
    """The older versions of freshly withdrawn items, and what carried them, without their text.

    ``withdrawn`` are all that ever were: an old message that is made once more must not bring another's text back.
    """
    if not fresh:
        return ()
    # Whatever it takes now: what it had lies there in the formats that it took then.
    everything = replace(partner, formats=tuple({*partner.formats, *issue_names()}))
    shelf, root = installation.shelf_of(partner), installation.root(partner, edition.publication.id)
    files: list[File] = []
    base = installation.base_url(partner, edition.publication.id)
    for item in fresh:
        there = {s.key[len(root) :] for s in shelf.list(root + versions_of(item.guid))}
        for number in range(1, item.version + 1):
            old = replace(edition, items=(replace(item, version=number),))
            made = render_items(old, widened(everything, withdrawn), base)
            newest = [f for f in made if is_articles(f.key)] if number == item.version else []
            made += tuple(replace(f, key=latest_key(f.key)) for f in newest)
            files += [f for f in made if f.key in there]
    files += _carriers(installation, edition, everything, {i.guid: i for i in withdrawn})
    return tuple(files)


def _left_over(shelf: Store, root: str, shipment: Shipment, written: Collection[str]) -> tuple[str, ...]:
    """Feeds and pages that name a withdrawn article and are not among those that are written now."""
    withdrawn = {guid for f in shipment.erased if (guid := guid_of_key(f.key))}
    if not withdrawn:
        return ()
    archive = archives_of(VersionKey.parse(shipment.version).issue.date)
    pages = [article_page_key(guid) for guid in sorted(withdrawn)]
    listed = [s.key[len(root) :] for s in shelf.list(root + FEEDS)]
    feeds = [k for k in listed if k not in written and k.startswith(archive) == is_archive(k)]
    naming = [k for k in feeds if any(g.encode() in shelf.get(root + k).content for g in withdrawn)]
    pictures = _picture_items(shelf, root, withdrawn) - {f.key for f in (*shipment.erased, *shipment.files)}
    return (*naming, *(k for k in pages if k not in written and shelf.stat(root + k)), *sorted(pictures))


def _picture_items(shelf: Store, root: str, guids: Iterable[str]) -> set[str]:
    """The items of pictures that ever went with articles."""
    starts = (root + picture_items_of(guid) for guid in guids)
    return {stat.key[len(root) :] for start in starts for stat in shelf.list(start)}


def _carriers(
    installation: Installation, edition: Edition, partner: Partner, withdrawn: Mapping[str, Item]
) -> Iterator[File]:
    """The messages and packages of the issue's older versions that the partner has, the withdrawn items canceled."""
    shelf, root = installation.shelf_of(partner), installation.root(partner, edition.publication.id)
    base = installation.base_url(partner, edition.publication.id)
    for number in range(1, edition.version):
        version = VersionKey(IssueKey(edition.publication.id, edition.date), number)
        keys = [message_key(edition.date, number), package_key(edition.date, number)]
        contents = {k: shelf.get(root + k).content for k in keys if shelf.stat(root + k)}
        if not contents:
            continue
        old = load_edition(installation.store, version, edition.publication)
        had = [i for i in let_out(old.items) if any(i.guid.encode() in c for c in contents.values())]
        items = tuple(
            replace(withdrawn[i.guid], version=i.version)
            if i.guid in withdrawn
            else seen_by(i, partner, edition.publication)
            for i in had
        )
        rendered = render_items(replace(old, items=items), widened(partner, items), base)
        yield from (f for f in rendered if f.key in contents)


class Days:
    """What a partner has of each day's issue: from the ledger, or as a plan changes it; each is looked up once."""

    def __init__(
        self,
        installation: Installation,
        publication: Publication,
        partner: Partner,
        changed: Mapping[date, tuple[Item, ...]],
        shared: Shared | None = None,
    ) -> None:
        self.installation, self.publication, self.partner, self.changed = installation, publication, partner, changed
        self.shared = shared or Shared(installation)
        self.all = sorted({*days_of(installation.store, partner.id, publication.id), *changed})
        self.broken: dict[date, str] = {}  # the days of which the books cannot be understood, and why
        self._seen: dict[date, tuple[Item, ...]] = {}

    def items(self, day: date) -> tuple[Item, ...]:
        """The items of a day as the partner sees them."""
        if day not in self._seen:
            try:
                items = self.changed.get(day) or self._known(day)
            except (Damaged, NotFound) as error:  # the feeds go on without this day, which is named
                items = ()
                self.broken[day] = reason_of(f"{self.publication.id}/{day} of {self.partner.id}", error)
            self._seen[day] = tuple(self.shared.seen(i, self.partner, self.publication) for i in items)
        return self._seen[day]

    def _known(self, day: date) -> tuple[Item, ...]:
        store = self.installation.store
        page = page_of(store, self.partner.id, IssueKey(self.publication.id, day))
        return items_at(store, page, self.shared.out) if page else ()

    def live(self, now: datetime) -> list[date]:
        return live_days(self.all, self.partner.feed_days, today(now, self.publication.timezone))

    def late(self, day: date, now: datetime) -> list[Item]:
        """The items of an older day that changed within the window of the live feeds."""
        zone = self.publication.timezone
        start = window_start(self.all, self.partner.feed_days, today(now, zone))
        return [i for i in self.items(day) if today(i.version_created, zone) >= start]


def late_days(days: Days, now: datetime) -> tuple[date, ...]:
    """The days before those of the live feeds with changes that these still carry.

    An issue dated too far ahead is in no live feed, so what changed in it is in none either.
    """
    noted = changed_days(days.installation.store, days.partner.id, days.publication.id)
    live = set(days.live(now))
    candidates = sorted({*noted, *days.changed} & set(days.all) - live)
    newest = max(live, default=now.date())
    return tuple(d for d in candidates if d < newest and days.late(d, now))


def pointers_of(
    installation: Installation,
    publication: Publication,
    partner: Partner,
    changed: Mapping[date, tuple[Item, ...]],
    now: datetime,
) -> tuple[File, ...]:
    """The feeds of the newest days, and the archives and pages of older days that changed."""
    days = Days(installation, publication, partner, changed)
    return pointers(days, late_days(days, now), now)


def pointers(days: Days, late: Sequence[date], now: datetime) -> tuple[File, ...]:
    """The feeds of the newest days and of what changed of ``late`` ones, and the archives and pages that changed."""
    publication, partner = days.publication, days.partner
    base = days.installation.base_url(partner, publication.id)

    def feeds(chosen: Sequence[date], archives: Sequence[date], more: Sequence[Item] = ()) -> tuple[File, ...]:
        found = [i for day in chosen for i in days.items(day)]
        return days.shared.feeds(publication, partner, found, base, archives, more)

    if not days.all:
        return feeds([], [])
    live = days.live(now)
    older = [d for d in days.all if live and d < live[0]]
    # A day of which the partner took nothing has no archive. Feeds name only the newest, so no other is looked for.
    last = next((d for d in reversed(older) if days.items(d)), None)
    more = [i for day in late for i in days.late(day, now)]
    files = {f.key: f for f in feeds(live, [last] if last else [], more)}
    for day in days.changed.keys() & set(older):
        # Its neighbours in the chain of archives: the nearest days that the partner took something of.
        newer = next(d for d in days.all if d > day and (d in live or days.items(d)))
        before = next((d for d in reversed(days.all) if d < day and days.items(d)), None)
        archives = feeds([day, newer], [before] if before else [])
        own = {article_page_key(i.guid) for i in days.items(day)}
        kept = [f for f in archives if is_archive(f.key) or f.key in own]
        files |= {f.key: f for f in kept if f.key not in files}
    return tuple(files.values())


def check_issue(installation: Installation, work: Work, now: datetime, shared: Shared | None = None) -> Plan:
    """Render and check; articles that fail go to quarantine and all is rendered again without them.

    If no article is to blame for what fails of a version, such as its package, the whole version is held. Raises
    InvalidOutput if a feed fails for another reason: nothing is published then.
    """
    shared = shared or Shared(installation)
    plan = render_issue(installation, work, now, shared=shared)
    without: frozenset[str] = frozenset()
    held = (*_hold_private(installation, plan), *_hold_broken(installation, plan))
    while errors := _errors(installation, plan):
        failing = {e.guid for e in errors if e.guid} - without
        held += _hold(installation, plan, errors)
        versions = set() if failing else {version for e in errors if (version := _version_of(plan, e.key))}
        if not failing and not versions:
            raise InvalidOutput("; ".join(f"{e.key}: {e.reason}" for e in errors))
        without |= failing
        work = replace(work, versions=tuple(v for v in work.versions if v not in versions))
        plan = render_issue(installation, work, now, without, shared)
    return replace(plan, held=held)


def _hold_broken(installation: Installation, plan: Plan) -> tuple[Held, ...]:
    """Issues that could not be rendered, named in the quarantine of their version."""
    for one in plan.broken:
        hold(installation.store, VersionKey.parse(one.version), one, b"", "application/json")
    return plan.broken


def _hold_private(installation: Installation, plan: Plan) -> tuple[Held, ...]:
    """Articles with private numbers, for a partner that has the desk look at them first."""
    held = []
    for shipment in plan.shipments:
        version = VersionKey.parse(shipment.version)
        for item in issues.items_of(installation.store, version) if plan.private else ():
            if item.guid in plan.private:
                reason = f"“{item.article.headline}” holds private numbers, which the desk must see first"
                one = Held(f"{safe_guid(item.guid)}-private.json", "privacy", reason, item.guid, plan.partner)
                hold(installation.store, version, one, encode(item, Item), "application/json")
                held.append(one)
    return tuple(held)


class _There:
    """The keys at a partner with those that come, asked for one by one: a list of all it has grows with every issue."""

    def __init__(self, shelf: Store, root: str, coming: Iterable[str]) -> None:
        self._shelf, self._root = shelf, root
        self._seen = dict.fromkeys(coming, True)

    def __contains__(self, key: object) -> bool:
        name = str(key)
        if name not in self._seen:
            self._seen[name] = self._shelf.stat(self._root + name) is not None
        return self._seen[name]


def _errors(installation: Installation, plan: Plan) -> list[Finding]:
    files = [f for s in plan.shipments for f in s.files] + list(plan.pointers)
    partner = installation.partner(plan.partner)
    pictures = {p.key for s in plan.shipments for p in s.pictures}
    there = _There(installation.shelf_of(partner), plan.root, {f.key for f in files} | pictures)
    doubtful = [f for f in files if not _is_vetted(f, there)]
    found = [f for f in check_files(doubtful, installation.schemas, there) if f.severity is Severity.ERROR]
    return [*found, *_too_large(plan, partner.max_mb)]


def _is_vetted(file: File, there: Container[str]) -> bool:
    """Whether the gate let the file through when it was made, and all that depends on the partner is well too."""
    small = len(file.content) < MAX_FEED_BYTES
    return isinstance(file, Vetted) and small and all(link in there for link in file.links)


def _too_large(plan: Plan, limit: float) -> Iterator[Finding]:
    """The objects that the partner's importer would not take for their size."""
    for file in (f for s in plan.shipments for f in s.files) if limit else ():
        if len(file.content) > limit * 1e6:
            size = len(file.content) / 1e6
            reason = f"it has {size:.2f} MB, and the partner takes {limit:g} MB at most"
            yield Finding(file.key, Severity.ERROR, reason, guid_of_key(file.key))


def _hold(installation: Installation, plan: Plan, errors: Iterable[Finding]) -> tuple[Held, ...]:
    """Put the failing files into quarantine: articles always; what else fails only where no article does."""
    errors = list(errors)
    articles = [e for e in errors if e.guid]
    found: dict[str, Held] = {}
    for error in articles or errors:
        held = found.get(error.key)
        reason = f"{held.reason}; {error.reason}" if held else error.reason
        found[error.key] = Held(error.key, "gate", reason, error.guid, plan.partner)
    for key, held in found.items():
        version, file = _origin(plan, key)
        hold(installation.store, VersionKey.parse(version), held, file.content, file.media_type)
    return tuple(found.values())


def _version_of(plan: Plan, key: str) -> str:
    """The version whose own file a key is; empty for a pointer."""
    return next((s.version for s in plan.shipments for f in s.files if f.key == key), "")


def _origin(plan: Plan, key: str) -> tuple[str, File]:
    for shipment in plan.shipments:
        for file in shipment.files:
            if file.key == key:
                return shipment.version, file
    return plan.shipments[-1].version, next(f for f in plan.pointers if f.key == key)


def serve(installation: Installation, work: Work, now: datetime, shared: Shared | None = None) -> tuple[Plan, Receipt]:
    """Check what waits for a partner and publish it; if another publisher was first, it is made again."""
    for _ in range(TURNS):
        plan = check_issue(installation, work, now, shared)
        with suppress(Overtaken):
            return plan, publish_issue(installation, plan)
    raise Overtaken(f"{work.partner}: others published {TURNS} times meanwhile")


def publish_issue(installation: Installation, plan: Plan) -> Receipt:
    """Write a checked plan into the partner's bucket, with digests in the ledger. Run again, it completes itself."""
    shipments = tuple(replace(s, page=_with_digests(s)) for s in plan.shipments)
    partner = installation.partner(plan.partner)
    if plan.root != installation.root(partner, plan.publication):
        raise Overtaken(f"{partner.id} was moved since this was made")
    if shipments and installation.note_place(partner):
        installation.open_public()  # a new public partner's first reader must not meet a 403
    return carry_out(installation.store, installation.shelf_of(partner), replace(plan, shipments=shipments))


def _with_digests(shipment: Shipment) -> LedgerPage:
    digests = {
        guid_of_key(f.key): hashlib.sha256(f.content).hexdigest()
        for f in shipment.files
        if is_articles(f.key) and f.key.endswith(".xml")
    }
    entries = tuple(replace(e, sha256=digests.get(e.guid, "")) for e in shipment.page.entries)
    return replace(shipment.page, entries=entries)


def finish(installation: Installation, work: Sequence[Work]) -> list[str]:
    """Take the pending mark off the versions that every partner of theirs has; their names come back."""
    done = []
    for version in map(VersionKey.parse, sorted({v for w in work for v in w.versions})):
        takers = [w.partner for w in work if str(version) in w.versions]
        if all(_has(installation, partner, version) for partner in takers):
            put_new(installation.store, json_file(version.published, {"partners": takers}, dict[str, list[str]]))
            superseded = [VersionKey(version.issue, n).pending for n in range(1, version.number)]
            installation.store.delete([version.pending, *superseded])
            done.append(str(version))
    return done


def lacking(installation: Installation, work: Work) -> list[str]:
    """The versions of ``work`` that its partner has not got; what waits for the end of an embargo is not missing."""
    found = []
    for version in map(VersionKey.parse, work.versions):
        page = page_of(installation.store, work.partner, version.issue)
        over = out_of_reach(installation, work.partner, version.issue)
        if not over and (page is None or not page.delivered or page.version < version.number):
            found.append(str(version))
    return found


def out_of_reach(installation: Installation, partner: str, issue: IssueKey) -> bool:
    """Whether nothing of an issue goes to a partner any more: its rights have ended, or its place was given up.

    It is still notified of withdrawals, since it may have kept copies.
    """
    ended = issue.date in ended_days(installation.store, partner, issue.publication)
    return ended or bool(installation.is_gone(partner))


def _has(installation: Installation, partner: str, version: VersionKey) -> bool:
    try:
        return has_all(installation, partner, str(version))
    except Damaged:
        return False  # its books cannot be understood: the version waits, and no other version does


def has_all(installation: Installation, partner: str, name: str) -> bool:
    """Whether a partner has all that it will ever get of a version."""
    version = VersionKey.parse(name)
    if out_of_reach(installation, partner, version.issue):
        return True
    page = page_of(installation.store, partner, version.issue)
    return page is not None and page.delivered and page.version >= version.number and page.awaits is None
