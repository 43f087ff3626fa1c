"""An article: as it stands, where it went, in which files."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from broadsheet.installation import Installation
from broadsheet.steps import review
from broadsheet.steps.review import Question
from broadsheet.steps.revision import find_issue, newest_items
from broadsheet.web.views.deliveries import Row, rows_of
from delivery import issues
from delivery.key_parts import parse_version
from delivery.keys import IssueKey, VersionKey
from delivery.ledger import page_of
from transforms.audience.decide import seen_by
from transforms.difference import TextRun, paragraphs, runs
from transforms.errors import BroadsheetError
from transforms.lifecycle.decision import neighbours
from transforms.model import Action, Article, Item, Paragraph, ParagraphKind, Partner, Publication, Status
from transforms.render.keys import article_page_key, versions_of
from transforms.render.registry import item_formats
from transforms.render.text import summary

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Output:
    """A file of an article at a partner."""

    format: str
    version: int
    url: str
    of_picture: bool = False


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of an article, with what is different from the one before; ``changes`` has field or "" for the body."""

    item: Item
    changes: tuple[tuple[str, tuple[TextRun, ...]], ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """An article as a partner's feeds and pages show it: ``text``, a paragraph each.

    ``whole_in``: of a partner that gets summaries, the formats whose files have the whole text all the same.
    """

    partner: Partner
    item: Item
    text: tuple[str, ...]
    whole_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article: as it stands, its versions (newest first), its open question, where it went, how partners see it.

    ``outputs`` are its files at each partner, or why they cannot be listed. ``acts`` are what was done to it without
    making a version.
    """

    key: IssueKey
    publication: Publication
    row: Row
    parent: Item | None
    sidebars: tuple[Item, ...]
    outputs: tuple[tuple[Partner, tuple[Output, ...], str], ...]
    editions: tuple[Edition, ...]
    question: Question | None
    near: Mapping[str, Item]
    seen: tuple[Seen, ...]
    acts: tuple[Action, ...]

    @property
    def body(self) -> str:
        """The text as the form of a correction has it."""
        return "\n\n".join(_as_typed(p) for p in self.row.item.article.body)

    @property
    def names(self) -> str:
        """The byline as that form has it: a person a line."""
        return "\n".join(f"{c.role} {c.name}".strip() for c in self.row.item.article.byline)


def _seen(item: Item, partner: Partner) -> Seen:
    whole = tuple(p.text for p in item.article.body) if partner.full_text else (summary(item.article),)
    items = () if partner.full_text else tuple(f.title for f in item_formats(partner.formats))
    return Seen(partner, item, () if item.status is Status.CANCELED else whole, items)


def _as_typed(paragraph: Paragraph) -> str:
    return f"## {paragraph.text}" if paragraph.kind is ParagraphKind.CROSSHEAD else paragraph.text


def article_view(installation: Installation, guid: str) -> ArticleView:
    """All of one article. Raises BadInput if no issue here has it."""
    key = find_issue(installation, guid)
    publication = installation.publication(key.publication)
    items = newest_items(installation, key)
    pages = {p.id: page_of(installation.store, p.id, key) for p in installation.partners.values()}
    row = next(r for r in rows_of(installation, key, items, pages) if r.item.guid == guid)
    parent = next((i for i in items if i.guid == row.item.parent_guid), None)
    sidebars = tuple(i for i in items if i.parent_guid == guid)
    outputs = tuple(
        (d.partner, *_outputs(installation, key, d.partner, guid)) for d in row.deliveries if d.state == "delivered"
    )
    seen = tuple(_seen(seen_by(row.item, d.partner, publication), d.partner) for d in row.deliveries)
    question = next((q for q in review.waiting(installation, key.publication) if q.guid == guid), None)
    near = neighbours(items, guid) if question else {}
    editions = tuple(_editions(installation, key, guid))
    dated = {e.item.version_created for e in editions}
    acts = tuple(a for a in row.item.history if a.at not in dated)
    return ArticleView(key, publication, row, parent, sidebars, outputs, editions, question, near, seen, acts)


def _editions(installation: Installation, key: IssueKey, guid: str) -> list[Edition]:
    """Every version of the article that was ever stored, newest first."""
    found: dict[int, Item] = {}
    for number in issues.versions(installation.store, key):
        version = VersionKey(key, number)
        if installation.store.stat(version.manifest):
            found |= {i.version: i for i in issues.items_of(installation.store, version) if i.guid == guid}
    ordered = [found[n] for n in sorted(found)]
    return [
        Edition(item, tuple(_changes(earlier.article, item.article)) if earlier else ())
        for earlier, item in reversed(list(zip([None, *ordered], ordered, strict=False)))
    ]


def _changes(before: Article, after: Article) -> Iterator[tuple[str, tuple[TextRun, ...]]]:
    for field in ("kicker", "headline", "subhead"):
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            yield field, tuple(runs(old, new))
    for pieces in paragraphs([p.text for p in before.body], [p.text for p in after.body]):
        yield "", pieces


def _outputs(installation: Installation, key: IssueKey, partner: Partner, guid: str) -> tuple[tuple[Output, ...], str]:
    """The article's files, or why they cannot be listed: a partner's store that is down must not close the page."""
    try:
        return tuple(_files(installation, key, partner, guid)), ""
    except BroadsheetError as error:
        log.warning("the files of %s cannot be listed: %s", partner.id, error)
        return (), str(error)


def _files(installation: Installation, key: IssueKey, partner: Partner, guid: str) -> Iterator[Output]:
    """The article's files, newest version first."""
    root, base = installation.root(partner, key.publication), installation.base_url(partner, key.publication)
    shelf = installation.shelf_of(partner)
    found = []
    for stat in shelf.list(root + versions_of(guid)):
        relative = stat.key[len(root) :]
        version, _, ending = relative.rpartition("/")[2].partition(".")
        if version == "latest":
            continue  # the newest one's bytes again
        names = {one.extension: one.title for one in item_formats()}
        item, _, number = version.rpartition("-")  # a picture's are picture-<digest>-v1.xml
        output = Output(names.get(ending, ending), parse_version(number), f"{base}/{relative}", bool(item))
        found.append(output)
    page = article_page_key(guid)
    if shelf.stat(root + page):
        yield Output("HTML", 0, f"{base}/{page}")
    yield from sorted(found, key=lambda o: (o.of_picture, -o.version, o.format))
