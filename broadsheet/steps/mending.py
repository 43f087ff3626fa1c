"""A page mended by an editor: opened as it was read, previewed as it will be published, saved as a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from broadsheet.installation import Installation
from broadsheet.steps.changes import By
from broadsheet.steps.review import pages_of
from broadsheet.steps.revision import revise
from delivery import issues, keys
from delivery.codec import decode, encode, json_file
from delivery.keys import IssueKey, VersionKey
from delivery.objects import put_new
from transforms import mending
from transforms.errors import BadInput, NotFound, StoreError
from transforms.lifecycle.change import Change, ChangeKind
from transforms.lifecycle.mend import Mended, Mending
from transforms.mending import Cut, Draft, Rest
from transforms.model import Article, Issue, Item, Page, Publication
from transforms.segment.articles import finish
from transforms.segment.given import given_drafts
from transforms.segment.style import style_of

LARGEST = 400_000  # characters of a draft as text


@dataclass(frozen=True, slots=True)
class Mend:
    """A mended page as it is kept, for ``training/`` to learn from.

    Lines are counted from 0; blank lines are not counted.
    """

    version: str
    page: int
    run: str
    actor: str
    at: datetime
    text: str
    before: Draft
    after: Draft


@dataclass(frozen=True, slots=True)
class Opened:
    """A page while it is mended: what was read from it, the issue's articles, and their parts on other pages (by
    guid).

    ``version``: the newest version of the issue, from which the page was opened.
    """

    version: str
    page: Page
    draft: Draft
    items: tuple[Item, ...]
    rests: Mapping[str, Sequence[Rest]]


def opened(installation: Installation, issue: IssueKey, number: int, pages: Sequence[Page] = ()) -> Opened:
    """A page and what was read from it. ``pages``: those of the issue, if they are loaded already.

    Raises NotFound if there is no such page.
    """
    pages = pages or pages_of(installation, issue)
    page = next((p for p in pages if p.number == number), None)
    newest = issues.latest_stored(installation.store, issue)
    if page is None or newest is None:
        raise NotFound(f"{issue} has no page {number} that was read")
    items = issues.items_of(installation.store, newest)
    draft = mending.draft_of(page, items)
    return Opened(str(newest), page, draft, items, _rests(page, pages, items))


def _rests(page: Page, pages: Sequence[Page], items: Sequence[Item]) -> Mapping[str, Sequence[Rest]]:
    """What the articles of a page have on the others: it goes on with them."""
    found: dict[str, list[Rest]] = {}
    articles = {i.guid: i.article for i in items}
    jumping = {i.guid for i in items if len({s.page for s in i.article.pieces or i.article.spans}) > 1}
    for other in pages if jumping else ():
        if other.number == page.number:
            continue
        for cut in mending.draft_of(other, items).cuts:
            if cut.guid in jumping:
                rest = mending.rest_of(articles[cut.guid], page, other, cut.places)
                found.setdefault(cut.guid, []).append(rest)
    return found


def rests_after(draft: Draft, before: Draft, rests: Mapping[str, Sequence[Rest]]) -> Mapping[str, Sequence[Rest]]:
    """The parts on other pages by the articles of a mended page: an article that is gone passes them to its heir."""
    kept = {c.guid for c in draft.cuts}
    found = {guid: list(own) for guid, own in rests.items() if guid in kept}
    for guid in [c.guid for c in before.cuts if c.guid in rests and c.guid not in kept]:
        if heir := _heir(draft, before, guid):
            found.setdefault(heir, []).extend(rests[guid])
    return found


def to_text(draft: Draft) -> str:
    """The draft as a form or a run carries it."""
    return encode(draft, Draft).decode()


def from_text(text: str) -> Draft:
    """The draft in a form or run. Raises BadInput if it is not one, or too large."""
    if len(text) > LARGEST:
        raise BadInput("this page is too large to be mended by hand")
    try:
        return decode(Draft, text.encode(), "the draft")
    except StoreError as error:
        raise BadInput("this page does not come from the desk: open it again") from error


def preview(
    publication: Publication, page: Page, cut: Cut, rests: Mapping[str, Sequence[Rest]] | None = None
) -> Article | None:
    """What the lines of an article say, without section and topics; None while it has no headline or text."""
    style = style_of(publication)
    drafts = given_drafts(mending.as_given((cut,), page, rests or {}), style).get(page.number, [])
    articles = finish(drafts)
    return articles[0] if len(articles) == 1 and articles[0].headline and articles[0].body else None


def with_changes_kept(publication: Publication, start: Opened, guid: str, mended: Article) -> Article:
    """A mended article with earlier corrections that the mending does not affect.

    A new article is returned as it is.
    """
    item = next((i for i in start.items if i.guid == guid), None)
    cut = next((c for c in start.draft.cuts if c.guid == guid), None)
    opened = preview(publication, start.page, cut, start.rests) if guid and cut else None
    return mending.with_changes_kept(mended, opened, item.article) if opened and item else mended


def mend_page(installation: Installation, issue: IssueKey, number: int, draft: Draft, by: By) -> VersionKey:
    """Make the version that a mended page asks for, and keep the page for training.

    Raises BadInput if the draft does not belong to the page as it is stored, or if it changes nothing.
    """
    done = issues.find_change(installation.store, issue, by.run)
    if done:
        return revise(installation, issue, _of_run(installation, done))
    start = opened(installation, issue, number)
    before = start.draft
    different, gone = check(start, draft)
    rests = rests_after(draft, before, start.rests)
    made = tuple(_mended(installation, issue, start, cut, rests) for cut in different)
    change = Mending(number, made, tuple((guid, _heir(draft, before, guid)) for guid in gone))
    version = revise(installation, issue, Change(by.run, ChangeKind.MEND, "", by.actor, by.at, mending=change))
    kept = Mend(str(version), number, by.run, by.actor, by.at, start.page.text, before, draft)
    put_new(installation.store, json_file(keys.mend(version, number), kept, Mend))
    return version


def check(start: Opened, draft: Draft) -> tuple[tuple[Cut, ...], tuple[str, ...]]:
    """The articles that change and those that are gone. Raises BadInput if the draft cannot be saved."""
    different, gone = mending.changed(mending.checked(draft, start.page, start.draft), start.draft)
    if not different and not gone:
        issue = VersionKey.parse(start.version).issue
        raise BadInput(f"nothing on page {start.page.number} of {issue} is different")
    _check_embargoes(start.items, different, start.draft)
    return different, gone


def _of_run(installation: Installation, version: VersionKey) -> Change:
    claim = issues.claim_of(installation.store, version)
    if claim is None or claim.change is None:
        raise NotFound(f"{version} is not a change")
    return claim.change


def _mended(
    installation: Installation,
    issue: IssueKey,
    start: Opened,
    cut: Cut,
    rests: Mapping[str, Sequence[Rest]],
) -> Mended:
    from broadsheet.steps.reading import reading_of  # here, because the models load slowly

    publication = installation.publication(issue.publication)
    read = Issue(publication.id, issue.date, mending.as_given((cut,), start.page, rests))
    articles = reading_of(read, publication).articles
    if len(articles) != 1:
        first = start.page.text.splitlines()[0] if not articles else articles[-1].headline
        raise BadInput(f"one of the articles reads as {len(articles)}: look at “{first}”")
    article = with_changes_kept(publication, start, cut.guid, articles[0])
    return Mended(cut.guid, article, "" if cut.guid else _origin(cut, start.draft))


def _check_embargoes(items: Sequence[Item], cuts: Sequence[Cut], before: Draft) -> None:
    """Raises BadInput if a line of an embargoed article would go out with another one."""
    held = {i.guid: i.article.headline for i in items if i.embargoed}
    for cut in cuts:
        sources = {before.cuts[n].guid for p in cut.places if (n := before.cut_with(p.line)) >= 0}
        for guid in sources & held.keys():
            if guid != (cut.guid or _origin(cut, before)):
                raise BadInput(f"“{held[guid]}” is under embargo: its lines cannot go to another article")


def _origin(cut: Cut, before: Draft) -> str:
    return _most([before.cuts[n].guid for p in cut.places if (n := before.cut_with(p.line)) >= 0])


def _heir(draft: Draft, before: Draft, guid: str) -> str:
    lines = next(c.places for c in before.cuts if c.guid == guid)
    return _most([draft.cuts[n].guid for p in lines if (n := draft.cut_with(p.line)) >= 0])


def _most(guids: Sequence[str]) -> str:
    counted = Counter(g for g in guids if g)
    return min(counted, key=lambda g: (-counted[g], g), default="")
