"""From scans to printed lines, by RapidOCR (the optional extra ``ocr``), which has its models in its wheel.

After that, the lines are treated like those of a PDF. Only ``ocr_child.py`` imports this module.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.intake.sizes import evened, size_of
from transforms.intake.unordered import is_upright, put_in_order
from transforms.model import Box

Pixels = NDArray[np.uint8]
LONGEST_SIDE = (
    4000  # pixels: lines are searched for at this size; body type of 9 points is 22 of them on a broadsheet page
)
LEAST = 0.5  # certainty; lines below it are stains or pictures
HEIGHT = 0.85  # type size divided by the height of the box that the recogniser draws around a line
LONG = 20  # pixels, and times its rise: how long a line must be to know its slope
LONE_DASH = re.compile("(?<!—)—一(?!—)")  # a dash is set as two; its second half looks like the figure one
# Spaces that are never printed in a Chinese line: inside a figure, next to it, in an abbreviation.
NO_BLANK = re.compile(
    r"(?<=\d) (?=[\d%])|(?<=[\u4e00-\u9fff]) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z%]) (?=[\u4e00-\u9fff])"
    r"|(?<=\b[A-Z]) (?=[A-Z]{2})"
)
ROMAN = re.compile("Ⅰ(?=[A-Za-z])")
HALF_WIDTH = dict(zip("(),:;?!", "（），：；？！", strict=True))


@dataclass(frozen=True, slots=True)
class Recognised:
    """A page's text, and for each line that is not blank its box and its certainty from 0 to 1."""

    text: str = ""
    boxes: tuple[Box, ...] = ()
    certainty: tuple[float, ...] = ()


def recognise(pixels: Pixels, points: float) -> Recognised:
    """The text of the image of a page. ``pixels``: (height, width, 3), blue first. ``points``: per pixel."""
    engine = _engine()
    found = engine(pixels)
    if found.boxes is None:
        return Recognised()
    lines: list[_Line] = []
    turn = _slope(found.boxes)
    for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        lines += _placed(pixels, corners, turn, text, float(score), engine)
    texts = [line.text for line in lines]
    boxes = evened(texts, [line.box for line in lines], [line.high for line in lines])
    placed = [_in_points(box, points) for box in boxes]
    return Recognised(*put_in_order(texts, placed, [line.score for line in lines]))


@dataclass(frozen=True, slots=True)
class _Line:
    """A line in pixels; ``high``: its height as the recogniser drew it, or its width if it is upright."""

    text: str
    box: Box
    high: float
    score: float


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.max_side_len": LONGEST_SIDE,
            "Global.text_score": LEAST,
            "Global.use_cls": False,  # pages come the right way up
            "Det.limit_side_len": LONGEST_SIDE,
            "Det.limit_type": "max",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        }
    )


def _slope(boxes: NDArray[np.float32]) -> float:
    """The slope of a scan's lines in radians, falling to the right: the median over long lines."""
    across = [corners[1] - corners[0] for corners in boxes]
    long = [float(np.arctan2(v[1], v[0])) for v in across if v[0] > LONG * abs(v[1]) and v[0] > LONG]
    return float(np.median(long)) if long else 0.0


def _levelled(corners: NDArray[np.float32], slope: float, pixels: Pixels) -> NDArray[np.float32]:
    """Corners on the page after straightening it, turned around its middle."""
    middle = np.array([pixels.shape[1] / 2, pixels.shape[0] / 2], dtype=np.float32)
    cos, sin = np.cos(slope), np.sin(slope)
    return (corners - middle) @ np.array([[cos, -sin], [sin, cos]], dtype=np.float32) + middle


def _sides(corners: NDArray[np.float32]) -> tuple[float, float, float, float]:
    left, top = (float(v) for v in corners.min(axis=0))
    right, bottom = (float(v) for v in corners.max(axis=0))
    return left, top, right, bottom


def _placed(
    pixels: Pixels, corners: NDArray[np.float32], slope: float, text: str, score: float, engine: Any
) -> Iterable[_Line]:
    left, top, right, bottom = _sides(_levelled(corners, slope, pixels))
    wide, high = right - left, bottom - top
    if is_upright(wide, high):
        text, score = _read_upright(pixels, _sides(corners), engine)
        if text:
            yield _Line(text, Box(left, top, right, bottom, wide * HEIGHT), wide, score)
    elif text.strip():
        text = as_set(text.strip())
        size = size_of(text, wide, high, HEIGHT)
        middle = (top + bottom) / 2
        yield _Line(text, Box(left, middle - size / 2, right, middle + size / 2, size), high, score)


def as_set(text: str) -> str:
    """A recognised line as Chinese sets it, where the recogniser confuses what looks alike.

    >>> as_set("成立7０周年(2025年)看现状—一"), as_set("I MF于202 3 年")
    ('成立70周年（2025年）看现状——', 'IMF于2023年')
    """
    text = "".join(unicodedata.normalize("NFKC", c) if "０" <= c <= "ｚ" and c.isalnum() else c for c in text)
    text = ROMAN.sub("I", LONE_DASH.sub("——", text))
    chinese = any("\u4e00" <= c <= "\u9fff" for c in text)
    text = NO_BLANK.sub("", text) if chinese else text
    out = []
    for n, character in enumerate(text):
        beside = text[max(0, n - 1) : n] + text[n + 1 : n + 2]
        wide = character in HALF_WIDTH and any("\u4e00" <= c <= "\u9fff" for c in beside)
        out.append(HALF_WIDTH[character] if wide or (chinese and character in "()") else character)
    return "".join(out)


def _read_upright(pixels: Pixels, sides: tuple[float, float, float, float], engine: Any) -> tuple[str, float]:
    """The characters of an upright line, cut into squares and read one by one."""
    left, top, right, bottom = (max(0, round(v)) for v in sides)
    count = max(1, round((bottom - top) / (right - left)))
    step = (bottom - top) / count
    text, scores = "", []
    for n in range(count):
        cell = pixels[top + round(n * step) : top + round((n + 1) * step), left:right]
        if not cell.size:
            continue
        found = engine(cell, use_det=False, use_cls=False, use_rec=True)
        if found.txts and found.scores[0] >= LEAST:
            text += found.txts[0].strip()
            scores.append(float(found.scores[0]))
    return text, sum(scores) / len(scores) if scores else 0.0


def _in_points(box: Box, points: float) -> Box:
    sides = (box.left, box.top, box.right, box.bottom, box.size)
    return Box(*(round(v * points, 2) for v in sides))
