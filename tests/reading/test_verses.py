"""Verses stand below their poet's name, line by line."""

from __future__ import annotations

import pytest

from transforms.segment.verses import verses_of

POEM = ["渡口瘦下去了", "石头走上岸来", "我沿着旧栈桥向南", "听见桨声", "从很深的地方浮起"]
WRAPPED = [
    "渡口停了四年，岸边的栈",
    "桥年久失修，过江的人只",
    "好绕道十二公里外的大桥",
    "去年秋天镇里请来水利部",
    "门清淤，又把栈桥加宽了",
]
RUNS = ["江城网8月28日讯据", "无人报名。", "望川），一起坐下来喝茶、奶", "的倡议。", "日受理申请为领导人"]
CLAUSES = ["渡口，", "停了四年，岸边", "旧栈桥，过江", "的人"]
SENTENCES = ["渡口", "停了。岸边", "旧栈桥", "过江", "的人"]
LONG = "船老大说，往后每天有八个班次，票价还是从前的两块钱，学生和老人免费过江。"


def verses(*lines: str, poets: tuple[int, ...] = (1,), heads: tuple[int, ...] = (0,)) -> list[str]:
    named = [n in poets for n in range(len(lines))]
    found = verses_of(lines, range(len(lines)), named, [n in heads for n in range(len(lines))])
    return [lines[n] for n in sorted(found)]


def test_the_lines_below_a_poet_are_a_poem():
    assert verses("冬日过渡口", "□ 何小满", *POEM) == POEM


def test_a_poem_may_have_commas_within_its_lines():
    lines = ["夜里有人敲窗，很轻", "像母亲放下针线", "我没有起身", "怕一开灯，就惊散了", "那一群羊", "天亮以后，它们"]
    assert verses("听雪", "□ 何小满", *lines) == lines


def test_the_line_above_the_next_poet_is_a_title():
    assert verses("冬日过渡口", "□ 何小满", *POEM, "赶早集", "□ 江南雁", LONG, poets=(1, 8)) == POEM


def test_what_may_be_the_title_of_a_text_is_no_verse():
    assert verses("冬日过渡口", "□ 何小满", *POEM, LONG) == POEM[:-1]


@pytest.mark.parametrize(
    "lines",
    [WRAPPED, POEM[:3], RUNS, CLAUSES, SENTENCES],
    ids=["wrapped", "few", "runs", "clauses", "sentences"],
)
def test_lines_of_a_text_are_no_verses(lines: list[str]):
    assert not verses("冬日过渡口", "□ 何小满", *lines)


def test_a_headline_ends_a_poem():
    assert verses("冬日过渡口", "□ 何小满", *POEM, "渡口开航", *POEM, heads=(0, 7)) == POEM[:-1]
