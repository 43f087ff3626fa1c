"""What operators and editors do to published articles: corrections, withdrawals, embargoes, resends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from broadsheet.installation import Installation
from broadsheet.steps.revision import find_issue, find_issues, newest_items, revise
from delivery import issues
from delivery.codec import json_file
from delivery.issues import Pending, is_quiet
from delivery.keys import IssueKey, VersionKey
from delivery.ledger import page_of
from transforms.errors import BadInput, NotFound
from transforms.lifecycle import embargo
from transforms.lifecycle.change import Change, ChangeKind, find
from transforms.model import Article, Credit, Item, Media, Paragraph, ParagraphKind, Section, Status

PICTURE_LINE = re.compile(r"(\d{1,3})\s{0,5}[:：](.*)")


@dataclass(frozen=True, slots=True)
class By:
    """Who makes a change, when, and in which run. The same run again makes the same change."""

    run: str
    actor: str
    at: datetime


def correct_article(
    installation: Installation, guid: str, fields: Mapping[str, str], reason: str, by: By, note: str = ""
) -> VersionKey:
    """Correct an article. Empty fields stay as they are.

    ``fields``: headline, kicker, subhead, byline (one person per line, role first), section, body; ``clear``: which
    of kicker, subhead and byline to empty, separated by commas; ``captions``: one picture per line, ``1: caption |
    credit``; ``drop_pictures``: ``1,3`` or ``all``. ``reason``: for the record. ``note``: added to the note to
    partners, after what changed.

    Raises BadInput if the article does not exist, or if nothing would change.
    """
    issue = find_issue(installation, guid)
    if issues.find_change(installation.store, issue, by.run) is None:
        item = find(guid, newest_items(installation, issue))
        article = corrected(item.article, fields)
        if article == item.article:
            raise BadInput("the form changes nothing: fill in what is to be different")
        return revise(installation, issue, _change(by, ChangeKind.CORRECT, guid, reason, note, article))
    return revise(installation, issue, _change(by, ChangeKind.CORRECT, guid, reason, note))


def withdraw_article(installation: Installation, guid: str, reason: str, message: str, by: By) -> VersionKey:
    """Withdraw an article from everybody who has it. Raises BadInput if it does not exist or no reason is given."""
    change = _change(by, ChangeKind.WITHDRAW, guid, reason, message=message)
    # Names were not always unique: two newspapers of one provider may have printed the same text under one.
    versions = [revise(installation, issue, change) for issue in find_issues(installation, guid)]
    return versions[0]


def release_embargo(installation: Installation, guid: str, by: By) -> VersionKey:
    """Release an article now. Raises BadInput if it does not exist."""
    return revise(installation, find_issue(installation, guid), _change(by, ChangeKind.RELEASE, guid))


def end_embargo(installation: Installation, guid: str, due: datetime, by: By) -> VersionKey | None:
    """Release an article whose embargo was to end at ``due``.

    None if there is nothing to do: it was released, or its embargo was moved to a later time. Raises BadInput if it
    does not exist.
    """
    issue = find_issue(installation, guid)
    if issues.find_change(installation.store, issue, by.run) is None:
        item = find(guid, newest_items(installation, issue))
        if item.embargoed is None or item.embargoed > due:
            return None
    return revise(installation, issue, replace(_change(by, ChangeKind.RELEASE, guid), until=due))


def move_embargo(installation: Installation, guid: str, until: datetime, by: By) -> VersionKey:
    """Change the time at which an article's embargo ends.

    Raises BadInput if it is not under embargo or the time is past.
    """
    issue = find_issue(installation, guid)
    return revise(installation, issue, replace(_change(by, ChangeKind.EMBARGO, guid), until=until))


def check_embargo(installation: Installation, guid: str, until: datetime, now: datetime) -> None:
    """Raise BadInput if an article's embargo cannot end at ``until``."""
    embargo.move_embargo(newest_items(installation, find_issue(installation, guid)), guid, until, now)


def moment_of(installation: Installation, guid: str, text: str) -> datetime:
    """A time as a person writes it, ``2026-01-15 18:00``: in the newspaper's time zone, unless it has an offset.

    Raises BadInput if it is not a time, or the article does not exist.
    """
    zone = ZoneInfo(installation.publication(find_issue(installation, guid).publication).timezone)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadInput(f"“{text}” is not a time: write 2026-01-15 18:00, in the newspaper's time") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    # As an offset, which is how a moment is kept and how the run that waits for it is named.
    return datetime.fromisoformat(moment.isoformat())


def _change(
    by: By, kind: ChangeKind, guid: str, reason: str = "", message: str = "", article: Article | None = None
) -> Change:
    return Change(by.run, kind, guid, by.actor, by.at, reason.strip(), message.strip(), article)


def corrected(article: Article, fields: Mapping[str, str]) -> Article:
    """The article with the fields of a form. Raises BadInput for an unknown section or picture."""
    said = {name: value.strip() for name, value in fields.items() if value and value.strip()}
    cleared = {name.strip() for name in said.get("clear", "").split(",")}
    new = replace(
        article,
        headline=said.get("headline", article.headline),
        kicker="" if "kicker" in cleared else said.get("kicker", article.kicker),
        subhead="" if "subhead" in cleared else said.get("subhead", article.subhead),
        byline=() if "byline" in cleared else _byline(said["byline"]) if "byline" in said else article.byline,
    )
    if "section" in said:
        if said["section"] not in set(Section):
            raise BadInput(f"“{said['section']}” is not a section; there are {', '.join(Section)}")
        new = replace(new, section=Section(said["section"]), section_confidence=1.0)
    if "captions" in said:
        new = replace(new, media=_captioned(article.media, said["captions"]))
    if "drop_pictures" in said:
        new = replace(new, media=_without(new.media, said["drop_pictures"]))
    if "body" in said:
        new = replace(new, body=_paragraphs(said["body"], article))
    return new


def _captioned(media: tuple[Media, ...], lines: str) -> tuple[Media, ...]:
    """The pictures with other captions and credits; without a bar the credit stays. Raises BadInput for a bad line."""
    new = list(media)
    for line in filter(str.strip, lines.splitlines()):
        found = PICTURE_LINE.fullmatch(line.strip())
        number = int(found[1]) if found else 0
        if not found or not 1 <= number <= len(media):
            raise BadInput(
                f"“{line.strip()}” does not begin with the number of one of the article's {len(media)} pictures:"
                " write 1: caption | credit"
            )
        caption, bar, credit = found[2].rpartition("|")
        caption, credit = (caption, credit) if bar else (found[2], new[number - 1].credit)
        new[number - 1] = replace(new[number - 1], caption=caption.strip(), credit=credit.strip())
    return tuple(new)


def _without(media: tuple[Media, ...], numbers: str) -> tuple[Media, ...]:
    """The pictures without those that are named by their place, from 1. Raises BadInput if there is no such picture."""
    if numbers.lower() == "all":
        return ()
    gone = {part.strip() for part in numbers.replace("，", ",").split(",")}
    unknown = sorted(gone - {str(n) for n in range(1, len(media) + 1)})
    if unknown:
        raise BadInput(f"“{unknown[0]}” is not one of the article's {len(media)} pictures: write 1,3 or all")
    return tuple(m for n, m in enumerate(media, 1) if str(n) not in gone)


def _byline(text: str) -> tuple[Credit, ...]:
    """A person a line: ``记者 张三``, or the name alone."""
    people = [line.split() for line in text.splitlines() if line.strip()]
    return tuple(Credit(" ".join(p[1:]), p[0]) if len(p) > 1 else Credit(p[0]) for p in people)


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
    """The items of a stored version that are under embargo."""
    if issues.manifest_of(installation.store, version) is None:
        return []
    return [i for i in issues.items_of(installation.store, version) if i.embargoed and i.status is Status.USABLE]


def send_issue_again(installation: Installation, partner_id: str, issue: IssueKey) -> VersionKey:
    """Render, check and publish an issue for one partner again. Files that are intact are not rewritten.

    Raises BadInput if the partner or the issue does not exist.
    """
    partner = installation.partner(partner_id)
    newest = issues.latest_stored(installation.store, issue)
    if newest is None:
        raise BadInput(f"nothing of {issue} is stored")
    page = page_of(installation.store, partner.id, issue)
    if page:
        installation.store.put(replace(page, delivered=False).file())
    mark_pending(installation, newest)
    return newest


def mark_pending(installation: Installation, version: VersionKey) -> None:
    """Mark a stored version as pending, so that syndicate_issue serves all partners that lack something of it."""
    quiet = is_quiet(installation.store, version)
    installation.store.put(json_file(version.pending, Pending(str(version), quiet), Pending))


def item_of(installation: Installation, guid: str) -> Item:
    """The newest state of an article. Raises BadInput if it does not exist."""
    try:
        return find(guid, newest_items(installation, find_issue(installation, guid)))
    except NotFound as error:
        raise BadInput(str(error)) from error
