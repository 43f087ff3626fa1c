"""Leads (本报讯) in the forms that papers print, and who is named in them."""

from __future__ import annotations

import pytest

from tests.reading.credits import MARKS, names


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("本报讯（记者 柳望川）渡口开航了。", "柳望川"),
        ("本报讯 记者柳望川报道 渡口开航了。", "柳望川"),
        ("本报讯 通讯员何小满 柳望川报道 渡口开航了。", "何小满 柳望川"),
        ("本报3月1日讯 记者柳望川 3月1日，渡口开航了。", "柳望川"),
        ("本报讯 记者 柳望川 通讯员 何小满 昨日，渡口开航了。", "柳望川 何小满"),
        ("本报江城3月1日电 （记者柳望川、何小满）渡口开航了。", "柳望川 何小满"),
        ("新华社江城3月1日电（记者 柳望川）渡口开航了。", "柳望川"),
        ("（记者 柳望川 通讯员 何小满）渡口开航了。", "柳望川 何小满"),
        ("〔記者柳望川／台中報導〕渡口開航了。", "柳望川"),
        ("记者 柳望川 报道：渡口开航了。", "柳望川"),
        ("江城新报讯（记者柳望川）渡口开航了。", "柳望川"),
        ("（中央社記者柳望川台中3月1日電）渡口開航了。", "柳望川"),
        ("【本報訊】記者柳望川報導：渡口開航了。", "柳望川"),
        ("本报3月1日江城电 记者柳望川、何小满报道：渡口开航了。", "柳望川 何小满"),
        ("水上云/江城日报讯（记者柳望川）渡口开航了。", "柳望川"),
        ("晚报讯 记者柳望川 通讯员何小满报道 渡口开航了。", "柳望川 何小满"),
        ("本报记者 柳望川 通讯员 何小满 北庭报道 渡口开航了。", "柳望川 何小满"),
        ("【江城日報訊】（記者 柳望川）渡口開航了。", "柳望川"),
        ("本报讯（通讯员 益西卓玛）渡口开航了。", "益西卓玛"),
        ("本报讯（记者 楼亦文）渡口开航了。", "楼亦文"),
        ("本报讯（记者 区文）渡口开航了。", "区文"),
        ("本报讯（记者 昝图 通讯员 展文）渡口开航了。", "昝图 展文"),
        ("本报讯（记者 宝音图 通讯员 乌日娜）渡口开航了。", "宝音图 乌日娜"),
        ("本报西宁4月18日电 记者才让东智、滕怀远报道：渡口开航了。", "才让东智 滕怀远"),
        ("本报北京3月10日专电（特派记者 岑雨）渡口开航了。", "岑雨"),
        ("【本報專訊】渡口開航了。", ""),
        ("【特訊】渡口開航了。", ""),
        ("本报讯 3月1日，渡口开航了。", ""),
        ("据新华社电 渡口开航了。", ""),
    ],
)
def test_a_lead(text: str, who: str) -> None:
    line, credits = MARKS.parse_lead(text)
    assert names(credits) == who.split()
    assert line or who


@pytest.mark.parametrize(
    "text",
    [
        "新能源电动渡船下水了。",
        "记者从市里获悉，渡口开航了。",
        "本报读者来信说，渡口开航了。",
        "中国网络电商年会开幕。",
    ],
)
def test_a_text_without_a_lead(text: str) -> None:
    assert MARKS.parse_lead(text) == ("", ())


@pytest.mark.parametrize(
    ("text", "line", "names"),
    [
        ("江城融媒讯（全媒体记者 仉明 通讯员 佴小鹏）3月1日起，", "江城融媒讯", ["仉明", "佴小鹏"]),
        ("江城发布讯（通讯员 何小满）渡口开航了。", "江城发布讯", ["何小满"]),
        ("本报综合报道 渡口停了四年，岸边的栈桥年久失修，", "本报综合报道", []),
    ],
)
def test_leads_of_news_centres_and_of_several_writers(text: str, line: str, names: list[str]):
    said, credits = MARKS.parse_lead(text)
    assert (said, [c.name for c in credits]) == (line, names)


@pytest.mark.parametrize("text", ["本报综合报道 何小满", "江城通讯（渡口开航）", "简讯（三则）"])
def test_what_is_no_lead_of_theirs(text: str):
    assert not MARKS.parse_lead(text)[0]


def test_an_editor_in_a_lead_is_no_reporter() -> None:
    lead, who = MARKS.parse_lead("本报讯 每经记者：柳望川 每经编辑：何小满")
    assert lead == "本报讯"
    assert not {"何小满", "每经编"} & set(names(who))


@pytest.mark.parametrize(
    ("text", "lead", "who"),
    [
        ("江城青年报客户端讯（江青报·江青网记者柳望川）渡口开航了。", "江城青年报客户端讯", "柳望川"),
        ("江城都市报渡口新闻讯（记者柳望川）渡口开航了。", "江城都市报渡口新闻讯", "柳望川"),
        ("[本报讯]（记者 柳望川）渡口开航了。", "[本报讯]", "柳望川"),
        ("本报讯 柳望川 何小满报道：渡口开航了。", "本报讯", "柳望川 何小满"),
        ("本报讯 渡口附近的居民说：渡口开航了。", "本报讯", ""),
    ],
)
def test_a_lead_may_name_a_client_or_nobodys_role(text: str, lead: str, who: str) -> None:
    found, credits = MARKS.parse_lead(text)
    assert found.startswith(lead)
    assert names(credits) == who.split()
