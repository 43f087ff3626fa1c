"""Atom, JSON Feed, ninjs, sitemap and pages as their readers take them."""

from __future__ import annotations

import html
import importlib.util
import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import fastfeedparser
import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from usp.fetch_parse import SitemapStrParser

from tests.render.sample import BASE, PARTNER, PUBLICATION, article, invented, item
from transforms.gate import Finding, Schemas, Severity, check_files
from transforms.model import File, Item, Media, Section, Status
from transforms.render import item_key, render_feeds, render_items
from transforms.render.formats.sitemap import news_language
from transforms.render.text import clean_article, clean_line
from transforms.render.vocabulary import IPTC_CATALOG, IPTC_SCHEMES
from transforms.render.xml import ATOM, G2, XHTML, parse

NS = {"a": ATOM, "at": "http://purl.org/atompub/tombstones/1.0", "fh": "http://purl.org/syndication/history/1.0"}


def feeds(items: tuple[Item, ...], **partner: object) -> dict[str, bytes]:
    chosen = replace(PARTNER, **partner)  # type: ignore[arg-type] # fields of Partner, in tests only
    return {f.key: f.content for f in render_feeds(PUBLICATION, chosen, items, BASE)}


def withdrawn(stable: str) -> tuple[Item, ...]:
    return tuple(replace(i, status=Status.CANCELED) if i.guid.endswith(stable) else i for i in invented().items)


@pytest.mark.parametrize("ext", ["rss", "atom"])
def test_two_readers_agree_on_each_feed(ext: str) -> None:
    content = feeds(invented().items)[f"feeds/all.{ext}"]
    one, two = feedparser.parse(content), fastfeedparser.parse(content)
    assert not one.bozo
    expected = [(i.guid, i.article.headline) for i in invented().items]
    assert [(e.id, e.title) for e in one.entries] == [(e.id, e.title) for e in two.entries] == expected
    assert "修渠先修心" in one.entries[0].content[0].value


def test_a_second_reader_takes_the_json_feed() -> None:
    read = fastfeedparser.parse(feeds(invented().items)["feeds/all.json"])
    assert [(e.id, e.title) for e in read.entries] == [(i.guid, i.article.headline) for i in invented().items]


def test_a_withdrawn_article_is_a_tombstone_in_atom_and_leaves_the_rest() -> None:
    found = feeds(withdrawn("a3"))
    root = parse(found["feeds/all.atom"])
    stones = root.findall("at:deleted-entry", NS)
    assert [(s.get("ref"), s.get("when")) for s in stones] == [(invented().items[2].guid, "2025-03-04T07:00:00+08:00")]
    assert len(root.findall("a:entry", NS)) == 3
    feed = json.loads(found["feeds/all.json"])
    assert [w["id"] for w in feed["_broadsheet"]["withdrawn"]] == [invented().items[2].guid]
    assert b"a3" not in found["sitemap.xml"]
    page = found["articles/linhe.example_20250304_a3.html"].decode()
    assert "noindex" in page
    assert "操场" not in page


def test_archives_are_chained_both_ways() -> None:
    days = [replace(item("x", article("一", "文。")), guid=f"urn:newsml:linhe.example:2025030{n}:x") for n in (2, 3, 4)]
    chosen = replace(PARTNER, formats=("atom", "rss"))
    made = render_feeds(PUBLICATION, chosen, days, BASE, archives=[date(2025, 3, 1)])
    found = {f.key: f.content for f in made}
    middle = parse(found["feeds/archive/2025-03-03.atom"])
    links = {x.get("rel"): x.get("href", "").removeprefix(f"{BASE}/feeds/") for x in middle.findall("a:link", NS)}
    assert links["prev-archive"] == "archive/2025-03-02.atom"
    assert links["next-archive"] == "archive/2025-03-04.atom"
    assert links["current"] == "all.atom"
    assert middle.find("fh:archive", NS) is not None
    assert b"archive/2025-03-01.atom" in found["feeds/archive/2025-03-02.atom"]
    assert b"next-archive" not in found["feeds/archive/2025-03-04.rss"]
    chain = [c for k, c in found.items() if re.match(r"feeds/(all|archive/.*)\.atom$", k)]
    assert len({parse(c).findtext("a:id", namespaces=NS) for c in chain}) == 1
    assert len(chain) == 4


def test_ninjs_says_what_the_item_says() -> None:
    files = [f for f in render_items(invented(), PARTNER, BASE) if f.key.endswith(".json")]
    first = json.loads(files[0].content)
    assert first["uri"] == invented().items[0].guid
    assert first["bodies"][1]["value"] == invented().items[0].article.text
    assert [h["value"] for h in first["headlines"]] == ["老渠新水润良田", "春耕一线见闻", "南桥村管水记"]
    assert first["subjects"][0]["uri"] == "http://cv.iptc.org/newscodes/mediatopic/20000210"
    assert json.loads(files[1].content)["associations"][0]["uri"] == invented().items[0].guid
    assert len(files) == 4


def test_the_sitemap_lists_the_pages_of_two_days() -> None:
    old = replace(item("old", article("旧", "文。")), guid="urn:newsml:linhe.example:20250302:old")
    read = SitemapStrParser(static_content=feeds((*invented().items, old))["sitemap.xml"].decode()).sitemap()
    pages = list(read.all_pages())
    assert [p.url for p in pages] == [f"{BASE}/articles/linhe.example_20250304_a{n}.html" for n in (1, 2, 3, 4)]
    assert pages[0].news_story.title == "老渠新水润良田"
    assert pages[0].news_story.publication_language == "zh-cn"


@pytest.mark.parametrize(("tag", "expected"), [("zh-Hans", "zh-cn"), ("zh-Hant-HK", "zh-tw"), ("en-GB", "en")])
def test_the_sitemap_names_languages_as_google_does(tag: str, expected: str) -> None:
    assert news_language(tag) == expected


def test_a_page_says_in_json_ld_what_it_is() -> None:
    picture = Media("https://store.example/p.jpg", "image/jpeg", 9, "渠")
    one = replace(invented().items[0].article, media=(picture,), headline="</script><b>&渠")
    found = feeds((item("a1", one),))
    tree = lxml_html.fromstring(found["articles/linhe.example_20250304_a1.html"])
    data = json.loads(tree.findtext(".//script"))
    assert (data["@type"], data["headline"]) == ("NewsArticle", "</script><b>&渠")
    assert data["image"] == ["https://store.example/p.jpg"]
    assert tree.findtext(".//h1") == "</script><b>&渠"
    assert next(p.text for p in tree.iterfind(".//article/p") if not p.get("class")) == one.body[0].text


def refused(found: dict[str, bytes]) -> list[Finding]:
    """What is wrong with files; that the IPTC's schema is not at hand is not."""
    files = [File(key, content, "", "") for key, content in found.items()]
    return [f for f in check_files(files, Schemas(), Items()) if f.severity is Severity.ERROR]


class Items:
    """Stands for the store: the items and pictures that feeds link to are there."""

    def __contains__(self, key: object) -> bool:
        return str(key).startswith(("items/", "pictures/"))


def faults(found: dict[str, bytes]) -> list[str]:
    """What the gate refuses of files; that a machine lacks the IPTC's schema is no fault of theirs."""
    checked = check_files([File(k, c, "", "") for k, c in found.items()], Schemas(), Items())
    return [f"{f.key}: {f.reason}" for f in checked if f.severity is Severity.ERROR]


def test_a_partner_of_summaries_gets_no_whole_text_in_feeds_or_pages() -> None:
    found = feeds(invented().items, full_text=False)
    for key, content in found.items():
        assert "账清了" not in content.decode(), key
    assert faults(found) == []


def test_without_pages_there_is_no_sitemap() -> None:
    assert "sitemap.xml" not in feeds(invented().items, formats=("rss", "sitemap"))


@settings(deadline=None, max_examples=60)
@given(st.text(st.one_of(st.characters(), st.sampled_from("\ud800\x00\x1b\ufffe\u202e]>&<🗞\u2028")), min_size=1))
def test_any_text_passes_the_gate_in_every_format_and_reads_back(text: str) -> None:
    story = article(f"题{text}", f"文{text}", f"]]>{text}。", section=Section.BRIEF)
    edition = replace(invented(), items=(item("t", story),))
    files = (*render_items(edition, PARTNER, BASE), *render_feeds(PUBLICATION, PARTNER, edition.items, BASE))
    errors = [f for f in check_files(files, Schemas()) if f.severity is Severity.ERROR]
    assert errors == []
    found = {f.key: f.content for f in files}
    body = [p.text for p in clean_article(story).body]
    ninjs = json.loads(found["items/linhe.example_20250304_t/v1.json"])
    assert ninjs["bodies"][1]["value"] == "\n".join(body)
    entry = parse(found["feeds/all.atom"]).find("a:entry", NS)
    title = entry.find("a:title", NS)
    shown = html.unescape(title.text) if title.get("type") == "html" else title.text
    assert shown == clean_line(story.headline)
    markup = lxml_html.fragment_fromstring(entry.findtext("a:content", namespaces=NS), create_parent="div")
    assert [e.text for e in markup.iter("p", "li")] == body


def test_a_very_long_story_is_told_in_brief_by_feeds_and_whole_by_its_page() -> None:
    long = item("t", article("长", "长文。" * 400_000))
    found = feeds((long,))
    assert len(found["feeds/all.atom"]) < 20_000
    assert len(found["articles/linhe.example_20250304_t.html"]) > 3_000_000
    assert faults(found) == []


# The package writes \s in plain docstrings, of which Python warns when it compiles it first.
@pytest.mark.filterwarnings("ignore:invalid escape sequence:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:invalid escape sequence:SyntaxWarning")  # its name from Python 3.12 on
def test_the_iptc_s_own_reader_reads_an_item() -> None:
    from NewsMLG2.document import NewsMLG2Document

    # An item without history: the package cannot build a hop's party (its class is named, never looked up).
    read = NewsMLG2Document(render_items(invented(), PARTNER, BASE)[1].content).get_item()
    assert read.guid == invented().items[1].guid
    assert str(read.itemmeta.title) == "笔者手记"
    assert str(read.itemmeta.pubstatus.qcode) == "stat:usable"


def test_our_iptc_aliases_are_those_of_the_catalog_that_documents_name() -> None:
    found = importlib.util.find_spec("NewsMLG2")
    assert found is not None
    folder = Path(str(found.origin)).parent / "catalogs"
    catalog = parse((folder / IPTC_CATALOG.rpartition("/")[2]).read_bytes())
    declared = {s.get("alias"): s.get("uri") for s in catalog.iter(f"{{{G2}}}scheme")}
    assert {alias: declared.get(alias) for alias in IPTC_SCHEMES} == IPTC_SCHEMES


def test_a_message_has_the_paths_that_the_apa_it_importer_reads() -> None:
    message = next(f for f in render_items(invented(), PARTNER, BASE) if f.key.startswith("messages/"))
    read = {"n": G2, "h": XHTML}
    first = parse(message.content).find("n:itemSet/n:newsItem", read)
    assert first.find("n:itemMeta/n:provider", read) is not None
    assert first.find("n:itemMeta/n:itemClass", read).get("qcode") == "ninat:text"
    assert len(first.findall("n:contentMeta/n:headline[@role]", read)) == 3
    subjects = first.findall("n:contentMeta/n:subject[@type='cpnat:abstract']", read)
    assert [s.findtext("n:name", namespaces=read) for s in subjects if "medtop:" in s.get("qcode")] == ["农业"]
    assert first.findtext("n:rightsInfo/n:copyrightHolder/n:name", namespaces=read) == PUBLICATION.name
    assert len(first.findall(".//h:body/h:p", read)) == 5  # the list's entries are paragraphs: importers drop lists


def test_dates_follow_content_and_order() -> None:
    later = replace(invented().items[3], version=2, version_created=invented().version_created + timedelta(hours=5))
    root = parse(feeds((*invented().items[:3], later))["feeds/all.atom"])
    assert root.findtext("a:updated", namespaces=NS).startswith("2025-03-04T12:00:00.")


def test_ninjs_of_both_generations_stand_beside_one_another_and_say_the_same() -> None:
    edition = replace(invented(), items=(*withdrawn("a3"), pictured()))
    partner = replace(PARTNER, formats=("ninjs", "ninjs1", "rss"))
    files = render_items(edition, partner, BASE)
    assert check_files(files, Schemas(), Items()) == ()
    found = {f.key: json.loads(f.content) for f in files}
    for one in edition.items:
        key = item_key(one.guid, one.version, "json")
        new, old = found[key], found[key.replace(".json", ".ninjs1.json")]
        assert (old["uri"], old["version"], old["pubstatus"]) == (new["uri"], new["version"], new["pubstatus"])
        assert [old.get("body_html"), old.get("body_text")] == [
            b["value"] for b in new.get("bodies", [{"value": None}] * 2)
        ]
    (picture,) = found[item_key(pictured().guid, 1, "ninjs1.json")]["associations"].values()
    assert picture["renditions"]["original"]["mimetype"] == "image/jpeg"
    entry = parse(feeds(edition.items, formats=("ninjs", "ninjs1", "rss"))["feeds/all.rss"]).find("channel/item")
    assert sorted(x.get("href").split(".", 3)[-1] for x in entry.iter(f"{{{ATOM}}}link"))[-1].endswith("ninjs1.json")


def pictured() -> Item:
    media = Media("https://img.example/1.jpg", "image/jpeg", 10, "渠边")
    return item("p1", replace(article("渠边的早晨", "水声不断。"), media=(media,)))
