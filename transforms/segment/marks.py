"""Marks that a newspaper prints around its stories: jumps, columns, notices. Bylines are in ``bylines.py``.

Every pattern is bounded: its cost grows at most linearly with the text.
"""

from __future__ import annotations

import re
from functools import cache, cached_property

from transforms.chinese import TRADITIONAL
from transforms.repair import HAN
from transforms.restore.lines import ends_sentence
from transforms.segment.bylines import LONGEST_MARK, SPACES, Bylines
from transforms.segment.names import NAME
from transforms.segment.style import HouseStyle, any_of

# 4版, 第四版, A04版, and A04 alone, as arrows point to it.
PAGE = (
    r"第?\s{0,2}(?P<page>[0-9０-９A-Z一二三四五六七八九十]{1,4})"
    r"(?:\s{0,2}版|(?<=[A-Z]\d)(?!\d)|(?<=[A-Z]\d\d)(?!\d))"
)
DAY = r"(?:20\d\d年|[二〇○零一二三四五六七八九]{4}年)?[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日"
DATE = re.compile(rf"{DAY}$")
LONGEST_SOURCE = 45  # characters
LONGEST_DISCLAIMER = 60
# Behind a jump: （相关报道见5版）
SEE_ALSO = re.compile(r"[（(](?:相关|有关|更多)?(?:报道|新闻|内容)?[详另]?见[^（）()。，]{1,8}版[）)]$")
DIGITS = dict(zip("一二三四五六七八九", range(1, 10), strict=True))


class Marks(Bylines):
    """Recognises what a house style prints around stories, except bylines."""

    def __init__(self, style: HouseStyle) -> None:
        super().__init__(style)
        arrow = r"[▶►→>＞☞\s\u3000]{0,3}"
        self._jump = re.compile(
            rf"[（(【〔\[]?{arrow}{any_of(style.jump_to)}{PAGE}[^（）()【】〔〕。]{{0,16}}[)）】〕\]]?{SPACES}$"
        )
        bare_page = PAGE.replace("page", "bare")
        since = any_of(style.jump_from)
        closed = rf"[（(【〔\[][①-⑳]?{arrow}[◀◄←]{{0,3}}\s?{since}{PAGE}[^（）()【】〔〕\]。]{{0,30}}[)）】〕\]]"
        bare = rf"[◀◄←▲△▼▽■□◆●]{{0,3}}{arrow}{since}{bare_page}(?:[)）】〕\]]|(?=[\s\u3000])|$)"
        self._continued = re.compile(rf"^{SPACES}(?:{closed}|{bare}){SPACES}")
        self._aliases = style.aliases
        self._style = style
        own = rf"(?:[{HAN}]{{0,8}})"
        self._notice = re.compile(
            rf"^[■□◆●\s\u3000]{{0,3}}(?P<own>.{{0,30}}){any_of(style.notices)}(?:[：:]|[\s\u3000][A-Za-z]{{2,14}})?$"
        )
        self._listing = re.compile(rf"^[■□◆●\s\u3000]{{0,3}}{own}{any_of(style.listings)}[：:]?$")
        self._label = re.compile(
            rf"^[【［\[■□◆●◎\s\u3000]{{0,3}}(?P<label>(?:[{HAN}]{{0,4}}){any_of(style.labels)})[】］\]\s\u3000]{{0,3}}$"
        )
        set_off = r"[：:／/|｜丨\s\u3000]"
        source = rf"^[（(*※\s]{{0,2}}{any_of(style.sources)}\s?[：:／/|｜丨]"
        self._source = re.compile(source)
        who = rf"(?:(?:{any_of(style.papers)}?{any_of(style.roles)})?\s?{NAME}[\s\u3000、]{{0,3}})"
        drawn = rf"{any_of(style.graphics)}{set_off}{{1,3}}{who}{{1,3}}[)）]?$"
        self._drawn = re.compile(rf"(?:{source}.{{2,30}}?{set_off}|^[（(]?){drawn}")
        whose = r"(?:本[版报刊栏]|(?:免责|特别)?声明|风险提示)"
        self._disclaimer = re.compile(
            rf"^[（(※*\s]{{0,3}}{whose}[^。]{{0,24}}{any_of(style.disclaimers)}[^。]{{0,20}}。?[)）]?$"
        )
        self._field = re.compile(rf"(?:(?<![^\s\u3000])|(?<=^[（(])){any_of(style.disclosures)}\s?[：:\s\u3000]")
        self._summaries = frozenset(style.summaries)

    @property
    def is_traditional(self) -> bool:
        """Whether these are marks of a newspaper in traditional characters."""
        return self._style.language == TRADITIONAL

    @cached_property
    def simplified(self) -> Marks:
        """The same marks in simplified characters."""
        return marks_of(self._style.in_simplified())

    def is_summary(self, text: str) -> bool:
        """Whether a line is the label above a story's summary: 核心阅读."""
        return text.strip("【】［］[]■□◆● \u3000") in self._summaries

    def plain(self, text: str) -> str:
        """The text in the words of the general style, on which the reader was trained."""
        for own, general in self._aliases:
            text = text.replace(own, general)
        return text

    def split_jump(self, text: str) -> tuple[str, str]:
        """(text, page) of a paragraph that ends with （下转4版）; page "" for others."""
        window = text[-LONGEST_MARK:]
        found = self._jump.search(SEE_ALSO.sub("", window))
        if not found:
            return text, ""
        return text[: len(text) - len(window) + found.start()].rstrip(), page_number(found["page"])

    def split_continuation(self, text: str) -> tuple[str, str]:
        """(rest, page) of a text that opens with （上接1版）; page "" for others."""
        found = self._continued.match(text)
        if not found:
            return text, ""
        return text[found.end() :], page_number(next(filter(None, (found["page"], found["bare"]))))

    def is_notice(self, text: str) -> bool:
        """Whether a line is the heading of classified advertising: 遗失声明."""
        found = self._notice.match(text) if len(text) <= 24 else None
        return bool(found and not found["own"])

    def may_be_notice(self, text: str) -> bool:
        """Whether a line ends like such a heading: 城东公园工程招标公告. A story's headline may, too."""
        return len(text) <= 40 and bool(self._notice.match(text))

    def is_listing(self, text: str) -> bool:
        """Whether a line is the heading of a regular listing: 天气预报, 电视节目预告."""
        return len(text) <= 24 and bool(self._listing.match(text))

    def is_drawn(self, text: str) -> bool:
        """Whether a line says only who drew a chart, perhaps after its source: 制图：某某."""
        return len(text) <= LONGEST_SOURCE and bool(self._drawn.match(text))

    def is_source(self, text: str) -> bool:
        """Whether a line says only where figures come from (数据来源：…), as a story may, too, or who drew them."""
        if len(text) > LONGEST_SOURCE or ends_sentence(text):
            return False
        return bool(self._source.match(text)) or self.is_drawn(text)

    def is_disclaimer(self, text: str) -> bool:
        """Whether a line says what a page or a newspaper does not answer for: 本版文章不代表本报立场."""
        return len(text) <= LONGEST_DISCLAIMER and bool(self._disclaimer.match(text))

    def fields_of(self, text: str) -> int:
        """How many fields of a company's announcement a line has, if it opens with one: 证券代码：… 公告编号：…."""
        return len(self._field.findall(text[:200])) if self._field.match(text) else 0

    def label(self, text: str) -> str:
        """The column of news in brief that a line names: 要闻简报; "" if none."""
        found = self._label.match(text) if len(text) <= 16 else None
        return found["label"] if found else ""


@cache
def marks_of(style: HouseStyle) -> Marks:
    """The compiled marks of a style, cached."""
    return Marks(style)


def page_number(text: str) -> str:
    """4 for ４, 04 and 四; other page names stay (A3)."""
    plain = "".join(str(int(c)) if c.isdigit() else c for c in text)
    plain = re.sub(r"(?<!\d)0+(?=\d)", "", plain)
    if not re.search("[一二三四五六七八九十]", plain):
        return plain
    tens, _, ones = plain.partition("十") if "十" in plain else ("", "", plain)
    high = DIGITS.get(tens, 1) * 10 if "十" in plain else 0
    return str(high + DIGITS.get(ones, 0))
