"""The proof of a withdrawal: the article can no longer be read anywhere it was ever written to.

The places come from the ledger, not from the partners' files. Each is read twice: object by object from the store,
and over its public address as a stranger reads it, so that copies in caches are found too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from broadsheet.installation import Installation
from broadsheet.steps.contain import reason_of
from broadsheet.steps.pending import out_of_reach
from broadsheet.steps.revision import find_issues, newest_items
from delivery import issues
from delivery.keys import LEDGERS, IssueKey, VersionKey
from delivery.ledger import LedgerPage, ended_days, items_at, page_of
from delivery.places import former
from delivery.public import Fetch
from delivery.store import Stat, Store
from transforms.audience.selection import let_out
from transforms.errors import BadInput, NotFound, StoreError
from transforms.guid import safe_guid, split_guid
from transforms.lifecycle.change import find
from transforms.model import Article, Item, Partner, Status
from transforms.private_numbers import masked
from transforms.render import picture_files
from transforms.render.keys import (
    FEEDS,
    archives_of,
    article_page_key,
    latest_key,
    pictures_of,
)
from transforms.render.registry import item_formats

TELLING = 24  # characters of a paragraph's beginning and end that are looked for to see whether it is still there
SHORTEST = 10  # shorter runs occur in other articles too
READERS = 8  # addresses that are read at once
# How a partner is named, by what became of its files.
NAMES = {"": "{}", "deleted": "{} (its files were deleted)", "abandoned": "{} (abandoned, out of our reach)"}
_ESCAPED = re.compile(r"[&<>\"'\\\s*]+")  # what formats write in ways of their own


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found at one partner: objects looked at, and where the article can still be read.

    ``looked_at``: how many objects of the store. ``read``: how many public addresses. ``faults``: keys and
    addresses. ``gone``: what became of a place that was given up. ``delivered``: whether the withdrawal was carried
    out. ``untold``: whether nothing goes there any longer and no webhook of the partner accepted the message
    either.
    """

    partner: str
    looked_at: int
    faults: tuple[str, ...] = ()
    delivered: bool = True
    read: int = 0
    gone: str = ""
    untold: bool = False

    @property
    def holds(self) -> bool:
        """Whether the withdrawal was delivered and the article can be read nowhere."""
        return self.delivered and not self.faults


def prove_withdrawal(installation: Installation, guid: str) -> list[Proof]:
    """Read back at every partner that ever had an article. Raises BadInput if it is not withdrawn."""
    return [proof for issue in find_issues(installation, guid) for proof in _prove(installation, issue, guid)]


def _prove(installation: Installation, issue: IssueKey, guid: str) -> Iterator[Proof]:
    item = find(guid, newest_items(installation, issue))
    if item.status is not Status.CANCELED:
        raise BadInput(f"{guid} is not withdrawn")
    telling = _telling(installation, issue, item)
    for partner in installation.store.folders(LEDGERS):
        try:
            page = page_of(installation.store, partner, issue)
            if page and guid in page.guids:
                yield _proof(installation, page, item, telling)
        except Exception as error:  # not proven here; whether it is gone elsewhere must be known all the same
            yield Proof(partner, 0, (f"it could not be read back: {reason_of(f'{partner} {issue}', error)}",))


def _proof(installation: Installation, page: LedgerPage, item: Item, telling: Sequence[bytes]) -> Proof:
    gone = installation.is_gone(page.partner)
    partner = former(installation.store, page.partner) if gone else installation.partner(page.partner)
    issue = IssueKey.parse(page.issue)
    entry = next(e for e in page.entries if e.guid == item.guid)
    untold = out_of_reach(installation, partner.id, issue) and not (entry.notified and entry.status is Status.CANCELED)
    if gone == "abandoned":
        return Proof(partner.id, 0, gone=gone, untold=untold)
    ended = issue.date in ended_days(installation.store, partner.id, issue.publication)
    delivered = bool(gone) or ended or (page.delivered and entry.status is Status.CANCELED)
    if not delivered:  # the text is still there, and a store that is down would keep a worker waiting at each look
        return Proof(partner.id, 0, delivered=False, untold=untold)
    shelf, root = installation.shelf_of(partner), installation.root(partner, issue.publication)
    there = {s.key[len(root) :]: s.key for s in _may_tell(shelf, root, item, issue)}
    base = installation.base_url(partner, issue.publication)
    addresses = {f"{base}/{key}" for key in (*there, *_once_there(item))}
    contents = _read_all(shelf, there.values()) | _fetch_all(installation.fetch, addresses)
    seen = _pictures_seen(installation, issue, item, shelf, root, base)
    faults = [name for name, content in contents.items() if _tells(content, telling)]
    if faults:  # what the paper has printed again under another name is not the fault of this withdrawal
        days = _days_named(item, [contents[name] for name in faults])
        own = _own_words(installation, partner, issue, days, item, telling)
        faults = [name for name in faults if _tells(contents[name], own)]
    return Proof(partner.id, len(there), tuple(sorted([*faults, *seen])), True, len(addresses), gone, untold)


def _pictures_seen(
    installation: Installation, issue: IssueKey, item: Item, shelf: Store, root: str, base: str
) -> list[str]:
    """Where the article's pictures can still be had: keys of the store, and addresses that answer with anything.

    An address that nothing answers at proves nothing, so it is named too.
    """
    versions = (VersionKey(issue, n) for n in issues.versions(installation.store, issue))
    articles = [a for version in versions for a in _versions(installation.store, version, item.guid)]
    once = {f.key for a in articles for f in picture_files([replace(item, article=a, status=Status.USABLE)])}
    there = [s.key for s in shelf.list(root + pictures_of(item.guid))]

    def is_seen(url: str) -> bool:
        try:
            return installation.fetch(url).status < 400
        except StoreError:
            return True

    addresses = sorted(f"{base}/{key}" for key in once)
    with ThreadPoolExecutor(READERS) as pool:
        return [*there, *(url for url, seen in zip(addresses, pool.map(is_seen, addresses), strict=True) if seen)]


def _read_all(shelf: Store, keys: Iterable[str]) -> dict[str, bytes | None]:
    """The bytes of objects; None for what could not be read, nothing for what is not there any more."""

    def one(key: str) -> bytes | None:
        try:
            return shelf.get(key).content
        except NotFound:
            return b""
        except StoreError:
            return None

    return _at_once(one, keys)


def _fetch_all(fetch: Fetch, addresses: Iterable[str]) -> dict[str, bytes | None]:
    """What strangers get at addresses; None if nothing answers. An error's page is looked through like any other."""

    def one(url: str) -> bytes | None:
        try:
            return fetch(url).content
        except StoreError:
            return None

    return _at_once(one, addresses)


def _at_once(read: Callable[[str], bytes | None], names: Iterable[str]) -> dict[str, bytes | None]:
    wanted = list(names)
    with ThreadPoolExecutor(READERS) as pool:
        return dict(zip(wanted, pool.map(read, wanted), strict=True))


def _tells(content: bytes | None, words: Sequence[bytes]) -> bool:
    """Whether any of the words is there; what cannot be read proves nothing."""
    return content is None or any(word in content for word in words)


def _may_tell(shelf: Store, root: str, item: Item, issue: IssueKey) -> Iterator[Stat]:
    """The objects below a partner's root that could hold the article's text.

    Those are its own, what carries all of its issue, and feeds and pages. Every folder is looked into, also one that
    only an older version of this software wrote to, but only for keys that begin with the article's name or the day.
    """
    starts = [f"{folder}/{start}" for folder in shelf.folders(root) for start in (safe_guid(item.guid), issue.date)]
    yield from shelf.beside(root)
    yield from shelf.beside(root + FEEDS)
    for start in (*starts, archives_of(issue.date)):
        yield from shelf.list(f"{root}{start}")


def _once_there(item: Item) -> Iterator[str]:
    """Keys that the article had at some time, whether or not the store still has them: a cache may."""
    yield article_page_key(item.guid)
    for form in item_formats():
        versions = [form.key(item.guid, number) for number in range(1, item.version + 1)]
        yield from (*versions, latest_key(versions[0]))


def _telling(installation: Installation, issue: IssueKey, item: Item) -> list[bytes]:
    """Words of every version of the article, as files have them; none may be found any more."""
    articles = [item.printed] if item.printed else []
    for number in issues.versions(installation.store, issue):
        articles += _versions(installation.store, VersionKey(issue, number), item.guid)
    notice = item.article.text + item.ed_note
    texts = dict.fromkeys(text for a in articles for p in a.body for text in (p.text, masked(p.text)))
    runs = dict.fromkeys(run for text in texts for run in _runs(text) if run not in notice)
    return [run.encode("utf-8", "surrogatepass") for run in runs]


def _versions(store: Store, version: VersionKey, guid: str) -> Iterator[Article]:
    """The article in a version of its issue, and what of it was out while that waited for the installation."""
    try:
        item = next((i for i in issues.items_of(store, version) if i.guid == guid), None)
    except NotFound:
        return
    if item and item.status is not Status.CANCELED:
        yield item.article
        if item.waits and item.waits.earlier:
            yield item.waits.earlier.article


def _runs(text: str) -> Iterator[str]:
    """The beginning and the end of a paragraph, of characters that every format writes as they are."""
    runs = [run for run in _ESCAPED.split(text) if len(run) >= SHORTEST]
    if runs:
        yield runs[0][:TELLING]
        yield runs[-1][-TELLING:]


def _days_named(item: Item, contents: Iterable[bytes | None]) -> set[date]:
    """The days of the same provider's articles that files name, by their guids or by their addresses."""
    provider = re.escape(split_guid(item.guid)[0].encode())
    named = {m for c in contents if c for m in re.findall(rb"%s[:_](\d{8})[:_]" % provider, c)}
    days: set[date] = set()
    for digits in named:
        with suppress(ValueError):
            days.add(date.fromisoformat(digits.decode()))
    return days


def _own_words(
    installation: Installation,
    partner: Partner,
    issue: IssueKey,
    days: Collection[date],
    item: Item,
    telling: Sequence[bytes],
) -> list[bytes]:
    """The words of an article that occur in no other article of the partner's from its issue or from some ``days``.

    Old messages of the issue hold what its other articles said then, so all their versions count.
    """
    store = installation.store
    pages = [page_of(store, partner.id, IssueKey(issue.publication, day)) for day in sorted({*days, issue.date})]
    others = [o for p in pages if p for o in items_at(store, p)]
    others += [o for number in issues.versions(store, issue) for o in _items(store, VersionKey(issue, number))]
    said = {o.article.text for o in others if o.guid != item.guid}
    texts = {text.encode("utf-8", "surrogatepass") for whole in said for text in (whole, masked(whole))}
    return [word for word in telling if not any(word in text for text in texts)]


def _items(store: Store, version: VersionKey) -> tuple[Item, ...]:
    """What was out of a version of an issue; nothing if it was never stored."""
    try:
        return let_out(issues.items_of(store, version))
    except NotFound:
        return ()


def telling_of(proofs: Sequence[Proof], tr: Callable[..., str] = str.format) -> Iterator[str]:
    """Each proof as a line of text. ``tr`` translates a sentence and fills in its values."""
    for proof in proofs:
        partner = tr(NAMES[proof.gone], proof.partner)
        looked = tr("{}: {} objects and {} addresses read back", partner, proof.looked_at, proof.read)
        state = tr("the article is gone" if proof.holds else "the article is not gone yet")
        still = [", ".join(proof.faults)] if proof.faults else []
        untold = [tr("the partner was not notified, because none of its webhooks took the message: write to it")]
        yield "; ".join([f"{looked}, {state}", *still, *(untold if proof.untold else [])])
