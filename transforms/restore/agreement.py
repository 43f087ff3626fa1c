"""A second look at each link: beside the page's other links, and by what the text on both sides of it says.

An extractor that cuts one column cuts its neighbours alike: what was cut at the foot of a band goes on at the head of
the next one in the same turn, column by column. The network judges each pair by its words; here each is judged beside
the jumps that are found already. A jump is a link that both its ends like best and that leads past the next piece.

Shapes: N pieces, A numbers a pair, E numbers an end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.restore.continuation import Continuation, continuations
from transforms.restore.evidence import Floats, first_kind, last_kind
from transforms.restore.features import Piece
from transforms.restore.network import Scores, Weights, log_softmax
from transforms.restore.roles import APART, ROLES

LEAST = 8.0  # nats: what is less likely is as good as impossible
FLOOR, NEVER = 12.0, 1e4  # the same where chances are mended; what cannot be
JUMPS = 0.2  # least chance of a jump that others are held against
WIDE_GAP = 3  # empty lines that set frames apart
NEAR = 60.0  # characters; shorter distances are alike
ROWS = 128
TEXT = tuple(ROLES.index(r) for r in ("body", "crosshead", "sidebar"))
# Roles that links treat alike: what a text is made of, and what stands above or below it.
GROUPS = (
    TEXT,
    (ROLES.index("headline"),),
    tuple(ROLES.index(r) for r in ("kicker", "subhead", "label")),
    (ROLES.index("byline"),),
    tuple(ROLES.index(r) for r in ("continuation", "note")),
)
ROUNDS = 2
SAY, TINY = 0.6, 1e-9  # of the second look; what is left of what both rule out
LEAST_PIECES, MOST_PIECES = 3, 200  # a fuller page is a list or a table, and would wait too long
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Layout:
    """What of the pieces does not change with the scores.

    ``kinds`` (N, 9): how each ends and begins. ``run``: the frame between wide gaps that it stands in; ``last``,
    ``first`` of its frame. ``starts``, ``ends``: characters before its first and up to its last character. ``share``
    (N, 2): where in its frame it begins and ends, 0 to 1. ``told`` (N, N, 7): see ``continuations``.
    """

    kinds: Floats
    run: Ints
    first: NDArray[np.bool_]
    last: NDArray[np.bool_]
    starts: Ints
    ends: Ints
    share: Floats
    told: Floats


def layout_of(pieces: list[Piece], model: Continuation) -> Layout:
    kinds = np.zeros((len(pieces), 9), np.float32)
    for n, piece in enumerate(pieces):
        kinds[n, last_kind(piece.text)] = kinds[n, 5 + first_kind(piece.text)] = 1
    run = np.cumsum([p.lines[0].gap >= WIDE_GAP for p in pieces]).astype(np.int64)
    first = np.concatenate([[True], run[1:] != run[:-1]])
    last = np.concatenate([run[1:] != run[:-1], [True]])
    bounds = np.cumsum([0, *(len(p.text) for p in pieces)])
    starts, ends = bounds[:-1], bounds[1:]
    sizes = np.bincount(run, weights=ends - starts)[run]
    base = starts[np.flatnonzero(first)][np.cumsum(first) - 1]
    share = np.stack([(starts - base) / sizes, (ends - base) / sizes], 1).astype(np.float32)
    told = continuations([p.text for p in pieces], model)
    return Layout(kinds, run, first, last, starts, ends, share, told)


def agreed(scores: Scores, pieces: list[Piece], weights: Weights, model: Continuation) -> Scores:
    """The scores with every link judged again, beside what the first look found."""
    if not LEAST_PIECES <= len(pieces) <= MOST_PIECES:
        return scores
    layout = layout_of(pieces, model)
    again = scores
    for _ in range(ROUNDS):
        again = _judged(again, layout, weights)
    boxed = pieces[0].lines[0].box is not None
    return again if boxed else _pooled(scores, again)  # with boxes the jumps are nearly always right


def _pooled(first: Scores, again: Scores) -> Scores:
    """Both looks' chances averaged: neither that is wrongly sure silences the other."""

    def both(a: Floats, b: Floats) -> Floats:
        out: Floats = np.log((1 - SAY) * np.exp(a) + SAY * np.exp(b) + TINY).astype(np.float32)
        return out

    links = {name: both(getattr(first, name), getattr(again, name)) for name in ("follows", "back", "ends", "starts")}
    return replace(first, **links)


def _judged(scores: Scores, layout: Layout, weights: Weights) -> Scores:
    count = len(scores.ends)
    jumps = jumps_of(scores)
    rows = np.maximum(np.concatenate([scores.follows, scores.ends[:, None]], 1), -FLOOR)
    columns = np.maximum(np.concatenate([scores.back.T, scores.starts[:, None]], 1), -FLOOR)
    for at in range(0, count, ROWS):
        here = slice(at, min(at + ROWS, count))
        both = _mlp(weights, "agree", pair_numbers(scores, layout, jumps, here))
        rows[here, :-1] += both[:, :, 0]
        columns[:, here] += both[:, :, 1].T
    edges = _mlp(weights, "edge", edge_numbers(scores, layout, jumps))
    np.fill_diagonal(rows, -NEVER)
    np.fill_diagonal(columns, -NEVER)
    rows[:, -1] += edges[:, 0]
    columns[:, -1] += edges[:, 1]
    rows, columns = log_softmax(rows), log_softmax(columns)
    return replace(scores, follows=rows[:, :-1], back=columns[:, :-1].T, ends=rows[:, -1], starts=columns[:, -1])


def _mlp(weights: Weights, name: str, x: Floats) -> Floats:
    hidden = np.maximum(0, x @ weights[f"{name}.0.weight"].T + weights[f"{name}.0.bias"])
    out: Floats = hidden @ weights[f"{name}.2.weight"].T + weights[f"{name}.2.bias"]
    return out


@dataclass(frozen=True)
class Jumps:
    """Links that both ends like best and that lead elsewhere than to the next piece: sources and targets, by source."""

    sources: Ints
    targets: Ints


def jumps_of(scores: Scores) -> Jumps:
    rows = np.concatenate([scores.follows, scores.ends[:, None]], 1)
    columns = np.concatenate([scores.back.T, scores.starts[:, None]], 1)
    count = len(rows)
    successor, predecessor = rows.argmax(1), columns.argmax(1)
    source = np.arange(count)
    inside = successor < count
    back = predecessor[np.minimum(successor, count - 1)]
    mutual = inside & (back == source) & (successor != source + 1)
    sure = mutual & (rows[source, successor] > np.log(JUMPS))
    return Jumps(source[sure], successor[sure])


def _signed(x: NDArray[Any]) -> Floats:
    out: Floats = np.sign(x) * np.log1p(np.abs(x)).astype(np.float32) / 3
    return out


def _beside(at: Ints, marks: Ints) -> tuple[Ints, Ints]:
    """For each place the number of the last mark before it and of the first after it; -1 where there is none."""
    before = np.searchsorted(marks, at, "left") - 1
    after = np.searchsorted(marks, at, "right")
    return before, np.where(after < len(marks), after, -1)


def _held_against(layout: Layout, sources: Ints, targets: Ints, i: Ints, count: int, by_target: bool) -> Floats:
    """Each pair of rows ``i`` beside the nearest of the given jumps before and after it, shape (len(i), N, 10)."""
    j = np.arange(count)
    order = np.argsort(targets if by_target else sources, kind="stable")
    a, b = sources[order], targets[order]
    out = np.zeros((len(i), count, 10), np.float32)
    if not len(a):
        return out
    delta = (j[None, :] - i[:, None]).astype(np.float32)
    away = np.abs(layout.starts[None, :] - layout.ends[i][:, None]) + NEAR
    for k, found in enumerate(_beside(j, b) if by_target else _beside(i, a)):
        shaped = found[None, :] if by_target else found[:, None]
        near_a, near_b = a[shaped], b[shaped]
        off = 5 * k
        known = shaped >= 0
        far = np.abs(layout.starts[near_b] - layout.ends[near_a]) + NEAR
        out[:, :, off] = known
        out[:, :, off + 1] = known * _signed((j[None, :] - near_b).astype(np.float32))
        out[:, :, off + 2] = known * _signed((i[:, None] - near_a).astype(np.float32))
        out[:, :, off + 3] = known * _signed(delta - (near_b - near_a))
        out[:, :, off + 4] = known * np.clip(np.log(away / far), -2, 2)
    return out


def crossings(sources: Ints, targets: Ints, i: Ints, count: int) -> Floats:
    """How many of the given jumps cross each pair of rows ``i``: shape (len(i), N)."""
    grid = np.zeros((count + 1, count + 1), np.float32)
    grid[sources + 1, targets + 1] = 1
    sums = grid.cumsum(0).cumsum(1)  # jumps with source < a and target < b
    j = np.arange(count)
    before_after = sums[i][:, -1:] - sums[np.ix_(i, j + 1)]
    after_before = sums[-1, j][None, :] - sums[np.ix_(i + 1, j)]
    out: Floats = before_after + after_before
    return out


def pair_numbers(scores: Scores, layout: Layout, jumps: Jumps, rows: slice) -> Floats:
    """What is known of each pair of these rows beside all jumps: shape (rows, N, A)."""
    count = len(scores.ends)
    i, j = np.arange(count)[rows], np.arange(count)
    s, b = np.maximum(scores.follows[rows], -LEAST), np.maximum(scores.back[rows], -LEAST)
    every = np.concatenate([np.maximum(scores.follows, -LEAST), np.maximum(scores.ends, -LEAST)[:, None]], 1)
    whole = np.concatenate([np.maximum(scores.back, -LEAST), np.maximum(scores.starts, -LEAST)[None, :]], 0)
    delta = j[None, :] - i[:, None]
    forward = delta > 0
    shape = s.shape

    def wide(x: NDArray[Any]) -> Floats:
        return np.broadcast_to(x.astype(np.float32), shape)

    parts = [
        s / 4,
        b / 4,
        (s - _rivals(every)[rows, :-1]) / 8,
        (b - _rivals(whole.T).T[rows]) / 8,
        wide(np.maximum(scores.ends[rows], -LEAST)[:, None] / 4),
        wide(np.maximum(scores.starts, -LEAST)[None, :] / 4),
        np.clip(scores.same[rows], -10, 10) / 5,
        _signed(delta.astype(np.float32)),
        delta == 1,
        forward,
        np.clip(layout.run[None, :] - layout.run[rows][:, None], -4, 4) / 4,
        wide(layout.last[rows][:, None]),
        wide(layout.first[None, :]),
        wide(layout.share[rows][:, 1:]),
        wide(layout.share[:, 0][None, :]),
        layout.share[:, 0][None, :] - layout.share[rows][:, 1:],
        np.log(np.abs(layout.starts[None, :] - layout.ends[rows][:, None]) + NEAR) / 8,
        *(wide(layout.kinds[rows, k][:, None]) for k in range(5)),
        *(wide(layout.kinds[:, k][None, :]) for k in range(5, 9)),
        *(wide(np.exp(scores.roles[rows][:, list(g)]).sum(1)[:, None]) for g in GROUPS),
        *(wide(np.exp(scores.roles[:, list(g)]).sum(1)[None, :]) for g in GROUPS),
    ]
    onward = jumps.targets > jumps.sources
    ways = []
    for way in (onward, ~onward):
        a, b_ = jumps.sources[way], jumps.targets[way]
        crossed = np.log1p(crossings(a, b_, i, count))[:, :, None] / 2
        held = [_held_against(layout, a, b_, i, count, by_target) for by_target in (False, True)]
        ways.append(np.concatenate([crossed, *held], 2))
    beside = np.where(forward[:, :, None], ways[0], ways[1])
    return np.concatenate([np.stack(parts, 2).astype(np.float32), beside, layout.told[rows]], 2)


def _rivals(x: Floats) -> Floats:
    """The best of each row other than the one that stands there."""
    best = x.argmax(1)
    top = x[np.arange(len(x)), best]
    rest = x.copy()
    rest[np.arange(len(x)), best] = -LEAST
    second = rest.max(1)
    out = np.broadcast_to(top[:, None], x.shape).copy()
    out[np.arange(len(x)), best] = second
    return out


def edge_numbers(scores: Scores, layout: Layout, jumps: Jumps) -> Floats:
    """What is known of each piece as an end and as a start of a text: shape (N, E)."""
    kinds = np.exp(scores.roles)
    apart = kinds[:, [ROLES.index(r) for r in APART]].sum(1)
    linked = np.zeros((len(kinds), 2), np.float32)
    linked[jumps.sources, 0] = linked[jumps.targets, 1] = 1
    said = layout.told[:, :, 0].astype(np.float32) - 1e4 * np.eye(len(kinds), dtype=np.float32)
    best_next = np.maximum(scores.follows.max(1), -LEAST)
    best_before = np.maximum(scores.back.max(0), -LEAST)
    parts = [
        np.maximum(scores.ends, -LEAST) / 4,
        np.maximum(scores.starts, -LEAST) / 4,
        best_next / 4,
        best_before / 4,
        said.max(1),
        said.max(0),
        apart,
        *(kinds[:, list(g)].sum(1) for g in GROUPS),
        layout.last,
        layout.first,
        layout.share[:, 0],
        layout.share[:, 1],
        np.log1p(layout.ends - layout.starts) / 6,
    ]
    out: Floats = np.concatenate([np.stack(parts, 1).astype(np.float32), layout.kinds, linked], 1)
    return out
