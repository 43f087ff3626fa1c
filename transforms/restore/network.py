"""The reader's networks, in numpy: which line runs on into the next, and which piece follows which.

The weights come from training/reader.py; the shapes there and here are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from transforms.restore.evidence import Floats
from transforms.restore.features import (
    Evidence,
    Features,
    Sheet,
    join_features,
    seam_candidates,
)
from transforms.restore.geometry import decks_of

HEADS, LAYERS = 4, 3
JOIN_SURE = 3.2  # log odds, 25 to one: a wrong cut can be joined later, a wrong join cannot be cut
FAR = np.float32(1e4)
AT_ONCE = 1 << 17  # pairs
Weights = Mapping[str, Floats]


@dataclass(frozen=True)
class Scores:
    """Log chances: ``follows`` (N, N) that j follows i, ``ends``, ``starts`` (N,), ``roles`` (N, 10), ``opens`` (N,).

    ``same`` (N, N): log odds that two pieces are of one story, the same both ways.
    ``follows`` and ``back`` are normalised over what may follow and over what may come before.
    """

    follows: Floats
    back: Floats
    ends: Floats
    starts: Floats
    roles: Floats
    opens: Floats
    same: Floats


def joined_lines(sheet: Sheet, evidence: Evidence, weights: Weights) -> set[int]:
    """Indices i of lines that surely run on into line i + 1: text by the network, heads by their type."""
    at = seam_candidates(sheet)
    if not len(at):
        return set()
    hidden = _relu(join_features(sheet, at, evidence) @ weights["join.0.weight"].T + weights["join.0.bias"])
    score = hidden @ weights["join.2.weight"][0] + weights["join.2.bias"][0]
    return {int(i) for i, z in zip(at, score, strict=True) if z > JOIN_SURE} | decks_of(sheet.lines)


def score(features: Features, weights: Weights) -> Scores:
    """Run the network over one page."""
    w, count = weights, len(features.pieces)
    x = _linear(w, "enter2", _relu(_linear(w, "enter", features.pieces)))
    between = _pair_states(w, features, x)
    for n in range(LAYERS):
        x = _layer(w, f"layers.{n}", x, _bias(w, between, n))
    x = norm(w, "norm", x)
    pair = _linear(w, "left", x) @ _linear(w, "right", x).T / np.sqrt(np.float32(x.shape[1]))
    scored = _late(w, between, x)
    pair = pair + scored[:, :, 0] - FAR * np.eye(count, dtype=np.float32)
    same = scored[:, :, 1] + scored[:, :, 1].T
    edges = _linear(w, "ends", x)
    rows = log_softmax(np.concatenate([pair, edges[:, :1]], 1))
    columns = log_softmax(np.concatenate([pair.T, edges[:, 1:]], 1))
    roles = log_softmax(_linear(w, "role", x))
    opens = _linear(w, "opens", x)[:, 0]
    return Scores(rows[:, :-1], columns[:, :-1].T, rows[:, -1], columns[:, -1], roles, opens, same)


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


def _bias(w: Weights, between: Floats, layer: int) -> Floats:
    """What each pair adds to attention in a layer, both ways: shape (HEADS, N, N)."""
    weight, bias = w["bias.weight"], w["bias.bias"]

    def way(n: int) -> Floats:
        rows = slice((n * LAYERS + layer) * HEADS, (n * LAYERS + layer + 1) * HEADS)
        out: Floats = between @ weight[rows].T + bias[rows]
        return out

    both: Floats = way(0) + way(1).transpose(1, 0, 2)
    return both.transpose(2, 0, 1)


def _late(w: Weights, between: Floats, x: Floats) -> Floats:
    """Scores of each pair, shape (N, N, 2): that it follows, that it is of one story."""
    left, right = _linear(w, "late_left", x), _linear(w, "late_right", x)
    out = np.empty((len(x), len(x), 2), np.float32)
    for rows in _blocks(len(x)):
        out[rows] = _linear(w, "score", _relu(_linear(w, "late", between[rows]) + left[rows, None] + right[None]))
    return out


def log_softmax(x: Floats) -> Floats:
    top = x - x.max(axis=1, keepdims=True)
    out: Floats = top - np.log(np.exp(top).sum(axis=1, keepdims=True))
    return out


def _relu(x: Floats) -> Floats:
    out: Floats = np.maximum(x, 0)
    return out


def _linear(w: Weights, name: str, x: Floats) -> Floats:
    out: Floats = x @ w[f"{name}.weight"].T + w[f"{name}.bias"]
    return out


def norm(w: Weights, name: str, x: Floats) -> Floats:
    mean, spread = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    out: Floats = (x - mean) / np.sqrt(spread + 1e-5) * w[f"{name}.weight"] + w[f"{name}.bias"]
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
