"""Superdesk takes everything that we render, alone and in a message, before and after a withdrawal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.importers.superdesk import parse
from tests.render.sample import BASE, PARTNER, guid, invented
from transforms.model import Item, Status
from transforms.render import render_items

NOTE = "本稿撤回，请勿使用。"


def imported(items: tuple[Item, ...], *, nitf: bool = True) -> dict[str, list[dict]]:
    """What it makes of each file of an issue, by key."""
    partner = PARTNER if nitf else replace(PARTNER, formats=tuple(f for f in PARTNER.formats if f != "nitf"))
    files = render_items(replace(invented(), items=items), partner, BASE)
    return {f.key: parse(f.content) for f in files if f.key.endswith(".xml")}


@pytest.mark.parametrize("nitf", [True, False])
def test_each_story_arrives_whole_under_its_main_headline(nitf: bool) -> None:
    edition = invented()
    found = {i["uri"]: i for items in imported(edition.items, nitf=nitf).values() for i in items}
    for item in edition.items:
        taken = found[item.guid]
        assert taken["headline"] == item.article.headline
        assert [p.text for p in item.article.body if p.text not in taken["body_html"]] == []
        assert taken["authors"] == [c.name for c in item.article.byline]


def test_a_package_names_every_story_with_its_version() -> None:
    edition = invented()
    package = next(items[0] for key, items in imported(edition.items).items() if key.startswith("packages/"))
    refs = [r["residRef"] for g in package["groups"] for r in g["refs"] if r.get("itemClass") == "ninat:text"]
    assert sorted(refs) == sorted(f"{i.guid}:{i.version}" for i in edition.items)


def test_a_withdrawn_story_stops_no_message_and_its_text_is_replaced_by_the_notice() -> None:
    items = tuple(
        replace(i, status=Status.CANCELED, ed_note=NOTE) if i.guid == guid("a1") else i for i in invented().items
    )
    message = next(found for key, found in imported(items).items() if key.startswith("messages/"))
    assert [i["type"] for i in message] == [*["text"] * len(items), "picture", "composite"]
    gone = next(i for i in message if i["uri"] == guid("a1"))
    assert (gone["pubstatus"], gone["body_html"]) == ("canceled", f"<p>{NOTE}</p>")


def test_no_two_stories_share_a_slugline() -> None:
    names = [i["slugline"] for items in imported(invented().items).values() for i in items if i["type"] == "text"]
    assert len(set(names)) == len(invented().items)
