"""From a plan to a partner: checked, without what fails, published."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from broadsheet.installation import Installation
from broadsheet.steps.pending import Work
from broadsheet.steps.rendering import render_issue
from broadsheet.steps.shared import Shared, Vetted
from delivery import issues
from delivery.codec import encode
from delivery.keys import VersionKey
from delivery.ledger import LedgerPage
from delivery.plan import Plan, Receipt, Shipment
from delivery.publish import carry_out
from delivery.quarantine import Held, hold
from delivery.store import Store
from transforms.errors import InvalidOutput, Overtaken
from transforms.gate import Finding, check_files
from transforms.gate.model import Severity
from transforms.guid import safe_guid
from transforms.model import File, Item
from transforms.render import guid_of_key
from transforms.render.common import MAX_FEED_BYTES
from transforms.render.keys import (
    is_articles,
)

TURNS = 5  # how often a plan is made again because another publisher was first


def check_issue(installation: Installation, work: Work, now: datetime, shared: Shared | None = None) -> Plan:
    """Render and check. Articles that fail are quarantined, and everything is rendered again without them.

    If a version fails without any article to blame, for example its package, the whole version is held. Raises
    InvalidOutput if a feed fails for another reason; then nothing is published.
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
    """Articles with private numbers, for a partner that wants an editor to look at them first."""
    held = []
    for shipment in plan.shipments:
        version = VersionKey.parse(shipment.version)
        for item in issues.items_of(installation.store, version) if plan.private else ():
            if item.guid in plan.private:
                reason = f"“{item.article.headline}” has private numbers, which an editor must see first"
                one = Held(f"{safe_guid(item.guid)}-private.json", "privacy", reason, item.guid, plan.partner)
                hold(installation.store, version, one, encode(item, Item), "application/json")
                held.append(one)
    return tuple(held)


class _There:
    """The keys at a partner with those that come, asked for by name: a list of all it has grows with every issue."""

    def __init__(self, shelf: Store, root: str, coming: Iterable[str]) -> None:
        self._shelf, self._root = shelf, root
        self._seen = dict.fromkeys(coming, True)

    def look(self, keys: Iterable[str]) -> None:
        """Ask for many keys at once; others are asked for one by one."""
        asked = sorted(set(keys) - self._seen.keys())
        stats = self._shelf.stat_all([self._root + key for key in asked])
        self._seen |= {key: stat is not None for key, stat in zip(asked, stats, strict=True)}

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
    there.look(link for f in files if isinstance(f, Vetted) for link in f.links)
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
    """Check what is pending for a partner and publish it. If another publisher was first, it is made again.

    Raises Overtaken if that happens too often.
    """
    for _ in range(TURNS):
        plan = check_issue(installation, work, now, shared)
        with suppress(Overtaken):
            return plan, publish_issue(installation, plan)
    raise Overtaken(f"{work.partner}: others published {TURNS} times meanwhile")


def publish_issue(installation: Installation, plan: Plan) -> Receipt:
    """Write a checked plan into the partner's bucket, with digests in the ledger. Run again, it completes itself.

    Raises Overtaken if something newer was published or the partner was moved since the plan was made, and
    StoreError.
    """
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
