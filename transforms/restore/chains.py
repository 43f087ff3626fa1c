"""From scores to chains: which pieces, in which order, make up each text of a page."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import linear_sum_assignment

from transforms.restore.evidence import Floats
from transforms.restore.network import ROLES, Scores

NEVER = np.float32(1e5)
KINSHIP = 0.3  # weight of a pair's kinship beside a link's
MOST_KIN = 5.0
LEAST_GAIN = 1e-3
HEADLESS = 8.0
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
        pieces = [head]
        while (follower := after[pieces[-1]]) >= 0:
            pieces.append(follower)
        chains.append(_chain(pieces, scores))
    return chains


def _chain(pieces: list[int], scores: Scores) -> Chain:
    links = [float(min(scores.follows[a, b], scores.back[a, b])) for a, b in pairwise(pieces)]
    return Chain(tuple(pieces), (float(scores.starts[pieces[0]]), *links, float(scores.ends[pieces[-1]])))


def refine(chains: list[Chain], scores: Scores) -> list[Chain]:
    """Exchange the ends of chains while that makes links and kinship together likelier.

    A link sees two pieces; that a piece is of a kind with all the others of its story shows only in the whole. The
    best exchange of what follows any two cuts is made until none is left (2-opt, Croes 1958): joining two chains and
    splitting one are exchanges with nothing.
    """
    role = scores.roles.argmax(axis=1)
    apart = [c for c in chains if all(ROLES[role[n]] in APART for n in c.pieces)]
    runs = [list(c.pieces) for c in chains if c not in apart]
    links = _links(scores)
    for _ in range(2 * len(role)):
        cuts, gain = _exchanges(runs, links, scores.same)
        best = int(gain.argmax())
        if gain.flat[best] < LEAST_GAIN:
            break
        (a, x), (b, y) = (cuts[n] for n in divmod(best, len(cuts)))
        runs.append([])
        runs[a], runs[b] = runs[a][:x] + runs[b][y:], runs[b][:y] + runs[a][x:]
        runs = [run for run in runs if run]
    return sorted(apart + [_chain(run, scores) for run in runs], key=lambda c: c.pieces[0])


def _links(scores: Scores) -> Floats:
    """Gain of j after i, shape (N + 1, N + 1); N stands for nothing: a start, an end."""
    count = len(scores.ends)
    out = np.zeros((count + 1, count + 1), np.float32)
    out[:count, :count] = scores.follows + scores.back
    out[:count, count], out[count, :count] = scores.ends, scores.starts
    return out


def _exchanges(runs: list[list[int]], links: Floats, same: Floats) -> tuple[list[tuple[int, int]], Floats]:
    """Every cut as (run, pieces before it), and the gain of exchanging what follows each two: (C, C)."""
    none = len(links) - 1
    padded = [*runs, []]
    order = [n for run in padded for n in run]
    begin = np.cumsum([0, *map(len, padded)])
    cuts = [(k, x) for k, run in enumerate(padded) for x in range(len(run) + 1)]
    run_of = np.array([k for k, _ in cuts])
    first, middle, last = begin[run_of], begin[run_of] + np.array([x for _, x in cuts]), begin[run_of + 1]
    ends = np.array([padded[k][x - 1] if x else none for k, x in cuts])
    opens = np.array([padded[k][x] if x < len(padded[k]) else none for k, x in cuts])
    across = links[np.ix_(ends, opens)]
    gain = across + across.T - np.diag(across)[:, None] - np.diag(across)[None, :]
    kin = np.clip(same, -MOST_KIN, MOST_KIN)
    np.fill_diagonal(kin, 0)
    sums = np.zeros((len(order) + 1, len(order) + 1))
    sums[1:, 1:] = kin[np.ix_(order, order)].cumsum(0).cumsum(1)
    whole = sums[np.ix_(middle, last)] - sums[np.ix_(first, last)]
    whole += sums[np.ix_(first, middle)] - sums[np.ix_(middle, middle)]
    held = np.diag(whole)
    gain = gain + KINSHIP * (whole + whole.T - held[:, None] - held[None, :])
    gain[run_of[:, None] == run_of[None, :]] = -NEVER
    return cuts, gain


def adopt(chains: list[Chain], scores: Scores) -> list[Chain]:
    """Hang a chain that opens in the middle of things on the chain whose end it continues best.

    Every text opens with a head of some kind; where a body stands alone, a link was lost rather than a head.
    """
    role = [ROLES[r] for r in scores.roles.argmax(axis=1)]
    gain = scores.follows + scores.back
    kept = [c for c in chains if role[c.pieces[0]] in OPENERS + APART]
    for chain in [c for c in chains if c not in kept]:
        hosts = [n for n, c in enumerate(kept) if role[c.pieces[0]] not in APART]
        bare = {n for n in hosts if all(role[p] in OPENERS for p in kept[n].pieces)}  # heads without a text
        fit = {n: float(gain[kept[n].pieces[-1], chain.pieces[0]]) + HEADLESS * (n in bare) for n in hosts}
        best = max(hosts, key=fit.__getitem__, default=-1)
        if best < 0 or fit[best] < -12:
            kept.append(chain)
            continue
        host = kept[best]
        link = float(scores.follows[host.pieces[-1], chain.pieces[0]])
        kept[best] = Chain(host.pieces + chain.pieces, (*host.chances[:-1], link, *chain.chances[1:]))
    return sorted(kept, key=lambda c: c.pieces[0])
