"""A page's lines: what extraction ran together and what it did not."""

from __future__ import annotations

import pytest

from transforms.model import Box, Page
from transforms.restore.lines import lines_of


def texts(text: str) -> list[str]:
    return [line.text for line in lines_of(Page(1, text))]


def test_a_numbered_deck_ends_with_its_number():
    text = "老街新生系列观察③ 石板路通到河边，\n茶馆也重新开了张。\n"
    lines = lines_of(Page(1, text))
    assert [line.text for line in lines] == ["老街新生系列观察③", "石板路通到河边，", "茶馆也重新开了张。"]
    assert [text[line.start : line.end] for line in lines] == [line.text for line in lines]
    assert [line.gap for line in lines[1:]] == [0, 0]


@pytest.mark.parametrize(
    "line",
    [
        "老街新生系列观察③",
        "① 先关总阀",
        "报名分三步：先填表① 再交照片",
        "老街新生系列观察③茶馆重新开张",
    ],
)
def test_other_numbers_cut_no_line(line: str):
    assert texts(line) == [line]


def test_where_lines_stand_is_known_nothing_is_cut():
    page = Page(1, "老街新生系列观察③ 石板路", boxes=(Box(0, 0, 100, 10, 10),))
    assert [line.text for line in lines_of(page)] == ["老街新生系列观察③ 石板路"]
