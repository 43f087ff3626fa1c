"""Which articles wait for an editor. A sidebar waits with its main story, because it would reveal it.

The thresholds are the newspaper's. Private numbers are found elsewhere and passed in as ``asks``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from transforms.model import Article, Doubt, Item, Review, Status, Waiting

REVIEWED = frozenset({"reviewed", "merged", "split"})  # what a person's word leaves in an item's history
REMADE = "remade"  # kind of doubt: what the desk made of the article does not fit what the paper prints now

Asks = Callable[[Article], Iterable[Doubt]]


def doubts_of(article: Article, review: Review) -> tuple[Doubt, ...]:
    """Why a newspaper's thresholds hold an article back; empty if the confidence is high enough."""
    found = []
    if article.order_confidence < review.order:
        found.append(Doubt("order", _below("whole and in its printed order", article.order_confidence, review.order)))
    if article.section_confidence < review.section:
        what = f"a {article.section.value}"
        found.append(Doubt("section", _below(what, article.section_confidence, review.section)))
    return tuple(found)


def _below(what: str, chance: float, wanted: float) -> str:
    return f"{what} with a chance of {chance:.2f}, and {wanted:.2f} is wanted"


def is_waiting(item: Item) -> bool:
    """Whether the item waits for an editor's decision."""
    return item.waits is not None and bool(item.waits.doubts) and not item.waits.rejected


def standing(item: Item | None) -> Item | None:
    """What is public of an item: the item itself, the version before it while it waits, or nothing."""
    if item is None or item.status is not Status.WITHHELD:
        return item
    return item.waits.earlier if item.waits else None


def withhold(
    items: Sequence[Item], earlier: Sequence[Item], review: Review, version: int, asks: Asks = lambda article: ()
) -> tuple[Item, ...]:
    """The items of a reading, with doubtful ones withheld. ``version``: the number of the issue's version that they
    make.

    ``asks``: further doubts about an article. Decisions and open questions stay as long as the newspaper prints the
    same text.
    """
    known = {i.guid: i for i in earlier}
    remade = {i.origin for i in earlier}
    judged = []
    for item in items:
        old = known.get(item.guid)
        if item.status is Status.USABLE and not _same(item, old) and not _same(item, standing(old)):
            doubts = (*_doubts(item, old, review, remade), *asks(item.article))
            item = _kept_back(item, old, version, doubts) if doubts else item
        judged.append(item)
    return settle_sidebars(judged, known, version)


def _doubts(item: Item, old: Item | None, review: Review, remade: Collection[str]) -> Iterator[Doubt]:
    """Why an article waits that is new or changed; ``old`` is what it was, ``remade`` what the desk merged or split."""
    for doubt in doubts_of(item.article, review):
        if doubt.kind != "section" or not _reviewed(item, old):
            yield doubt
    if old and _is_no(old):
        yield Doubt("rejected", "the desk rejected it, and the paper has changed it since")
    if old and item.guid in remade and item.article.text != old.article.text:
        yield Doubt(REMADE, "the desk merged or split it, and the paper has changed it since")


def _same(item: Item, other: Item | None) -> bool:
    return other is not None and (item.version, item.version_created) == (other.version, other.version_created)


def _reviewed(item: Item, old: Item | None) -> bool:
    """Whether a person has looked at the article in this section before."""
    looked = old is not None and any(a.what in REVIEWED for a in old.history)
    return looked and old is not None and old.article.section is item.article.section


def _kept_back(item: Item, old: Item | None, version: int, doubts: tuple[Doubt, ...] = ()) -> Item:
    return replace(item, status=Status.WITHHELD, waits=Waiting(version, doubts, standing(old)))


def settle_sidebars(items: Sequence[Item], known: Mapping[str, Item], version: int) -> tuple[Item, ...]:
    """The items, with sidebars waiting exactly as long as their main story. ``known``: the items before, by guid.

    A sidebar whose main story will not be published is published alone.
    """
    while True:
        hidden = {i.guid for i in items if standing(i) is None and not _is_no(i)}
        never = {i.guid for i in items if _is_no(i) or i.status is Status.CANCELED}
        settled = tuple(_settled(i, known.get(i.guid), hidden, never, version) for i in items)
        if settled == tuple(items):
            return settled
        items = settled


def _settled(item: Item, old: Item | None, hidden: set[str], never: set[str], version: int) -> Item:
    waits = item.parent_guid in hidden
    if item.status is Status.USABLE and waits and not _same(item, standing(old)):
        return _kept_back(item, old, version)
    if item.status is not Status.WITHHELD or waits:
        return item
    if item.parent_guid in never:  # it was never out, or this one would not have waited for it
        item = replace(item, parent_guid="")
    alone = item.waits is not None and not item.waits.doubts and not item.waits.rejected
    return replace(item, status=Status.USABLE, waits=None) if alone else item


def _is_no(item: Item) -> bool:
    return item.waits is not None and item.waits.rejected
