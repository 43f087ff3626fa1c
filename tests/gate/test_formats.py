"""Each format's own faults are found and named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from broadsheet.schema_store import POWER, fetch, stored
from tests.render.sample import BASE, PARTNER, PUBLICATION, SHARED, invented
from transforms.errors import BroadsheetError
from transforms.gate import Schemas, Severity, check_files
from transforms.model import File
from transforms.render import render_feeds, render_items

FILES = {
    f.key: f
    for f in (
        *render_items(invented(), PARTNER, BASE),
        *render_feeds(PUBLICATION, PARTNER, invented().items, BASE),
    )
}
ITEM = "items/linhe.example_20250304_a{}/v{}.{}"
PAGE = "articles/linhe.example_20250304_a1.html"


def reasons(key: str, old: str, new: str) -> list[str]:
    file = FILES[key]
    assert old.encode() in file.content, file.content.decode()[:3000]
    broken = replace(file, content=file.content.replace(old.encode(), new.encode()))
    return [f.reason for f in check_files([broken], Schemas(), FILES) if f.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("key", "old", "new", "reason"),
    [
        ("feeds/all.atom", "<updated>2025", "<updated>1999", "is later than"),
        ("feeds/all.atom", ":a2</id>", ":a1</id>", "two items share"),
        ("feeds/all.atom", "<generator>broadsheet</generator>", "", "line 2"),
        ("feeds/all.atom", "articles/linhe.example_20250304_a1.html", "articles/nowhere.html", "is a broken link"),
        ("feeds/all.rss", "<pubDate>Mon, 03", "<pubDate>Mondieu 03x", "not a date that RSS knows"),
        ("feeds/all.json", '"version":"https://jsonfeed.org/version/1.1"', '"version":"1"', "$.version"),
        ("feeds/all.json", ':a2"', ':a1"', "two items share"),
        ("feeds/all.json", "老渠新水", "\\u0001", "not allowed in XML"),
        ("feeds/all.json", '"title":', '"title":"x","title":', "stands twice"),
        ("feeds/all.json", "feeds/all.json", "feeds/other.json", "but it is at"),
        (ITEM.format(1, 1, "json"), '"type":"text"', '"type":"tale"', "$.type"),
        (
            ITEM.format(1, 1, "json"),
            '"uri":"urn:newsml:linhe.example:20250304:a1"',
            '"uri":"urn:newsml:x.example:20250304:b"',
            "but its key does not",
        ),
        (ITEM.format(1, 1, "json"), '"firstcreated":"2025', '"firstcreated":"2027', "is later than"),
        (ITEM.format(1, 1, "xml"), ':20250304:a1"', ':20250304:b1"', "but its key does not"),
        (ITEM.format(1, 1, "xml"), 'bsrole:headline"', 'bsrole:kicker"', "not exactly one headline"),
        (ITEM.format(3, 2, "xml"), "irel:previousVersion", "irel:seeAlso", "does not link to the one before"),
        ("sitemap.xml", "_a1.html", "_b1.html", "is a broken link"),
        ("sitemap.xml", "<news:title>老渠新水润良田</news:title>", "", "no news:title"),
        (PAGE, "</article>", "", "not well-formed"),
        (PAGE, 'type="application/ld+json"', 'type="text/javascript"', "runs a script"),
        (PAGE, ' lang="zh-Hans"', "", "names no language"),
        ("packages/2025-03-04/v2.xml", 'idref="page-2"', 'idref="page-9"', "a page that the issue names is not there"),
    ],
)
def test_a_fault_is_found(key: str, old: str, new: str, reason: str) -> None:
    found = reasons(key, old, new)
    assert any(reason in r for r in found), found


def test_a_format_nobody_was_promised_is_refused() -> None:
    found = check_files([File("feeds/x.opml", b"<opml/>", "text/xml", "")], Schemas())
    assert "do not get this kind" in found[0].reason


def test_a_story_that_breaks_off_is_a_warning() -> None:
    file = FILES[ITEM.format(4, 1, "xml")]
    cut = replace(file, content=file.content.replace("水利站。".encode(), "水利站，".encode()))
    found = [f for f in check_files([cut], Schemas()) if f.guid]
    assert [f.severity for f in found] == [Severity.WARNING]
    assert "breaks off" in found[0].reason


def test_a_schema_is_used_only_if_it_is_the_pinned_one(tmp_path: Path) -> None:
    with pytest.raises(BroadsheetError, match="not the file that was pinned"):
        fetch(tmp_path, lambda url: b"<schema/>")
    assert stored(tmp_path) is None
    if not (SHARED / "iptc" / POWER).exists():
        pytest.skip("the IPTC schema is not on this machine")
    path = fetch(tmp_path, lambda url: (SHARED / "iptc" / url.rpartition("/")[2]).read_bytes())
    assert stored(tmp_path) == path
