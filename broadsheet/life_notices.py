"""What becomes of an article's earlier objects at a partner when it is withdrawn, or the partner's rights end.

Objects are immutable, save for this: nobody may read a withdrawn text under any address. Each earlier version is
overwritten by the notice under the same version; feeds that are written no more and still name it are deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from broadsheet.desk import Desk
from delivery.keys import parse_version
from delivery.ledger import LedgerPage
from delivery.publish import Plan
from delivery.store import Store
from transforms.model import Edition, File, Item, Partner, Status
from transforms.render import render_items, safe_guid
from transforms.render.keys import article_page_key
from transforms.selection import widened

Shown = tuple[Edition, LedgerPage | None, tuple[Item, ...]]


def taken_back(
    desk: Desk, partner: Partner, plan: Plan, shown: Iterable[Shown]
) -> tuple[tuple[File, ...], tuple[str, ...]]:
    """Objects of earlier versions with the notice in them, and keys that must go. Keys are below the root."""
    shelf = desk.shelf_of(partner)
    fresh = {f.key for s in plan.shipments for f in s.files} | {f.key for f in plan.pointers}
    replaced: list[File] = []
    stale: list[str] = []
    for edition, page, items in shown:
        gone = [i for i in items if i.status is Status.CANCELED and not _is_told(page, i)]
        for item in gone:
            for key in objects_of(shelf, plan.root, item.guid):
                file = _notice(edition, partner, item, key)
                if file:
                    replaced.append(file)
                else:
                    stale.append(key)
            stale += [k for k in _naming(shelf, plan.root, edition, item) if k not in fresh]
        if gone:
            more, less = _messages(shelf, plan, edition, fresh)
            replaced += more
            stale += less
    return tuple(replaced), tuple(sorted(set(stale)))


def _is_told(page: LedgerPage | None, item: Item) -> bool:
    """Whether the partner was told before, all the way to the last object."""
    known = page.entries if page and page.delivered else ()
    return any(e.guid == item.guid and e.status is Status.CANCELED for e in known)


def objects_of(shelf: Store, root: str, guid: str) -> list[str]:
    """All objects of an article's versions at a partner, as keys below the root."""
    return [s.key[len(root) :] for s in shelf.list(f"{root}items/{safe_guid(guid)}/")]


def _notice(edition: Edition, partner: Partner, item: Item, key: str) -> File | None:
    number = min(item.version, parse_version(key.rpartition("/")[2].partition(".")[0]) or item.version)
    every = replace(partner, formats=tuple({*partner.formats, "newsml", "ninjs"}))
    one = replace(edition, items=(replace(item, version=number),))
    return next((f for f in render_items(one, widened(every, one.items)) if f.key == key), None)


def _naming(shelf: Store, root: str, edition: Edition, item: Item) -> Iterator[str]:
    """Feeds and pages that may still name the article: what this partner had before its record was changed, too."""
    page = root + article_page_key(item.guid)
    if shelf.stat(page):
        yield page[len(root) :]
    for stat in pointers_of(shelf, root, edition.date.isoformat()):
        if item.guid.encode() in shelf.get(stat).content:
            yield stat[len(root) :]


def pointers_of(shelf: Store, root: str, day: str) -> list[str]:
    """The live feeds and the archives of one day, as whole keys."""
    feeds = [s.key for s in shelf.list(f"{root}feeds/")]
    archive = f"{root}feeds/archive/"
    return [k for k in feeds if not k.startswith(archive) or k.startswith(f"{archive}{day}")]


def _messages(shelf: Store, plan: Plan, edition: Edition, fresh: set[str]) -> tuple[list[File], list[str]]:
    """Earlier deliveries in one document carry the text too: the newest takes their place."""
    prefix = f"{plan.root}messages/{edition.date.isoformat()}/"
    old = [s.key[len(plan.root) :] for s in shelf.list(prefix)]
    newest: Sequence[File] = [f for s in plan.shipments for f in s.files if f"{plan.root}{f.key}".startswith(prefix)]
    if not newest:
        return [], old
    return [replace(newest[-1], key=key) for key in old if key not in fresh], []
