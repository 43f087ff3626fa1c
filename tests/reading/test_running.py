"""Lines run on by where they stand: columns of any width on one page, told by boxes and by nothing else."""

from __future__ import annotations

from transforms.model import Box, Page
from transforms.restore.lines import lines_of
from transforms.segment.marks import marks_of
from transforms.segment.running import runs_on
from transforms.segment.style import general_style

INDENT = "\u3000\u3000"
SIZE, PITCH = 10.0, 14.0

Row = tuple[float, str]  # where its text begins, in points from the column's edge


def column(left: float, top: float, rows: list[Row], size: float = SIZE) -> list[tuple[str, Box]]:
    return [
        (
            (INDENT if shift else "") + text,
            Box(left + shift, top + n * PITCH, left + shift + size * len(text), top + n * PITCH + size, size),
        )
        for n, (shift, text) in enumerate(rows)
    ]


def found(*columns: list[tuple[str, Box]]) -> list[tuple[str, str]]:
    """The last and first characters of the lines that were found to run on."""
    text = "\n\n".join("\n".join(line for line, _ in one) for one in columns) + "\n"
    lines = lines_of(Page(1, text, boxes=tuple(box for one in columns for _, box in one)))
    return [(lines[n].text[-1], lines[n + 1].text[0]) for n in sorted(runs_on(lines, marks_of(general_style())))]


NARROW = column(
    30,
    30,
    [
        (20, "甲乙丙丁戊己庚辛"),
        (0, "壬癸子丑寅卯辰巳午未"),
        (0, "申酉戌亥。"),
        (20, "天地玄黄宇宙洪荒"),
        (0, "日月盈昃。"),
    ],
)
WIDE = column(
    150,
    30,
    [
        (20, "金木水火土金木水火土金木水火土金木水火土"),
        (0, "东南西北东南西北东南西北东南西北东南西北中。"),
        (0, "春夏秋冬春夏秋冬。"),
    ],
)


def test_columns_of_different_widths_run_on_each_to_its_own_edge() -> None:
    assert found(NARROW, WIDE) == [("辛", "壬"), ("未", "申"), ("荒", "日"), ("土", "东"), ("。", "春")]


def test_a_full_line_that_ends_a_sentence_runs_on_only_in_a_column_with_indents() -> None:
    rows = ["甲乙丙丁戊己庚辛壬。", "天地玄黄宇宙洪荒日月", "盈昃辰宿。"]
    plain = column(30, 30, [(0, row) for row in rows])
    indented = column(30, 30, [(20, "子丑寅卯辰巳午未"), *((0, row) for row in rows)])
    assert found(plain) == [("月", "盈")]
    assert found(indented) == [("未", "甲"), ("。", "天"), ("月", "盈")]


def test_heads_bylines_and_other_blocks_do_not_run_on() -> None:
    head = column(30, 10, [(0, "新桥今日通车了"), (0, "两岸往来方便了"), (0, "乡亲们都来看了")], 20)
    assert found(head, NARROW, WIDE) == found(NARROW, WIDE)
    signed = column(30, 30, [(20, "甲乙丙丁戊己庚辛"), (0, "壬癸子丑寅卯辰巳午未"), (0, "本报记者 李明")])
    assert found(signed) == [("辛", "壬")]


def test_without_boxes_nothing_runs_on_by_its_place() -> None:
    lines = lines_of(Page(1, "甲乙丙丁戊己庚辛\n壬癸子丑寅卯辰巳\n午未申酉。\n"))
    assert runs_on(lines, marks_of(general_style())) == set()
