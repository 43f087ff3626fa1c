"""Names of people, newspapers and offices in bylines."""

from __future__ import annotations

import re

from transforms import surnames
from transforms.chinese import simplified
from transforms.repair import HAN

PRESS = "日报|晚报|晨报|早报|时报|商报|都市报|青年报|周报|导报|快报|日報|晚報|時報"
DOT = "·•・‧"
NAME = rf"(?:[{HAN}]{{1,8}}(?:[{DOT}][{HAN}]{{1,10}}){{1,3}}|[{HAN}]{{2,4}})"
UNIT = re.compile(
    rf"[{HAN}]{{2,20}}(?:部|局|院|校|委|会|所|中心|公司|大学|学院|中学|小学|医院|银行|集团|支队|大队|镇|乡|街道|县|市|区|社|台|办|处|站|馆|村|厅|报|队|科|段|厂|矿|车间|工区|室|组|园|系|团|旅|营|连)$"
)
OFFICE = re.compile(  # 机电队, before the name of who works there
    rf"(?:[{HAN}]{{1,2}}科|[{HAN}]{{2}}[部处室队组厂矿站段局院所馆社店系]|[一二三四五六七八九十]{{1,2}}公司)$"
)
DID = (
    "主持",
    "出席",
    "讲话",
    "致辞",
    "陪同",
    "参加",
    "主讲",
)  # last words of a line on what someone did: 某某主持
DOES = "供提整摄攝综綜编編来來采採撰"  # first characters of a note on what a unit supplied: 供图片, 提供稿
ROLE_ENDS = "员員者生"  # last characters of roles: 通讯员, 作者
LONG_UNIT = re.compile(rf"[{HAN}]{{5,12}}")  # where a second writer works: 葛家坪邮路
PLACES = tuple("省市县区镇乡村道")
TITLE = re.compile(rf"[{HAN}]{{0,8}}(?:校长|院长|书记|教授|主任|董事长|总经理|厂长|矿长|站长|队长|局长|会长|所长)$")
NO_GIVEN_NAME = tuple("部处室组厂段局院")  # no personal name ends in these
ORGAN = re.compile(r"[网報报社台部室局刊]$")  # how names of publishers and offices end
NO_NAMES = frozenset(
    (
        "日前",
        "近日",
        "昨日",
        "今日",
        "昨天",
        "今天",
        "目前",
        "连日",
        "连日来",
        "当日",
        "当天",
        "时下",
        "眼下",
        "从",
        "为了",
        "近期",
        "上周",
        "本周",
        "去年",
        "今年",
    )
)
# Printed words that open with a surname and name no person.
WORDS = frozenset(
    (
        "编者",
        "时评",
        "社评",
        "短评",
        "微评",
        "来信",
        "来函",
        "来稿",
        "来电",
        "来论",
        "来访",
        "投书",
        "投稿",
        "之声",
        "热线",
        "反馈",
        "贺信",
        "贺电",
        "贺词",
        "简讯",
        "简介",
        "方案",
        "计划",
        "安排",
        "全文",
        "时间",
        "常识",
        "高考",
        "观察",
        "视点",
        "论坛",
        "随笔",
        "战略",
        "战役",
        "战线",
        "战场",
        "区域",
        "区县",
        "区间",
        "区委",
        "岩石",
        "岩层",
        "科普",
        "链接",
        "提示",
        "提醒",
        "背景",
        "声音",
        "海外",
        "海关",
        "海洋",
        "海军",
        "海峡",
        "过去",
        "过年",
        "过节",
        "过后",
        "过程",
    )
)
# Where stories are filed from, if the name could be a person's: 武汉报道.
CITIES = frozenset(
    (
        "成都",
        "武汉",
        "郑州",
        "杭州",
        "温州",
        "常州",
        "常德",
        "安阳",
        "安庆",
        "宁波",
        "苏州",
        "徐州",
        "福州",
        "黄山",
        "黄石",
        "石家庄",
        "金华",
        "江门",
        "柳州",
        "梅州",
        "邢台",
        "和田",
        "包头",
        "洛阳",
        "连云港",
        "乌鲁木齐",
        "云南",
        "安徽",
        "盘锦",
        "康定",
        "甘肃",
        "伊春",
        "海南",
        "海口",
        "海东",
        "海西",
        "东京",
        "巴黎",
        "华盛顿",
    )
)


def is_likely(name: str) -> bool:
    """Whether a text can be a person's name, by its surname and length."""
    if len(name) < 2:
        return False
    if any(d in name for d in DOT):
        return True
    if name.startswith(surnames.COMPOUND) and len(name) <= 4:
        return True
    if stands_alone(name) or is_transliterated(name):
        return True
    return simplified(name[0]) in surnames.SINGLE and len(name) <= 3


def names_below_unit(text: str) -> list[str]:
    """The names that stand behind a unit of work, 文学院 柳望川; empty if the text is anything else.

    A unit vouches for three characters whose first is a surname in no list. Readers who write in name their towns.
    """
    parts = text.split()
    units = 0
    while units < len(parts) and _is_workplace(parts[units]):
        units += 1
    names = [p for p in parts[units:] if not _is_workplace(p) and not LONG_UNIT.fullmatch(p)] if units else []
    return names if names and all(_may_be_name(n) for n in names) else []


def _is_workplace(text: str) -> bool:
    return bool(UNIT.match(text) or OFFICE.match(text)) and not text.endswith(PLACES)


def _may_be_name(text: str) -> bool:
    unlisted = len(text) == 3 and text[0] not in DOES and text[-1] not in ROLE_ENDS
    return bool(re.fullmatch(f"[{HAN}]{{2,4}}", text)) and (is_likely(text) or unlisted)


def stands_alone(name: str) -> bool:
    """Whether a text is a name that has no surname, of two characters or twice two: 卓玛, 益西卓玛."""
    return len(name) in (2, 4) and {name[:2], name[-2:]} <= surnames.ALONE


def is_transliterated(name: str) -> bool:
    """Whether a text can be a name of another language that is written as one word: 宝音图, 哈斯额尔敦."""
    return 3 <= len(name) <= 7 and name.startswith(surnames.TRANSLITERATED)


def cut_names(run: str, *, surely: bool = False) -> list[str]:
    """Two names without a space between them, if their surnames show where to cut; otherwise nothing.

    ``surely``: it can be nothing but names. Of two cuts, the one after three characters is then more likely.
    """
    if any(d in run for d in DOT) or stands_alone(run):
        return []
    cuts = {4: (2,), 5: (3, 2), 6: (3,)}.get(len(run), ())
    fits = [n for n in cuts if is_likely(run[:n]) and is_likely(run[n:])]
    one = len(fits) == 1 or (surely and bool(fits))
    return [run[: fits[0]], run[fits[0] :]] if one and not run.startswith(surnames.COMPOUND) else []
