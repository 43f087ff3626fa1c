"""What an operator does to an article that is out, as the DAGs' forms and the command line ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from broadsheet.desk import Desk
from broadsheet.life_notices import objects_of, pointers_of
from broadsheet.revision import find_issue, newest_items, revise
from delivery import issues
from delivery.codec import json_file
from delivery.keys import IssueKey, VersionKey, parse_date
from delivery.ledger import LedgerPage, days_of, page_of
from transforms.errors import BadInput, InvalidOutput, NotFound
from transforms.life import Change, Kind, find
from transforms.model import Article, Paragraph, ParagraphKind, Section
from transforms.render.keys import article_page_key


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for a change, in which run, and when: a run that is tried again asks for the same change."""

    run: str
    actor: str
    at: datetime


def correct(desk: Desk, form: Mapping[str, Any], asked: Asked) -> VersionKey:
    """Make a correction. Empty fields leave what is there. Raises BadInput, in words, where it cannot be made."""
    guid, issue = _article(desk, form)
    known = issues.find_change(desk.store, issue, asked.run)
    if known:
        claim = issues.claim_of(desk.store, known)
        if claim and claim.change:
            return revise(desk, issue, claim.change)
    item = find(guid, newest_items(desk, issue))
    article = corrected(item.article, form)
    if article == item.article:
        raise BadInput("every field is empty or as it was, so there is nothing to correct")
    reason = _text(form, "reason")
    return revise(desk, issue, Change(asked.run, Kind.CORRECT, guid, asked.actor, asked.at, reason, "", article))


def corrected(article: Article, form: Mapping[str, Any]) -> Article:
    """The article with the form's filled fields. Raises BadInput for a section that there is not."""
    found: dict[str, Any] = {n: _text(form, n) for n in ("headline", "kicker", "subhead") if _text(form, n)}
    section = _text(form, "section")
    if section:
        if section not in set(Section):
            raise BadInput(f"“{section}” is no section: {', '.join(Section)}")
        found["section"] = Section(section)
    body = _text(form, "body")
    if body:
        found["body"] = _body(article, body)
    return replace(article, **found)


def _body(article: Article, text: str) -> tuple[Paragraph, ...]:
    """Blank lines part paragraphs. A paragraph that was there keeps its place in the source; ``## `` is a crosshead."""
    known = {p.text: p for p in article.body}
    blocks = [" ".join(line.strip() for line in b.splitlines()).strip() for b in _blocks(text)]
    found = []
    for block in blocks:
        kind = ParagraphKind.CROSSHEAD if block.startswith("## ") else ParagraphKind.TEXT
        words = block.removeprefix("## ")
        found.append(known.get(words) or Paragraph(words, kind=kind))
    return tuple(found)


def _blocks(text: str) -> list[str]:
    lines = ["" if not line.strip() else line for line in text.replace("\r\n", "\n").split("\n")]
    return [b for b in "\n".join(lines).split("\n\n") if b.strip()]


def withdraw(desk: Desk, form: Mapping[str, Any], asked: Asked) -> VersionKey:
    """Withdraw an article from everybody that ever had it."""
    guid, issue = _article(desk, form)
    message, reason = _text(form, "message"), _text(form, "reason")
    return revise(desk, issue, Change(asked.run, Kind.WITHDRAW, guid, asked.actor, asked.at, reason, message))


def release(desk: Desk, form: Mapping[str, Any], asked: Asked) -> VersionKey:
    """End an article's embargo now."""
    guid, issue = _article(desk, form)
    return revise(desk, issue, Change(asked.run, Kind.RELEASE, guid, asked.actor, asked.at))


def resend(desk: Desk, form: Mapping[str, Any]) -> list[VersionKey]:
    """Have a partner's files of an article's issue, of a day, or of all that its feeds reach, looked after again."""
    partner = desk.partner(_text(form, "partner"))
    day = _text(form, "date")
    if _text(form, "guid"):
        wanted = [_article(desk, form)[1]]
    else:
        wanted = [
            IssueKey(p, d)
            for p in desk.publications
            for d in sorted(days_of(desk.store, partner.id, p))[-partner.feed_days :]
        ]
        if day:
            wanted = [IssueKey(p, parse_date(day)) for p in desk.publications]
    reopened = [v for issue in wanted if (v := reopen(desk, partner.id, issue))]
    if not reopened:
        raise BadInput(f"{partner.name} never had anything of that, so there is nothing to send again")
    return reopened


def reopen(desk: Desk, partner: str, issue: IssueKey) -> VersionKey | None:
    """Mark an issue as not yet with a partner; the next syndication completes it. None where it never had it."""
    page, newest = page_of(desk.store, partner, issue), issues.latest_stored(desk.store, issue)
    if page is None or newest is None:
        return None
    desk.store.put(replace(page, delivered=False).file())
    desk.store.put(json_file(newest.pending, {"version": str(newest)}, dict[str, str]))
    return newest


def _article(desk: Desk, form: Mapping[str, Any]) -> tuple[str, IssueKey]:
    guid = _text(form, "guid")
    if not guid:
        raise BadInput("say which article: its guid stands in every feed and in the ledger")
    try:
        return guid, find_issue(desk, guid)
    except InvalidOutput as error:
        raise BadInput(str(error)) from error


def _text(form: Mapping[str, Any], name: str) -> str:
    return str(form.get(name) or "").strip()


@dataclass(frozen=True, slots=True)
class Proof:
    """What was read back of a withdrawal: how many objects of which partners, and where the text still stands."""

    partners: tuple[str, ...]
    objects: int
    faults: tuple[str, ...]


def prove_withdrawal(desk: Desk, guid: str) -> Proof:
    """Read all that any partner has under or about an article and look for its text."""
    issue = find_issue(desk, guid)
    needles = _needles(desk, issue, guid)
    had, faults, count = [], [], 0
    for name in sorted(desk.store.folders("ledger/")):
        page = page_of(desk.store, name, issue)
        if page is None or guid not in page.guids:
            continue
        had.append(name)
        if name not in desk.partners:
            faults.append(f"{name}: it once had the article, but has no record any more; look after its bucket by hand")
            continue
        objects = _objects(desk, name, issue, guid)
        count += len(objects)
        faults += [
            f"{name}: {key} still holds the text" for key, content in objects.items() if _holds(content, needles)
        ]
        if not page.delivered:
            faults.append(f"{name}: not all of it is there yet")
    return Proof(tuple(had), count, tuple(faults))


def _needles(desk: Desk, issue: IssueKey, guid: str) -> frozenset[str]:
    """Every paragraph that the article ever had, but for what another article says too (a credit, a notice)."""
    ours: set[str] = set()
    others: set[str] = set()
    for number in issues.versions(desk.store, issue):
        version = VersionKey(issue, number)
        if not desk.store.stat(version.manifest):
            continue
        for item in issues.items_of(desk.store, version):
            texts = {p.text for p in item.article.body if len(p.text) > 8}
            if item.guid != guid:
                others |= texts
            elif item.status != "canceled":
                ours |= texts
    return frozenset(ours - others)


def _objects(desk: Desk, partner_id: str, issue: IssueKey, guid: str) -> dict[str, str]:
    partner = desk.partner(partner_id)
    root, shelf = desk.root(partner, issue.publication), desk.shelf_of(partner)
    keys = [root + k for k in objects_of(shelf, root, guid)]
    keys += pointers_of(shelf, root, issue.date.isoformat())
    keys += [s.key for part in ("packages", "messages") for s in shelf.list(f"{root}{part}/{issue.date}/")]
    keys += [root + k for k in (article_page_key(guid), "index.html", "sitemap.xml")]
    found = {}
    for key in keys:
        try:
            found[key] = shelf.get(key).content.decode("utf-8", "replace")
        except NotFound:
            continue
    return found


def _holds(content: str, needles: frozenset[str]) -> bool:
    plain = _unmarked(content)
    return any(_unmarked(n) in plain for n in needles)


def _unmarked(text: str) -> str:
    """Text without what formats do to it: entities, JSON's escapes, spaces."""
    from html import unescape

    return "".join(unescape(unescape(text)).replace("\\n", "").replace('\\"', '"').split())


def is_with_all(desk: Desk, version: VersionKey) -> bool:
    """Whether every partner has a version or a newer one of its issue."""
    newest = issues.latest_stored(desk.store, version.issue)
    later = range(version.number, newest.number + 1) if newest else ()
    return any(desk.store.stat(VersionKey(version.issue, n).published) for n in later)


def pages_of(desk: Desk, partner: str) -> list[LedgerPage]:
    """All that the ledger holds of a partner."""
    keys = [IssueKey(p, d) for p in desk.publications for d in days_of(desk.store, partner, p)]
    return [page for key in keys if (page := page_of(desk.store, partner, key))]
