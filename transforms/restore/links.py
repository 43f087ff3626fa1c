"""Each pair of pieces next to the page's other links, as features: what the network's second pass reads.

An extractor that cuts one column cuts its neighbours alike: pieces cut at the foot of a band continue at the head
of the next one in the same order. The first pass judges each pair by its words and position. The second also sees
the other links found: those next to it, those that it would cross, and how far the links near it lead.

Shapes: N pieces.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.restore.evidence import Floats

LEAST = -8.0  # nats: what is less likely is as good as impossible
REACH = 3.0  # pieces: how far away a jump still says something of its neighbours
BESIDE = ((1, 1), (-1, -1), (1, -1), (-1, 1), (2, 2), (-2, -2))
LINKS = 7 + len(BESIDE) + 9


def links_of(rows: Floats, columns: Floats) -> Floats:
    """The links around each pair, shape (N, N, LINKS).

    ``rows``, ``columns`` (N, N + 1): log probabilities of each piece's successors and predecessors, the last one
    for none.
    """
    count = len(rows)
    told, back = rows[:, :count], columns[:, :count].T
    sure: Floats = np.exp((told + back) / 2)
    place = np.arange(count, dtype=np.float32)
    away: Floats = place[None, :] - place[:, None]
    out = np.empty((count, count, LINKS), np.float32)
    out[:, :, 0] = np.maximum(told, LEAST) / 4
    out[:, :, 1] = np.maximum(back, LEAST) / 4
    out[:, :, 2] = sure
    for n, (down, right) in enumerate(BESIDE, 3):
        out[:, :, n] = _moved(sure, down, right)
    n = 3 + len(BESIDE)
    out[:, :, n] = np.clip(told - _rivals(rows)[:, :count], LEAST, -LEAST) / 8
    out[:, :, n + 1] = np.clip(back - _rivals(columns)[:, :count].T, LEAST, -LEAST) / 8
    out[:, :, n + 2] = np.maximum(rows[:, count:], LEAST) / 4
    out[:, :, n + 3] = np.maximum(columns[:, count:], LEAST).T / 4
    onward = away > 0
    for way, jumps in ((onward, sure * (away > 1)), (~onward, sure * (away < 0))):
        for k, part in enumerate(_beside(jumps, away), n + 4):
            np.copyto(out[:, :, k], part, where=way)
    return out


def _moved(x: Floats, down: int, right: int) -> Floats:
    """x[i + down, j + right], 0 beyond the page."""
    n, size = len(x), max(abs(down), abs(right))
    padded = np.pad(x, size)
    return padded[size + down : size + down + n, size + right : size + right + n]


def _rivals(x: Floats) -> Floats:
    """The best of each row other than the one that stands there."""
    best = np.partition(x, -2, axis=1)[:, -2:]
    out: Floats = np.where(x == best[:, 1:], best[:, :1], best[:, 1:])
    return out


def _beside(jumps: Floats, away: Floats) -> list[NDArray[Any]]:
    """Each pair beside the jumps of one direction: what crosses it, and how far jumps near its ends lead."""
    sums = np.pad(jumps.cumsum(0).cumsum(1), ((1, 0), (1, 0)))  # jumps with source < i and target < j
    before = sums[:-1, -1:] - sums[:-1, 1:]  # source before i, target after j
    after = sums[-1:, :-1] - sums[1:, :-1]  # source after i, target before j
    parts = [np.log1p(np.maximum(before + after, 0)) / 2]
    near = np.exp(-np.abs(away) / REACH)
    for axis in (1, 0):
        mass, far = jumps.sum(axis), (jumps * away).sum(axis)
        for kernel in (near * (away < 0), near * (away > 0)):
            weight = kernel @ mass
            offset, known = (kernel @ far) / (weight + np.float32(1e-3)), np.minimum(weight, 1)
            if axis:
                offset, known = offset[:, None], known[:, None]
            difference = away - offset
            signed = np.sign(difference) * np.log1p(np.abs(difference)) / 3
            parts += [np.broadcast_to(known, away.shape), known * signed]
    return parts
