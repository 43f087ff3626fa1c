"""Tables that a story announces stay in it; charts and boxes of facts beside a story do not get into it."""

from __future__ import annotations

from datetime import date

import pytest

from broadsheet.steps.reading import Reader
from tests.reading.beside import FERRY, MARKET, read, told
from transforms.model import Issue, Page
from transforms.segment.charts import tables_of
from transforms.segment.marks import marks_of
from transforms.segment.style import general_style

MARKS = marks_of(general_style())
ROWS = ["元旦 120", "春节 460", "清明 210"]
TORN = [FERRY[2][:30], FERRY[2][30:]]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (["新渡口节日客流（人次）"], []),
        (["新渡口节日客流（单位：人次）", "节日 人次"], []),
        (["新渡口节日客流"], ["数据来源：江城市水务局"]),
        (["新渡口节日客流（人次）"], ["资料来源/江城市水务局", "制图：何小满"]),
    ],
)
def test_a_chart_beside_a_story_is_a_sidebar(above: list[str], below: list[str]) -> None:
    reading = read(*FERRY[:2], TORN[0], *above, *ROWS, *below, TORN[1], FERRY[3], *MARKET)
    articles = {a.headline: a for a in reading.articles}
    assert [p.text for p in articles[FERRY[0]].body] == FERRY[1:]
    assert [c.name for c in articles[FERRY[0]].byline] == ["柳望川"]
    chart = articles[above[0]]
    assert [p.text for p in chart.body] == [*above[1:], *ROWS]
    assert (reading.articles[chart.parent].headline, chart.byline) == (FERRY[0], ())
    assert not any(line in a.text for a in reading.articles for line in below)


@pytest.mark.parametrize(
    "above",
    [
        ["本周主要品种平均价格（元/斤）如下："],
        ["本周主要品种平均价格（元/斤）如下：", "品种 本周 涨跌"],
        ["本周价格如下：", "主要品种平均价格（元/斤）"],
        ["本周价格如下：", "主要品种平均价格（元/斤）", "品种 本周 涨跌"],
    ],
)
def test_a_table_that_a_story_announces_stays_in_it_with_its_title_and_columns(above: list[str]) -> None:
    rows = ["面粉 2.10 +0.5%", "大米 2.85 -0.1%", "鸡蛋 4.75 +3.2%"]
    found = told(*MARKET[:2], *above, *rows, MARKET[2])
    assert found.follows == {n: n - 1 for n in range(3, 2 + len(above) + len(rows))}
    assert not found.charts
    reading = read(*MARKET[:2], *above, *rows, MARKET[2], *FERRY)
    assert [p.text for p in reading.articles[0].body][1:] == [*above, *rows, MARKET[2]]


@pytest.mark.parametrize("above", ["第一组成绩", "船老大说，往后每天有八个班次。", "本报记者 何小满"])
def test_rows_without_a_unit_or_source_are_no_chart(above: str) -> None:
    assert not told(*FERRY, above, *ROWS, *MARKET).charts


def test_a_source_below_a_text_stays_in_it() -> None:
    assert not told(*FERRY, "数据来源：江城市水务局", *MARKET).furniture
    assert told(*FERRY, "数据来源：江城市水务局", "制图：何小满", *MARKET).furniture == {4, 5}


@pytest.mark.parametrize(
    ("line", "style"),
    [
        ("制图/何小满", "zh-Hans"),
        ("图表制作 何小满 柳望川", "zh-Hans"),
        ("数据来源：江城市水务局 制图：何小满", "zh-Hans"),
        ("資料來源：江城縣政府　製表：記者何小滿", "zh-Hant"),
    ],
)
def test_who_drew_a_chart_is_known(line: str, style: str) -> None:
    assert marks_of(general_style(style)).is_drawn(line)


@pytest.mark.parametrize(
    "line", ["制图是一门手艺", "图表说明了什么", "资料来源广泛，渡口志编了三年", "记者 何小满 制图 柳望川"]
)
def test_other_lines_say_nothing_of_a_chart(line: str) -> None:
    marks = marks_of(general_style())
    assert not marks.is_drawn(line)
    assert not marks.is_source(line)


@pytest.mark.parametrize("head", ["小档案／江城渡口", "新闻辞典|渡口", "小资料：江城渡口", "知识卡片 江城渡口"])
def test_a_box_of_facts_is_a_sidebar(head: str) -> None:
    facts = ["开通：清光绪年间", "航程：1.2公里"]
    reading = read(*FERRY[:2], TORN[0], head, *facts, TORN[1], FERRY[3], *MARKET)
    articles = {a.headline: a for a in reading.articles}
    assert [p.text for p in articles[FERRY[0]].body] == FERRY[1:]
    box = articles[marks_of(general_style()).split_note(head)[0]]
    assert (reading.articles[box.parent].headline, box.byline) == (FERRY[0], ())
    assert all(fact in box.text for fact in facts)


def test_a_box_of_facts_in_traditional_characters_names_nobody() -> None:
    story = [
        "新修的渡口今天開航",
        "〔記者柳望川／江城報導〕江城新渡口昨天開航，第一班渡船載著三十多位鄉親駛向對岸，碼頭上響起一片掌聲。",
        "渡口停了四年，岸邊的棧橋年久失修，過江的人只好繞道十二公里外的大橋。去年秋天，縣府請人清淤，又把棧橋加",
        "新聞辭典／渡口",
        "江邊供人上船過江的地方，縣內今存三處，以老街前的一處最久。",
        "寬了一倍。",
        "船老大說，往後每天有八個班次，票價還是從前的二十元，學生和老人免費。",
    ]
    page = Page(1, "\n\n".join(story), "page-01.txt", language="zh-Hant")
    reading = Reader.load().read(Issue("yunzhou-daily", date(2026, 3, 1), (page,)))
    box = next(a for a in reading.articles if a.headline == "新聞辭典")
    assert (box.parent, box.byline) == (0, ())
    assert "縣內今存三處" not in reading.articles[0].text


@pytest.mark.parametrize("text", ["小资料里有大学问", "知识点亮乡村夜校", "人物简介写得很短，只有三行。"])
def test_a_line_that_only_begins_like_a_box_is_none(text: str) -> None:
    assert marks_of(general_style()).split_note(text) == ("", "")


def test_rows_that_go_on_in_another_column_follow_the_table():
    rows = ["夜1路 20:30 23:50", "夜2路 20:40 23:40"]
    texts = [
        "调整后的首末班时间为：",
        *rows,
        "渡口停了四年，岸边的栈桥年久失修，过江的人只好绕道。",
        "夜5路 21:00 23:30",
    ]
    follows, _ = tables_of(texts, (), MARKS)
    assert follows == {1: 0, 2: 1, 4: 2}
    assert 4 not in tables_of([*texts[:4], "夜5路 停运"], (), MARKS)[0]


def test_a_row_may_have_words_where_others_have_figures():
    rows = ["渡船 15座 128元", "快艇 12座 196元", "竹筏 两人 43元"]
    assert tables_of(["渡口票价（单位：元）", "品名 规格 价格", *rows], (), MARKS)[1] == [(0, 1, 2, 3, 4)]
