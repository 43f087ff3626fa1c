"""Names that stand above headlines or end them: columns, series, the village or office that a story is about, notes."""

from __future__ import annotations

import re

from transforms.repair import HAN
from transforms.restore.lines import ends_sentence
from transforms.segment.decks import AROUND_LABELS, BRACKETED, COLUMN_AT_END, is_label
from transforms.segment.headlines import headline_like
from transforms.segment.linking import WORDY
from transforms.segment.page_form import PageForm

LEAST_HEAD = 0.02  # chance of being a head that a line needs for its place to make it one
SERIES = re.compile(rf"^[{HAN}“”·]{{2,12}}[①-⑳]$")  # 走进班组②
# 红石村, 掘进二队: what a story is about, above its headline.
PLACED = re.compile(
    rf"^(?!.*的)[{HAN}\d]{{2,8}}(?:[村镇乡队站段科部处厂矿室]|街道|社区|车间|公司|学院|中学|小学|医院)$"
)
# 江城市3月水质公告, 城南市场本周行情: above the rows of a table, no title within a story.
TABLED = re.compile(rf"^[{HAN}\d“”·]{{4,24}}(?:行情|公告|报价|监测结果|检测结果)$")
CELLS = re.compile(r"^(?=.{0,40}\d)[^。，]{1,20}[\s\u3000]{1,4}[^。]{1,20}$")
FEWEST_ROWS = 3
LEAST_TEXT = 30  # characters
LEAST_NAMED = 4  # characters of a headline before the name of its column


def heads_note(page: PageForm, n: int) -> bool:
    """The name of a note, 编者按, above its text: above a headline it may be a column's."""
    note, rest = page.marks.split_note(page.texts[n])
    told = bool(note) and not rest and n + 1 < len(page.texts) and ends_sentence(page.texts[n + 1])
    if not told or not page.is_deck(n):
        return False
    page.links.force(n, "sidebar")
    return True


def _above_headline(page: PageForm, n: int) -> bool:
    """Whether what stands right below a line may be a headline, and is neither a byline nor a lead."""
    if not page.is_above(n) or page.bylines[n + 1] or page.leads[n + 1]:
        return False
    return headline_like(page.texts[n + 1])


def names_series(page: PageForm, n: int) -> bool:
    """The name of a series and its number, above a headline. Below one, they are its subhead."""
    if not SERIES.match(page.texts[n]) or not _above_headline(page, n) or page.is_headed(n):
        return False
    page.links.begin(n, "label")
    if not page.is_deck(n + 1):
        page.links.force(n + 1, "headline")
    return True


def names_label(page: PageForm, n: int) -> bool:
    """The name of a column alone above a headline, 【云州时评】, taken for a sidebar's or for text."""
    text = page.texts[n]
    named = bool(BRACKETED.match(text)) and is_label(text.strip(AROUND_LABELS))  # 【活动时间】 heads no story
    taken = ("sidebar", "body") if named else ("sidebar",)
    if not is_label(text) or page.role(n) not in taken or not _above_headline(page, n):
        return False
    if page.marks.split_note(text)[0]:
        return False
    page.links.begin(n, "label")
    return True


def names_unit(page: PageForm, n: int) -> bool:
    """What village or office a story is about, alone above its headline and below a whole sentence."""
    if page.role(n) != "crosshead" or not PLACED.match(page.texts[n]) or not page.is_below(n):
        return False
    if not ends_sentence(page.texts[n - 1]) or not _above_headline(page, n) or not page.is_above(n + 1):
        return False
    if len(page.texts[n + 2]) < LEAST_TEXT or not ends_sentence(page.texts[n + 2]):
        return False
    page.links.begin(n, "kicker")
    page.links.force(n + 1, "headline")
    page.links.put_above(n + 1)
    return True


def below_label(page: PageForm, n: int) -> bool:
    """The first headline below the name of a column of short news, taken for a crosshead."""
    if page.role(n) != "crosshead" or not page.is_below(n) or not page.is_above(n):
        return False
    if not page.is_outside(n - 1) or not page.marks.label(page.texts[n - 1]) or not headline_like(page.texts[n]):
        return False
    if len(page.texts[n + 1]) < LEAST_TEXT or "。" not in page.texts[n + 1]:
        return False
    page.links.begin(n, "headline")
    return True


def names_table(page: PageForm, n: int) -> bool:
    """The headline of a table that stands for itself, below the last sentence of a story."""
    if not TABLED.match(page.texts[n]) or page.role(n) not in ("crosshead", "body") or not page.is_below(n):
        return False
    first = n + 1 + (n + 1 < len(page.texts) and page.texts[n + 1].endswith(("：", ":")))
    rows = page.texts[first : first + FEWEST_ROWS]
    if not ends_sentence(page.texts[n - 1]) or len(rows) < FEWEST_ROWS or not all(CELLS.match(r) for r in rows):
        return False
    page.links.begin(n, "headline")
    return True


def names_column(page: PageForm, n: int) -> bool:
    """A line alone that ends with the name of a column, as headlines do: 某某某（民生观）."""
    text = page.texts[n]
    named = COLUMN_AT_END.search(text)
    if not named or not headline_like(text) or named.start() < LEAST_NAMED:
        return False
    if page.role(n) not in WORDY or page.links.head_chance(n) < LEAST_HEAD:
        return False
    page.links.force(n, "headline")
    return True
