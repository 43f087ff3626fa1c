"""Evidence about pieces and pairs of pieces, as numbers.

Shapes: N pieces, P features of a piece, Q features of a pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from transforms.restore.alphabet import PAD, Alphabet, Codes
from transforms.restore.lines import CLOSING, OPENING, PAUSE, TERMINAL
from transforms.restore.ngrams import BASE, NGrams, grams, join

TOPIC = 1024
THEMES = 1 << 15
Splits = tuple[tuple[int, int], ...]
SPLITS: Splits = ((1, 1), (2, 1), (1, 2), (2, 2), (3, 1), (1, 3))
LONG_SPLITS: Splits = ((4, 1), (1, 4), (3, 2), (2, 3), (4, 2), (2, 4), (3, 3))  # phrases that go on across the seam

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]


@dataclass(frozen=True)
class Towers:
    """The two-sided seam encoder (see training/seams.py); dot products of its vectors score seams."""

    embed: Floats
    left: tuple[Floats, Floats, Floats, Floats]
    right: tuple[Floats, Floats, Floats, Floats]

    @property
    def window(self) -> int:
        """How many characters are read on each side of a seam."""
        return int(self.left[0].shape[1]) // int(self.embed.shape[1])

    def lefts(self, windows: Codes) -> Floats:
        """Vectors of the text before a seam, from windows of shape (N, window)."""
        return _tower(self.embed, windows, self.left)

    def rights(self, windows: Codes) -> Floats:
        """Vectors of the text after a seam, from windows of shape (N, window)."""
        return _tower(self.embed, windows, self.right)


def _tower(embed: Floats, windows: Codes, layers: tuple[Floats, Floats, Floats, Floats]) -> Floats:
    first, bias, second, shift = layers
    hidden = embed[windows].reshape(len(windows), -1) @ first.T + bias
    out: Floats = np.maximum(hidden, 0, out=hidden) @ second.T + shift
    return out


def windows(codes: list[Codes], width: int) -> tuple[Codes, Codes]:
    """The last and the first ``width`` codes of each run, padded on the outside: two arrays of shape (N, width)."""
    left = np.full((len(codes), width), PAD, np.int32)
    right = np.full((len(codes), width), PAD, np.int32)
    for n, run in enumerate(codes):
        tail, front = run[-width:], run[:width]
        left[n, width - len(tail) :] = tail
        right[n, : len(front)] = front
    return left, right


def surprise(table: NGrams, left: Codes, right: Codes, splits: Splits = SPLITS) -> Floats:
    """Pointwise mutual information across the seam for each split, shape (len(left), len(right), len(splits)).

    ``left`` and ``right`` are windows. The gram across the seam is compared with its two halves.
    """
    tails = {n: _suffix(left, n) for n in {a for a, _ in splits}}
    fronts = {n: _prefix(right, n) for n in {b for _, b in splits}}
    tail_counts = {n: np.log(table.counts(h)) for n, h in tails.items()}
    front_counts = {n: np.log(table.counts(h)) for n, h in fronts.items()}
    out = np.empty((len(left), len(right), len(splits)), np.float32)
    for k, (a, b) in enumerate(splits):
        seen = table.counts(join(tails[a][:, None], fronts[b][None, :], b))
        expected = np.exp(tail_counts[a][:, None] + front_counts[b][None, :] - np.log(table.total))
        out[:, :, k] = np.log((seen + 0.3) / (expected + 0.3))
    return out


def paired_surprise(table: NGrams, left: Codes, right: Codes) -> Floats:
    """Like ``surprise``, but row i of ``left`` only with row i of ``right``: shape (N, 6)."""
    out = np.empty((len(left), len(SPLITS)), np.float32)
    for k, (a, b) in enumerate(SPLITS):
        tail, front = _suffix(left, a), _prefix(right, b)
        seen = table.counts(join(tail, front, b))
        expected = table.counts(tail) * table.counts(front) / table.total
        out[:, k] = np.log((seen + 0.3) / (expected + 0.3))
    return out


def _suffix(left: Codes, n: int) -> NDArray[np.uint64]:
    return _hash(left[:, left.shape[1] - n :])


def _prefix(right: Codes, n: int) -> NDArray[np.uint64]:
    return _hash(right[:, :n])


def _hash(codes: Codes) -> NDArray[np.uint64]:
    out = np.zeros(len(codes), np.uint64)
    for k in range(codes.shape[1]):
        out = out * np.uint64(BASE) + codes[:, k].astype(np.uint64)
    return out


def topics(table: NGrams, codes: list[Codes], length: int = 2) -> Floats:
    """Square roots of the weights of rare grams, shape (N, TOPIC). Pieces of one story share names and terms."""
    out = np.zeros((len(codes), TOPIC), np.float32)
    sizes = [max(0, len(run) - length + 1) for run in codes]
    pairs = [grams(run, length) for run in codes if len(run) >= length]
    if not pairs:
        return out
    hashes = np.concatenate(pairs)
    weight = np.maximum(0, np.log(table.total / (table.counts(hashes) + 20)) - 6)
    rows = np.repeat(np.arange(len(codes)), sizes)
    column = (hashes * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(54)).astype(np.int64)
    flat = np.bincount(rows * TOPIC + column, weights=weight, minlength=out.size)
    roots: Floats = np.sqrt(flat.astype(np.float32).reshape(out.shape))
    return roots


def unit(rows: Floats) -> Floats:
    """Scale each row to length 1; rows of zeros stay."""
    out: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return out


def buckets(run: Codes) -> NDArray[np.int64]:
    """The hash bucket of each pair of characters of a run."""
    return (grams(run, 2) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(49)).astype(np.int64)


def themes(table: Floats, codes: list[Codes]) -> Floats:
    """Unit vectors of learned topics, shape (N, width of ``table``); see training/topics.py."""
    out = np.zeros((len(codes), table.shape[1]), np.float32)
    for n, run in enumerate(codes):
        if len(run) > 1:
            out[n] = table[buckets(run)].sum(axis=0)
    return unit(out)


def last_kind(text: str) -> int:
    """How a run ends: 0 in mid-word, 1 sentence end, 2 pause, 3 closing mark after a sentence, 4 other closing."""
    last = text[-1:]
    if last in TERMINAL:
        return 1
    if last in PAUSE:
        return 2
    if last in CLOSING:
        return 3 if text.rstrip(CLOSING)[-1:] in TERMINAL else 4
    return 0


def first_kind(text: str) -> int:
    """How a run begins: 0 plain, 1 with a mark that cannot begin a line, 2 with an opening mark, 3 with a digit."""
    first = text[:1]
    if first in TERMINAL or first in PAUSE or first in CLOSING:
        return 1
    if first in OPENING:
        return 2
    return 3 if first.isdigit() else 0


def open_marks(text: str) -> tuple[int, int]:
    """(quotation marks or brackets that the run leaves open, those that it closes without having opened)."""
    depth = unmatched = 0
    for character in text:
        if character in OPENING:
            depth += 1
        elif character in CLOSING:
            if depth:
                depth -= 1
            else:
                unmatched += 1
    return depth, unmatched


def encode(alphabet: Alphabet, texts: list[str]) -> list[Codes]:
    """Codes of each text, in one pass over all of them."""
    codes = alphabet.encode("".join(texts))
    bounds = np.cumsum([0, *map(len, texts)])
    return [codes[a:b] for a, b in pairwise(bounds)]


def norm(w: Weights, name: str, x: Floats) -> Floats:
    """Layer normalisation: each row to mean 0 and variance 1, then scaled and shifted by learned weights."""
    mean, spread = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    out: Floats = (x - mean) / np.sqrt(spread + 1e-5) * w[f"{name}.weight"] + w[f"{name}.bias"]
    return out
