"""From stored issues to partners: what goes to whom, rendered, checked, published."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from broadsheet.desk import Desk
from broadsheet.life_notices import taken_back
from broadsheet.life_turns import turn_file
from delivery import issues
from delivery.codec import decode, encode, json_file
from delivery.issues import load_edition, pending_versions
from delivery.keys import IssueKey, VersionKey
from delivery.ledger import Entry, LedgerPage, days_of, items_at, page_of
from delivery.publish import Plan, Receipt, Shipment, carry_out, put_changed, put_new
from delivery.quarantine import Held, hold
from transforms.errors import InvalidOutput
from transforms.gate import Finding, check_files
from transforms.gate.model import Severity
from transforms.identity import CORRECTION
from transforms.model import Edition, File, Item, Partner, Publication, Status
from transforms.privacy import for_partner, needs_desk
from transforms.render import guid_of_key, item_key, render_feeds, render_items, safe_guid
from transforms.render.keys import article_page_key
from transforms.selection import as_given, choose, expiry, feed_days, is_held_back, moments, takes, widened


@dataclass(frozen=True, slots=True)
class Work:
    """What waits for one partner of one publication: the newest pending version of each of its issues."""

    partner: str
    publication: str
    versions: tuple[str, ...]


def pending_work(desk: Desk) -> list[Work]:
    """All that waits, by partner and publication. One task has all of it: its feeds are written once, by one hand."""
    newest: dict[IssueKey, VersionKey] = {v.issue: v for v in pending_versions(desk.store)}
    work = []
    for publication in desk.publications.values():
        versions = tuple(str(v) for v in newest.values() if v.issue.publication == publication.id)
        if versions:
            work += [
                Work(p.id, publication.id, had) for p in desk.partners.values() if (had := _for(desk, p, versions))
            ]
    return work


def _for(desk: Desk, partner: Partner, versions: tuple[str, ...]) -> tuple[str, ...]:
    """The versions that concern a partner; of a publication that it takes no more, those of issues that it had."""
    keys = [VersionKey.parse(v) for v in versions]
    if takes(partner, desk.publication(keys[0].issue.publication)):
        return versions
    return tuple(str(v) for v in keys if page_of(desk.store, partner.id, v.issue))


def render_issue(desk: Desk, work: Work, now: datetime, without: Collection[str] = ()) -> Plan:
    """All files that a partner gets of its pending versions, and its feeds with them; ``without`` names guids to hold.

    Of an article that is held the partner keeps the version that it has. What is embargoed at
    ``now`` leaves no trace in them.
    """
    publication, partner = desk.publication(work.publication), desk.partner(work.partner)
    if not takes(partner, publication):
        partner = replace(partner, sections=())  # it hears of what it had, and of nothing else
    shipments, waiting, changed, shown = [], [], {}, []
    private: list[str] = []
    turns: list[tuple[datetime, str]] = []
    for version in map(VersionKey.parse, work.versions):
        edition = load_edition(desk.store, version, publication)
        page = page_of(desk.store, partner.id, version.issue)
        if any(is_held_back(i, partner, now) for i in edition.items):
            waiting.append(str(version))
        turns += [(moment, str(version.issue)) for moment in sorted(moments(edition.items, partner, now))]
        unseen = [i.guid for i in edition.items if needs_desk(i, partner)]
        private += [g for g in unseen if g not in without]
        shipment, items = _ship(desk, edition, partner, page, now, {*without, *unseen})
        shipments.append(shipment)
        changed[version.issue.date] = items
        shown.append((edition, page, _shown(items, partner, publication, now)))
    pointers = _pointers(desk, publication, partner, changed, now) if changed else ()
    root = desk.root(partner, publication.id)
    plan = Plan(partner.id, publication.id, root, tuple(shipments), pointers, (), tuple(waiting), tuple(private))
    replaced, stale = taken_back(desk, partner, plan, shown)
    return replace(plan, replaced=replaced, stale=stale, moments=tuple(turns))


def _shown(items: Iterable[Item], partner: Partner, publication: Publication, now: datetime) -> tuple[Item, ...]:
    """The items as this partner sees them: private numbers as it wishes, rights as far as they go."""
    given = (as_given(i, partner, now, publication.language) for i in items)
    return tuple(for_partner(i, partner, publication.language) for i in given)


def _ship(
    desk: Desk, edition: Edition, partner: Partner, page: LedgerPage | None, now: datetime, without: Collection[str]
) -> tuple[Shipment, tuple[Item, ...]]:
    version = VersionKey(IssueKey(edition.publication.id, edition.date), edition.version)
    known = {i.guid: i for i in items_at(desk.store, page)} if page else {}
    sources = {e.guid: e.source for e in page.entries} if page else {}
    items, entries = [], []
    for item in choose(edition.items, partner, now, known):
        stays = item.guid in without
        if stays and known.get(item.guid, item) == item:
            continue  # the partner never had another version of it
        item = known[item.guid] if stays else item
        items.append(item)
        entries.append(_entry(item, partner, sources[item.guid] if stays else edition.version, now))
    chosen = tuple(items)
    shown = _shown(chosen, partner, edition.publication, now)
    # While all of it is under embargo there is not even a package.
    hidden = not chosen and any(is_held_back(i, partner, now) for i in edition.items)
    files = () if hidden else render_items(replace(edition, items=shown), widened(partner, chosen))
    ledger = LedgerPage(partner.id, str(version.issue), edition.version, False, tuple(entries))
    return Shipment(str(version), files, ledger), chosen


def _entry(item: Item, partner: Partner, source: int, now: datetime) -> Entry:
    end = expiry(item, partner)
    ended = item.status is not Status.CANCELED and end is not None and end <= now
    withdrawn = item.version_created if item.status is Status.CANCELED else end if ended else None
    corrected = item.version_created if item.signal == CORRECTION else None
    status = Status.CANCELED if ended else item.status
    return Entry(item.guid, item.version, status, source, corrected=corrected, withdrawn=withdrawn)


def _pointers(
    desk: Desk, publication: Publication, partner: Partner, changed: Mapping[date, tuple[Item, ...]], now: datetime
) -> tuple[File, ...]:
    """The feeds of the newest days, and the archives and pages of older days that changed."""
    days = sorted({*days_of(desk.store, partner.id, publication.id), *changed})

    def items(day: date) -> tuple[Item, ...]:
        page = None if day in changed else page_of(desk.store, partner.id, IssueKey(publication.id, day))
        return changed.get(day) or (items_at(desk.store, page) if page else ())

    def feeds(chosen: Sequence[date], archives: Sequence[date]) -> tuple[File, ...]:
        found = _shown([i for day in chosen for i in items(day)], partner, publication, now)
        base = desk.base_url(partner, publication.id)
        return render_feeds(publication, widened(partner, found), found, base, archives)

    live, _ = feed_days(days, partner.feed_days, days[-1])
    older = [d for d in days if d < live[0]]
    # A day of which the partner took nothing has no archive. Feeds name only the newest, so no other is looked for.
    last = next((d for d in reversed(older) if items(d)), None)
    files = {f.key: f for f in feeds(live, [last] if last else [])}
    for day in changed.keys() & set(older):
        told = [d for d in days if d in live or items(d)]
        _, old = feed_days(told, partner.feed_days, day)
        archives = feeds(old, [d for d in told if d < old[0]])
        own = {article_page_key(i.guid) for i in items(day)}
        kept = [f for f in archives if f.key.startswith("feeds/archive/") or f.key in own]
        files |= {f.key: f for f in kept if f.key not in files}
    return tuple(files.values())


def check_issue(desk: Desk, work: Work, now: datetime) -> Plan:
    """Render and check; articles that fail go to quarantine and all is rendered again without them.

    Raises InvalidOutput where a feed or package fails for another reason: nothing of it is published then.
    """
    plan = render_issue(desk, work, now)
    without: frozenset[str] = frozenset()
    held = _hold_private(desk, plan)
    while errors := _errors(desk, plan):
        failing = {e.guid for e in errors if e.guid} - without
        held += _hold(desk, plan, errors)
        if not failing:
            raise InvalidOutput("; ".join(f"{e.key}: {e.reason}" for e in errors))
        without |= failing
        plan = render_issue(desk, work, now, without)
    return replace(plan, held=held)


def _hold_private(desk: Desk, plan: Plan) -> tuple[Held, ...]:
    """Articles with private numbers, for a partner that has the desk look at them first."""
    held = []
    for shipment in plan.shipments:
        version = VersionKey.parse(shipment.version)
        for item in issues.items_of(desk.store, version) if plan.private else ():
            if item.guid in plan.private:
                reason = f"“{item.article.headline}” holds private numbers, which the desk must see first"
                one = Held(f"{safe_guid(item.guid)}-private.json", "privacy", reason, item.guid, plan.partner)
                hold(desk.store, version, one, encode(item, Item), "application/json")
                held.append(one)
    return tuple(held)


def _errors(desk: Desk, plan: Plan) -> list[Finding]:
    files = [f for s in plan.shipments for f in s.files] + [*plan.pointers, *plan.replaced]
    shelf = desk.shelf_of(desk.partner(plan.partner))
    known = {s.key[len(plan.root) :] for s in shelf.list(plan.root)}
    return [f for f in check_files(files, desk.schemas, known) if f.severity is Severity.ERROR]


def _hold(desk: Desk, plan: Plan, errors: Iterable[Finding]) -> tuple[Held, ...]:
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
        hold(desk.store, VersionKey.parse(version), held, file.content, file.media_type)
    return tuple(found.values())


def _origin(plan: Plan, key: str) -> tuple[str, File]:
    for shipment in plan.shipments:
        for file in shipment.files:
            if file.key == key:
                return shipment.version, file
    return plan.shipments[-1].version, next(f for f in (*plan.pointers, *plan.replaced) if f.key == key)


def stage(desk: Desk, work: Work, now: datetime) -> Plan:
    """Check what waits and keep the plan in the store, so that what is published is what was checked."""
    plan = check_issue(desk, work, now)
    # Before anything is published: a machine that dies after that must still find what comes by itself later.
    for moment, issue in plan.moments:
        put_changed(desk.store, turn_file(moment, IssueKey.parse(issue)))
    put_changed(desk.store, json_file(_staged(work), plan, Plan))
    return plan


def publish_staged(desk: Desk, work: Work) -> Receipt:
    """Publish what ``stage`` kept."""
    key = _staged(work)
    return publish_issue(desk, decode(Plan, desk.store.get(key).content, key))


def _staged(work: Work) -> str:
    return VersionKey.parse(work.versions[-1]).staged(work.partner)


def publish_issue(desk: Desk, plan: Plan) -> Receipt:
    """Write a checked plan into the partner's bucket, with digests in the ledger. Run again, it completes itself."""
    shipments = tuple(replace(s, page=_with_digests(s)) for s in plan.shipments)
    shelf = desk.shelf_of(desk.partner(plan.partner))
    return carry_out(desk.store, shelf, replace(plan, shipments=shipments))


def _with_digests(shipment: Shipment) -> LedgerPage:
    digests = {
        guid_of_key(f.key): hashlib.sha256(f.content).hexdigest() for f in shipment.files if f.key.endswith(".xml")
    }
    keys = {e.guid: item_key(e.guid, e.version, "xml") for e in shipment.page.entries if e.guid in digests}
    entries = tuple(replace(e, sha256=digests.get(e.guid, ""), key=keys.get(e.guid, "")) for e in shipment.page.entries)
    return replace(shipment.page, entries=entries)


def finish(desk: Desk, work: Sequence[Work]) -> list[str]:
    """Take the pending mark off the versions that every partner of theirs has; their names come back."""
    done = []
    for version in map(VersionKey.parse, sorted({v for w in work for v in w.versions})):
        takers = [w.partner for w in work if str(version) in w.versions]
        if all(_has(desk, partner, version) for partner in takers):
            put_new(desk.store, json_file(version.published, {"partners": takers}, dict[str, list[str]]))
            superseded = [VersionKey(version.issue, n).pending for n in range(1, version.number)]
            desk.store.delete([version.pending, *superseded])
            desk.store.delete([version.staged(w.partner) for w in work if str(version) in w.versions])
            done.append(str(version))
    return done


def _has(desk: Desk, partner: str, version: VersionKey) -> bool:
    page = page_of(desk.store, partner, version.issue)
    return page is not None and page.delivered and page.version >= version.number


def pointers_now(desk: Desk, partner: Partner, publication: Publication, now: datetime) -> tuple[File, ...]:
    """The feeds and pages that a partner should have at ``now``, from the ledger alone."""
    if not any(True for _ in days_of(desk.store, partner.id, publication.id)):
        return ()
    return _pointers(desk, publication, partner, {}, now)


def rendered_again(desk: Desk, partner: Partner, version: VersionKey, now: datetime) -> tuple[File, ...]:
    """The objects of an earlier shipment as they should be now: what was withdrawn since is the notice in each."""
    edition = load_edition(desk.store, version, desk.publication(version.issue.publication))
    page = page_of(desk.store, partner.id, version.issue)
    current = {i.guid: i for i in _shown(items_at(desk.store, page), partner, edition.publication, now)} if page else {}
    items = []
    for item in _shown([i for i in edition.items if i.guid in current], partner, edition.publication, now):
        newest = current[item.guid]
        gone = newest.status is Status.CANCELED and item.status is not Status.CANCELED
        items.append(replace(newest, version=item.version) if gone else item)
    return render_items(replace(edition, items=tuple(items)), widened(partner, items))
