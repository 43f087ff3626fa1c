"""Scans to printed lines, by RapidOCR (the optional extra ``ocr``), which brings its models in its wheel.

The lines take the same road as those of a PDF. Only ``transforms.intake.ocr_child`` imports this module.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.intake.sizes import size_of, snapped
from transforms.intake.unordered import is_upright, put_in_order
from transforms.model import Box

Pixels = NDArray[np.uint8]
LONGEST_SIDE = 4000  # pixels in which lines are looked for; body type of 9 points is 22 of them on a broadsheet page
LEAST = 0.5  # certainty of a line under which it is taken for a stain or a picture
HEIGHT = 0.85  # type size by the height of the box that the recogniser draws around a line
HALF_WIDTH = dict(zip("(),:;?!", "（），：；？！", strict=True))


@dataclass(frozen=True, slots=True)
class Recognised:
    """A page's text, and for each line that is not blank its box and its certainty in [0, 1]."""

    text: str = ""
    boxes: tuple[Box, ...] = ()
    certainty: tuple[float, ...] = ()


def recognise(pixels: Pixels, points: float) -> Recognised:
    """The text of a page image (height, width, 3); ``points``: how many there are to a pixel."""
    engine = _engine()
    found = engine(pixels)
    if found.boxes is None:
        return Recognised()
    lines: list[tuple[str, Box, float]] = []
    for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        lines += _placed(pixels, corners, text, float(score), engine)
    sizes = snapped([box.size for _, box, _ in lines])
    boxes = [_in_points(box, size, points) for (_, box, _), size in zip(lines, sizes, strict=True)]
    return Recognised(*put_in_order([text for text, _, _ in lines], boxes, [score for _, _, score in lines]))


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


def _placed(
    pixels: Pixels, corners: NDArray[np.float32], text: str, score: float, engine: Any
) -> Iterable[tuple[str, Box, float]]:
    left, top = (float(v) for v in corners.min(axis=0))
    right, bottom = (float(v) for v in corners.max(axis=0))
    wide, high = right - left, bottom - top
    if is_upright(wide, high):
        text, score = _read_upright(pixels, (left, top, right, bottom), engine)
        if text:
            yield text, Box(left, top, right, bottom, wide * HEIGHT), score
    elif text.strip():
        size = size_of(text, wide, high, HEIGHT)
        middle = (top + bottom) / 2
        yield _full_width(text.strip()), Box(left, middle - size / 2, right, middle + size / 2, size), score


def _full_width(text: str) -> str:
    """Punctuation beside a Chinese character as Chinese sets it; the recogniser often takes it for Latin."""
    out = []
    for n, character in enumerate(text):
        beside = text[max(0, n - 1) : n] + text[n + 1 : n + 2]
        chinese = character in HALF_WIDTH and any("\u4e00" <= c <= "\u9fff" for c in beside)
        out.append(HALF_WIDTH[character] if chinese else character)
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


def _in_points(box: Box, size: float, points: float) -> Box:
    sides = (box.left, box.top, box.right, box.bottom, size)
    return Box(*(round(v * points, 2) for v in sides))
