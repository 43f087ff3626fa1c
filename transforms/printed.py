"""The day that a newspaper prints on its own pages, in the lines around the stories."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice

from transforms.model import Fate, Page, Span

_NUMERALS = "〇○零一二三四五六七八九"
_COUNT = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
DAY = re.compile(
    rf"(?P<roc>民國|民国)?(?P<year>\d{{4}}|[{_NUMERALS}]{{4}}|(?<=民國)\d{{2,3}}|(?<=民国)\d{{2,3}})"
    rf"\s?[年./-]\s?(?P<month>{_COUNT})\s?[月./-]\s?(?P<day>{_COUNT})(?!\d)"
)
BESIDE = re.compile(
    r"(?:星期|周|週)[一二三四五六日天]|版|农历|農曆|第\d{1,6}期"
)  # what stands beside the date in a running head
LONGEST = 80  # characters: a running head is short
TOP = 5  # lines
TAIWAN = 1911  # year 1 of the Republic is 1912


def printed_day(pages: Iterable[Page], fates: Sequence[tuple[Span, Fate]], expected: date) -> date | None:
    """The day that the pages print if none of them prints the ``expected`` one; None if that, or no day, is printed.

    Only dates with a year count, in lines that belong to no article, at the top of a page or beside a weekday or a
    page's number: stories name many other days, and so do notices below.
    If the pages differ, the day that most of them print, or the earliest of these.
    """
    found = Counter(day for page in pages for day in _days(page, fates))
    if not found or expected in found:
        return None
    return min(found, key=lambda day: (-found[day], day))


def _days(page: Page, fates: Sequence[tuple[Span, Fate]]) -> set[date]:
    """The days in a page's running heads and folios; each once."""
    around = [span for span, fate in fates if fate is Fate.FURNITURE and span.page == page.number]
    top = _end_of_top(page.text)
    return {
        day
        for span in around
        for match in DAY.finditer(page.text, span.start, span.end)
        if (match.start() < top or BESIDE.search(_beside(page.text, match))) and (day := _date(match))
    }


def _end_of_top(text: str) -> int:
    lines = [m.end() for m in islice(re.finditer(r"[^\n]*\S[^\n]*", text), TOP)]
    return lines[-1] if lines else 0


def _beside(text: str, match: re.Match[str]) -> str:
    """The line of a date, with those before and after it; empty if it is too long for a running head."""
    start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
    end = len(text) if end < 0 else end
    if end - start > LONGEST:
        return ""
    before, after = text[:start].rstrip(), text[end:].lstrip()
    return (
        f"{before[before.rfind(chr(10)) + 1 :][-LONGEST:]}\n{text[start:end]}\n{after.partition(chr(10))[0][:LONGEST]}"
    )


def _date(match: re.Match[str]) -> date | None:
    year, month, day = (_number(match[name]) for name in ("year", "month", "day"))
    try:
        return date(year + TAIWAN if match["roc"] else year, month, day)
    except ValueError:
        return None


def _number(text: str) -> int:
    """A number in digits or Chinese numerals: 2026, 二〇二六, 十五, 三十."""
    if text.isdigit():
        return int(text)
    digits = {"○": 0, "〇": 0, "零": 0} | {c: n for n, c in enumerate("一二三四五六七八九", 1)}
    if "十" in text:
        tens, _, ones = text.partition("十")
        return digits.get(tens, 1) * 10 + digits.get(ones, 0)
    return int("".join(str(digits[c]) for c in text))
