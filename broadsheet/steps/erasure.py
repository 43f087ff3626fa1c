"""What a partner has of a withdrawn article: files to rewrite without its text, and files to delete."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from broadsheet.installation import Installation
from delivery.issues import load_edition
from delivery.keys import IssueKey, VersionKey
from delivery.ledger import LedgerPage
from delivery.plan import Shipment
from delivery.store import Store
from transforms.audience.decide import seen_by
from transforms.audience.selection import (
    let_out,
    widened,
)
from transforms.model import Edition, File, Item, Partner
from transforms.render import guid_of_key, render_items
from transforms.render.keys import (
    FEEDS,
    archives_of,
    article_page_key,
    is_articles,
    latest_key,
    message_key,
    package_key,
    picture_items_of,
    versions_of,
)
from transforms.render.registry import issue_names


def is_told(item: Item, page: LedgerPage | None) -> bool:
    """Whether a withdrawal was carried out at the partner before, so that everything is erased already."""
    return (
        page is not None
        and page.delivered
        and any(e.guid == item.guid and e.status is item.status for e in page.entries)
    )


def erased_files(
    installation: Installation, edition: Edition, partner: Partner, fresh: Sequence[Item], withdrawn: Sequence[Item]
) -> tuple[File, ...]:
    """The older versions of newly withdrawn items, and the files that contained them, without their text.

    ``withdrawn``: all that ever were, because rewriting an old message must not bring back the text of another.
    """
    if not fresh:
        return ()
    # Whatever it takes now: what it had is in the formats that it took then.
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


def left_over(shelf: Store, root: str, shipment: Shipment, written: Collection[str]) -> tuple[str, ...]:
    """Feeds and pages that name a withdrawn article but are not among those written now. ``written``: the latter."""
    withdrawn = {guid for f in shipment.erased if (guid := guid_of_key(f.key))}
    if not withdrawn:
        return ()
    archive = archives_of(VersionKey.parse(shipment.version).issue.date)
    pages = [article_page_key(guid) for guid in sorted(withdrawn)]
    # The live feeds and the archives of that day; those of all other days are not looked through.
    listed = [s.key[len(root) :] for s in (*shelf.beside(root + FEEDS), *shelf.list(root + archive))]
    feeds = [k for k in listed if k not in written]
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
