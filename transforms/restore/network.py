"""The reader's networks in numpy: which line continues in the next one, and which piece follows which.

The weights come from training/reader.py, which defines the same shapes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np

from transforms.restore.continuation import SPAN, Continuation, seams
from transforms.restore.evidence import Floats, Weights, norm
from transforms.restore.features import (
    Evidence,
    Features,
    Sheet,
    join_features,
    seam_candidates,
)
from transforms.restore.geometry import decks_of
from transforms.restore.lines import Line
from transforms.restore.links import links_of

HEADS, LAYERS = 4, 4
JOIN_SURE = 4.0  # log odds, 55 to one: a wrong cut can be joined later, a wrong join cannot be cut
JOIN_CERTAIN = 6.0  # log odds above which the encoders are not asked
LEAST_READ = 16  # characters on either side of a seam, for the encoders to tell
TORN = 5.5  # the encoders' score of a seam below which no text goes on; 15 or so where it does
FAR = np.float32(1e4)
AT_ONCE = 1 << 17  # pairs


@dataclass(frozen=True)
class Scores:
    """Log probabilities: ``follows`` (N, N) that j follows i, ``ends`` and ``starts`` (N,), ``roles`` (N, 10),
    ``opens`` (N,).

    ``same`` (N, N): log odds that two pieces are of one story, symmetric. ``follows`` is normalised over all
    successors, ``back`` over all predecessors; of several networks, each before the mean is taken.
    """

    follows: Floats
    back: Floats
    ends: Floats
    starts: Floats
    roles: Floats
    opens: Floats
    same: Floats


def joined_lines(
    sheet: Sheet,
    evidence: Evidence,
    weights: Weights,
    encoders: Continuation | None = None,
    sure: float = JOIN_SURE,
) -> set[int]:
    """Indices i of lines that surely continue in line i + 1: text by the network, heads by their type.

    With ``encoders`` a seam that the network is less sure of is read by them too.
    """
    at = seam_candidates(sheet)
    if not len(at):
        return set()
    hidden = _relu(join_features(sheet, at, evidence) @ weights["join.0.weight"].T + weights["join.0.bias"])
    odds = hidden @ weights["join.2.weight"][0] + weights["join.2.bias"][0]
    joined = {int(i) for i, z in zip(at, odds, strict=True) if z > sure}
    if encoders and not sheet.lines[0].box:  # where lines stand tells more, and sooner
        doubtful = [int(i) for i, z in zip(at, odds, strict=True) if sure < z < JOIN_CERTAIN]
        joined -= _torn(sheet.lines, joined, doubtful, encoders)
    return joined | decks_of(sheet.lines)


def _torn(lines: Sequence[Line], joined: set[int], doubtful: Sequence[int], encoders: Continuation) -> set[int]:
    """Those of the doubtful seams at which the text does not go on, by what is joined on either side."""
    told: list[int] = []
    lefts: list[str] = []
    rights: list[str] = []
    for i in doubtful:
        left, right, a, b = lines[i].text, lines[i + 1].text, i, i + 1
        while len(left) < SPAN and a - 1 in joined:
            a -= 1
            left = lines[a].text + left
        while len(right) < SPAN and b in joined:
            b += 1
            right += lines[b].text
        if min(len(left), len(right)) >= LEAST_READ:
            told.append(i)
            lefts.append(left)
            rights.append(right)
    if not told:
        return set()
    return {i for i, score in zip(told, seams(lefts, rights, encoders), strict=True) if score < TORN}


def score(features: Features, networks: Sequence[Weights]) -> Scores:
    """Run each network over a page and take the mean of what they say: where they differ, all of it is less sure."""
    told = [_scored(features, weights) for weights in networks]

    def mean(name: str) -> Floats:
        out: Floats = np.mean([getattr(t, name) for t in told], axis=0, dtype=np.float32)
        return out

    return Scores(*(mean(f.name) for f in fields(Scores)))


def _scored(features: Features, w: Weights) -> Scores:
    """Once over pieces and pairs, then again with the links that were found."""
    count = len(features.pieces)
    x = _linear(w, "enter2", _relu(_linear(w, "enter", features.pieces)))
    between = _pair_states(w, features, x)
    for n in range(LAYERS):
        x = _layer(w, f"layers.{n}", x, _bias(w, between, n))
    pair, edges, *_ = _read(w, "first", x, between)
    pair -= FAR * np.eye(count, dtype=np.float32)
    between = _again(w, links_of(*_normalised(pair, edges)), between, x)
    x = _layer(w, "again_layer", x, _bias(w, between, 0, "again_bias"))
    more, more_edges, roles, opens, same = _read(w, "second", x, between)
    rows, columns = _normalised(pair + more, edges + more_edges)
    return Scores(rows[:, :-1], columns[:, :-1].T, rows[:, -1], columns[:, -1], log_softmax(roles), opens, same)


def _normalised(pair: Floats, edges: Floats) -> tuple[Floats, Floats]:
    """Log chances of each piece's successors and none, and of its predecessors and none: (N, N + 1) both."""
    rows = log_softmax(np.concatenate([pair, edges[:, :1]], 1))
    return rows, log_softmax(np.concatenate([pair.T, edges[:, 1:]], 1))


def _read(w: Weights, name: str, x: Floats, between: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Scores of pairs, of ends and starts, roles, openings, and of two pieces being of one story."""
    x = norm(w, f"{name}.norm", x)
    pair = _linear(w, f"{name}.left", x) @ _linear(w, f"{name}.right", x).T / np.sqrt(np.float32(x.shape[1]))
    scored = _late(w, name, between, x)
    same = scored[:, :, 1] + scored[:, :, 1].T
    pair += scored[:, :, 0]
    return (
        pair,
        _linear(w, f"{name}.ends", x),
        _linear(w, f"{name}.role", x),
        _linear(w, f"{name}.opens", x)[:, 0],
        same,
    )


def _blocks(count: int) -> Iterator[slice]:
    """Rows of a table of pairs that are worked on at once: what is made on the way stays small on a full page."""
    step = max(1, AT_ONCE // max(1, count))
    return (slice(at, min(at + step, count)) for at in range(0, count, step))


def _pair_states(w: Weights, features: Features, x: Floats) -> Floats:
    """What is known of each pair, shape (N, N, E)."""
    left, right = _linear(w, "pair_left", x), _linear(w, "pair_right", x)
    out = np.empty((len(x), len(x), left.shape[1]), np.float32)
    for rows in _blocks(len(x)):
        out[rows] = _relu(_linear(w, "pair", features.pairs[rows]) + left[rows, None] + right[None])
    return out


def _again(w: Weights, links: Floats, between: Floats, x: Floats) -> Floats:
    """What is known of each pair beside the page's other links, shape (N, N, E); written over ``between``."""
    left, right = _linear(w, "again_left", x), _linear(w, "again_right", x)
    for rows in _blocks(len(x)):
        known = _linear(w, "again", links[rows]) + _linear(w, "mixed", between[rows])
        between[rows] = _relu(known + left[rows, None] + right[None])
    return between


def _bias(w: Weights, between: Floats, layer: int, name: str = "bias") -> Floats:
    """What each pair adds to attention in a layer, both ways: shape (HEADS, N, N)."""
    weight, bias = w[f"{name}.weight"], w[f"{name}.bias"]
    layers = len(bias) // (2 * HEADS)

    def way(n: int) -> Floats:
        rows = slice((n * layers + layer) * HEADS, (n * layers + layer + 1) * HEADS)
        out: Floats = between @ weight[rows].T + bias[rows]
        return out

    both: Floats = way(0) + way(1).transpose(1, 0, 2)
    return both.transpose(2, 0, 1)


def _late(w: Weights, name: str, between: Floats, x: Floats) -> Floats:
    """Scores of each pair, shape (N, N, 2): that it follows, that it is of one story."""
    left, right = _linear(w, f"{name}.late_left", x), _linear(w, f"{name}.late_right", x)
    out = np.empty((len(x), len(x), 2), np.float32)
    for rows in _blocks(len(x)):
        late = _relu(_linear(w, f"{name}.late", between[rows]) + left[rows, None] + right[None])
        out[rows] = _linear(w, f"{name}.score", late)
    return out


def log_softmax(x: Floats) -> Floats:
    """Log of the softmax over the last axis."""
    top = x - x.max(axis=1, keepdims=True)
    out: Floats = top - np.log(np.exp(top).sum(axis=1, keepdims=True))
    return out


def _relu(x: Floats) -> Floats:
    out: Floats = np.maximum(x, 0)
    return out


def _linear(w: Weights, name: str, x: Floats) -> Floats:
    out: Floats = x @ w[f"{name}.weight"].T + w[f"{name}.bias"]
    return out


def _layer(w: Weights, name: str, x: Floats, bias: Floats) -> Floats:
    count, wide = x.shape
    each = wide // HEADS
    qkv = _linear(w, f"{name}.qkv", norm(w, f"{name}.norm1", x)).reshape(count, 3, HEADS, each).transpose(1, 2, 0, 3)
    scores = qkv[0] @ qkv[1].transpose(0, 2, 1) / np.sqrt(np.float32(each)) + bias
    share = np.exp(scores - scores.max(axis=2, keepdims=True))
    mixed = (share / share.sum(axis=2, keepdims=True)) @ qkv[2]
    x = x + _linear(w, f"{name}.out", mixed.transpose(1, 0, 2).reshape(count, wide))
    out: Floats = x + _linear(w, f"{name}.down", _relu(_linear(w, f"{name}.up", norm(w, f"{name}.norm2", x))))
    return out
