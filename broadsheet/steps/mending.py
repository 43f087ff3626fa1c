"""A page mended by hand: opened as it was read, previewed as it will go out, saved as a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from broadsheet.installation import Installation
from broadsheet.steps.changes import By
from broadsheet.steps.review import pages_of
from broadsheet.steps.revision import newest_items, revise
from delivery import issues, keys
from delivery.codec import decode, encode, json_file
from delivery.keys import IssueKey, VersionKey
from delivery.publish import put_new
from transforms import mending
from transforms.errors import BadInput, NotFound, StoreError
from transforms.lifecycle.life import Change, Kind
from transforms.lifecycle.mend import Mended, Mending
from transforms.mending import Cut, Draft
from transforms.model import Article, Issue, Item, Page, Publication
from transforms.segment.articles import finish
from transforms.segment.given import given_drafts
from transforms.segment.style import style_of

LARGEST = 400_000  # characters of a draft as text


@dataclass(frozen=True, slots=True)
class Mend:
    """A mended page as it is kept for good: what ``training/`` learns from. Lines are counted from 0 without blanks."""

    version: str
    page: int
    run: str
    actor: str
    at: datetime
    text: str
    before: Draft
    after: Draft


def opened(installation: Installation, issue: IssueKey, number: int) -> tuple[Page, Draft]:
    """A page and what was made of it. Raises NotFound if the issue has no such page."""
    page = next((p for p in pages_of(installation, issue) if p.number == number), None)
    if page is None:
        raise NotFound(f"{issue} has no page {number} that was read")
    return page, mending.draft_of(page, newest_items(installation, issue))


def to_text(draft: Draft) -> str:
    """The draft as a form or a run carries it."""
    return encode(draft, Draft).decode()


def from_text(text: str) -> Draft:
    """Raises BadInput for what is no draft."""
    if len(text) > LARGEST:
        raise BadInput("this page is too large to be mended by hand")
    try:
        return decode(Draft, text.encode(), "the draft")
    except StoreError as error:
        raise BadInput("this is no page as the desk sends it: open the page again") from error


def preview(publication: Publication, page: Page, cut: Cut) -> Article | None:
    """The article as it will go out, without section and topics; None while it has no headline or text."""
    style = style_of(publication)
    drafts = given_drafts([mending.as_given((cut,), page)], style).get(page.number, [])
    articles = finish(drafts)
    return articles[0] if len(articles) == 1 and articles[0].headline and articles[0].body else None


def mend_page(installation: Installation, issue: IssueKey, number: int, draft: Draft, by: By) -> VersionKey:
    """Make the version that a mended page asks for, and keep the page for training.

    Raises BadInput if the draft is not of the page as it is stored, or if nothing in it is different.
    """
    done = issues.find_change(installation.store, issue, by.run)
    if done:
        return revise(installation, issue, _of_run(installation, done))
    page, before = opened(installation, issue, number)
    different, gone = mending.changed(mending.checked(draft, page), before)
    if not different and not gone:
        raise BadInput(f"nothing on page {number} of {issue} is different")
    _check_embargoes(newest_items(installation, issue), different, before)
    made = tuple(_mended(installation, issue, page, cut, before) for cut in different)
    change = Mending(number, made, tuple((guid, _heir(draft, before, guid)) for guid in gone))
    version = revise(installation, issue, Change(by.run, Kind.MEND, "", by.actor, by.at, mending=change))
    kept = Mend(str(version), number, by.run, by.actor, by.at, page.text, before, draft)
    put_new(installation.store, json_file(keys.mend(version, number), kept, Mend))
    return version


def _of_run(installation: Installation, version: VersionKey) -> Change:
    claim = issues.claim_of(installation.store, version)
    if claim is None or claim.change is None:
        raise NotFound(f"{version} is no change")
    return claim.change


def _mended(installation: Installation, issue: IssueKey, page: Page, cut: Cut, before: Draft) -> Mended:
    from broadsheet.steps.reading import reading_of  # here, because the models load slowly

    publication = installation.publication(issue.publication)
    read = Issue(publication.id, issue.date, (mending.as_given((cut,), page),))
    articles = reading_of(read, publication).articles
    if len(articles) != 1:
        first = page.text.splitlines()[0] if not articles else articles[-1].headline
        raise BadInput(f"one of the articles reads as {len(articles)}: look at “{first}”")
    return Mended(cut.guid, articles[0], "" if cut.guid else _origin(cut, before))


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
