"""Type sizes of lines known only by their boxes: OCR draws boxes around the ink, a pixel or two off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from transforms.intake.placed import is_wide
from transforms.model import Box

SNAP = 0.12  # ratio: type sizes this similar are one
LEAST_SQUARES = 4  # characters: from here on the length of a line gives their size
FEW_NARROW = 1 / 8  # of a line: with more, its length does not give the size, because fonts set figures in any width
# Marks whose ink fills half their square; at the end of a line the empty half is outside the box.
OPENING = tuple("（《〈「『“‘【〔")
CLOSING = tuple("）》〉」』”’】〕，。、；：")
ALIKE = 1.1  # ratio of sizes by length, for lines one below another to have one size
ALIKE_HEIGHTS = 1.12
NEAREST = 1.2  # heights: the most from a line to the next
NO_SQUARES = 1.18  # height of Chinese characters divided by that of figures and Latin letters of the same size


def size_of(text: str, wide: float, high: float, scale: float = 1.0) -> float:
    """The type size of a line by its length, as Chinese characters fill squares; otherwise by its height.

    ``wide``, ``high``: of its box. ``scale``: type size divided by the height of the box that the program draws.

    >>> size_of("新桥今日通车", 120, 26), size_of("一", 20, 4)
    (20.0, 4.0)
    """
    squares = sum(1.0 if _is_square(c) else 0.5 for c in text)
    squares -= 0.5 * (text[:1] in OPENING) + 0.5 * (text[-1:] in CLOSING) if text else 0.0
    by_height = high * scale * (1.0 if any(map(_is_square, text)) else NO_SQUARES)
    if squares < LEAST_SQUARES:
        return by_height
    by_width = wide / squares
    return by_width if 0.75 * by_height <= by_width <= 1.25 * by_height else by_height


def _is_square(character: str) -> bool:
    return is_wide(character) or character in "“”‘’—…·"


def evened(texts: Sequence[str], boxes: Sequence[Box], heights: Sequence[float]) -> tuple[Box, ...]:
    """The boxes with consistent sizes: similar lines one below another get the same size, and so does each kind of
    line.

    ``heights``: of the boxes as the program drew them.
    """
    sure = [_is_sure(text) for text in texts]
    sizes = [box.size for box in boxes]
    for group in _stacked(boxes, heights, sure):
        told = [sizes[n] for n in group if sure[n]] or [sizes[n] for n in group]
        for n in group:
            sizes[n] = median(told)
    return tuple(replace(b, size=round(size, 2)) for b, size in zip(boxes, snapped(sizes), strict=True))


def _is_sure(text: str) -> bool:
    narrow = sum(not _is_square(c) for c in text)
    return len(text) >= LEAST_SQUARES and narrow <= FEW_NARROW * len(text)


def _stacked(boxes: Sequence[Box], heights: Sequence[float], sure: Sequence[bool]) -> Iterator[list[int]]:
    """Lines that follow one another downwards and seem to have one size."""
    order = sorted(range(len(boxes)), key=lambda n: (boxes[n].top, boxes[n].left))
    open_: list[list[int]] = []
    tallest = max(heights, default=0.0)
    for n in order:
        done = [group for group in open_ if boxes[n].top - boxes[group[-1]].bottom > NEAREST * tallest]
        yield from done
        open_ = [group for group in open_ if group not in done] if done else open_
        above = next((group for group in reversed(open_) if _follows(group[-1], n, boxes, heights, sure)), None)
        if above is None:
            open_.append([n])
        else:
            above.append(n)
    yield from open_


def _follows(a: int, b: int, boxes: Sequence[Box], heights: Sequence[float], sure: Sequence[bool]) -> bool:
    one, other = boxes[a], boxes[b]
    shared = min(one.right, other.right) - max(one.left, other.left)
    gap = other.top - one.bottom
    if shared < 0.5 * min(one.right - one.left, other.right - other.left) or gap < -0.5 * heights[a]:
        return False
    if gap > NEAREST * min(heights[a], heights[b]):
        return False
    pair = (one.size, other.size) if sure[a] and sure[b] else (heights[a], heights[b])
    return max(pair) <= min(pair) * (ALIKE if sure[a] and sure[b] else ALIKE_HEIGHTS)


def snapped(sizes: Sequence[float]) -> list[float]:
    """Sizes in which similar ones are made equal: the median of each group, the largest group first."""
    out = list(sizes)
    left = sorted(range(len(sizes)), key=lambda n: sizes[n])
    while left:
        start, end = _fullest(left, sizes)
        middle = sizes[left[(start + end) // 2]]
        for n in left[start:end]:
            out[n] = middle
        del left[start:end]
    return out


def _fullest(order: Sequence[int], sizes: Sequence[float]) -> tuple[int, int]:
    """The range with the most sizes that are nearly alike."""
    best, end = (0, 1), 0
    for start in range(len(order)):
        while end < len(order) and sizes[order[end]] <= sizes[order[start]] * (1 + SNAP):
            end += 1
        best = max(best, (start, end), key=lambda window: window[1] - window[0])
    return best


def with_even_sizes(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """The boxes with similar type sizes made equal."""
    sizes = snapped([box.size for box in boxes])
    return tuple(replace(box, size=round(size, 2)) for box, size in zip(boxes, sizes, strict=True))
