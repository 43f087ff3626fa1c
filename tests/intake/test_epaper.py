"""E-papers, whose articles are already cut out: our JSON form, and the HTML of common e-papers by selectors."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from broadsheet.steps.reading import Reader
from delivery.records import load_publications
from transforms.errors import BadRecord
from transforms.intake import SourceFile, read_source
from transforms.model import Article, Box, GivenPicture, Issue, Page, Publication

SCHEMA = Path(__file__).parents[2] / "schemas" / "epaper.schema.json"
BRIDGE = {
    "kicker": "两岸往来不再绕行",
    "headline": "新桥今日通车",
    "subhead": "去县城只要一刻钟",
    "authors": ["本报记者 李明", "通讯员 安德烈·彼得罗维奇"],
    "body": [
        "　　昨日，横跨清水河的新桥通车，两岸往来不再绕行。",
        {"crosshead": "桥头的小店"},
        "桥头的小店也开了门，店主说，第一天来了三十多位客人。（下转第二版）",
    ],
    "area": {"left": 36, "top": 60, "right": 400, "bottom": 300},
    "pictures": [{"file": "bridge.jpg", "caption": "通车的新桥。", "credit": "王强 摄"}],
}
CANAL = {"headline": "老渠修好了", "body": ["村里的老渠去年冬天修好，今年春灌不用再等。"], "area": BRIDGE["area"]}
REST = {"headline": "新桥今日通车", "body": ["（上接第一版）下一步，两岸还要修路。"]}
EPAPER = {
    "format": "broadsheet-epaper",
    "pages": [{"number": 1, "articles": [BRIDGE, CANAL]}, {"number": 2, "articles": [REST]}],
}
FOUNDER = """<html><head><meta charset="gb2312"><title>云州日报</title></head><body>
<!--enpproperty <articleid>1</articleid><date>2026-01-15</date><author>李明</author><nodename>第02版：要闻</nodename>
<title>新桥今日通车</title><introtitle>两岸往来不再绕行</introtitle>/enpproperty-->
<ul><li><a href="node_1.htm">第01版：头版</a></li></ul>
<table><tr><td><founder-introtitle>两岸往来不再绕行</founder-introtitle></td></tr>
<tr><td><founder-title>新桥今日<br>通车</founder-title></td></tr>
<tr><td><founder-subtitle></founder-subtitle></td></tr><tr><td><founder-author>本报记者 李明</founder-author></td></tr>
<tr><td><div id="ozoom"><founder-content><!--enpcontent--><P>　　昨日，横跨清水河的<b>新桥</b>通车，两岸往来
不再绕行。</P><P><IMG src="../../../res/1/2026-01/15/02/res01.jpg"></P><P>　　桥头的小店也开了门。<BR>
店主说，来客很多。</P><!--/enpcontent--></founder-content></div></td></tr></table>
<script>document.write("<p>打印</p>")</script></body></html>"""
PLAIN = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>新桥今日通车</title></head><body>
<div class="ban">第02版：要闻</div><div class="article"><h3>两岸往来不再绕行</h3><h1>新桥今日通车</h1>
<h2>去县城只要一刻钟</h2><p class="sec">本报记者 李明 《云州日报》（2026年01月15日　第 02 版）</p>
<div id="ozoom"><p>　　昨日，横跨清水河的新桥通车，两岸往来不再绕行。</p><p>　　桥头的小店也开了门。</p></div></div>
<div class="foot">关于我们</div></body></html>"""
OWN = """<html><body><div class="t-line">新桥今日通车</div><div class="txt"><p>昨日，横跨清水河的新桥通车。</p>
<p class="print">打印本页</p></div></body></html>"""


def read(*files: tuple[str, bytes], paper: Publication | None = None) -> tuple[tuple[Page, ...], dict[str, str]]:
    pages, refused = read_source([SourceFile(name, data) for name, data in files], paper)
    return pages, {r.name: r.reason for r in refused}


def articles(pages: tuple[Page, ...]) -> tuple[Article, ...]:
    reading = Reader.load().read(Issue("paper", date(2026, 1, 15), pages))
    assert reading.account()["total"] == sum(len(p.text) for p in pages)
    return reading.articles


def as_json(record: object) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode()


def test_our_form_keeps_to_its_published_schema() -> None:
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(EPAPER)


def test_articles_are_taken_as_given_and_go_the_common_way() -> None:
    pages, refused = read(("epaper.json", as_json(EPAPER)))
    assert ([p.number for p in pages], refused) == ([1, 2], {})
    bridge, canal = articles(pages)
    assert (bridge.kicker, bridge.headline, bridge.subhead) == ("两岸往来不再绕行", "新桥今日通车", "去县城只要一刻钟")
    assert [(c.name, c.role) for c in bridge.byline] == [("李明", "本报记者"), ("安德烈·彼得罗维奇", "通讯员")]
    assert [(p.kind.value, p.text) for p in bridge.body] == [
        ("text", "昨日，横跨清水河的新桥通车，两岸往来不再绕行。"),
        ("crosshead", "桥头的小店"),
        ("text", "桥头的小店也开了门，店主说，第一天来了三十多位客人。"),
        ("text", "下一步，两岸还要修路。"),
    ]
    assert {s.page for s in bridge.pieces} == {1, 2}
    assert (bridge.jump_to, bridge.order_confidence, canal.headline) == ("", 1.0, "老渠修好了")
    assert all(a.section_confidence > 0 for a in (bridge, canal))


def test_areas_and_pictures_come_with_the_page() -> None:
    (first, second), _ = read(("epaper.json", as_json(EPAPER)))
    assert set(first.boxes) == {Box(36, 60, 400, 300, 0)}
    assert len(first.boxes) == sum(1 for line in first.text.splitlines() if line)
    assert second.boxes == ()
    assert first.given is not None
    assert first.given[0].pictures == (GivenPicture("bridge.jpg", "通车的新桥。", "王强 摄"),)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("html", [FOUNDER, PLAIN], ids=["founder", "plain"])
def test_common_epapers_are_known(html: str, encoding: str) -> None:
    pages, refused = read(("content_1.htm", html.encode(encoding)))
    assert ([p.number for p in pages], refused) == ([2], {})
    (article,) = articles(pages)
    assert (article.kicker, article.headline.replace(" ", "")) == ("两岸往来不再绕行", "新桥今日通车")
    assert [(c.name, c.role) for c in article.byline] == [("李明", "本报记者")]
    assert article.body[0].text.replace(" ", "") == "昨日，横跨清水河的新桥通车，两岸往来不再绕行。"
    assert article.body[1].text == "桥头的小店也开了门。"
    assert "打印" not in pages[0].text
    assert "关于" not in pages[0].text


def test_pictures_of_an_epaper_are_named() -> None:
    (page,), _ = read(("content_1.htm", FOUNDER.encode()))
    assert page.given is not None
    assert page.given[0].pictures == (GivenPicture("res01.jpg"),)


def test_articles_of_one_page_make_one_page() -> None:
    other = PLAIN.replace("新桥今日通车", "老渠修好了")
    pages, refused = read(("content_1.htm", PLAIN.encode()), ("content_2.htm", other.encode()))
    assert ([p.number for p in pages], refused) == ([2], {})
    assert [a.headline for a in articles(pages)] == ["新桥今日通车", "老渠修好了"]


def test_an_article_sent_twice_is_taken_once() -> None:
    pages, refused = read(("content_1.htm", PLAIN.encode()), ("content_2.htm", PLAIN.encode()))
    assert len(articles(pages)) == 1
    assert "has come twice" in refused["content_2.htm"]


def test_a_newspapers_own_epaper_is_a_table_in_its_file(tmp_path: Path) -> None:
    record = (
        'id = "paper"\nname = "报"\nprovider = "paper.example"\n[epaper]\nheadline = [".t-line"]\nbody = [".txt"]\n'
    )
    (tmp_path / "paper.toml").write_text(record + 'drop = [".print"]\n', "utf-8")
    paper = load_publications(tmp_path)["paper"]
    _, refused = read(("a.html", OWN.encode()))
    assert "Name the places of headline and body under [epaper]" in refused["a.html"]
    pages, refused = read(("a.html", OWN.encode()), paper=paper)
    (article,) = articles(pages)
    assert (article.headline, article.text, refused) == ("新桥今日通车", "昨日，横跨清水河的新桥通车。", {})


def test_a_selector_that_is_no_css_is_named(tmp_path: Path) -> None:
    (tmp_path / "paper.toml").write_text(
        'id = "paper"\nname = "报"\nprovider = "paper.example"\n[epaper]\nbody = ["div["]\n', "utf-8"
    )
    with pytest.raises(BadRecord, match=r"epaper.body.0: .*is not a CSS selector"):
        load_publications(tmp_path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pages": []}, "pages: Tuple should have at least 1 item"),
        ({"pages": [{"number": 0, "articles": []}]}, "pages.0.number: Input should be greater"),
        ({"pages": [{"number": 1, "articles": [{"body": ["甲"]}]}]}, "pages.0.articles.0.headline: Field required"),
        ({"titel": "x"}, "titel: no such field"),
        ({"pages": [{"number": 1, "articles": []}]}, "the page has no text"),
    ],
)
def test_what_does_not_keep_to_the_schema_is_refused_in_words(change: dict[str, object], words: str) -> None:
    pages, refused = read(("epaper.json", as_json(EPAPER | change)))
    assert pages == ()
    assert words in refused["epaper.json"]
