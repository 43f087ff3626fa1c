"""A sandbox at a partner's own place: an invented newspaper to test an importer with, one event after another.

It is rendered, masked and placed like real issues, in the partner's own formats. Nothing else knows about it:
neither the ledger nor audits nor real feeds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from broadsheet.installation import Installation
from delivery import keys
from delivery.codec import decode, json_file
from delivery.objects import put_changed
from transforms.audience.decide import audience
from transforms.days import today
from transforms.errors import BadInput, NotFound
from transforms.guid import compact
from transforms.model import (
    Action,
    Article,
    Edition,
    File,
    Item,
    Paragraph,
    Partner,
    Publication,
    Section,
    Span,
    Status,
)
from transforms.render import render_feeds, render_items
from transforms.render.keys import is_item, latest_key

NAME = "sandbox"
PAPER = Publication(
    NAME, "沙盒日报", "sandbox.example", copyright_notice="© 沙盒日报", usage_terms="仅供测试，不得刊用。"
)
STEPS = (
    "new: four articles, one of them doubtful and unreviewed; a fifth is under embargo and does not appear",
    "corrected and released: one article has a second version, and the embargoed one has been published",
    "withdrawn: one article was withdrawn, in every version and every feed",
)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """When each step of a partner's sandbox was made."""

    times: tuple[datetime, ...] = ()


def advance(installation: Installation, partner_id: str, now: datetime) -> str:
    """Make the next event happen; returns what it is. Raises BadInput after the last one."""
    if NAME in installation.publications:
        raise BadInput(f"a newspaper here has the id {NAME}, which the sandbox needs")
    partner = installation.partner(partner_id)
    times = (*_state(installation, partner.id).times, now.replace(microsecond=0))
    if len(times) > len(STEPS):
        raise BadInput("this was the last event: clear the sandbox to start again")
    root, shelf = installation.root(partner, NAME), installation.shelf_of(partner)
    items, pointers = files_of(partner, times, installation.base_url(partner, NAME))
    for file in (*items, *pointers):  # feeds last, so that they name nothing that is not there
        put_changed(shelf, replace(file, key=root + file.key))
    there = {root + f.key for f in (*items, *pointers)}
    shelf.delete([s.key for s in shelf.list(root) if s.key not in there])
    installation.store.put(json_file(keys.sandbox(partner.id), Sandbox(times), Sandbox))
    installation.open_public()
    return STEPS[len(times) - 1]


def clear(installation: Installation, partner_id: str) -> int:
    """Delete the sandbox; returns the number of objects deleted."""
    partner = installation.partner(partner_id)
    shelf = installation.shelf_of(partner)
    found = [s.key for s in shelf.list(installation.root(partner, NAME))]
    shelf.delete(found)
    installation.store.delete([keys.sandbox(partner.id)])
    return len(found)


def files_of(partner: Partner, times: tuple[datetime, ...], base_url: str) -> tuple[tuple[File, ...], tuple[File, ...]]:
    """All files of the sandbox after steps at ``times``: items in every version, and pointers."""
    reader = replace(partner, publications=(), languages=(), topics=(), sections=tuple(Section), embargo_minutes=0)
    newest = _items(times)
    gone = {i.guid: i for i in newest if i.status is Status.CANCELED}
    day = today(times[0], PAPER.timezone)
    known: dict[str, Item] = {}
    files: dict[str, File] = {}
    for number, at in enumerate(times, start=1):
        share = audience(_items(times[:number]), reader, PAPER, at, known)
        known = {i.guid: i for i in share.items}
        # What is withdrawn is withdrawn in each older version too, as in real issues.
        shown = tuple(replace(gone[i.guid], version=i.version) if i.guid in gone else i for i in share.shown)
        made = render_items(Edition(PAPER, day, number, at, shown), reader, base_url)
        files |= {f.key: f for f in made}
        files |= {latest_key(f.key): replace(f, key=latest_key(f.key)) for f in made if is_item(f.key)}
    return tuple(files.values()), render_feeds(PAPER, reader, share.shown, base_url)


def _items(times: tuple[datetime, ...]) -> tuple[Item, ...]:
    """The articles as they stand after so many steps."""
    return tuple(_at(times, number, item) for number, item in enumerate(_printed(times[0])))


def _at(times: tuple[datetime, ...], number: int, item: Item) -> Item:
    second, third = (times[n] if len(times) > n else None for n in (1, 2))
    if number == 1 and second:
        body = (Paragraph("更正后的正文：活动改在周日举行。"),)
        note = "更正：活动日期由周六改为周日。"
        corrected = replace(item.article, body=body)
        return replace(
            item, version=2, article=corrected, version_created=second, ed_note=note, signal="sig:correction"
        )
    if number == 2 and third:
        note = "本稿撤回，请勿使用。"
        return replace(item, version=2, version_created=third, status=Status.CANCELED, ed_note=note)
    if number == 4 and second:
        return replace(item, embargoed=None, released=second, version_created=second)
    return item


def _printed(opened: datetime) -> Iterator[Item]:
    """What the first step brings."""
    stories = (
        ("stays", "一篇不会变的稿件", "这篇稿件从头到尾都是这样，用来确认导入成功。"),
        ("corrected", "一篇将被更正的稿件", "更正前的正文：活动在周六举行。"),
        ("withdrawn", "一篇将被撤回的稿件", "这段文字会在第三步之后从所有地方消失。"),
        ("doubtful", "一篇未经复核的稿件", "机器对这篇稿件没有把握，编辑也没有看过，说明里会写明。"),
        ("embargoed", "一篇受限发布的稿件", "第二步之前，哪里都不会出现这篇稿件。"),
    )
    day = compact(today(opened, PAPER.timezone))
    for number, (name, headline, text) in enumerate(stories):
        article = Article(
            headline, (Paragraph(text),), section=Section.BRIEF, spans=(Span(1, 100 * number, 100 * number + 50),)
        )
        item = Item(f"urn:newsml:{PAPER.provider}:{day}:{name}", 1, article, opened, opened)
        if name == "doubtful":
            item = replace(item, history=(Action("broadsheet", "lapsed", opened),))
        if name == "embargoed":
            item = replace(item, embargoed=opened + timedelta(days=365))
        yield item


def _state(installation: Installation, partner: str) -> Sandbox:
    key = keys.sandbox(partner)
    try:
        return decode(Sandbox, installation.store.get(key).content, key)
    except NotFound:
        return Sandbox()
