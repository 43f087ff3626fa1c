"""Pages in traditional Chinese: read with their own marks, and tagged for what they are in every format."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from broadsheet.steps.reading import Reader
from transforms.audience.selection import unwanted
from transforms.chinese import script_of, simplified
from transforms.gate import Severity, check_files, load_schemas
from transforms.intake import SourceFile, read_source
from transforms.lifecycle.identity import name_items
from transforms.model import Article, Edition, Issue, Partner, Publication, Reading
from transforms.render import render_feeds, render_items
from transforms.segment.marks import marks_of
from transforms.segment.style import style_of

DAY = date(2026, 1, 15)
PAPER = Publication("paper", "河港日報", "paper.example", language="zh-Hant-TW")
PAGE = """河港市新橋通車 兩岸往來只要一刻鐘

本報記者 陳大文

本報訊　橫跨清水河的新橋昨日上午通車，市長劉國華在典禮上說，這座橋是近十年來最重要的建設，兩岸居民往來不必再繞行。

新橋全長六百二十公尺，雙向四線道，兩側設有自行車道。工程處表示，橋墩採用新式防震設計，施工期間沒有發生事故。（下轉第二版）


小學添新操場 孩子跑第一圈

記者 黃小玲

城東國民小學的新操場昨日啟用，孩子們在紅色跑道上跑了第一圈。校長說，舊操場每逢下雨就積水，體育課只能在走廊上。

學校明年還要整修圖書館，經費已經獲得教育局核定。
"""
SECOND = """（上接第一版）通車後，兩岸公車路線將重新規劃，預計下個月公布新的時刻表。

"""


def read(paper: Publication | None, *texts: str) -> tuple[Reading, Issue]:
    pages, refused = read_source([SourceFile(f"page-{n}.txt", t.encode()) for n, t in enumerate(texts, 1)])
    assert refused == ()
    issue = Issue("paper", DAY, pages)
    reader = Reader.load(paper)
    return reader.enriched(reader.read(issue)), issue


def by_headline(reading: Reading, begin: str) -> Article:
    return next(a for a in reading.articles if a.headline.startswith(begin))


def test_scripts_are_told_and_lengths_kept() -> None:
    assert script_of("縣政府昨日召開會議") == "zh-Hant"
    assert script_of("县政府昨日召开会议") == "zh-Hans"
    assert script_of("人民日本") == ""
    assert simplified("縣政府昨日召開會議") == "县政府昨日召开会议"
    assert len(simplified(PAGE)) == len(PAGE)


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "utf-16"])
def test_a_traditional_page_is_read_in_any_encoding(encoding: str) -> None:
    (page,), refused = read_source([SourceFile("page-1.txt", PAGE.encode(encoding))])
    assert (page.language, refused) == ("zh-Hant", ())


def test_its_stories_stay_apart_and_its_bylines_are_known() -> None:
    reading, _ = read(None, PAGE)
    bridge, school = by_headline(reading, "河港市新橋"), by_headline(reading, "小學添新")
    assert [c.name for c in bridge.byline] == ["陳大文"]
    assert [c.name for c in school.byline] == ["黃小玲"]
    assert "操場" not in bridge.text
    assert {bridge.language, school.language} == {"zh-Hant"}
    assert all(script_of(p.text) == "zh-Hant" for p in bridge.body)


def test_marks_of_traditional_papers_are_known() -> None:
    marks = marks_of(style_of(PAPER))
    assert marks.split_jump("施工期間沒有發生事故。（下轉第二版）") == ("施工期間沒有發生事故。", "2")
    assert marks.split_continuation("（上接第一版）通車後") == ("通車後", "1")
    assert [c.name for c in marks.parse_byline("本報記者 陳大文 攝影 劉美玲")] == ["陳大文", "劉美玲"]
    assert marks.split_note("編按：這是第一篇。")[0] == "編按"


def test_names_are_found_as_printed() -> None:
    reading, _ = read(PAPER, PAGE.replace("河港市", "臺中市"))
    bridge = by_headline(reading, "臺中市新橋")
    assert "劉國華" in bridge.people
    assert all(name in bridge.headline + bridge.text for name in (*bridge.people, *(p.name for p in bridge.places)))


@pytest.mark.parametrize("paper", [PAPER, replace(PAPER, language="zh-Hans")], ids=["traditional", "simplified"])
def test_what_partners_get_is_tagged(paper: Publication) -> None:
    reading, issue = read(paper, PAGE)
    created = datetime(2026, 1, 15, 6, tzinfo=ZoneInfo("Asia/Taipei"))
    items = name_items(reading.articles, paper, DAY, created, ())
    partner = Partner(
        "outlet", "Outlet", formats=("newsml", "nitf", "rss", "atom", "jsonfeed", "ninjs", "sitemap", "html")
    )
    edition = Edition(paper, issue.date, 1, created, items)
    rendered = (
        *render_items(edition, partner, "https://news.example"),
        *render_feeds(paper, partner, items, "https://news.example"),
    )
    files = {f.key: f.content.decode() for f in rendered}
    newsml = next(text for key, text in files.items() if key.startswith("items/"))
    page = next(text for text in files.values() if "application/ld+json" in text)
    ninjs = next(text for text in files.values() if "ninjs-schema" in text)
    tag = "zh-Hant-TW" if paper.language == "zh-Hant-TW" else "zh-Hant"
    assert f'<language tag="{tag}"/>' in newsml
    assert f'lang="{tag}"' in page
    assert f'"inLanguage": "{tag}"' in page
    assert json.loads(ninjs)["language"] == tag
    assert not [f for f in check_files(rendered, load_schemas(None)) if f.severity is Severity.ERROR]
    assert "zh-tw" in next(text for key, text in files.items() if "sitemap" in key)
    feed = json.loads(next(text for text in files.values() if "jsonfeed.org" in text))
    assert {entry["language"] for entry in feed["items"]} == {tag}


def test_a_partner_that_takes_one_script_does_not_get_the_other() -> None:
    reading, _ = read(replace(PAPER, language="zh-Hans"), PAGE)
    (item, *_) = name_items(reading.articles, PAPER, DAY, datetime(2026, 1, 15, tzinfo=ZoneInfo("UTC")), ())
    assert "it is in zh-Hant" in unwanted(item, Partner("p", "P", languages=("zh-Hans",)))
    assert unwanted(item, Partner("p", "P", languages=("zh",))) == ""
