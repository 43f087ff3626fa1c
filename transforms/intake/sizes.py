"""Type sizes of lines of which only the box is known: what OCR draws around ink, a pixel or two more or less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transforms.intake.placed import is_wide
from transforms.model import Box

SNAP = 0.12  # type sizes so much alike are one
LEAST_SQUARES = 4  # characters from which the length of a line tells their size


def size_of(text: str, wide: float, high: float, scale: float = 1.0) -> float:
    """The type size of a line by its length, as Chinese characters stand in squares; else by its height.

    ``scale``: type size by the height of the box that the program draws around a line.

    >>> size_of("新桥今日通车", 120, 26), size_of("一", 20, 4)
    (20.0, 4.0)
    """
    squares = sum(1.0 if is_wide(c) or c in "“”‘’—…·" else 0.5 for c in text)
    by_height = high * scale
    if squares < LEAST_SQUARES:
        return by_height
    by_width = wide / squares
    return by_width if 0.75 * by_height <= by_width <= 1.25 * by_height else by_height


def snapped(sizes: Sequence[float]) -> list[float]:
    """Sizes with those that are nearly alike made the same: the median of each group."""
    order = sorted(range(len(sizes)), key=lambda n: sizes[n])
    out = list(sizes)
    group: list[int] = []
    for n in [*order, None]:
        if n is not None and (not group or sizes[n] <= sizes[group[0]] * (1 + SNAP)):
            group.append(n)
            continue
        middle = sizes[group[len(group) // 2]] if group else 0.0
        for member in group:
            out[member] = middle
        group = [] if n is None else [n]
    return out


def with_even_sizes(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """The boxes with type sizes that are nearly alike made the same."""
    sizes = snapped([box.size for box in boxes])
    return tuple(replace(box, size=round(size, 2)) for box, size in zip(boxes, sizes, strict=True))
