"""Set the sample issue on two pages and read the pages back as an extractor does that knows nothing of columns.

    python samples/press_sample.py samples/yunzhou-daily/2026-01-15

``gold.json`` holds the articles in true order; this writes ``page-01.txt`` and ``page-02.txt`` beside it. Each page is
six columns wide. A story fills its columns from the top down; the extractor cuts the page into horizontal strips where
it saw a rule or a picture, and reads each strip column by column. So a story's columns come apart, mid-word, and other
stories' pieces come between them. The layout is fixed: the same gold gives the same bytes.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LINE = 17  # characters in a line of a column


@dataclass(frozen=True)
class Block:
    """A story, or the part of it that stands on one page, set in ``columns`` columns from column ``x``, row ``top``."""

    head: tuple[str, ...]
    paragraphs: tuple[str, ...]
    x: int
    columns: int
    top: int


@dataclass(frozen=True)
class Cell:
    """What stands in one column: headline lines or text lines as (paragraph number, characters)."""

    x: int
    row: int
    head: str = ""
    lines: tuple[tuple[int, str], ...] = ()


def set_lines(paragraphs: Sequence[str]) -> list[tuple[int, str]]:
    """The paragraphs broken into lines: the first two characters shorter, for the indent; none opens with a stop."""
    lines = []
    for number, paragraph in enumerate(paragraphs):
        rest, width = paragraph, LINE - 2
        while rest:
            end = width
            while end < len(rest) and rest[end] in "，。、；：？！”’）》":
                end += 1
            lines.append((number, rest[:end]))
            rest, width = rest[end:], LINE
    return lines


def cells(block: Block) -> Iterator[Cell]:
    """The block's headline and its columns, as even as a compositor makes them."""
    yield Cell(block.x, block.top, head="\n\n".join(block.head))
    lines = set_lines(block.paragraphs)
    height = -(-len(lines) // block.columns)
    for column in range(block.columns):
        part = tuple(lines[column * height : (column + 1) * height])
        yield Cell(block.x + column, block.top + len(block.head), lines=part)


def strip(page: Sequence[Cell], low: int, high: int) -> list[Cell]:
    """What of the page lies between two rows, column by column."""
    found = []
    for cell in page:
        if cell.head and low <= cell.row < high:
            found.append(cell)
        part = cell.lines[max(0, low - cell.row) : max(0, high - cell.row)]
        if part:
            found.append(Cell(cell.x, max(low, cell.row), lines=part))
    return sorted(found, key=lambda c: (c.x, c.row))


def text_of(cell: Cell) -> str:
    """The cell as the extractor writes it: lines run together, paragraphs apart."""
    if cell.head:
        return cell.head
    paragraphs: dict[int, str] = {}
    for number, characters in cell.lines:
        paragraphs[number] = paragraphs.get(number, "") + characters
    return "\n\n".join(paragraphs.values())


def extract(blocks: Sequence[Block], cuts: Sequence[int], top: str, foot: str) -> str:
    """The page's text in the extractor's order; strips stand four line ends apart, as in files from the trade."""
    page = [cell for block in blocks for cell in cells(block)]
    bounds = [0, *cuts, 10_000]
    strips = ["\n\n".join(map(text_of, strip(page, low, high))) for low, high in itertools.pairwise(bounds)]
    return "\n\n\n\n".join([top, *filter(None, strips), foot]) + "\n"


def pages(gold: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """The two pages' text by file name."""
    tea, road, watch, notes, archive, opinion, river, books = gold["articles"]
    tea_head = (tea["kicker"], tea["headline"], "——" + tea["subhead"], "□ 本报记者 沈知远\n通讯员 罗小满")
    here, there = tuple(tea["body"][:10]), tuple(tea["body"][10:])
    here = (*here[:-1], here[-1] + "（下转2版）")
    sidebar = (f"{notes['headline']}：{notes['body'][0]}", *notes["body"][1:])
    closing = (*river["body"][:-1], river["body"][-1] + "（周启明 何雨桐）")
    front = [
        Block(tea_head, here, x=0, columns=4, top=0),
        Block((road["headline"],), tuple(road["body"]), x=4, columns=2, top=0),
        Block((watch["headline"], "□ 苏晚晴"), (*watch["body"], *sidebar), x=0, columns=4, top=22),
        Block((archive["headline"],), tuple(archive["body"]), x=4, columns=2, top=22),
    ]
    inside = [
        Block((opinion["kicker"], opinion["headline"], "□ 林望舒"), tuple(opinion["body"]), x=0, columns=3, top=0),
        Block((river["headline"],), closing, x=3, columns=3, top=0),
        Block(("（上接1版）",), there, x=0, columns=4, top=16),
        Block((books["headline"],), tuple(books["body"]), x=4, columns=2, top=16),
    ]
    return {
        "page-01.txt": extract(front, [16, 32], "2026年1月15日 星期四 第1版 要闻", "责任编辑：温若谷 校对：齐小满"),
        "page-02.txt": extract(
            inside, [12], "第2版 综合新闻", "新闻热线：0000—1234567 投稿邮箱：news@yunzhou-daily.example"
        ),
    }


def main() -> None:
    folder = Path(sys.argv[1])
    for name, text in pages(json.loads((folder / "gold.json").read_text("utf-8"))).items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
