"""Announcements that the law makes companies and funds print: from their code or title to the board that signs them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.repair import HAN
from transforms.restore.lines import ends_sentence
from transforms.segment.marks import DATE, Marks

MOST = 40  # lines of one announcement
LEAST_FIELDS = 2  # of one that nobody signs
LONGEST_TITLE = 60
TITLE = re.compile(r"(?:公司|基金|银行|集团|计划)[^。，！？]{0,40}(?:公告|通知|提示|摘要)$")
OATH = re.compile(r"不存在(?:任何)?虚假记载|误导性陈述|特此公告")
FIELD = re.compile(r"^[^\s\u3000。，；：:]{2,24}[\s\u3000：:]{1,4}[^。]{1,60}$")
SIGNER = re.compile(rf"^[{HAN}（）()·]{{4,30}}(?:董事会|监事会|公司|管理人|银行)$")


def disclosures_of(texts: Sequence[str], marks: Marks) -> set[int]:
    """The lines of all such announcements. News of a company has none of the fields that these must print."""
    found: set[int] = set()
    n = 0
    while n < len(texts):
        end = _end(texts, n, marks) if _begins(texts, n, marks) else 0
        found.update(range(n, end))
        n = max(end, n + 1)
    return found


def _begins(texts: Sequence[str], n: int, marks: Marks) -> bool:
    """Whether an announcement begins here: with a field, or with a title above a field or an oath."""
    if marks.fields_of(texts[n]):
        return True
    below = texts[n + 1 : n + 3]
    formal = any(marks.fields_of(t) or OATH.search(t[:400]) for t in below)
    return _is_title(texts[n]) and formal and not _news(below[:1], marks)


def _end(texts: Sequence[str], start: int, marks: Marks) -> int:
    """Where the announcement ends: behind its signature and date, else behind its fields; 0 if it is none."""
    fields = start  # behind the last of the fields that stand in one piece
    for n in range(start, min(len(texts), start + MOST)):
        text = texts[n]
        if _news([text], marks):
            break
        if n > start and SIGNER.match(text):
            return n + 1 + any(DATE.match(t) for t in texts[n + 1 : n + 2])
        formal = bool(marks.fields_of(text) or FIELD.match(text) or _is_title(text) or OATH.search(text[:400]))
        if formal and fields == n:
            fields = n + 1
        if not (formal or ends_sentence(text) or text.endswith(("：", ":", "；"))):
            break
    while fields > start and not marks.fields_of(texts[fields - 1]):
        fields -= 1  # only what the law names is sure to belong to it
    told = sum(marks.fields_of(t) for t in texts[start:fields])
    return fields if told >= LEAST_FIELDS else 0


def _is_title(text: str) -> bool:
    return len(text) <= LONGEST_TITLE and TITLE.search(text) is not None


def _news(texts: Sequence[str], marks: Marks) -> bool:
    return any(any(marks.parse_lead(t)) or marks.is_byline(t) for t in texts)
