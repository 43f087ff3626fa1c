"""Numbers alone on their lines count the parts of a story; the number of a page is furniture."""

from __future__ import annotations

import pytest

from tests.reading.beside import FERRY, MARKET, read, told
from transforms.model import ParagraphKind

LONG = [
    "一条老船修了三年",
    "□ 本报记者 何小满",
    "江城老码头边，躺着一条四十年前的木船。三年里，七位老船工轮流来修，没有人付他们一分钱。",
    "01",
    "去年春天，船底的二十三块板全部换过，用的是从上游运来的老杉木。刨花堆了半个院子，孩子们拿去糊灯笼。",
    "02",
    "入秋以后，桅杆立了起来。最年长的船工姓柳，今年七十九岁，他说桅杆一立，船就活了。",
    "03",
    "今年三月，木船下水，载着七位老人在江上走了一个来回。岸上站满了人，谁也没有说话。",
]


@pytest.mark.parametrize("numbers", [["01", "02", "03"], ["1", "2", "3"], ["１", "２", "３"]])
def test_numbers_that_count_parts_stay_as_crossheads(numbers: list[str]) -> None:
    lines = [*LONG[:3], numbers[0], LONG[4], numbers[1], LONG[6], numbers[2], LONG[8]]
    reading = read(*lines, *FERRY)
    story = next(a for a in reading.articles if a.headline == LONG[0])
    assert [p.text for p in story.body] == lines[2:]
    assert [p.text for p in story.body if p.kind is ParagraphKind.CROSSHEAD] == numbers


def test_a_number_stands_above_the_crosshead_that_it_counts() -> None:
    titled = [*LONG[:4], "换下旧木板", LONG[4], "02", "立起新桅杆", *LONG[6:]]
    story = next(a for a in read(*titled, *MARKET).articles if a.headline == LONG[0])
    assert [p.text for p in story.body] == titled[2:]


@pytest.mark.parametrize(
    "lines",
    [
        ["08", *FERRY],
        [*FERRY, "01", *MARKET],
        [*FERRY, "02", *MARKET, "03", *LONG[2:3]],
        [*FERRY, "01", *MARKET, "03", *LONG[2:3]],
        [*FERRY, "1", *MARKET, "02", *LONG[2:3]],
        [*FERRY, "01", "渡口开航", "02", "菜场装棚", "03", "老船下水"],
        [*FERRY, "1", "2", "3", *MARKET],
    ],
)
def test_numbers_of_pages_count_nothing(lines: list[str]) -> None:
    assert not told(*lines).numbers
