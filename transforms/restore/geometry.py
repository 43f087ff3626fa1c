"""Positions as evidence: features of pieces, pairs and seams that are all 0 without boxes.

Lengths are in ems of the page's body type. Shapes: N pieces, L seams.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from transforms.model import Box
from transforms.restore.lines import Line

PIECE_GEOMETRY = 12
PAIR_GEOMETRY = 15
SEAM_GEOMETRY = 7
FAR = 30.0  # ems
SMALLEST, LARGEST = 0.1, 1e5  # points
SAME_SIZE = 0.06  # in log
LARGER = 0.15
DISPLAY = 1.1  # of the body's type: larger is a head's
DECK = 0.025  # in log: lines of one deck are set in one size
NEXT_COLUMN = (-0.5, 5.0)  # ems between the right edge of a column and the left edge of the next

Floats = NDArray[np.float32]
Runs = Sequence[Sequence[Line]]


def body_size(lines: Sequence[Line]) -> float:
    """The most common type size, by characters; 0 if a line has no box or an impossible one."""
    boxes = [x.box for x in lines]
    if not boxes or not all(b and _is_on_a_page(b) for b in boxes):
        return 0.0
    sizes = np.array([b.size for b in boxes if b])
    order = sizes.argsort()
    share = np.cumsum([len(lines[n].text) for n in order])
    return float(sizes[order][np.searchsorted(share, share[-1] / 2)])


def _is_on_a_page(box: Box) -> bool:
    """Whether the numbers can be those of a printed line; not a number and infinity cannot."""
    return all(abs(x) < LARGEST for x in (box.left, box.top, box.right, box.bottom)) and SMALLEST < box.size < LARGEST


class Places:
    """Boxes of pieces in ems: the whole piece, its first line and its last."""

    def __init__(self, runs: Runs, em: float) -> None:
        table = [[_row(x.box) for x in run] for run in runs]
        self.first = np.array([t[0] for t in table]) / em
        self.last = np.array([t[-1] for t in table]) / em
        all_lines = [np.array(t) / em for t in table]
        self.left = np.array([t[:, 0].min() for t in all_lines])
        self.top = np.array([t[:, 1].min() for t in all_lines])
        self.right = np.array([t[:, 2].max() for t in all_lines])
        self.bottom = np.array([t[:, 3].max() for t in all_lines])
        self.size = np.log(np.array([np.median(t[:, 4]) for t in all_lines]).clip(0.1))


def _row(box: Box | None) -> tuple[float, float, float, float, float]:
    return (box.left, box.top, box.right, box.bottom, box.size) if box else (0.0, 0.0, 0.0, 0.0, 1.0)


def geometry_of(runs: Runs) -> tuple[Floats, Floats]:
    """(features of pieces (N, PIECE_GEOMETRY), features of pairs "j follows i" (N, N, PAIR_GEOMETRY))."""
    count = len(runs)
    ones = np.zeros((count, PIECE_GEOMETRY), np.float32)
    pairs = np.zeros((count, count, PAIR_GEOMETRY), np.float32)
    em = body_size([x for run in runs for x in run])
    if not em:
        return ones, pairs
    at = Places(runs, em)
    overlap = _overlap(at.left, at.right)
    down = at.top[None, :] - at.bottom[:, None]  # from the bottom of i to the top of j
    below = (overlap > 0.25) & (down > -0.6)
    np.fill_diagonal(below, False)
    gap = np.where(below, down, FAR).astype(np.float32)
    _pieces(ones, at, gap)
    _pairs(pairs, at, overlap, gap)
    return ones, pairs


def _overlap(left: NDArray[np.float64], right: NDArray[np.float64]) -> Floats:
    """Shared width of i and j over the narrower one's."""
    shared = np.minimum(right[:, None], right[None, :]) - np.maximum(left[:, None], left[None, :])
    narrow = np.minimum((right - left)[:, None], (right - left)[None, :]).clip(0.5)
    out: Floats = (shared / narrow).clip(0, 1).astype(np.float32)
    return out


def _pieces(out: Floats, at: Places, gap: Floats) -> None:
    wide, high = max(1.0, float(at.right.max())), max(1.0, float(at.bottom.max()))
    column = max(1.0, float(np.median(at.right - at.left)))
    out[:, 0] = 1
    out[:, 1] = at.size.clip(-1, 1.5)
    out[:, 2] = at.size > LARGER
    out[:, 3] = at.size > 0.5
    out[:, 4] = at.size < -0.05
    out[:, 5] = ((at.right - at.left) / column).clip(0, 4) / 2
    out[:, 6] = (at.left + at.right) / 2 / wide
    out[:, 7] = (at.top + at.bottom) / 2 / high
    out[:, 8] = gap.min(1).clip(0, 10) / 5  # to the next below
    out[:, 9] = gap.min(0).clip(0, 10) / 5  # to the next above
    out[:, 10] = at.first[:, 0] - at.left > 1.2
    out[:, 11] = ((at.bottom - at.top) / 10).clip(0, 3)


def _pairs(out: Floats, at: Places, overlap: Floats, gap: Floats) -> None:
    count = len(gap)
    rows = np.arange(count)
    aside = at.left[None, :] - at.right[:, None]
    out[:, :, 0] = overlap
    out[:, :, 1] = np.abs(at.left[:, None] - at.left[None, :]) < 1
    out[:, :, 2] = ((at.left[None, :] - at.left[:, None]) / 20).clip(-2, 2)
    out[:, :, 3] = ((at.first[None, :, 1] - at.last[:, None, 3]) / 10).clip(-3, 3)
    if count > 1:
        out[rows, gap.argmin(1), 4] = gap.min(1) < FAR  # the nearest below i
        out[gap.argmin(0), rows, 5] = gap.min(0) < FAR  # the nearest above j
    out[:, :, 6] = np.exp(-gap.clip(0, FAR) / 2) * (gap < FAR)
    out[:, :, 7] = (aside > NEXT_COLUMN[0]) & (aside < NEXT_COLUMN[1])
    out[:, :, 8] = ((at.top[None, :] - at.top[:, None]) / 10).clip(-3, 3)
    out[:, :, 9] = np.abs(at.top[None, :] - at.top[:, None]) < 1.2
    out[:, :, 10] = np.abs(at.bottom[None, :] - at.bottom[:, None]) < 1.2
    ratio = at.size[None, :] - at.size[:, None]
    out[:, :, 11] = np.abs(ratio) < SAME_SIZE
    out[:, :, 12] = ratio.clip(-1.5, 1.5)
    inside = (at.left[None, :] > at.left[:, None] - 1) & (at.right[None, :] < at.right[:, None] + 1)
    out[:, :, 13] = inside & (gap < FAR)
    heads = np.where((ratio < -LARGER) & (at.size[:, None] > LARGER), gap, FAR)
    if count > 1:
        out[heads.argmin(0), rows, 14] = heads.min(0) < FAR  # the nearest larger type above j


def decks_of(lines: Sequence[Line]) -> set[int]:
    """Indices i of display-type lines that continue in line i + 1, just below in the same type: one deck of a head."""
    em = body_size(lines)
    if not em:
        return set()
    out = set()
    for n, (one, two) in enumerate(pairwise(lines)):
        a, b = one.box, two.box
        if not a or not b or min(a.size, b.size) < DISPLAY * em or abs(np.log(b.size / a.size)) > DECK:
            continue
        below = -0.4 * a.size < b.top - a.bottom < 0.9 * a.size
        if below and min(a.right, b.right) > max(a.left, b.left):
            out.add(n)
    return out


def seam_geometry(lines: Sequence[Line], at: NDArray[np.int64]) -> Floats:
    """Positional evidence that lines i and i + 1 are one run, shape (L, SEAM_GEOMETRY)."""
    out = np.zeros((len(at), SEAM_GEOMETRY), np.float32)
    em = body_size(lines)
    if not em or not len(at):
        return out
    table = np.array([_row(x.box) for x in lines])
    a, b = table[at], table[at + 1]
    size = np.log((b[:, 4] / a[:, 4]).clip(0.1, 10))
    out[:, 0] = 1
    out[:, 1] = np.abs(size) < SAME_SIZE
    out[:, 2] = size.clip(-1, 1)
    out[:, 3] = ((b[:, 0] - a[:, 0]) / em / 4).clip(-2, 2)
    out[:, 4] = ((b[:, 1] - a[:, 3]) / em).clip(-3, 3)
    out[:, 5] = (np.minimum(a[:, 2], b[:, 2]) - np.maximum(a[:, 0], b[:, 0]) > 0).astype(np.float32)
    out[:, 6] = ((b[:, 2] - a[:, 2]) / em / 4).clip(-2, 2)
    return out
