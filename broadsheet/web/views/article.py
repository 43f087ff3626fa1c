"""An article: as it stands, where it went, in which files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from broadsheet.installation import Installation
from broadsheet.steps.revision import find_issue, newest_items
from broadsheet.web.views.deliveries import Row, rows_of
from delivery.keys import IssueKey, parse_version
from delivery.ledger import page_of
from transforms.guid import safe_guid
from transforms.model import Item, Partner, Publication
from transforms.render.keys import article_page_key
from transforms.render.registry import item_formats


@dataclass(frozen=True, slots=True)
class Output:
    """A file of an article at a partner."""

    format: str
    version: int
    url: str


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article: as it stands, where it went, in which files."""

    key: IssueKey
    publication: Publication
    row: Row
    parent: Item | None
    sidebars: tuple[Item, ...]
    outputs: tuple[tuple[Partner, tuple[Output, ...]], ...]


def article_view(installation: Installation, guid: str) -> ArticleView:
    """All of one article. Raises BadInput where no issue here has it."""
    key = find_issue(installation, guid)
    items = newest_items(installation, key)
    pages = {p.id: page_of(installation.store, p.id, key) for p in installation.partners.values()}
    row = next(r for r in rows_of(installation, key, items, pages) if r.item.guid == guid)
    parent = next((i for i in items if i.guid == row.item.parent_guid), None)
    sidebars = tuple(i for i in items if i.parent_guid == guid)
    outputs = tuple(
        (d.partner, tuple(_outputs(installation, key, d.partner, guid)))
        for d in row.deliveries
        if d.state == "delivered"
    )
    return ArticleView(key, installation.publication(key.publication), row, parent, sidebars, outputs)


def _outputs(installation: Installation, key: IssueKey, partner: Partner, guid: str) -> Iterator[Output]:
    """The article's files, newest version first."""
    root, base = installation.root(partner, key.publication), installation.base_url(partner, key.publication)
    shelf = installation.shelf_of(partner)
    found = []
    for stat in shelf.list(f"{root}items/{safe_guid(guid)}/"):
        relative = stat.key[len(root) :]
        version, _, ending = relative.rpartition("/")[2].partition(".")
        if version == "latest":
            continue  # the newest one's bytes again
        names = {one.extension: one.title for one in item_formats()}
        found.append(Output(names.get(ending, ending), parse_version(version), f"{base}/{relative}"))
    page = article_page_key(guid)
    if shelf.stat(root + page):
        yield Output("HTML", 0, f"{base}/{page}")
    yield from sorted(found, key=lambda o: (-o.version, o.format))
