"""What operators do to articles that are out: corrections, withdrawals with their proof, embargoes, rights that end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from broadsheet.installation import Installation
from broadsheet.steps.revision import find_issue, newest_items, revise
from delivery import issues
from delivery.codec import json_file
from delivery.keys import IssueKey, VersionKey
from delivery.ledger import LedgerPage, days_of, items_at, page_of, partners_with
from delivery.store import Store
from transforms.errors import BadInput, NotFound
from transforms.guid import safe_guid
from transforms.lifecycle.life import Change, Kind, find
from transforms.model import Article, Item, Paragraph, ParagraphKind, Partner, Section, Status

TELLING = 24  # characters of a paragraph's end that are looked for to see whether it is still there
SHORTEST = 10  # shorter paragraphs stand in other articles too


@dataclass(frozen=True, slots=True)
class By:
    """Who makes a change, in which run (the same run again makes the same change), when."""

    run: str
    actor: str
    at: datetime


def correct_article(
    installation: Installation, guid: str, fields: Mapping[str, str], reason: str, by: By
) -> VersionKey:
    """Give an article other words; empty fields stay as they are. ``fields``: headline, kicker, subhead, section, body.

    Raises BadInput where the article is not here, or where nothing would change.
    """
    issue = find_issue(installation, guid)
    if issues.find_change(installation.store, issue, by.run) is None:
        item = find(guid, newest_items(installation, issue))
        article = corrected(item.article, fields)
        if article == item.article:
            raise BadInput("the form changes nothing: fill in what is to be different")
        return revise(installation, issue, _change(by, Kind.CORRECT, guid, reason, article=article))
    return revise(installation, issue, _change(by, Kind.CORRECT, guid, reason))


def withdraw_article(installation: Installation, guid: str, reason: str, message: str, by: By) -> VersionKey:
    """Take an article back from everybody who has it. Raises BadInput where it is not here or no reason is given."""
    return revise(
        installation, find_issue(installation, guid), _change(by, Kind.WITHDRAW, guid, reason, message=message)
    )


def release_embargo(installation: Installation, guid: str, by: By) -> VersionKey:
    """Let an article out. Raises BadInput where it is not here."""
    return revise(installation, find_issue(installation, guid), _change(by, Kind.RELEASE, guid))


def _change(
    by: By, kind: Kind, guid: str, reason: str = "", message: str = "", article: Article | None = None
) -> Change:
    return Change(by.run, kind, guid, by.actor, by.at, reason.strip(), message.strip(), article)


def corrected(article: Article, fields: Mapping[str, str]) -> Article:
    """The article with the fields of a form. Raises BadInput for a section that there is none of."""
    said = {name: value.strip() for name, value in fields.items() if value and value.strip()}
    new = replace(
        article,
        headline=said.get("headline", article.headline),
        kicker=said.get("kicker", article.kicker),
        subhead=said.get("subhead", article.subhead),
    )
    if "section" in said:
        if said["section"] not in set(Section):
            raise BadInput(f"“{said['section']}” is no section; there are {', '.join(Section)}")
        new = replace(new, section=Section(said["section"]), section_confidence=1.0)
    if "body" in said:
        new = replace(new, body=_paragraphs(said["body"], article))
    return new


def _paragraphs(text: str, article: Article) -> tuple[Paragraph, ...]:
    """A paragraph a block of lines; those that stay keep what is known of them, ``## `` opens a crosshead."""
    known = {p.text: p for p in article.body}
    blocks = [" ".join(block.split("\n")).strip() for block in text.replace("\r", "").split("\n\n")]
    return tuple(known.get(b) or _paragraph(b) for b in blocks if b)


def _paragraph(block: str) -> Paragraph:
    if block.startswith("## "):
        return Paragraph(block[3:].strip(), kind=ParagraphKind.CROSSHEAD)
    return Paragraph(block)


def embargoes(installation: Installation, version: VersionKey) -> list[Item]:
    """The items of a stored version that wait for the end of their embargo."""
    if issues.manifest_of(installation.store, version) is None:
        return []
    return [i for i in issues.items_of(installation.store, version) if i.embargoed and i.status is Status.USABLE]


@dataclass(frozen=True, slots=True)
class Proof:
    """What reading back at one partner found: objects looked at, and what still tells of the article."""

    partner: str
    looked_at: int
    faults: tuple[str, ...] = ()
    delivered: bool = True

    @property
    def holds(self) -> bool:
        return self.delivered and not self.faults


def prove_withdrawal(installation: Installation, guid: str) -> list[Proof]:
    """Read back at every partner that ever had an article. Raises BadInput where it is not withdrawn."""
    issue = find_issue(installation, guid)
    item = find(guid, newest_items(installation, issue))
    if item.status is not Status.CANCELED:
        raise BadInput(f"{guid} is not withdrawn")
    pages = [p for p in partners_with(installation.store, issue, guid) if p.partner in installation.partners]
    return [_proof(installation, page, item) for page in pages]


def _proof(installation: Installation, page: LedgerPage, item: Item) -> Proof:
    partner, issue = installation.partner(page.partner), IssueKey.parse(page.issue)
    entry = next(e for e in page.entries if e.guid == item.guid)
    there = page.delivered and entry.status is Status.CANCELED
    shelf, root = installation.shelf_of(partner), installation.root(partner, issue.publication)
    keys = sorted(s.key for s in shelf.list(root) if _may_tell(s.key[len(root) :], item, issue))
    faults = _telling_keys(shelf, keys, _telling(item))
    if faults:  # what the paper has printed again under another name is no fault of this withdrawal
        faults = _telling_keys(shelf, faults, _own_words(installation, partner, issue.publication, item))
    return Proof(partner.id, len(keys), tuple(faults), there)


def _telling_keys(shelf: Store, keys: Sequence[str], words: Sequence[bytes]) -> list[str]:
    return [key for key in keys if any(word in shelf.get(key).content for word in words)]


def _own_words(installation: Installation, partner: Partner, publication: str, item: Item) -> list[bytes]:
    """The words that tell of an article and stand in no other that the partner has."""
    days = days_of(installation.store, partner.id, publication)
    pages = [page_of(installation.store, partner.id, IssueKey(publication, day)) for day in days]
    others = [
        o.article.text.encode() for p in pages if p for o in items_at(installation.store, p) if o.guid != item.guid
    ]
    return [word for word in _telling(item) if not any(word in text for text in others)]


def _may_tell(key: str, item: Item, issue: IssueKey) -> bool:
    """Whether an object below a partner's root could hold the article's text."""
    own = safe_guid(item.guid)
    day = issue.date.isoformat()
    return own in key or key.startswith(("feeds/", "index.html")) or (key.startswith("messages/") and day in key)


def _telling(item: Item) -> list[bytes]:
    """Words of the printed text, as they stand in files, none of which may be found any more."""
    printed = item.printed or item.article
    texts = [p.text[-TELLING:] for p in printed.body if len(p.text) >= SHORTEST]
    notice = item.article.text
    return [t.encode() for t in texts if t not in notice and not set(t) & set("&<>\"'")]


def resend(installation: Installation, partner_id: str, issue: IssueKey) -> VersionKey:
    """Have an issue rendered, checked and published for one partner again; what is there already is not rewritten.

    Raises BadInput where the partner or the issue is not here.
    """
    partner = installation.partner(partner_id)
    newest = issues.latest_stored(installation.store, issue)
    if newest is None:
        raise BadInput(f"nothing of {issue} is stored")
    page = page_of(installation.store, partner.id, issue)
    if page:
        installation.store.put(replace(page, delivered=False).file())
    installation.store.put(json_file(newest.pending, {"version": str(newest)}, dict[str, str]))
    return newest


def telling_of(proofs: Sequence[Proof]) -> Iterator[str]:
    """Each proof in words."""
    for proof in proofs:
        state = "nothing tells of it any more" if proof.holds else "not withdrawn here yet"
        still = f": {', '.join(proof.faults)}" if proof.faults else ""
        yield f"{proof.partner}: {proof.looked_at} objects read back, {state}{still}"


def item_of(installation: Installation, guid: str) -> Item:
    """An article as it stands. Raises BadInput where it is not here."""
    try:
        return find(guid, newest_items(installation, find_issue(installation, guid)))
    except NotFound as error:
        raise BadInput(str(error)) from error
