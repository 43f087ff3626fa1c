"""How well each piece of text continues each other one: two small transformers that read both sides of a seam.

The weights come from training/continuation.py, which defines the same shapes. Each piece is encoded once as the text
before a seam and once as the text after it, so the cost grows with pieces, not with pairs.

Shapes: N pieces, S characters read on each side of a seam, W the width of the encoders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.restore.alphabet import PAD, Alphabet, Codes
from transforms.restore.evidence import Floats, encode, norm

SPAN = 40  # characters read on each side
HEADS = 4
STATE = 256  # numbers that an encoder knows at a seam
AT_ONCE = 16  # runs encoded together: few of unlike length, and little memory
MADE_OF = 7  # numbers a pair
FLOOR = -12.0


@dataclass(frozen=True)
class Continuation:
    """The encoders' weights by name, and the alphabet that they read."""

    alphabet: Alphabet
    weights: Mapping[str, Floats]


@dataclass(frozen=True)
class Told:
    """The output of the encoders: ``pairs`` (N, N, MADE_OF), and ``pieces`` (N, 2 * STATE), the states at ends and
    starts.
    """

    pairs: Floats
    pieces: Floats


def continuations(texts: list[str], model: Continuation) -> Told:
    """Evidence that text j continues text i, for all pairs.

    Per pair: the contrastive score; the score relative to everything that may follow i, and to everything that may
    precede j; the probability of j's first character after i and of i's last character before j, each absolute and
    relative to its rivals.
    """
    codes = encode(model.alphabet, texts)
    w, count = model.weights, len(texts)
    before, after = _states(codes, w)
    wide = before.shape[1]
    seam = _linear(w, "before.seam", before) @ _linear(w, "after.seam", after).T
    seam *= np.exp(w["sharp"]) / np.float32(wide)
    firsts, lasts = np.array([c[0] for c in codes]), np.array([c[-1] for c in codes])
    onward = _told(_linear(w, "before.next", before), w["embed.weight"])[:, firsts]
    backward = _told(_linear(w, "after.next", after), w["embed.weight"])[:, lasts].T
    alone = np.float32(1e4) * np.eye(count, dtype=np.float32)
    out = np.empty((count, count, MADE_OF), np.float32)
    out[:, :, 0] = seam / 8
    out[:, :, 1] = _among(seam - alone, 1)
    out[:, :, 2] = _among(seam - alone, 0)
    out[:, :, 3] = np.maximum(onward, FLOOR) / 6
    out[:, :, 4] = np.maximum(backward, FLOOR) / 6
    out[:, :, 5] = _among(onward - alone, 0)
    out[:, :, 6] = _among(backward - alone, 1)
    return Told(out, np.concatenate([before, after], 1))


def states(texts: list[str], model: Continuation) -> Floats:
    """What the encoders know at the end and at the start of each text, shape (N, 2 * STATE). No text may be empty."""
    return np.concatenate(_states(encode(model.alphabet, texts), model.weights), axis=1)


def _states(codes: list[Codes], w: Mapping[str, Floats]) -> tuple[Floats, Floats]:
    return _encoded([c[-SPAN:] for c in codes], w, "before"), _encoded([c[:SPAN][::-1] for c in codes], w, "after")


def seams(lefts: list[str], rights: list[str], model: Continuation) -> Floats:
    """How well each right text goes on from the left one of its number, shape (N,): contrastive, some 15 if it does.

    Neither text may be empty.
    """
    w = model.weights
    before = _encoded([c[-SPAN:] for c in encode(model.alphabet, lefts)], w, "before")
    after = _encoded([c[:SPAN][::-1] for c in encode(model.alphabet, rights)], w, "after")
    score: Floats = (_linear(w, "before.seam", before) * _linear(w, "after.seam", after)).sum(axis=1)
    return score * np.exp(w["sharp"]) / np.float32(before.shape[1])


def _among(x: Floats, axis: int) -> Floats:
    top = x.max(axis=axis, keepdims=True)
    out: Floats = np.maximum(FLOOR, x - top - np.log(np.exp(x - top).sum(axis=axis, keepdims=True))) / 6
    return out


def _told(x: Floats, embed: Floats) -> Floats:
    scores = x @ embed.T
    top = scores.max(axis=1, keepdims=True)
    out: Floats = scores - top - np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
    return out


def _encoded(runs: list[Codes], w: Mapping[str, Floats], side: str) -> Floats:
    """What is known at the last character of each run, shape (N, W).

    Runs of about one length are read together, since what fills up the shorter ones is read for nothing.
    """
    order = np.argsort([len(r) for r in runs], kind="stable")
    out = np.empty((len(runs), len(w[f"{side}.norm.weight"])), np.float32)
    for at in range(0, len(order), AT_ONCE):
        chosen = order[at : at + AT_ONCE]
        out[chosen] = _block([runs[n] for n in chosen], w, side)
    return out


def _block(runs: list[Codes], w: Mapping[str, Floats], side: str) -> Floats:
    sizes = np.array([len(r) for r in runs])
    longest = int(sizes.max())
    codes = np.full((len(runs), longest), PAD, np.int64)
    for n, run in enumerate(runs):
        codes[n, : len(run)] = run
    x = w["embed.weight"][codes] + w[f"{side}.place"][:longest]
    last = (np.arange(len(runs)), sizes - 1)
    layers = sum(k.startswith(f"{side}.layers.") and k.endswith(".qkv.weight") for k in w)
    for n in range(layers - 1):
        x = _layer(w, f"{side}.layers.{n}", x)
    return norm(w, f"{side}.norm", _last_layer(w, f"{side}.layers.{layers - 1}", x, last))


def _layer(w: Mapping[str, Floats], name: str, x: Floats) -> Floats:
    count, places, wide = x.shape
    q, k, v = _heads(w, name, x)
    scores = q @ k.transpose(0, 1, 3, 2)
    scores += np.triu(np.full((places, places), -1e4, np.float32), 1)
    mixed = (_softmax(scores) @ v).transpose(0, 2, 1, 3).reshape(count, places, wide)
    return _rest(w, name, x, mixed)


def _last_layer(w: Mapping[str, Floats], name: str, x: Floats, last: tuple[NDArray[Any], NDArray[Any]]) -> Floats:
    """As ``_layer`` for the last character of each run only, shape (N, W): nothing reads the others any more."""
    count, places, wide = x.shape
    q, k, v = _heads(w, name, x)
    q = q.transpose(0, 2, 1, 3)[last]
    scores = np.einsum("nhd,nhpd->nhp", q, k)
    scores += np.where(np.arange(places)[None, None, :] > last[1][:, None, None], np.float32(-1e4), np.float32(0))
    mixed = np.einsum("nhp,nhpd->nhd", _softmax(scores), v).reshape(count, wide)
    return _rest(w, name, x[last], mixed)


def _heads(w: Mapping[str, Floats], name: str, x: Floats) -> Floats:
    """Queries, keys and values, shape (3, N, HEADS, S, W / HEADS); the queries scaled."""
    count, places, wide = x.shape
    each = wide // HEADS
    qkv = _linear(w, f"{name}.qkv", norm(w, f"{name}.norm1", x))
    out = np.ascontiguousarray(qkv.reshape(count, places, 3, HEADS, each).transpose(2, 0, 3, 1, 4))
    out[0] /= np.sqrt(np.float32(each))
    return out


def _rest(w: Mapping[str, Floats], name: str, x: Floats, mixed: Floats) -> Floats:
    x = x + _linear(w, f"{name}.out", mixed)
    hidden = _linear(w, f"{name}.up", norm(w, f"{name}.norm2", x))
    out: Floats = x + _linear(w, f"{name}.down", np.maximum(hidden, 0, out=hidden))
    return out


def _softmax(scores: Floats) -> Floats:
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    return scores


def _linear(w: Mapping[str, Floats], name: str, x: Floats) -> Floats:
    """In one product: many small ones take several times as long."""
    flat = x.reshape(-1, x.shape[-1]) @ w[f"{name}.weight"].T
    flat += w[f"{name}.bias"]
    out: Floats = flat.reshape(*x.shape[:-1], -1)
    return out
