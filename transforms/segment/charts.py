"""Tables: those that a story announces stay in it, and charts beside a story are kept apart from it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from transforms.repair import HAN
from transforms.restore.lines import ends_sentence
from transforms.segment.marks import Marks

ROW = re.compile(
    r"^[^\s\u3000。，！？]{1,14}(?:[\s\u3000]{1,8}[-+±]?[￥¥$]?\d[\d.,%:：/~—-]{0,12}[^\s\u3000。，]{0,6}){1,10}$"
)
COLUMNS = re.compile(r"^[^\s\u3000\d。，！？：:]{1,10}(?:[\s\u3000]{1,8}[^\s\u3000。，！？：:]{1,10}){1,10}$")
UNIT = re.compile(r"[（(](?:单位\s?[：:]\s?)?[^（）()。，]{1,10}[）)]$")
FIGURE, WORD = re.compile(r"\d{1,20}"), re.compile(rf"[{HAN}]{{1,40}}")
LEAST_ROWS, LONGEST_ROW = 2, 80  # rows; characters
ANNOUNCED = ("：", ":")
LONGEST_TITLE = 45  # characters
LONGEST_FIELD = 14  # characters
LEAST_PARAGRAPH = 20  # characters

Charts = list[tuple[int, ...]]


def tables_of(texts: Sequence[str], taken: Collection[int], marks: Marks) -> tuple[dict[int, int], Charts]:
    """Tables that stories announce, as the line above each of their lines, and charts, from the title to the last row.

    A story announces a table by a colon, and the names of its columns and a title may stand between; or these names
    stand right below a paragraph. A chart has a title that ends with its unit, 销量（万辆）, or says below where its
    figures come from.
    """
    follows: dict[int, int] = {}
    charts: Charts = []
    lines = ["" if n in taken else text for n, text in enumerate(texts)]
    n = 0
    while n < len(lines):
        end = n
        while end < len(lines) and (ROW.match(lines[end]) or (end > n and _is_like(lines[end], lines[end - 1]))):
            end += 1
        if end > n and (last := _goes_on(lines[n:end], lines, follows)) is not None:
            follows.update({row: row - 1 if row > n else last for row in range(n, end)})
        elif end - n >= LEAST_ROWS:
            begin = _begin(lines, n)
            title = begin - 1
            if _line(lines, title).endswith(ANNOUNCED) or _amid_text(lines, begin):
                follows.update({row: row - 1 for row in range(begin, end)})
            elif _is_title(_line(lines, title)) and (
                UNIT.search(lines[title]) or any(map(marks.is_source, texts[end : end + 1]))
            ):
                charts.append(tuple(range(title, end)))
        n = max(end, n + 1)
    return follows, charts


def _is_like(line: str, row: str) -> bool:
    """Whether a line has as many fields as the row above and a figure in the last: 竹炭 机制 4300元/吨."""
    fields = line.split()
    figure = bool(fields) and fields[-1][0].isdigit()
    return figure and len(fields) == len(row.split()) > 2 and all(len(f) <= LONGEST_FIELD for f in fields)


def _goes_on(rows: Sequence[str], lines: Sequence[str], follows: Mapping[int, int]) -> int | None:
    """The last row of the table further up that these rows go on with in another column; None if there is none."""
    last = max(follows, default=None)
    like = last is not None and all(outline_of(row) == outline_of(lines[last]) for row in rows)
    return last if like else None


def outline_of(row: str) -> str:
    """A row with 0 for each figure and X for each word: 夜1路 20:30 is X0X 0:0."""
    return WORD.sub("X", FIGURE.sub("0", row[:LONGEST_ROW]))


def _begin(lines: Sequence[str], row: int) -> int:
    """Where the table with its first row at ``row`` begins: at the names of its columns, or its title if announced."""
    above = _line(lines, row - 2)
    if COLUMNS.match(_line(lines, row - 1)) and (
        above.endswith(ANNOUNCED) or UNIT.search(above) or _amid_text(lines, row - 1)
    ):
        row -= 1
    announced = _is_title(_line(lines, row - 1)) and _line(lines, row - 2).endswith(ANNOUNCED)
    return row - 1 if announced else row


def _amid_text(lines: Sequence[str], begin: int) -> bool:
    """Whether a table that begins with the names of its columns stands right below a paragraph, without a title."""
    above = _line(lines, begin - 1)
    return bool(COLUMNS.match(_line(lines, begin))) and len(above) >= LEAST_PARAGRAPH and ends_sentence(above)


def _line(lines: Sequence[str], n: int) -> str:
    return lines[n] if n >= 0 else ""


def sources_of(texts: Sequence[str], charts: Charts, marks: Marks) -> set[int]:
    """Lines below the charts that say where their figures come from and who drew them."""
    found: set[int] = set()
    for chart in charts:
        n = chart[-1] + 1
        while n < len(texts) and marks.is_source(texts[n]):
            found.add(n)
            n += 1
    return found


def _is_title(text: str) -> bool:
    return 3 < len(text) <= LONGEST_TITLE and not any(c in text for c in "。！？；") and text[-1] not in "，、；："
