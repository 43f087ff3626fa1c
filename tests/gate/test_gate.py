"""The gate refuses what a reader would, and says why."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from tests.render.sample import BASE, PARTNER, PUBLICATION, invented
from transforms.gate import Schemas, Severity, check_files, load_schemas
from transforms.model import File
from transforms.render import render_feeds, render_items
from transforms.render.profiles import FOLDER


def _item() -> File:
    return render_items(invented(), PARTNER, BASE)[0]


def _broken(old: bytes, new: bytes) -> list[str]:
    file = _item()
    assert old in file.content
    return [f.reason for f in check_files([replace(file, content=file.content.replace(old, new))], Schemas())]


def test_an_alias_that_no_catalog_declares_is_found() -> None:
    assert any("declares “nosuch”" in r for r in _broken(b"stat:usable", b"nosuch:usable"))


def test_without_the_catalog_reference_iptc_codes_do_not_resolve() -> None:
    assert any("ninat:text" in r for r in _broken(b"IPTC-G2-Standards_41", b"nowhere"))


def test_what_is_not_well_formed_is_found() -> None:
    assert any("not well-formed" in r for r in _broken(b"</newsItem>", b""))


def test_dates_out_of_order_are_found() -> None:
    assert any("is later than" in r for r in _broken(b"<firstCreated>2025", b"<firstCreated>2026"))


def test_a_finding_names_the_file_and_the_article() -> None:
    file = _item()
    found = check_files([replace(file, content=b"<newsItem")], Schemas())[0]
    assert (found.key, found.guid, found.severity) == (file.key, file.metadata["guid"], Severity.ERROR)


def test_a_missing_iptc_schema_is_said() -> None:
    found = check_files([_item()], load_schemas(None))
    assert [(f.severity, f.key) for f in found] == [(Severity.WARNING, "")]
    assert "not on this machine" in found[0].reason


def test_dead_links_and_double_guids_are_found() -> None:
    feeds = render_feeds(PUBLICATION, PARTNER, invented().items, BASE)
    feed = next(f for f in feeds if f.key == "feeds/all.rss")
    assert any("is a broken link" in f.reason for f in check_files([feed], Schemas()))
    doubled = replace(feed, content=feed.content.replace(b":a2<", b":a1<"))
    assert any("two items share" in f.reason for f in check_files([doubled], Schemas()))


@pytest.mark.parametrize(
    "date", ["soon", f"Wed, 01 Jan {'9' * 30} 22:00:00 GMT", "Wed, 01 Jan 2025 22:00:00 +" + "9" * 30]
)
def test_a_date_that_is_none_is_found_however_many_digits_it_has(date: str) -> None:
    feed = next(f for f in render_feeds(PUBLICATION, PARTNER, invented().items, BASE) if f.key == "feeds/all.rss")
    start, _, rest = feed.content.partition(b"<pubDate>")
    content = start + b"<pubDate>" + date.encode() + rest[rest.index(b"<") :]
    assert any(
        "is not a date that RSS knows" in f.reason for f in check_files([replace(feed, content=content)], Schemas())
    )


def test_a_document_type_declaration_is_refused() -> None:
    file = replace(_item(), content=b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>')
    assert any("document type declaration" in f.reason for f in check_files([file], Schemas()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<urgency>4</urgency>", b"<urgency>11</urgency>"),
        (b"<urgency>", b"<urgency/><urgency>"),
        (b'<itemClass qcode="ninat:text"/>', b""),
        (b"<firstCreated>2025", b"<firstCreated>the year 2025"),
        (b'conformance="power"', b'conformance="core"'),
        (b"<creditline>", b"<creditline/><creditline>"),
        (b'guid="urn:newsml:', b'guid="urn:other:'),
    ],
)
def test_the_grammar_of_our_profile_refuses_what_we_do_not_promise(old: bytes, new: bytes) -> None:
    file = _item()
    assert old in file.content, "the sample has no such thing"
    broken = etree.fromstring(file.content.replace(old, new, 1))
    grammar = etree.RelaxNG(etree.parse(FOLDER / "newsml-profile.rng"))
    assert grammar.validate(etree.fromstring(file.content)), grammar.error_log
    assert not grammar.validate(broken)
    assert check_files([replace(file, content=file.content.replace(old, new, 1))], Schemas())
