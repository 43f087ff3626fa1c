"""Items and feeds as their readers take them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import fastfeedparser
import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.sample import BASE, PARTNER, PUBLICATION, SHARED, article, gold_edition, invented, item, texts_of
from transforms.errors import InvalidOutput
from transforms.gate import Schemas, Severity, check_files, load_schemas
from transforms.model import Section, Span, Status
from transforms.render import guid_of_key, item_key, picture_files, render_feeds, render_items
from transforms.render.common import wanted
from transforms.render.formats.newsml import place
from transforms.render.text import clean, clean_article, word_count
from transforms.render.xml import G2, XHTML, parse

XSD = SHARED / "iptc" / "NewsML-G2_2.35-spec-All-Power.xsd"
GOLD = [SHARED / "gold" / "seed" / "gold.json", *sorted((SHARED / "bench" / "dev").glob("*/gold.json"))]
ns = {"g": G2, "h": XHTML}


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    if not XSD.exists():
        pytest.skip("the IPTC schema is not on this machine")
    return load_schemas(XSD)


def test_the_invented_issue_passes_the_gate_whole(schemas: Schemas) -> None:
    edition = invented()
    files = (*render_items(edition, PARTNER, BASE), *render_feeds(PUBLICATION, PARTNER, edition.items, BASE))
    assert check_files(files, schemas, {f.key for f in picture_files(edition.items)}) == ()


@pytest.mark.slow
@pytest.mark.skipif(not GOLD[0].exists(), reason="the gold articles are not on this machine")
def test_every_gold_item_passes_the_gate(schemas: Schemas) -> None:
    for path in GOLD:
        edition = gold_edition(path)
        files = (*render_items(edition, PARTNER, BASE), *render_feeds(PUBLICATION, PARTNER, edition.items, BASE))
        found = check_files(files, schemas)
        # The real page ends one story on a comma: true to print, and said so.
        assert [f for f in found if "the story breaks off" not in f.reason] == [], path
        assert all(f.severity is Severity.WARNING for f in found)
    assert len(GOLD) == 61


def test_an_item_reads_back_as_its_article() -> None:
    source = invented().items[0]
    root = parse(render_items(invented(), PARTNER, BASE)[0].content)
    body = root.find(".//h:body", ns)
    assert [(p.text, p.kind) for p in texts_of(list(body))] == [(p.text, p.kind) for p in source.article.body]
    assert root.find(".//h:ul", ns) is None  # importers drop what is nested
    assert root.get("guid") == source.guid


def test_the_package_has_a_group_for_each_page_in_page_order() -> None:
    package = next(f for f in render_items(invented(), PARTNER, BASE) if f.key.startswith("packages/"))
    root = parse(package.content)
    assert [r.get("idref") for r in root.iterfind(".//g:groupRef", ns)] == ["page-1", "page-2"]
    classes = [r.find("g:itemClass", ns).get("qcode") for r in root.iterfind(".//g:itemRef", ns)]
    assert classes == ["ninat:text", "ninat:picture", *["ninat:text"] * 3]


@pytest.mark.parametrize(
    ("line", "expected"), [("本报讯", ""), ("新华社北京11月3日电", "北京"), ("本报临河讯", "临河"), ("", "")]
)
def test_a_dateline_names_its_place(line: str, expected: str) -> None:
    assert place(line) == expected


@given(st.text(st.characters(), min_size=1))
def test_any_text_renders_and_reads_back(text: str) -> None:
    story = article(f"题{text}", f"文{text}", section=Section.BRIEF)
    edition = replace(invented(), items=(item("t", story),))
    first = render_items(edition, PARTNER, BASE)[0]
    body = parse(first.content).find(".//h:body", ns)
    assert [p.text for p in texts_of(list(body))] == [p.text for p in clean_article(story).body]
    assert clean(clean(text)) == clean(text)
    rss = next(f for f in render_feeds(PUBLICATION, PARTNER, edition.items, BASE) if f.key == "feeds/all.rss")
    assert len(parse(rss.content).findall(".//item")) == 1


def test_ten_megabytes_are_refused_in_words(schemas: Schemas) -> None:
    edition = replace(invented(), items=(item("t", article("长", "长" * 3_500_000)),))
    reasons = [f.reason for f in check_files(render_items(edition, PARTNER, BASE)[:1], schemas)]
    assert len(reasons) == 1
    assert "more than the 10,000,000 that readers take" in reasons[0]


def test_two_readers_agree_on_the_feed() -> None:
    edition = invented()
    files = {f.key: f.content for f in render_feeds(PUBLICATION, PARTNER, edition.items, BASE)}
    one, two = feedparser.parse(files["feeds/all.rss"]), fastfeedparser.parse(files["feeds/all.rss"])
    assert not one.bozo
    assert [e.title for e in one.entries] == [i.article.headline for i in edition.items]
    assert [e.id for e in one.entries] == [e.id for e in two.entries] == [i.guid for i in edition.items]
    assert {(x.rel, x.href) for x in one.feed.links if x.rel in {"self", "hub", "prev-archive"}} == {
        ("self", f"{BASE}/feeds/all.rss"),
        ("hub", "https://hub.example/"),
        ("prev-archive", f"{BASE}/feeds/archive/2025-03-04.rss"),
    }
    assert one.feed.link == "https://linhe.example/"
    assert one.entries[0].authors[0].name == "周一鸣"
    assert "修渠先修心" in one.entries[0].content[0].value


def test_feed_dates_come_from_content() -> None:
    rss = {f.key: f.content for f in render_feeds(PUBLICATION, PARTNER, invented().items, BASE)}["feeds/all.rss"]
    channel = parse(rss).find("channel")
    assert channel.findtext("pubDate") == "Mon, 03 Mar 2025 22:00:00 GMT"
    assert channel.findtext("lastBuildDate") == "Mon, 03 Mar 2025 23:00:00 GMT"


def test_a_withdrawn_article_is_cancelled_and_leaves_rss() -> None:
    items = tuple(replace(i, status=Status.CANCELED) if i.guid.endswith("a3") else i for i in invented().items)
    edition = replace(invented(), items=items)
    cancelled = parse(render_items(edition, PARTNER, BASE)[2].content)
    assert cancelled.find(".//g:pubStatus", ns).get("qcode") == "stat:canceled"
    assert [p.text for p in cancelled.iterfind(".//h:body/*", ns)] == ["更正启用日期"]
    assert b"a3" not in {f.key: f.content for f in render_feeds(PUBLICATION, PARTNER, items, BASE)}["feeds/all.rss"]


def test_msn_keeps_the_withdrawn_with_a_past_expiry_and_a_newer_date() -> None:
    partner = replace(PARTNER, contracts=("msn",))
    items = tuple(replace(i, status=Status.CANCELED) if i.guid.endswith("a3") else i for i in invented().items)
    rss = {f.key: f.content for f in render_feeds(PUBLICATION, partner, items, BASE)}["feeds/all.rss"]
    assert b"end=2025-03-04T07:00:00+08:00" in rss
    titles = [t.text for t in parse(rss).iterfind(".//item/title")]
    assert all(20 < len(t) <= 150 for t in titles), titles


def test_a_long_day_is_cut_into_feeds_below_a_megabyte(schemas: Schemas) -> None:
    items = tuple(item(f"n{n}", article(f"第{n}篇", "字" * 3000)) for n in range(400))
    files = render_feeds(PUBLICATION, replace(PARTNER, formats=("rss",)), items, BASE)
    archives = [f for f in files if "/archive/" in f.key]
    assert max(len(f.content) for f in files) < 1_000_000
    assert sum(f.content.count(b"<item>") for f in archives) == 400
    assert [r for r in check_files(archives, schemas, {"feeds/all.rss"}) if "is a broken link" not in r.reason] == []


@pytest.mark.parametrize(
    "bad", ["urn:newsml:a.example:20250230:x", "urn:newsml:../x:20250101:y", "a", "urn:newsml:a:20250101:.."]
)
def test_keys_are_built_from_checked_parts(bad: str) -> None:
    with pytest.raises(InvalidOutput):
        item_key(bad, 1, "xml")


def test_a_key_tells_its_article() -> None:
    key = item_key("urn:newsml:a.example:20250101:x_y", 3, "xml")
    assert key == "items/a.example_20250101_x_y/v3.xml"
    assert guid_of_key(key) == "urn:newsml:a.example:20250101:x_y"


_DIGEST = """
import hashlib
from tests.render.sample import *
from transforms.render import *
e = invented()
h = hashlib.sha256()
for f in (*render_items(e, PARTNER, BASE), *render_feeds(PUBLICATION, PARTNER, e.items, BASE)):
    h.update(f.key.encode() + f.content)
print(h.hexdigest())
"""


def _digest(**env: str) -> str:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", _DIGEST], cwd=root, env=os.environ | env, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.slow
def test_other_clocks_locales_and_hash_seeds_give_the_same_bytes() -> None:
    here = _digest(TZ="UTC", LC_ALL="C", PYTHONHASHSEED="1")
    assert here == _digest(TZ="America/Los_Angeles", LC_ALL="C.UTF-8", PYTHONHASHSEED="2")


def test_a_sidebar_follows_its_story_and_stays_on_its_own_page() -> None:
    edition = invented()
    first, *others = edition.items
    aside = replace(
        others[-1],
        guid=f"{first.guid}x",
        parent_guid=first.guid,
        article=replace(others[-1].article, spans=(replace(first.article.spans[0], start=90_000, end=90_001),)),
    )
    far = replace(aside, guid=f"{first.guid}y", article=replace(aside.article, spans=(Span(9, 0, 1),)))
    shown = [i.guid for i in wanted([*edition.items, aside, far], PARTNER)]
    assert shown[:3] == [first.guid, others[0].guid, aside.guid]  # the first of the others is a sidebar already
    assert shown[-1] == far.guid


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("春耕，开始了！", 5),
        ("春耕\n“开始”（了）", 5),
        ("11月3日，A1-b’s 3.5公里…", 8),  # 11, 月, 3, 日, A1-b’s, 3.5, 公, 里
        ("don't_stop", 2),
        ("人々〇", 2),  # neither is in the ranges of Han, so they are a word of their own
        ("㐀鿿豈𠮷\U0003ffff", 5),
        ("😀𠮷a", 2),
        ("\ud842\udfb7", 0),  # two lone surrogates are no character
    ],
)
def test_each_chinese_character_is_a_word_and_so_is_each_run_of_other_letters(text: str, words: int) -> None:
    assert word_count(text) == words
