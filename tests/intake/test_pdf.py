"""PDF pages made here by reportlab: the text comes back line by line, column by column, whatever the drawing order."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from transforms.errors import BadInput
from transforms.intake.pdf import read_pdf

sys.path.insert(0, str(Path(__file__).parent))
from pdf_press import HIGH, columns, pdf, put

STORY = [
    "\u3000\u3000河口镇的老桥昨天通车",
    "了，桥长一百二十米，宽八米，",
    "两侧各有一条步道供行人走。",
    "\u3000\u3000镇里的陈师傅说，从前",
    "去对岸要绕行半个小时，如今",
    "走路只要三分钟就能到学校。",
    "\u3000\u3000据介绍，老桥建于四十",
    "年前，去年夏天因桥墩沉降而",
    "封闭，修了整整十一个月。",
]


def read(draw: Callable[[Canvas], None]) -> list[str]:
    (page,) = read_pdf(pdf(draw))
    lines = [line for line in page.text.split("\n") if line.strip()]
    assert len(lines) == len(page.boxes)
    return lines


@pytest.mark.parametrize("gutter", [0.8, 1.2, 2.0])
def test_columns_are_read_one_after_another(gutter: float) -> None:
    lefts = [30 + n * (14 + gutter) * 9 for n in range(3)]
    assert read(lambda c: columns(c, STORY, lefts, 60)) == STORY


def test_drawing_order_does_not_matter() -> None:
    def draw(canvas: Canvas) -> None:
        characters = []
        for n, line in enumerate(STORY):
            indent = 18 if line.startswith("\u3000") else 0
            left, top = 30 + n // 3 * 15.2 * 9 + indent, 60 + n % 3 * 13
            characters += [(left + k * 9, top, c) for k, c in enumerate(line.strip())]
        random.Random(1).shuffle(characters)  # noqa: S311
        for x, y, c in characters:
            put(canvas, x, y, 9, c)

    assert read(draw) == STORY


def test_headline_over_columns_comes_before_them() -> None:
    def draw(canvas: Canvas) -> None:
        columns(canvas, STORY, [20, 160, 300], 90)
        put(canvas, 183, 60, 20, "老桥通车")

    (page,) = read_pdf(pdf(draw))
    assert page.text.startswith("老桥通车\n\n\u3000\u3000河口镇")
    head = page.boxes[0]
    assert (head.left, head.right, head.size) == pytest.approx((183, 263, 20), abs=0.1)
    assert head.top == pytest.approx(60 - 0.86 * 20, abs=0.1)


def test_shadow_is_read_once() -> None:
    def draw(canvas: Canvas) -> None:
        for shift in (1.5, 0):
            put(canvas, 30 + shift, 60 + shift, 24, "人人参与节水")

    assert read(draw) == ["人人参与节水"]


def test_upright_headline_is_one_line() -> None:
    def draw(canvas: Canvas) -> None:
        for n, c in enumerate("古镇灯会今晚开幕"):
            put(canvas, 30, 80 + n * 24, 20, c)
        columns(canvas, STORY, [70, 210], 80)

    assert read(draw) == ["古镇灯会今晚开幕", *STORY]


def test_turned_text_is_a_line_of_its_own() -> None:
    def draw(canvas: Canvas) -> None:
        columns(canvas, STORY, [30, 170], 60)
        canvas.saveState()
        canvas.translate(380, HIGH - 60)
        canvas.rotate(-90)
        put(canvas, 0, HIGH, 9, "图片由镇政府提供")
        canvas.restoreState()

    lines = read(draw)
    assert [x for x in lines if x not in STORY] == ["图片由镇政府提供"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_page_shown_turned_reads_as_it_is_seen(turn: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(turn)
        canvas.translate(HIGH / 2, HIGH / 2)
        canvas.rotate(turn)
        canvas.translate(-HIGH / 2, -HIGH / 2)
        columns(canvas, STORY, [20, 160, 300], 60)

    (page,) = read_pdf(pdf(draw, HIGH))
    assert [x for x in page.text.split("\n") if x] == STORY


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(BadInput, match="damaged"):
        read_pdf(b"%PDF-1.7\nnothing more")
