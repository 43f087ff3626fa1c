"""Marks that a paper prints around its stories: by-lines, leads, closing credits, jumps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from transforms.chinese import simplified
from transforms.model import Credit
from transforms.segment.style import HouseStyle

NAME = r"[一-鿿]{2,4}(?:·[一-鿿]{1,6})?"
CLOSING = re.compile(r"[（(](?P<who>[^（）()]{2,60})[)）]\s*$")
PAGE = r"第?\s*(?P<page>[0-9０-９A-Z一二三四五六七八九十]{1,4})\s*版"
DIGITS = dict(zip("一二三四五六七八九", range(1, 10), strict=True))
SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗"
    "凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛"
    "禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡"
    "凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊惠甄曲封储靳段富巫焦巴弓"
    "牧车侯宓蓬全班仰秋仲伊宫宁仇栾甘厉祖武符刘景詹束龙叶幸司韶郜黎薄印宿白怀蒲从鄂索咸籍赖卓蔺屠蒙池乔阴胥能"
    "苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍桑桂濮牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎充慕连茹习艾鱼容向古易慎戈廖"
    "庾终暨居衡步都耿满弘匡国文寇广禄阙东欧沃利蔚越隆师巩聂晁勾敖融冷辛阚那简饶空曾沙乜养鞠须丰巢关查后荆红游"
    "权盖益桓公晋楚闫法汝鄢涂钦岳帅缑亢况有琴商牟佘佴伯赏墨哈谯年爱阳佟仝肖覃付"
)


def _likely(name: str) -> bool:
    return (simplified(name[0]) in SURNAMES and len(name) <= 3) or "·" in name


class Marks:
    """Recognises what a house style prints."""

    def __init__(self, style: HouseStyle) -> None:
        papers, ranks = _any(style.papers), _any(style.ranks)
        self.role = rf"{papers}?(?:{ranks}|驻[一-鿿]{{2,4}})?{_any(style.roles)}|{_any(style.signs)}"
        self._mark = re.compile(rf"^(?:{_any(style.byline_marks)}|[\s　])+")
        self._token = re.compile(
            rf"(?P<role>{self.role})\s*[/／:：]?|(?P<name>[一-鿿·]+)|(?P<space>[\s　、，,/／:：；;()（）]+)"
        )
        words = _any(style.lead_words)
        self._lead = re.compile(
            rf"^(?P<line>{papers}?(?:[一-鿿]{{2,6}})?(?:\d+月)?(?:\d+日)?{words}"
            rf"|(?:据)?{_any(style.agencies)}[^，。（(]{{0,16}}?{words})?"
            r"[\s　]*(?:[（(](?P<who>[^（）()]{2,60})[)）])?"
        )
        self._jump = re.compile(rf"[（(▶►→\s]*{_any(style.jump_to)}{PAGE}[^（）()。]{{0,12}}[)）]?\s*$")
        self._continued = re.compile(rf"^\s*[（(◀◄←▶]*\s*{_any(style.jump_from)}{PAGE}[^（）()。]{{0,12}}[)）]?\s*")
        self._aliases = style.aliases
        self._note = re.compile(rf"^(?P<head>{_any(style.sidebars)})[：:\s　]*")

    def plain(self, text: str) -> str:
        """The text in the general style's words: what a reader that was trained on those is shown."""
        for own, general in self._aliases:
            text = text.replace(own, general)
        return text

    def parse_byline(self, text: str) -> tuple[Credit, ...]:
        """Who is credited in a by-line; empty where the text is none.

        A by-line says a role (记者, 通讯员) or opens with a mark (□), or is nothing but names.
        """
        marked = self._mark.sub("", text)
        return self._credits(marked, marked != text)

    def parse_credit(self, text: str) -> tuple[Credit, ...]:
        """Who is credited inside brackets; empty where they hold something else."""
        return self._credits(text.strip(), False)

    def _credits(self, text: str, sure: bool) -> tuple[Credit, ...]:
        if not text or len(text) > 60:
            return ()
        credits, role, at, found = [], "", 0, sure
        while at < len(text):
            token = self._token.match(text, at)
            if not token:
                return ()
            at = token.end()
            if token["role"]:
                role, found = token["role"], True
            elif token["name"]:
                names = self._names(token["name"])
                if not names:
                    return ()
                credits += [Credit(n, role) for n in names]
        if not found and not all(_likely(c.name) for c in credits):
            return ()
        return tuple(credits)

    def _names(self, run: str) -> list[str]:
        """Names in a run without spaces: 张三, or 张三通讯员李四 met without its space."""
        if re.fullmatch(NAME, run):
            return [run]
        parts = [p for p in re.split(self.role, run) if p]
        return parts if parts != [run] and all(re.fullmatch(NAME, p) for p in parts) else []

    def parse_lead(self, text: str) -> tuple[str, tuple[Credit, ...]]:
        """(dateline, credits) of a paragraph that opens 本报讯（记者 张三）; both empty where it does not."""
        found = self._lead.match(text)
        if not found:
            return "", ()
        who = self.parse_credit(found["who"]) if found["who"] else ()
        if found["who"] and not who:
            return (found["line"] or "").strip(), ()
        if not found["line"] and not any(c.role for c in who):
            return "", ()
        return (found["line"] or "").strip(), who

    def split_closing_credit(self, text: str) -> tuple[str, tuple[Credit, ...]]:
        """(text without it, credits) of a paragraph that closes （张三 李四）."""
        found = CLOSING.search(text)
        if not found:
            return text, ()
        who = self.parse_credit(found["who"])
        return (text[: found.start()].rstrip(), who) if who else (text, ())

    def split_jump(self, text: str) -> tuple[str, str]:
        """(text without it, page) of a paragraph that closes （下转4版）; page "" where it does not."""
        found = self._jump.search(text)
        return (text[: found.start()].rstrip(), page_number(found["page"])) if found else (text, "")

    def split_continuation(self, text: str) -> tuple[str, str]:
        """(rest, page) of a text that opens （上接1版）; page "" where it does not."""
        found = self._continued.match(text)
        return (text[found.end() :], page_number(found["page"])) if found else (text, "")

    def split_note(self, text: str) -> tuple[str, str]:
        """(name of the column, rest) of a paragraph that opens a sidebar: 笔者手记; both "" where it does not."""
        found = self._note.match(text)
        if not found or (found.end() < len(text) and found["head"] == text[: found.end()]):
            return "", ""
        return found["head"], text[found.end() :]


@cache
def marks_of(style: HouseStyle) -> Marks:
    """The marks of a style, compiled once."""
    return Marks(style)


def _any(words: Sequence[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, words))})"


def page_number(text: str) -> str:
    """4 for ４ and 四; letters stay (A3)."""
    plain = "".join(str(int(c)) if c.isdigit() else c for c in text)
    if not re.search("[一二三四五六七八九十]", plain):
        return plain
    tens, _, ones = plain.partition("十") if "十" in plain else ("", "", plain)
    high = DIGITS.get(tens, 1) * 10 if "十" in plain else 0
    return str(high + DIGITS.get(ones, 0))
