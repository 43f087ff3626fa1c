"""Dress plain stories as newspapers print them: marks, names, kickers, crossheads, sidebars, credits.

Names are made up. Styles vary more widely than any one paper's, so that a reader learns what marks have
in common rather than one house's wording.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

from training.corpus import Story

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗"
    "凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵汪祁毛"
    "禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡"
    "凌霍虞万支柯管卢莫房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋艳勇杰娟涛明超秀霞平刚桂英华玉萍红建国文斌宁鹏飞婷雪琳晨阳浩宇轩梓涵继旺富贵瑞志海波"
    "春燕凤兰佳怡欣然子豪俊辉振东小梅晓光思远嘉诚永康立新学民亚楠方圆一凡天佑若曦雨桐安琪少华振兴爱民"
)
PLACES = "北京 太原 上海 成都 吕梁 郑州 武汉 长沙 西安 兰州 杭州 昆明 济南 南宁 临汾 沈阳".split()
CLAUSE = re.compile(r"[一-鿿“”《》0-9]{5,20}")
STYLES = ["lead", "lead_named", "wire", "signed", "closing", "closing_role", "bare"]


@dataclass
class Printed:
    """A story as set in type: each part's role beside its text; ``head`` in printed order."""

    head: list[tuple[str, str]]
    body: list[tuple[str, str]]
    names: list[str] = field(default_factory=list)
    caption: str = ""


def name(rng: random.Random) -> str:
    return rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice([1, 2, 2])))


def dress(story: Story, rng: random.Random, other: Story | None = None) -> Printed:
    """Dress one story; ``other`` lends a sidebar its text."""
    headline, kicker = split_headline(story.headline, rng)
    body = [("body", p) for p in story.body]
    head = [("kicker", kicker)] if kicker else []
    head += [("headline", line) for line in break_line(headline, rng)]
    if rng.random() < 0.15 and (line := clause(story.body, rng)):
        head.append(("subhead", rng.choice(["——", "——", "", "— "]) + line))
    byline, body, names = credit(body, rng)
    if byline:
        head.append(("byline", byline))
    body = crossheads(body, rng) if rng.random() < 0.25 else body
    if other and rng.random() < 0.05:
        body += sidebar(other, rng)
    caption = f"图为{clause(story.body, rng) or '现场'}。" + rng.choice(
        ["", f"{name(rng)} 摄", f"本报记者 {name(rng)} 摄"]
    )
    return Printed(head, body, names, caption if rng.random() < 0.08 else "")


def split_headline(headline: str, rng: random.Random) -> tuple[str, str]:
    """A 【column】 mark stays, becomes a kicker of its own line, or goes."""
    mark = re.match(r"【([^】]+)】(.+)", headline)
    if not mark:
        return headline, (
            rng.choice(PLACES) + rng.choice(["：", "市", "视点", "聚焦", "行动"]) if rng.random() < 0.06 else ""
        )
    way = rng.random()
    if way < 0.5:
        return headline, ""
    return mark[2], mark[1] if way < 0.8 else ""


def break_line(text: str, rng: random.Random) -> list[str]:
    """Long headlines are set in two lines now and then, at a space or in the middle."""
    if rng.random() > 0.15 or len(text) < 14:
        return [text]
    if " " in text:
        return text.split(" ", 1)
    at = rng.randint(len(text) // 2 - 2, len(text) // 2 + 2)
    return [text[:at], text[at:]]


def clause(paragraphs: tuple[str, ...], rng: random.Random) -> str:
    """A run of the story's own words that could stand as a line of its own."""
    found = CLAUSE.findall(rng.choice(paragraphs))
    return rng.choice(found).strip("“”《》") if found else ""


def credit(body: list[tuple[str, str]], rng: random.Random) -> tuple[str, list[tuple[str, str]], list[str]]:
    """Choose how the writers are named: (byline block or "", body, names)."""
    style = rng.choices(STYLES, [20, 22, 6, 24, 14, 6, 10])[0]
    names = [name(rng) for _ in range(rng.choice([1, 1, 2, 3]))]
    first, last = body[0][1], body[-1][1]
    if style == "lead":
        lead = rng.choice(["本报讯 ", "本报讯 ", "本报讯", "本网讯 ", "讯 "])
        return "", [("body", lead + first), *body[1:]], []
    if style == "lead_named":
        lead = rng.choice(["本报讯", "本报讯", "本报{}电", "", "本报讯 "]).format(rng.choice(PLACES) + "1月2日")
        return "", [("body", f"{lead}（{credit_line(names, rng)}）{first}"), *body[1:]], names
    if style == "wire":
        day = f"{rng.randint(1, 12)}月{rng.randint(1, 28)}日"
        agency = rng.choice(["新华社", "据新华社", "中新社", "本报", "新华网"])
        return "", [("body", f"{agency}{rng.choice(PLACES)}{day}电 " + first), *body[1:]], []
    if style == "signed":
        return signature(names, rng), body, names
    if style.startswith("closing"):
        inner = credit_line(names, rng) if style == "closing_role" else rng.choice([" ", "　", "、"]).join(names)
        return "", [*body[:-1], ("body", f"{last}（{inner}）")], names
    return "", body, []


def credit_line(names: list[str], rng: random.Random) -> str:
    role = rng.choice(["记者 ", "记者", "通讯员 ", "本报记者 ", "记者　", "特约记者 "])
    if len(names) > 1 and rng.random() < 0.6:
        return f"{role}{names[0]} {rng.choice(['通讯员 ', '实习生 ', '通讯员'])}{' '.join(names[1:])}"
    return role + " ".join(names)


def signature(names: list[str], rng: random.Random) -> str:
    mark = rng.choice(["□ ", "■ ", "□", "○ ", "● ", "◎", "", "", "△ "])
    role = (
        rng.choice(["本报记者 ", "记者 ", "", "本报通讯员 ", "通讯员 ", "本报记者　", "文/"])
        if mark
        else rng.choice(["本报记者 ", "本报通讯员 ", "记者 ", "通讯员 ", "文/", "本报评论员 "])
    )
    if len(names) > 1 and rng.random() < 0.4:
        return mark + role + names[0] + rng.choice(["\n通讯员 ", " 通讯员 ", "\n"]) + " ".join(names[1:])
    return mark + role + rng.choice([" ", "　"]).join(names)


def crossheads(body: list[tuple[str, str]], rng: random.Random) -> list[tuple[str, str]]:
    """Set crossheads from the story's own words before some paragraphs."""
    out, number = [], 0
    for at, (role, text) in enumerate(body):
        if at and rng.random() < 0.4 and (line := clause((text,), rng)):
            mark = rng.choice(["", "", "", "{}、", "（{}）", "“"]).format("一二三四五六七八九十"[number % 10])
            out.append(("crosshead", mark + line + ("”" if mark == "“" else "")))
            number += 1
        out.append((role, text))
    return out


def sidebar(other: Story, rng: random.Random) -> list[tuple[str, str]]:
    """A note of the writer's under a story: its first paragraph opens with the column's name."""
    mark = rng.choice(["笔者手记", "记者手记", "编后", "短评", "编者按", "链接", "相关链接", "采访手记", "新闻链接"])
    first, *rest = other.body[: rng.randint(1, 3)]
    if rng.random() < 0.5:
        return [("sidebar", f"{mark}{rng.choice(['：', '：', ' '])}{first}"), *(("body", p) for p in rest)]
    return [("sidebar", mark), ("body", first), *(("body", p) for p in rest)]


def furniture(rng: random.Random, page: int) -> str:
    """One line of what surrounds stories on a page."""
    who, day = name(rng), f"20{rng.randint(18, 27)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日"
    week = rng.choice("一二三四五六日")
    return rng.choice(
        [
            f"{day} 星期{week} 第{page}版",
            f"第{page}版 {rng.choice(['要闻', '综合', '时政', '民生', '副刊', '国际'])}",
            f"{day}",
            f"责任编辑：{who} 校对：{name(rng)}",
            f"责编 {who} 版式 {name(rng)} 审读 {name(rng)}",
            f"编辑：{who}　电话：0{rng.randint(310, 999)}-{rng.randint(2000000, 8999999)}",
            f"新闻热线：0{rng.randint(310, 999)}—{rng.randint(2000000, 8999999)}",
            f"投稿邮箱：{rng.choice(['news', 'bjb', 'tougao'])}@example.com",
            f"{page}",
            f"星期{week} 农历十月初{rng.choice('一二三四五六七八九')}",
            f"邮编：0{rng.randint(10000, 99999)} 广告热线：{rng.randint(2000000, 8999999)}",
            f"{rng.choice(PLACES)}日报 {day} 第{page}版",
            f"今日{rng.randint(4, 16)}版 国内统一刊号：CN14-00{rng.randint(10, 99)} 第{rng.randint(1000, 9999)}期",
            "导读",
            f"本版编辑 {who}",
            f"电话：0{rng.randint(310, 999)}-{rng.randint(2000000, 8999999)} E-mail：news@example.com",
        ]
    )
