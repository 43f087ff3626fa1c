"""Finds words that a newspaper prints around its stories and that its style lacks, in some of its pages."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from transforms.model import Fate, Page, Reading, Span
from transforms.segment.style import HouseStyle

HAN = "一-鿿"
LONGEST = 40  # characters of a line that can be a credit, a heading or a mark
JUMP = re.compile(rf"(?P<word>[{HAN}]{{1,4}}?)\s?(?:第\s?)?[A-Z]?\d{{1,2}}\s?版")
OFFICIAL = re.compile(rf"[{HAN}]{{2,8}}(?:启事|声明|公告|通告)")
NAMES = rf"[\s\u3000]{{0,2}}[{HAN}]{{2,4}}(?:[\s\u3000、]{{1,2}}[{HAN}]{{2,4}}){{0,4}}"
DIGITS = re.compile(r"\d+")
SIGNS = ("So", "Sm", "Sk")  # Unicode categories of what stands before bylines
TOP = 4  # lines
SEEN = 2  # on so many pages a line is taken for one that stands around stories


@dataclass(frozen=True, slots=True)
class Gap:
    """A word to add to the list ``field`` of ``[style]``, the number of lines that have it, and one of them."""

    field: str
    word: str
    lines: int
    example: str


def style_gaps(pages: Sequence[Page], reading: Reading, style: HouseStyle) -> tuple[Gap, ...]:
    """Words that the style lacks, most frequent first. These are proposals: a person decides."""
    seen: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for number, line in ((n, line) for page in pages for n, line in enumerate(_lines(page.text))):
        for found in dict.fromkeys(_unknown(line, style, number < TOP)):
            seen[found] += 1
            examples.setdefault(found, line)
    for line, count in _repeated(pages, reading.fates).items():
        seen["labels", line] += count
        examples.setdefault(("labels", line), line)
    known = ((field, word) for field, word in seen if word not in getattr(style, field))
    gaps = (Gap(field, word, seen[field, word], examples[field, word]) for field, word in known)
    return tuple(sorted(gaps, key=lambda gap: (-gap.lines, gap.field, gap.word)))


def _lines(text: str) -> Iterator[str]:
    return (line for raw in text.splitlines() if (line := raw.strip()))


def _unknown(line: str, style: HouseStyle, top: bool) -> Iterator[tuple[str, str]]:
    """The words of a line that stand where a list's words stand, by list; ``top``: near the top of its page."""
    roles, papers = _any(style.roles), _any(style.papers)
    for match in re.finditer(rf"(本[{HAN}])(?={_any((*style.ranks, *style.roles))})", line[:LONGEST]):
        yield "papers", match[1]
    if len(line) <= LONGEST:
        yield from _of_credit(line, style, roles, papers)
        if OFFICIAL.fullmatch(line):
            yield "notices", line
    for match in JUMP.finditer(line):
        before, after = line[: match.start()], line[match.end() :]
        is_mark = before.endswith(("（", "(")) and after.startswith(("）", ")"))
        if is_mark and match["word"] not in (*style.jump_to, *style.jump_from):
            yield ("jump_from" if top and len(before) == 1 else "jump_to"), match["word"]


def _of_credit(line: str, style: HouseStyle, roles: str, papers: str) -> Iterator[tuple[str, str]]:
    """A sign before a byline, a rank between paper and role, a role between paper and names."""
    first, space = line[0], r"[\s\u3000]"
    paper, ranks = f"(?:{papers})", f"(?:{_any(style.ranks)})"
    if unicodedata.category(first) in SIGNS and re.match(rf"{space}{{0,2}}[{HAN}]{{2,10}}{space}{NAMES}$", line[1:]):
        yield "byline_marks", first
    rank = re.match(rf"\W?{space}?{paper}([{HAN}]{{2,6}}?)(?:{roles}){NAMES}$", line)
    if rank and not re.fullmatch(f"{ranks}+", rank[1]):
        yield "ranks", rank[1]
    role = re.match(rf"\W?{space}?{paper}{ranks}{{0,2}}([{HAN}]{{2,4}}){space}{NAMES}$", line)
    if role and not re.search(roles, role[1]):
        yield "roles", role[1]


def _any(words: Iterable[str]) -> str:
    """Any of the words; longer ones first, so that the longest fits."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


def _repeated(pages: Sequence[Page], fates: Sequence[tuple[Span, Fate]]) -> dict[str, int]:
    """Short lines that several pages share, numbers apart, and that were read as part of a story all the same."""
    found: dict[str, set[int]] = {}
    for page in pages:
        told = [s for s, fate in fates if s.page == page.number and fate in (Fate.ARTICLE, Fate.REJECTED)]
        for match in re.finditer(r"[^\n]+", page.text):
            line = match[0].strip()
            inside = any(s.start <= match.start() < s.end for s in told)
            if 2 <= len(line) <= 12 and inside and re.fullmatch(rf"[{HAN}\d·•—-]+", line):
                found.setdefault(DIGITS.sub("", line).strip("·•—-"), set()).add(page.number)
    return {line: len(numbers) for line, numbers in found.items() if line and len(numbers) >= SEEN}
