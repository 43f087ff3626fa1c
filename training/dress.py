"""Dress stories as newspapers print them: headline blocks, names, notes, crossheads, sidebars, credits, captions.

Names are made up. Styles vary more widely than any one paper's, so that a reader learns what marks have in common
rather than one house's wording.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from training.corpus import Head, Story

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗"
    "凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛"
    "禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡"
    "凌霍虞万支柯管卢莫房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋艳勇杰娟涛明超秀霞平刚桂英华玉萍红建国文斌宁鹏飞婷雪琳晨阳浩宇轩梓涵继旺富贵瑞志海波"
    "春燕凤兰佳怡欣然子豪俊辉振东小梅晓光思远嘉诚永康立新学民亚楠方圆一凡天佑若曦雨桐安琪少华振兴爱民㛃𠮷喆珺玥"
)
FOREIGN = ("阿依古丽·买买提", "巴特尔·那顺", "迪丽努尔·阿不都", "扎西·次仁", "古丽·阿西木")
DOUBLE = ("欧阳", "司马", "上官", "诸葛", "司徒", "皇甫")
PLACES = (
    "北京 太原 上海 成都 吕梁 郑州 武汉 长沙 西安 兰州 杭州 昆明 济南 南宁 临汾 沈阳 莫斯科 巴黎 东京 华盛顿 日内瓦 广州 深圳 青岛 宁波 海口 贵阳"
).split()
PAPERS = "本报 本报 本报 本报 本网 本刊 晨报 晚报 日报 都市报 商报 全媒体 融媒体".split()
RANKS = ["记者"] * 6 + "见习记者 特约记者 实习记者 首席记者 驻京记者 通讯员 通讯员 评论员 特约评论员 特派记者".split()
ASIDE = "通讯员 通讯员 实习生 见习记者 特约通讯员 摄影记者".split()
CLAUSE = re.compile(r"[一-鿿“”《》0-9]{5,20}")
COLUMN = re.compile(r"（([^（）]{2,16})）$")
STYLES = ("lead", "lead_named", "lead_report", "wire", "signed", "closing", "closing_role", "closing_line", "bare")
STYLE_WEIGHTS = (14, 20, 6, 10, 24, 10, 8, 5, 10)
LABELS = (
    "人民时评 今日谈 编辑手记 民生关注 要闻简报 新闻速递 社会 经济 视点 热点追踪 记者观察 深度 调查 观点 评论 时评 社论 短评 本报评论员文章 "
    "读者来信 图片新闻 特别报道 专题 一线见闻 走基层 文化漫笔 副刊 街谈巷议 每周话题 乡村振兴 法治 健康 科普 教育周刊 财经观察 国际观察 环球"
).split()
NOTES = (
    "编者按",
    "编者按",
    "编者的话",
    "开栏的话",
    "编后",
    "编后语",
    "编余",
    "核心提示",
    "内容提要",
    "阅读提示",
    "主持人语",
    "【编者按】",
)
ASIDES = "笔者手记 记者手记 编后 短评 编者按 链接 相关链接 采访手记 新闻链接 延伸阅读 新闻背景 相关新闻 知识链接 小贴士 专家观点 记者点评 名词解释 背景 案例 声音 数读".split()

BOXED_NOTES = ASIDES + "编者的话 开栏的话 编后语 编余 主持人语 采访手记 记者手记".split()


@dataclass
class Printed:
    """A story as set in type: each part's role beside its text; ``head`` in printed order."""

    head: list[tuple[str, str]]
    body: list[tuple[str, str]]
    names: list[str] = field(default_factory=list)
    caption: str = ""


def name(rng: random.Random) -> str:
    way = rng.random()
    if way < 0.02:
        return rng.choice(FOREIGN)
    given = "".join(rng.sample(GIVEN, rng.choice([1, 2, 2])))
    return (rng.choice(DOUBLE) if way < 0.05 else rng.choice(SURNAMES)) + given


def dress(
    story: Story, rng: random.Random, other: Story | None = None, heads: Sequence[Head] = (), spare: Sequence[Head] = ()
) -> Printed:
    """Dress one story.

    ``other`` lends a sidebar its text; ``heads`` are headline blocks that fit the story, ``spare`` ones that need not.
    """
    head = headline_block(story, rng, heads, spare)
    paragraphs = shortened(story, rng)
    body = [("crosshead" if p in story.crossheads else "body", p) for p in paragraphs]
    byline, body, names = credit(body, rng)
    if byline:
        head.insert(len(head) - 1 if head[-1][0] == "subhead" and rng.random() < 0.1 else len(head), ("byline", byline))
    if not story.crossheads and rng.random() < 0.15:
        body = crossheads(body, rng)
    if rng.random() < 0.04 and other:
        body = [("note", p) for p in note(other, rng)] + body
    if other and rng.random() < 0.07:
        body += sidebar(other, rng)
    return Printed(head, body, names, caption(story, rng) if rng.random() < 0.14 else "")


def headline_block(
    story: Story, rng: random.Random, heads: Sequence[Head], spare: Sequence[Head]
) -> list[tuple[str, str]]:
    """Label, kicker, headline and subhead in printed order; real blocks if there are any that fit."""
    if heads and rng.random() < 0.6:
        block = rng.choice(heads)
        kicker, headline, subhead = block.kicker, block.headline, block.subhead
    else:
        headline, kicker = split_headline(story.headline, rng)
        kicker, subhead = kicker or story.kicker, story.subhead
        if spare and not kicker and rng.random() < 0.14:
            kicker = lent(spare, "kicker", rng) if rng.random() < 0.6 else clause(story.body, rng)
        if not subhead and rng.random() < 0.10:
            subhead = lent(spare, "subhead", rng) if spare and rng.random() < 0.5 else clause(story.body, rng)
            subhead = (
                subhead if subhead.startswith("—") else rng.choice(["——", "——", "", "— "]) + subhead if subhead else ""
            )
    column = COLUMN.search(headline)
    if column and rng.random() < 0.15:
        headline = headline[: column.start()]
    head = []
    if rng.random() < 0.05:
        head.append(
            ("label", rng.choice(["{}", "{}", "【{}】", "■{}", "［{}］", "·{}·", "◆{}"]).format(rng.choice(LABELS)))
        )
    if kicker:
        head += [("kicker", line) for line in break_line(varied_kicker(kicker, rng), rng, 18, 0.12)]
    head += [("headline", line) for line in break_line(headline, rng, 14, 0.07)]
    if subhead:
        dash = subhead if rng.random() < 0.8 else subhead.lstrip("—- ")
        head += [("subhead", line) for line in break_line(dash, rng, 22, 0.25)]
    return head


def lent(spare: Sequence[Head], what: str, rng: random.Random) -> str:
    """A line of that kind from some other headline block."""
    for _ in range(20):
        if text := getattr(rng.choice(spare), what):
            return str(text)
    return ""


def varied_kicker(kicker: str, rng: random.Random) -> str:
    """Papers end a kicker with a dash, a colon or nothing."""
    bare = kicker.rstrip("—：:")
    return kicker if rng.random() < 0.85 else bare + rng.choice(["", "：", "——"])


def shortened(story: Story, rng: random.Random) -> list[str]:
    """The story's paragraphs: now and then only its opening, as a brief; very short paragraphs often run together."""
    whole = list(story.body)
    if rng.random() < 0.12:
        whole = whole[: rng.randint(1, 3)]
    if rng.random() < 0.7:
        whole = run_together(whole, story.crossheads, rng.choice([60, 100, 140]))
    out, size = [], 0
    limit = rng.choice([1200, 2000, 2600, 3400, 4500])
    for p in whole:
        if size > limit:
            break
        out.append(p)
        size += len(p)
    while len(out) > 1 and out[-1] in story.crossheads:
        out.pop()
    return out


def run_together(paragraphs: list[str], apart: frozenset[str], least: int) -> list[str]:
    out: list[str] = []
    for p in paragraphs:
        joins = out and p not in apart and out[-1] not in apart and len(out[-1]) < least and out[-1][-1] in "。！？”"
        if joins:
            out[-1] += p
        else:
            out.append(p)
    return out


def split_headline(headline: str, rng: random.Random) -> tuple[str, str]:
    """A 【column】 mark stays, becomes a kicker of its own line, or goes."""
    mark = re.match(r"【([^】]+)】(.+)", headline)
    if not mark:
        return headline, (
            rng.choice(PLACES) + rng.choice(["：", "市", "视点", "聚焦", "——"]) if rng.random() < 0.04 else ""
        )
    way = rng.random()
    if way < 0.5:
        return headline, ""
    return mark[2], mark[1] if way < 0.8 else ""


def break_line(text: str, rng: random.Random, least: int = 14, often: float = 0.2) -> list[str]:
    """Long headlines are set in two lines now and then, at a space, at a mark or in the middle."""
    if rng.random() > often or len(text) < least:
        return [text]
    if " " in text.strip() or "　" in text:
        return [p for p in re.split(r"[ 　]+", text, maxsplit=1) if p]
    marks = [m.end() for m in re.finditer("[，、：！？]", text[4:-4])]
    at = 4 + rng.choice(marks) if marks and rng.random() < 0.5 else rng.randint(len(text) // 2 - 2, len(text) // 2 + 2)
    return [text[:at], text[at:]]


def clause(paragraphs: Sequence[str], rng: random.Random) -> str:
    """A run of the story's own words that could stand as a line of its own."""
    found = CLAUSE.findall(rng.choice(paragraphs))
    return rng.choice(found).strip("“”《》") if found else ""


def caption(story: Story, rng: random.Random) -> str:
    """A picture's caption with its credit, from the story's own captions if it has any."""
    own = bool(story.captions) and rng.random() < 0.7
    text = rng.choice(story.captions) if own else clause(story.body, rng) or "活动现场"
    credit = rng.choice(
        [
            "",
            "{} 摄",
            "本报记者 {} 摄",
            "（{} 摄）",
            "新华社记者 {} 摄",
            "{}摄",
            "记者 {} 摄影报道",
            "新华社发（{} 摄）",
            "受访者供图",
            "（本版图片由{}提供）",
        ]
    ).format(name(rng))
    if own:
        return text.rstrip("。") + rng.choice(["。", "。", " ", ""]) + credit
    return rng.choice(["图为{}。", "图为{}。", "▲{}。", "上图：{}。", "{}。", "图①：{}。", "△{}"]).format(text) + credit


def credit(body: list[tuple[str, str]], rng: random.Random) -> tuple[str, list[tuple[str, str]], list[str]]:
    """Choose how the writers are named: (byline block or "", body, names)."""
    style = rng.choices(STYLES, STYLE_WEIGHTS)[0]
    names = [name(rng) for _ in range(rng.choice([1, 1, 2, 3]))]
    first, last = body[0][1], body[-1][1]
    day = f"{rng.randint(1, 12)}月{rng.randint(1, 28)}日"
    if style == "lead":
        lead = rng.choice(
            [
                "本报讯 ",
                "本报讯 ",
                "本报讯",
                "本网讯 ",
                "讯 ",
                f"本报{day}讯 ",
                "本报综合报道 ",
                "本报综合消息 ",
                "据新华社电 ",
            ]
        )
        return "", [("body", lead + first), *body[1:]], []
    if style == "lead_named":
        lead = rng.choice(["本报讯", "本报讯", f"本报{rng.choice(PLACES)}{day}电", "", "本报讯 ", f"本报{day}讯 "])
        left, right = rng.choice(["（）", "（）", "（）", "()", "〔〕", "【】"])
        return "", [("body", f"{lead}{left}{credit_line(names, rng)}{right}{first}"), *body[1:]], names
    if style == "lead_report":
        lead = rng.choice(
            [
                "本报讯 记者{}报道 ",
                "本报讯 记者 {} 报道：",
                f"本报{day}讯 记者{{}}报道：",
                "本报讯 {} 报道 ",
                "记者 {} ",
            ]
        )
        return "", [("body", lead.format(rng.choice(["、", " "]).join(names)) + first), *body[1:]], names
    if style == "wire":
        agency = rng.choice(["新华社", "据新华社", "中新社", "本报", "新华网"])
        who = f"（{rng.choice(['记者 ', '记者'])}{'、'.join(names)}）" if rng.random() < 0.5 else " "
        return (
            "",
            [("body", f"{agency}{rng.choice(PLACES)}{day}电{who}{first}"), *body[1:]],
            names if "（" in who else [],
        )
    if style == "signed":
        return signature(names, rng), body, names
    if style == "closing_line":
        line = rng.choice(["（{}）", "本报记者 {}", "□{}", "（记者 {}）", "（作者：{}）", "{}"]).format(" ".join(names))
        return "", [*body, ("byline", line)], names
    if style.startswith("closing"):
        inner = credit_line(names, rng) if style == "closing_role" else rng.choice([" ", "　", "、"]).join(names)
        inner = rng.choice([inner, inner, inner, f"作者系{rng.choice(PLACES)}大学教授", f"{inner} 整理"])
        return "", [*body[:-1], (body[-1][0], f"{last}（{inner}）")], names
    return "", body, []


def credit_line(names: list[str], rng: random.Random) -> str:
    role = rng.choice(["记者 ", "记者", "通讯员 ", "本报记者 ", "记者　", "特约记者 ", "见习记者 ", "全媒体记者 "])
    if len(names) > 1 and rng.random() < 0.6:
        return f"{role}{names[0]} {rng.choice(['通讯员 ', '实习生 ', '通讯员'])}{' '.join(names[1:])}"
    return role + " ".join(names)


def signature(names: list[str], rng: random.Random) -> str:
    """A byline on a line of its own."""
    if rng.random() < 0.08:
        return rng.choice(
            ["文/{0} 图/{1}", "文／{0} 图／{1}", "{0} 文/图", "文/图 {0}", "撰文/{0} 摄影/{1}", "{0}/文 {1}/图"]
        ).format(names[0], names[-1])
    mark = rng.choice(["□ ", "■ ", "□", "○ ", "● ", "◎", "", "", "", "△ ", "◆ ", "▌", "| "])
    lead = rng.choice(
        [
            f"{rng.choice(PAPERS)}{rng.choice(RANKS)} ",
            f"{rng.choice(RANKS)} ",
            "",
            "本报记者 ",
            "本报记者　",
            "文/",
            "新华社记者 ",
        ]
    )
    if not mark and not lead and rng.random() < 0.5:
        lead = "本报记者 "
    if len(names) > 1 and rng.random() < 0.4:
        return (
            mark
            + lead
            + names[0]
            + rng.choice(["\n{} ", " {} ", "\n", "　{}　"]).format(rng.choice(ASIDE))
            + " ".join(names[1:])
        )
    return (
        mark
        + lead
        + rng.choice([" ", "　", "、"]).join(names)
        + rng.choice(["", "", "", "", " 报道", " 文/图", " 整理"])
    )


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


def note(other: Story, rng: random.Random) -> list[str]:
    """An editor's note above the story: one or two short paragraphs behind its name."""
    text = "".join(other.body)[: rng.randint(50, 180)]
    text = text[: text.rfind("。") + 1] or text + "。"
    mark = rng.choice(NOTES)
    return [mark, text] if rng.random() < 0.35 else [mark + rng.choice(["：", "　", " ", ""]) + text]


def aside(about: Story, rng: random.Random) -> Printed:
    """A writer's or editor's note set apart from the story that it belongs to: the column's name, then its text."""
    long = [p for p in about.body if len(p) >= 30] or list(about.body)
    at = rng.randrange(len(long))
    body = [("body", p) for p in long[at : at + rng.randint(1, 4)]]
    head = [("sidebar", rng.choice(["{}", "{}", "{}", "【{}】", "■{}"]).format(rng.choice(BOXED_NOTES)))]
    who = [name(rng)] if rng.random() < 0.4 else []
    if who and rng.random() < 0.5:
        head.append(("byline", signature(who, rng)))
    elif who:
        body[-1] = ("body", f"{body[-1][1]}（{who[0]}）")
    return Printed(head, body, who)


def sidebar(other: Story, rng: random.Random) -> list[tuple[str, str]]:
    """A note of the writer's under a story: its first paragraph opens with the column's name."""
    mark = rng.choice(ASIDES)
    first, *rest = other.body[: rng.randint(1, 3)]
    shape = rng.choice(["{}", "{}", "【{}】", "■{}", "▶{}"])
    if rng.random() < 0.5:
        return [
            ("sidebar", f"{shape.format(mark)}{rng.choice(['：', '：', ' '])}{first}"),
            *(("body", p) for p in rest),
        ]
    return [("sidebar", shape.format(mark)), ("body", first), *(("body", p) for p in rest)]
