"""From scores to chains: which pieces, in which order, make up each text of a page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from transforms.restore.evidence import Floats
from transforms.restore.network import ROLES, Scores

NEVER = np.float32(1e5)
APART = ("furniture", "caption")
OPENERS = ("headline", "kicker", "subhead", "byline", "continuation", "sidebar")


@dataclass(frozen=True, slots=True)
class Chain:
    """Piece numbers in reading order, and the log chance of each choice that made it."""

    pieces: tuple[int, ...]
    chances: tuple[float, ...]


def chains_of(scores: Scores) -> list[Chain]:
    """Cover the pieces by chains of the greatest joint chance, ordered by their first pieces.

    An assignment of successors (Kuhn 1955) may close cycles; each is broken at its weakest link, and the
    assignment made again without that link.
    """
    gain = scores.follows + scores.back
    role = scores.roles.argmax(axis=1)
    for n, r in enumerate(role):
        if ROLES[r] in APART:
            gain[n, :] = gain[:, n] = -NEVER
    while True:
        after = _assign(gain, scores.ends, scores.starts)
        cycle = _cycle(after)
        if not cycle:
            return _follow(after, scores)
        weakest = min(cycle, key=lambda i: gain[i, after[i]])
        gain[weakest, after[weakest]] = -NEVER


def _assign(gain: Floats, ends: Floats, starts: Floats) -> list[int]:
    """The successor of each piece; -1 where a chain ends."""
    count = len(gain)
    cost = np.full((2 * count, 2 * count), NEVER, np.float32)
    cost[:count, :count] = -gain
    np.fill_diagonal(cost[:count, :count], NEVER)
    np.fill_diagonal(cost[:count, count:], -ends)
    np.fill_diagonal(cost[count:, :count], -starts)
    cost[count:, count:] = 0
    _, columns = linear_sum_assignment(cost)
    return [int(c) if c < count else -1 for c in columns[:count]]


def _cycle(after: list[int]) -> list[int]:
    """Pieces of one closed ring; empty where there is none."""
    heads = set(range(len(after))) - set(after)
    seen: set[int] = set()
    for head in heads:
        while head >= 0:
            seen.add(head)
            head = after[head]
    ring = next((n for n in range(len(after)) if n not in seen), -1)
    out: list[int] = []
    while ring >= 0 and ring not in out:
        out.append(ring)
        ring = after[ring]
    return out


def _follow(after: list[int], scores: Scores) -> list[Chain]:
    chains = []
    for head in sorted(set(range(len(after))) - set(after)):
        pieces, chances = [head], [float(scores.starts[head])]
        while (follower := after[pieces[-1]]) >= 0:
            chances.append(float(min(scores.follows[pieces[-1], follower], scores.back[pieces[-1], follower])))
            pieces.append(follower)
        chances.append(float(scores.ends[pieces[-1]]))
        chains.append(Chain(tuple(pieces), tuple(chances)))
    return chains


def adopt(chains: list[Chain], scores: Scores) -> list[Chain]:
    """Hang a chain that opens in the middle of things on the chain whose end it continues best.

    Every text opens with a head of some kind; where a body stands alone, a link was lost rather than a head.
    """
    role = [ROLES[r] for r in scores.roles.argmax(axis=1)]
    gain = scores.follows + scores.back
    kept = [c for c in chains if role[c.pieces[0]] in OPENERS + APART]
    for chain in (c for c in chains if c not in kept):
        hosts = [n for n, c in enumerate(kept) if role[c.pieces[0]] not in APART]
        best = max(hosts, key=lambda n: gain[kept[n].pieces[-1], chain.pieces[0]], default=-1)
        if best < 0 or gain[kept[best].pieces[-1], chain.pieces[0]] < -12:
            kept.append(chain)
            continue
        host = kept[best]
        link = float(scores.follows[host.pieces[-1], chain.pieces[0]])
        kept[best] = Chain(host.pieces + chain.pieces, (*host.chances[:-1], link, *chain.chances[1:]))
    return sorted(kept, key=lambda c: c.pieces[0])
