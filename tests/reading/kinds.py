"""A small bench that anyone may have: the sample issue's invented stories, set in the ways that trip readers up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "samples" / "yunzhou-daily" / "2026-01-15" / "gold.json"
RADICALS = str.maketrans(
    "一人大小口山工水日月生用目石立行见里长门风高齐", "⼀⼈⼤⼩⼝⼭⼯⽔⽇⽉⽣⽤⽬⽯⽴⾏⻅⾥⻓⻔⻛⾼⻬"
)
LABEL = "要闻简报"
ADVERTS = (
    "遗失声明",
    "云州市丰源商行公章遗失，声明作废。",
    "何大有身份证遗失，声明作废。",
    "注销公告",
    "云州市同福合作社拟注销，请债权人自公告之日起45日内申报债权。",
)
INDEX = ("导读", "老戏台唱响新生活 2版", "渡口开航 百姓点赞……3版", "城南菜场装上遮雨棚 4版")
EDGES = (
    "A02 要闻",
    "2026年1月15日 星期四",
    "责任编辑 温若谷 美术编辑 齐小满 校对 方正平",
    "云州日报",
    "电话：0000-0000000 邮箱：news@yunzhou-daily.example",
)
WEATHER = ("天气预报", "今天白天晴，东南风3级，最高气温12℃。", "今天夜间多云，最低气温-2℃。")
NOTICE = (
    "云州市拟任干部公示",
    "根据干部选拔任用工作有关规定，现将下列拟任干部予以公示：",
    "何大有，男，汉族，1978年6月生，大学学历，现任市水务局副局长，拟任市直单位正职。",
    "公示期为2026年1月15日至1月21日。",
    "中共云州市委组织部",
    "2026年1月15日",
)
ROWS = ("白菜 1.20", "萝卜 0.90", "鸡蛋 4.75", "花生油 9.60")
CAPTION = "图为1月14日，云州南环路上，工人正在清扫路面。 本报记者 崔一舟 摄"
NOTE = "编者按：新年伊始，本报推出“老街新事”专栏，记录云州街巷里的手艺和人情。今天刊发第一篇，敬请关注。"


@dataclass(frozen=True)
class Story:
    """A story and how it is printed: ``head`` above the text, ``body`` as it has to come out."""

    headline: str
    body: tuple[str, ...]
    byline: tuple[str, ...] = ()
    kicker: str = ""
    label: str = ""
    subhead: str = ""
    head: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        return (*(self.head or (self.headline,)), *(self.printed or self.body))


@dataclass(frozen=True)
class PageKind:
    """Pages of lines, the stories that have to come out, and what may stand in none of them."""

    name: str
    pages: tuple[tuple[str, ...], ...]
    stories: tuple[Story, ...]
    apart: tuple[str, ...] = ()


def _stories() -> dict[str, Story]:
    gold = json.loads(SAMPLE.read_text("utf-8"))["articles"]
    found = {a["headline"]: Story(a["headline"], tuple(a["body"]), tuple(a["byline"])) for a in gold}
    names = {
        "road": "云州南环路改造工程主体完工",
        "course": "全市基层档案员业务培训班开班",
        "river": "青岭县河道有了“夜巡员”",
    }
    names |= {"books": "新春旧书市集本月24日开市", "view": "给“小修小补”留一席之地", "watch": "顾师傅和他的三万块表"}
    out = {name: found[headline] for name, headline in names.items()}
    river = out["river"]
    out["river"] = replace(river, printed=(*river.body[:-1], f"{river.body[-1]}（{' '.join(river.byline)}）"))
    for name in ("view", "watch"):
        out[name] = replace(out[name], head=(out[name].headline, f"□ {out[name].byline[0]}"))
    return out


def _lead(story: Story, lead: str, *names: str) -> Story:
    """The story with another lead in place of its own."""
    text = story.body[0].removeprefix("本报讯").lstrip()
    text = text.partition("）")[2] if text.startswith("（") else text
    return replace(story, body=(lead + text, *story.body[1:]), byline=names, printed=())


def _cut(story: Story, paragraph: int, at: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The story's lines up to a place inside a paragraph, and from there on."""
    lines, n = story.lines, len(story.lines) - len(story.body) + paragraph
    return (*lines[:n], lines[n][:at]), (lines[n][at:], *lines[n + 1 :])


def _page(*stories: Story) -> tuple[str, ...]:
    return tuple(line for story in stories for line in story.lines)


def kinds() -> Iterator[PageKind]:
    """The bench, in a fixed order."""
    s = _stories()
    road, course, river, books, view, watch = (s[k] for k in ("road", "course", "river", "books", "view", "watch"))
    yield PageKind("tidy", (_page(road, view, course, books),), (road, view, course, books))
    yield from _bylines(road, course, river, books)
    yield from _heads(road, course, view, watch)
    yield from _beside(road, course, river, books, view)
    yield from _broken(road, course, books, view)
    yield from _jumps(road, course, watch, books)


def _bylines(road: Story, course: Story, river: Story, books: Story) -> Iterator[PageKind]:
    three = (
        _lead(road, "本报讯 记者陆一鸣报道 ", "陆一鸣"),
        _lead(course, "本报讯 通讯员梁亦舟 何雨桐报道 ", "梁亦舟", "何雨桐"),
        _lead(books, "本报1月14日讯 记者江南雁 ", "江南雁"),
    )
    yield PageKind("leads without brackets", (_page(*three),), three)
    three = (
        _lead(road, "本报云州1月14日电 （记者陆一鸣、㛃明）", "陆一鸣", "㛃明"),
        _lead(course, "（见习记者 梁亦舟 实习生 买买提·艾力）", "梁亦舟", "买买提·艾力"),
        _lead(books, "本报综合消息 "),
    )
    yield PageKind("datelines and rare names", (_page(*three),), three)
    forms = ("文/陆一鸣 图/何雨桐", "本报特约记者 陆　鸣 通讯员 何雨桐 文/图", "本报记者 陆一鸣 何雨桐 摄影报道")
    names = (("陆一鸣", "何雨桐"), ("陆鸣", "何雨桐"), ("陆一鸣", "何雨桐"))
    bare = [_lead(x, "") for x in (road, course, books)]
    three_ = tuple(
        replace(x, head=(x.headline, form), byline=who) for x, form, who in zip(bare, forms, names, strict=True)
    )
    yield PageKind("bylines above the text", (_page(*three_),), three_)
    ends = ("（何雨桐 整理）", "（记者 何雨桐）", "")
    closed = tuple(
        replace(x, byline=("何雨桐",), printed=(*x.body[:-1], x.body[-1] + end))
        for x, end in zip((_lead(road, ""), _lead(books, ""), _lead(course, "")), ends, strict=True)
    )
    last = replace(closed[2], printed=(*closed[2].body, "本报通讯员 何雨桐"))
    yield PageKind("credits at the end", (_page(*closed[:2], last, river),), (*closed[:2], last, river))


def _heads(road: Story, course: Story, view: Story, watch: Story) -> Iterator[PageKind]:
    kicker, subhead = "十六个月昼夜赶工", "沿线十一处信号灯统一配时"
    decked = replace(road, kicker=kicker, subhead=subhead, head=(kicker, road.headline, subhead))
    dashed = replace(
        watch, subhead="鼓楼街六平方米修表铺见闻", head=(watch.headline, "——鼓楼街六平方米修表铺见闻", watch.head[1])
    )
    yield PageKind("three decks and a dash", (_page(decked, dashed, course),), (decked, dashed, course))
    colon = replace(road, kicker="十六个月昼夜赶工——", head=("十六个月昼夜赶工——", road.headline))
    label = replace(view, label="云州时评", head=("【云州时评】", *view.head))
    column = replace(course, kicker="“云州这五年”系列报道之三", head=("“云州这五年”系列报道之三", course.headline))
    yield PageKind("kicker with a dash, label in brackets", (_page(colon, label, column),), (colon, label, column))
    double = tuple(replace(x, head=("".join(c * 2 for c in x.headline),)) for x in (road, course))
    yield PageKind("doubled heads", (_page(*double, view),), (*double, view))
    upright = replace(course, head=("\n".join(course.headline),))
    spaced = replace(road, head=(" ".join(road.headline),))
    yield PageKind("upright and spaced heads", (_page(upright, spaced, view),), (upright, spaced, view))
    front, rest = _cut(road, 1, 30)
    page = (*front[1:], road.headline, *rest, *_page(view, course))
    yield PageKind("a headline inside its text", (page,), (road, view, course))
    note = Story("编者按", (NOTE.partition("：")[2],), head=(), printed=(NOTE,))
    yield PageKind("an editor's note", ((NOTE, *_page(watch, road, course)),), (watch, note, road, course))


def _beside(road: Story, course: Story, river: Story, books: Story, view: Story) -> Iterator[PageKind]:
    front, rest = _cut(road, 1, 40)
    yield PageKind(
        "a caption in the columns", ((*front, CAPTION, *rest, *_page(course, view)),), (road, course, view), (CAPTION,)
    )
    front, rest = _cut(course, 2, 30)
    yield PageKind(
        "an index box in the columns",
        ((*_page(road), *front, *INDEX, *rest, *_page(books)),),
        (road, course, books),
        INDEX,
    )
    yield PageKind(
        "page edges",
        ((*EDGES[:2], *_page(road), EDGES[2], *_page(view, course), *EDGES[3:]),),
        (road, view, course),
        EDGES,
    )
    short = tuple(
        replace(x, body=x.body[:1], printed=(f"{x.body[0]}（何雨桐）",), byline=("何雨桐",))
        for x in (_lead(books, "本报讯 "), _lead(course, "本报讯 "))
    )
    yield PageKind(
        "a column of short news", ((*_page(road), LABEL, *_page(*short, river)),), (road, *short, river), (LABEL,)
    )
    yield PageKind(
        "classified advertising", ((*_page(road, river), *ADVERTS, *_page(view)),), (road, river, view), ADVERTS
    )
    yield PageKind("weather", ((*_page(road, river), *WEATHER, *_page(books)),), (road, river, books), WEATHER)
    front, rest = _cut(road, 1, 40)
    notice = Story(NOTICE[0], NOTICE[1:])
    yield PageKind(
        "an official notice in the columns", ((*front, *_page(notice), *rest, *_page(course)),), (road, notice, course)
    )
    table = replace(books, body=(*books.body[:2], "部分旧书起价（元）为：", *ROWS, books.body[2]))
    yield PageKind("a table in a story", (_page(table, road, view),), (table, road, view))


def _broken(road: Story, course: Story, books: Story, view: Story) -> Iterator[PageKind]:
    stories = (road, view, course)
    yield PageKind("radicals", (tuple(line.translate(RADICALS) for line in _page(*stories)),), stories)
    yield PageKind("text there twice", (_page(road, view, view, course),), stories)
    marked = replace(view, head=(view.headline, f"\ue004 本报记者 {view.byline[0]}"))
    yield PageKind("private-use bullets", (_page(road, marked, books),), (road, marked, books))
    wrapped = tuple(line[n : n + 16] for line in _page(*stories) for n in range(0, len(line), 16))
    yield PageKind("hard-wrapped lines", (("\n".join(wrapped),),), stories)


def _jumps(road: Story, course: Story, watch: Story, books: Story) -> Iterator[PageKind]:
    for name, above in (("whole", (watch.headline,)), ("shortened", ("顾师傅和三万块表",)), ("no", ())):
        front, rest = _cut(watch, 2, 20)
        one = (*_page(road), *front[:-1], f"{front[-1]}（下转第2版）")
        two = (*_page(books), *above, f"（上接第1版）{rest[0]}", *rest[1:], *_page(course))
        yield PageKind(f"a jump under {name} headline", (one, two), (road, watch, books, course))
    bare = replace(books, printed=(f"上接A1版 {books.body[0]}", *books.body[1:]))
    yield PageKind("a rest without its opening", (_page(bare, road),), (bare, road))
