"""What extraction broke is mended before reading, and each character still knows its place in the source."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.model import Box, Page, Span
from transforms.repair import Repaired, repair

STORY = (
    "新修的渡口今天开航\n\n清早六点，第一班渡船载着三十多位乘客驶向对岸，码头上响起一片掌声。\n\n"
    "船老大说，往后每天有八个班次。\n"
)


def repaired(text: str) -> Repaired:
    return repair(Page(3, text))


def located(text: str, part: str) -> str:
    """The source of a part of the text as it was read."""
    done = repaired(text)
    start = done.page.text.index(part)
    span = done.source(Span(3, start, start + len(part)))
    return text[span.start : span.end]


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("⼈⺠⼤会堂⻅证⻓江", "人民大会堂见证长江"),
        ("渡 口 今 天 开 航", "渡口今天开航"),
        ("第 ３ 版 江 城 交 通", "第３版江城交通"),
        ("２ ０ ２ ６ 年 ３ 月 １ 日", "２０２６年３月１日"),
        (
            "本 报 讯（记 者 柳 望 川）新 渡 口 开 航，乘 客 有３０多 位",
            "本报讯（记者柳望川）新渡口开航，乘客有３０多位",
        ),
        ("渡渡口口今今天天开开航航", "渡口今天开航"),
        ("渡渡渡口口口开开开航航航", "渡口开航"),
        ("渡口今天开航了渡口今天开航了", "渡口今天开航了"),
        ("\ue004 本报记者 柳望川", "□ 本报记者 柳望川"),
        ("本 报 讯（记者 柳望川）渡口开航", "本报讯（记者 柳望川）渡口开航"),
        ("渡 口 今 天 开 航\n渡口今天开航", "渡口今天开航"),
        ("稻 田 里 放 鸭\n\n稻田里放鸭", "稻田里放鸭\n"),
        ("n本报记者 柳望川 文/图", "□本报记者 柳望川 文/图"),
        ("渡\n口\n今\n天\n开\n航", "渡口今天开航"),
        ("︵记者 柳望川︶渡口﹁开航﹂︐一片掌声︒", "（记者 柳望川）渡口「开航」，一片掌声。"),
        ("渡\u200b口\u00ad开\ufeff航", "渡口开航"),
    ],
)
def test_a_line_is_mended_and_points_to_its_source(broken: str, whole: str) -> None:
    assert repaired(broken).page.text == whole
    assert located(broken, whole) in broken
    assert located(f"{broken}\n\n{STORY}", "清早六点") == "清早六点"


@pytest.mark.parametrize(
    "text",
    [
        "渡口开航 百姓点赞",
        "（记者 柳望川 何小满）",
        "天天向上",
        "“好好学习，天天向上”",
        "张三 李四 王五",
        "张三 李四 王五 赵六 钱七 孙八 周九 吴十 郑一 王二",
        "甲 队 ３ ２ １ ０",
        "１ ２ ３ ４ ５",
        "12.5\n12.5\n12.5",
        "一\n二\n三",
    ],
)
def test_what_is_not_broken_stays(text: str) -> None:
    assert repaired(text) == Repaired(Page(3, text))


def test_columns_on_the_same_lines_are_read_one_after_the_other() -> None:
    left = [
        "渡口今天开航",
        "",
        "　　清早六点，第一班渡船载着三十多位",
        "乘客驶向对岸，码头上响起一片掌声。",
        "　　船老大说，往后每天有八个班次，票",
        "价还是两块钱。",
    ]
    right = [
        "菜场装上雨棚",
        "",
        "　　城南菜场的遮雨棚全部装好，一百二",
        "十个摊位再也不怕刮风下雨。买菜的人说",
        "，棚顶有采光板，晴天不闷热，雨天也不",
        "积水。",
    ]
    below = ["", "                 一座桥，两岸人", "", "　　大桥合龙那天，两岸的人都来了。"]
    rows = [a + " " * (44 - 2 * len(a)) + b if b else a for a, b in zip(left, right, strict=True)]
    text = "\n".join([*rows, *below])
    assert [x.strip(" ") for x in repaired(text).page.text.split("\n")] == [
        *left,
        "",
        *right,
        *(b.strip(" ") for b in below),
    ]
    assert located(text, "十个摊位再也不怕刮风下雨") == "十个摊位再也不怕刮风下雨"


@pytest.mark.parametrize(
    "row",
    [
        "{n}号渡船      {n}0位乘客      两块钱",
        "渡船{n}号开航，驶向对岸。",
        "　　渡船{n}号，    开航",
        "渡 口 {n} 今 天",
    ],
    ids=["table", "text", "one blank", "set wide"],
)
def test_a_page_without_columns_stays(row: str) -> None:
    text = "\n".join(row.format(n=n) for n in range(1, 9))
    assert repaired(text).page.text.count("号") == text.count("号")
    assert repaired(text).page.text.split("\n")[0][:2] == text[:2] or row.startswith("渡 口")


def test_a_second_text_layer_is_left_out_and_told() -> None:
    done = repaired(STORY + "\n" + STORY)
    assert done.page.text.strip() == STORY.strip()
    assert {(STORY + "\n" + STORY)[s.start : s.end] for s in done.copies} == {x for x in STORY.split("\n") if x}


def test_two_stories_that_quote_the_same_words_are_both_kept() -> None:
    quote = "往后每天有八个班次，节假日再加\n开两班，票价还是从前的两块钱，学生免\n"
    text = f"船老大说，\n{quote}票。他很高兴。\n\n另一条消息说，\n{quote}费，老人半价。\n"
    assert repaired(text).page.text == text


def test_a_story_may_repeat_a_sentence_further_down() -> None:
    said = "“船开了三十年，我一天也没有误过，往后也不会误。”\n"
    told = "".join(f"他在渡口守了{n}个冬天，见过{n}回大水，每一回都等水退了才回家。\n" for n in "三四五六七八九")
    text = f"{said}船老大这样说。\n{told}临走时他又说了一遍：\n{said}说完他就上船去了。\n"
    assert repaired(text) == Repaired(Page(3, text))


def test_a_sentence_that_stands_twice_in_a_row_is_read_once() -> None:
    said = "“船开了三十年，我一天也没有误过，往后也不会误。”\n"
    text = f"船老大这样说：\n{said}{said}说完他就上船去了。\n" + STORY
    assert repaired(text).page.text == f"船老大这样说：\n{said}说完他就上船去了。\n" + STORY


def test_the_same_byline_may_stand_above_two_stories() -> None:
    text = "渡口开航了\n\n□ 本报记者 柳望川\n\n一早就开。\n\n集市收摊了\n\n□ 本报记者 柳望川\n\n一早就收。\n"
    assert repaired(text).page.text == text


def test_boxes_stay_with_their_lines() -> None:
    boxes = tuple(Box(n, n, n + 1, n + 1, 9 + n) for n in range(6))
    done = repair(Page(1, "渡\n口\n开\n航\n\n第一班船清早六点开。\n散场了", boxes=boxes))
    assert done.page.text.split("\n") == ["渡口开航", "", "第一班船清早六点开。", "散场了"]
    assert [b.size for b in done.page.boxes] == [12, 13, 14]
    assert done.page.boxes[0] == Box(0, 0, 4, 4, 12)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("渡渡口口开航⼈⻓ \n\f　\ue004\u200b。，（）12"), max_size=80))
def test_every_character_read_is_that_of_its_place(text: str) -> None:
    done = repaired(text)
    if done.page.text == text:
        return
    assert len(done.at) == len(done.page.text)
    assert list(done.at) == sorted(done.at)
    same = {"⼈": "人", "⻓": "长", "\ue004": "□", "\f": "\n"}
    for read, n in zip(done.page.text, done.at, strict=True):
        assert read in (text[n], same.get(text[n]), "\n")


STREWN = [
    "渡口 停了四 年，岸 边的栈桥年 久失修，过江 的人只好绕 道十二公里。",
    "本报 讯（记 者 柳望川 何小满）3月1日，江城 新渡口 开航。",
    "船 老大说，往 后每天有八 个班次，票 价还是从前 的两块钱。",
]


def test_blanks_that_are_strewn_over_a_page_are_taken_out():
    text = repair(Page(1, "\n".join(STREWN))).page.text
    assert text.splitlines()[1] == "本报讯（记者 柳望川 何小满）3月1日，江城新渡口开航。"
    assert " " not in text.splitlines()[0] + text.splitlines()[2]


@pytest.mark.parametrize(
    ("names", "read"),
    [
        ("亓文 博 通讯员 仉 丽", "亓文博 通讯员 仉丽"),
        ("佘 金水 宓芳", "佘金水 宓芳"),
        ("宓芳 佘 金水", "宓芳 佘金水"),
        ("亓文 博 佘 金水", "亓文博 佘金水"),
        ("亓 文博", "亓文博"),
        ("柳望川 江南雁", "柳望川 江南雁"),
        ("柳望 川 何小满 江南雁", "柳望川 何小满 江南雁"),
    ],
)
def test_a_name_on_such_a_page_is_parted_where_one_character_stands_alone(names: str, read: str):
    lead = f"本报 讯（记者 {names}）3月1日，江城新 渡口 开航。"
    signed = f"□ 本报记者 {names}"
    lines = repair(Page(1, "\n".join([signed, *STREWN, lead]))).page.text.splitlines()
    assert lines[-1] == f"本报讯（记者 {read}）3月1日，江城新渡口开航。"
    assert lines[0] == f"□ 本报记者 {read}"


@pytest.mark.parametrize(
    ("headline", "read"),
    [
        ("渡 口停了四年后 开航", "渡口停了四年后开航"),
        ("柳望 川的三十年", "柳望川的三十年"),
        ("渡口停了四年 百姓盼来新桥", "渡口停了四年 百姓盼来新桥"),  # two clauses
    ],
)
def test_blanks_in_the_headlines_of_such_a_page_are_taken_out(headline: str, read: str):
    assert repair(Page(1, "\n".join([headline, *STREWN]))).page.text.splitlines()[0] == read
    whole = ["".join(line.split()) for line in STREWN]
    assert repair(Page(1, "\n".join([headline, *whole]))).page.text.splitlines()[0] == headline


def test_names_in_a_paragraph_stay_apart():
    names = "获得表彰的有柳望川 何小满 江南雁 苏晚晴，他们都在渡口工作了三十年以上。"
    whole = ["".join(line.split()) for line in STREWN]
    assert repair(Page(1, "\n".join([names, *whole]))).page.text.splitlines()[0] == names


def test_a_lead_that_was_drawn_twice_is_one():
    (line,) = repair(Page(1, "本本报报讯讯（记者 柳望川）渡口开航了。")).page.text.splitlines()
    assert line == "本报讯（记者 柳望川）渡口开航了。"


def test_the_date_and_the_office_below_two_notices_are_read_twice():
    signed = ["江城市水利局", "2026年3月1日"]
    text = "\n\n".join(["渡口改建公示", "渡口将于下月改建。", *signed, "栈桥改建公示", "栈桥将于下月改建。", *signed])
    assert repair(Page(1, text)).page.text == text
    assert repair(Page(1, text.removesuffix("\n\n2026年3月1日"))).page.text.endswith("江城市水利局")
