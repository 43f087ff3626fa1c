"""Habits of trade, company and county papers: units of work before names, series with numbers, columns of briefs."""

from __future__ import annotations

import pytest

from tests.reading.beside import FERRY, MARKET, read, told
from tests.reading.credits import MARKS
from transforms.segment.names import names_below_unit


@pytest.mark.parametrize(
    ("byline", "who"),
    [
        ("□ 掘进二队 柳望川 宣传部 何小满", "柳望川 何小满"),
        ("□ 机电队 何小满", "何小满"),
        ("□ 安监处 柳望川", "柳望川"),  # 安 is a surname, and nobody's name ends with 处
        ("□ 江东工务段 何小满", "何小满"),
        ("岭东分公司通讯员 何小满", "何小满"),
        ("通讯员 青石岭站 柳望川", "柳望川"),
        ("□ 校长 柳望川", "柳望川"),
        ("□ 儿科 何小满", "何小满"),
        ("■ 某边防团 柳望川 本报特约记者 何小满", "柳望川 何小满"),
        ("三公司 暴雪晴", "暴雪晴"),  # 暴 is a surname in no list
    ],
)
def test_where_a_writer_works_is_not_a_writer(byline: str, who: str) -> None:
    assert [c.name for c in MARKS.parse_byline(byline)] == who.split()


@pytest.mark.parametrize(("name", "who"), [("沙马石布", "沙马石布"), ("王迪黄硕", "王迪 黄硕")])
def test_a_name_of_the_yi_is_one_name_and_two_names_without_a_space_are_two(name: str, who: str) -> None:
    assert [c.name for c in MARKS.parse_byline(f"通讯员 {name}")] == who.split()


@pytest.mark.parametrize(("name", "who"), [("何国队", "何国队"), ("柳一科", "柳一科"), ("本报记者 江段", "江段")])
def test_a_name_may_end_as_units_do(name: str, who: str) -> None:
    assert [c.name for c in MARKS.parse_byline(name)] == [who]


@pytest.mark.parametrize(
    "tail", ["（运输三队 何小满）", "（营养科 何小满）", "（江东中心支公司 何小满 柳望川）", "（图书馆 何小满）"]
)
def test_a_unit_of_work_before_the_names_that_close_a_story(tail: str) -> None:
    text, who = MARKS.split_closing_credit(f"渡口开航了。{tail}")
    assert text == "渡口开航了。"
    assert next(c.name for c in who) == "何小满"


def test_a_unit_vouches_for_a_surname_in_no_list() -> None:
    assert [c.name for c in MARKS.split_closing_credit("渡口开航了。（江东海事局 衣晓东）")[1]] == ["衣晓东"]
    assert [c.name for c in MARKS.parse_lead("本报讯（江东海事局 衣晓东）渡口开航了。")[1]] == ["衣晓东"]


@pytest.mark.parametrize("tail", ["（江东水务局 通讯员 何小满）", "（江东水务局 记者 何小满 通讯员 柳望川）"])
def test_a_role_behind_a_unit_stays_a_role(tail: str) -> None:
    _, who = MARKS.split_closing_credit(f"渡口开航了。{tail}")
    assert who[0].name == "何小满"
    assert all(c.role for c in who)


def test_a_second_unit_stands_between_the_names() -> None:
    tail = "（市场部 何小满 柳家坪邮路 柳望川）"
    assert [c.name for c in MARKS.split_closing_credit(f"渡口开航了。{tail}")[1]] == ["何小满", "柳望川"]


@pytest.mark.parametrize("line", ["何小满主持", "柳望川陪同", "◆时评", "□ 社评"])
def test_what_somebody_did_or_a_column_is_no_byline(line: str) -> None:
    assert not MARKS.parse_byline(line)


@pytest.mark.parametrize("tail", ["（江东海事局 供图片）", "（江东海事局 提供）"])
def test_what_a_unit_did_is_nobody(tail: str) -> None:
    assert not MARKS.split_closing_credit(f"渡口开航了。{tail}")[1]


@pytest.mark.parametrize(
    ("byline", "who"),
    [
        ("□ 望江区市民 仉士林", "仉士林"),
        ("□ 青石县读者 揭春花", "揭春花"),
        ("□ 江城市 柳望川", "柳望川"),
        ("何国旗 柳望川", "何国旗 柳望川"),  # no town ends with 旗 after a surname and one character
        ("记者 区小镇 何小满", "区小镇 何小满"),
    ],
)
def test_where_a_reader_lives_is_no_name(byline: str, who: str) -> None:
    assert [c.name for c in MARKS.parse_byline(byline)] == who.split()


@pytest.mark.parametrize("tail", ["（望江区读者 侯广田）", "（望江区 侯广田）", "（江东省江城市 侯广田）"])
def test_a_reader_signs_a_letter_with_where_they_live(tail: str) -> None:
    assert [c.name for c in MARKS.split_closing_credit(f"渡口开航了。{tail}")[1]] == ["侯广田"]


def test_a_town_before_a_name_is_where_a_reader_lives() -> None:
    assert names_below_unit("江东省江城市 柳望川") == []
    assert names_below_unit("江东海事局 柳望川") == ["柳望川"]


@pytest.mark.parametrize("line", ["文学院 柳望川", "三公司 暴雪晴"])
def test_a_name_behind_a_unit_begins_a_story_below_its_headline(line: str) -> None:
    lines = [*FERRY[:1], "□ 机电队 何小满", FERRY[2], FERRY[3], "食堂阿姨的合影", line, MARKET[2], FERRY[2]]
    assert [a.headline for a in read(*lines).articles] == [FERRY[0], "食堂阿姨的合影"]


def test_the_first_headline_below_a_column_of_briefs() -> None:
    brief = "3月起，文学院把两间阅览室的开放时间延长到凌晨，预约的人刷卡进出，值班老师轮流照看。（何小满）"
    found = read(*FERRY, "校园短讯", "文学院开放“深夜阅览室”", brief, *MARKET).articles
    assert [a.headline for a in found] == [FERRY[0], "文学院开放“深夜阅览室”", MARKET[0]]


def test_rows_below_a_text_that_announces_them_stay_in_it() -> None:
    rows = ["桥吊司机：1.毋建军（一公司）2.米小雪（二公司）", "装卸电工：1.何小满（机电公司）2.柳望川（一公司）"]
    _, second = read(*FERRY, MARKET[0], MARKET[1], "比赛名次如下：", *rows).articles
    assert [p.text for p in second.body][-2:] == rows


def test_a_village_above_a_headline_is_its_kicker() -> None:
    found = read(*FERRY[:3], FERRY[3], "掘进二队", "一张卡管住全班安全", MARKET[2] * 2).articles
    assert [(a.kicker, a.headline) for a in found][-1] == ("掘进二队", "一张卡管住全班安全")


def test_a_lead_may_name_the_branch_of_a_correspondent() -> None:
    assert [c.name for c in MARKS.parse_lead("本报讯（岭东分公司通讯员 何小满）渡口开航了。")[1]] == ["何小满"]


@pytest.mark.parametrize("series", ["走进班组②", "渡口观察⑤", "“小站”故事③"])
def test_a_series_with_its_number_is_no_headline(series: str) -> None:
    first, second = read(*FERRY, series, *MARKET).articles
    assert (second.headline, second.kicker, second.label) == (MARKET[0], "", series)
    assert first.text.endswith(FERRY[-1])


def test_below_a_headline_a_series_is_its_subhead() -> None:
    (_, second) = read(*FERRY, MARKET[0], "——渡口观察⑤", *MARKET[1:]).articles
    assert (second.headline, second.subhead, second.label) == (MARKET[0], "渡口观察⑤", "")


@pytest.mark.parametrize("name", ["站段传真", "江城播报", "基层拾零"])
def test_the_names_of_columns_of_briefs(name: str) -> None:
    assert told(*FERRY, name, *MARKET).furniture == {len(FERRY)}


def test_a_note_above_a_story_ends_where_it_says_what_the_paper_prints() -> None:
    note = [
        "江城的渡口承载着几代人的记忆，一头连着田埂，一头连着集市。",
        "即日起，本报开设“老渡口”专栏，讲述摆渡人的故事，敬请关注。",
    ]
    story, aside = read(FERRY[0], "□ 本报记者 柳望川", "开栏的话", *note, *FERRY[2:]).articles
    assert [p.text for p in aside.body] == note
    assert [p.text for p in story.body] == FERRY[2:]


def test_a_note_that_announces_nothing_is_one_paragraph() -> None:
    note = "江城的渡口承载着几代人的记忆，一头连着田埂，一头连着集市。"
    _, aside = read(FERRY[0], "□ 本报记者 柳望川", "编者按", note, *FERRY[2:]).articles
    assert [p.text for p in aside.body] == [note]


def brief(headline: str, tail: str) -> list[str]:
    return [headline, f"本报讯 3月1日，江城的渡口新装了十二盏路灯，过江的人夜里不再摸黑，船家的生意也好了起来。{tail}"]


def test_a_short_name_signs_an_item_where_the_others_are_signed() -> None:
    items = [
        *brief("渡口装上路灯", "（何小满）"),
        *brief("菜场换上新秤", "（衣锦）"),
        *brief("小学添了新车", "（柳望川）"),
    ]
    found = read("江城简讯", *items).articles
    assert [[c.name for c in a.byline] for a in found] == [["何小满"], ["衣锦"], ["柳望川"]]
    assert all(a.text.endswith("起来。") for a in found)


def test_one_known_surname_vouches_for_two() -> None:
    items = [
        *brief("渡口装上路灯", "（何小满）"),
        *brief("菜场换上新秤", "（衣锦）"),
        *brief("小学添了新车", "（禚小渔）"),
    ]
    assert [[c.name for c in a.byline] for a in read(*items).articles] == [["何小满"], ["衣锦"], ["禚小渔"]]


def test_a_word_in_brackets_signs_nothing_where_nobody_does() -> None:
    (only,) = read(*brief("渡口装上路灯", "（衣锦）")).articles
    assert not only.byline
    assert only.text.endswith("（衣锦）")


TABLE = ["浑浊度（NTU） 0.12 合格", "余氯（mg/L） 0.58 合格", "酸碱度 7.6 合格"]


def test_a_table_with_a_headline_of_its_own_is_an_article() -> None:
    found = read(*FERRY, "江城市3月上旬水质公告", *TABLE, *MARKET).articles
    assert [a.headline for a in found] == [FERRY[0], "江城市3月上旬水质公告", MARKET[0]]


def test_a_table_that_a_story_announces_stays_in_it() -> None:
    found = read(*FERRY, "监测结果如下：", *TABLE, *MARKET).articles
    assert [a.headline for a in found] == [FERRY[0], MARKET[0]]


@pytest.mark.parametrize(
    "address", ["社址：江城市渡口路6号 邮编：000000 印刷：江城印务中心", "地址：江城市渡口路6号 电话：0000-6600000"]
)
def test_the_name_of_a_paper_above_its_imprint(address: str) -> None:
    imprint = ["江渡报", address]
    assert told(*FERRY, *MARKET, *imprint).furniture == {7, 8}
