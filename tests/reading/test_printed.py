"""The day that a newspaper prints on its pages."""

from datetime import date

import pytest

from transforms.model import Fate, Page, Span
from transforms.printed import printed_day

DAY, NEXT = date(2026, 1, 15), date(2026, 1, 16)
STORY = "老桥换新装\n\n2025年12月3日，老桥的修缮动工。\n\n桥边的住户送来热茶。\n\n工人们从早忙到晚。\n\n灯亮了。\n\n"


def page(furniture: str, number: int = 1, story: str = "", below: str = "") -> tuple[Page, list[tuple[Span, Fate]]]:
    """A page with lines around a story."""
    text = furniture + story + below
    start, end = len(furniture), len(furniture) + len(story)
    cuts = [(0, start, Fate.FURNITURE), (start, end, Fate.ARTICLE), (end, len(text), Fate.FURNITURE)]
    return Page(number, text), [(Span(number, a, b), fate) for a, b, fate in cuts]


def printed(*pages: tuple[Page, list[tuple[Span, Fate]]]) -> date | None:
    return printed_day([p for p, _ in pages], [f for _, fates in pages for f in fates], DAY)


@pytest.mark.parametrize(
    "head",
    [
        "2026年1月16日 星期五 第1版 要闻\n",
        "二〇二六年一月十六日　星期五\n",
        "云州日报 2026-01-16 星期五 02版\n",
        "2026.1.16\n",
        "民國115年1月16日 星期五\n",
    ],
)
def test_another_day_is_found_however_it_is_printed(head: str):
    assert printed(page(head, story=STORY)) == NEXT


@pytest.mark.parametrize("head", ["2026年1月15日 星期四\n", "1月16日 星期五\n", "2026年13月45日\n", "第1版 要闻\n", ""])
def test_the_issues_own_day_or_none_is_no_other_day(head: str):
    assert printed(page(head, story=STORY)) is None


def test_days_in_stories_and_in_notices_below_do_not_count():
    notice = "遗失声明\n\n李某遗失身份证，声明作废。\n\n青岭县民政局\n\n2026年1月12日\n"
    assert printed(page("要闻\n", story=STORY, below=notice)) is None
    assert printed(page("要闻\n", story=STORY, below="2026年1月16日\n星期五\n")) == NEXT


def test_a_page_that_prints_the_right_day_speaks_for_the_issue():
    assert printed(page("2026年1月16日 星期五\n"), page("2026年1月15日 星期四\n", 2)) is None


def test_of_several_wrong_days_the_most_frequent_is_named():
    wrong = [page(f"2026年1月{day}日\n", n) for n, day in enumerate((14, 16, 16), 1)]
    assert printed(*wrong) == NEXT
