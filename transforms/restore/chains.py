"""Turns scores into chains: which pieces, in which order, make up each text of a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

import numpy as np
from lap import lapjv
from numpy.typing import NDArray

from transforms.restore.evidence import Floats
from transforms.restore.network import Scores
from transforms.restore.roles import APART, ROLES

NEVER = np.float32(1e5)
KINSHIP = 0.1  # weight of a pair's kinship beside a link's
MOST_KIN = 5.0
KIN_COUNTS = 8.0  # nats, for one exchange or move
LEAST_GAIN = 1e-3
HEADLESS = 8.0
EVEN = float(np.log(0.5))  # log chance of a link made by form: two stories could have claimed the line
HEADLINE_OPENS = 8.0
LONGEST_MOVE = 8
MANY, AT_ONCE = 150, 100  # on so full a page exchanges are made side by side, to save time
MOST_ROUNDS = 40  # on a full page; each round makes up to AT_ONCE exchanges or moves
OPENERS = ("headline", "kicker", "subhead", "byline", "continuation", "sidebar", "label", "note")


Cut = tuple[int, int]  # (run, pieces before the cut)


@dataclass(frozen=True, slots=True)
class Chain:
    """Piece numbers in reading order, and the log probability of each link."""

    pieces: tuple[int, ...]
    chances: tuple[float, ...]


def without(piece: int, chain: Chain) -> Chain:
    """The chain without one of its pieces, whose neighbours follow each other by an ``EVEN`` chance."""
    at = chain.pieces.index(piece)
    pieces = chain.pieces[:at] + chain.pieces[at + 1 :]
    return Chain(pieces, (*chain.chances[:at], EVEN, *chain.chances[at + 2 :]))


def chains_of(scores: Scores) -> list[Chain]:
    """Cover the pieces with the most probable chains, ordered by their first pieces.

    Successors are chosen as an assignment (Kuhn 1955), which may contain cycles. Each cycle is broken at its weakest
    link, and the assignment is solved again without that link.
    """
    gain = _gain(scores)
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


def _gain(scores: Scores) -> Floats:
    """Gain of j after i, shape (N, N); what is surely a headline does not follow a text."""
    kinds = np.exp(scores.roles)
    opens = kinds[:, [ROLES.index(r) for r in ("headline", "kicker")]].sum(axis=1)
    text = kinds[:, [ROLES.index(r) for r in ("body", "crosshead", "sidebar")]].sum(axis=1)
    gain: Floats = scores.follows + scores.back - HEADLINE_OPENS * text[:, None] * opens[None, :]
    return gain


def _assign(gain: Floats, ends: Floats, starts: Floats) -> list[int]:
    """The successor of each piece; -1 where a chain ends.

    A link saves what an end and a start would cost; where it saves nothing the pair costs nothing and stays apart.
    So N rows do for what would take 2 N with an end and a start for each piece, at the same optimum.
    """
    cost = ends[:, None].astype(np.float64) + starts[None, :] - gain
    np.fill_diagonal(cost, 0)
    np.minimum(cost, 0, out=cost)
    columns, _ = lapjv(cost, return_cost=False)
    return [int(c) if cost[r, c] < 0 else -1 for r, c in enumerate(columns)]


def _cycle(after: list[int]) -> list[int]:
    """Pieces of one closed ring; empty if there is none."""
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
    """Exchange the ends of chains as long as that makes links and kinship together more likely.

    A link sees two pieces. Whether a piece is of the same kind as the rest of its story shows only in the whole. So the
    best exchange of what follows any two cuts is made until none is left (2-opt, Croes 1958). Joining and splitting
    chains are exchanges with an empty one.
    """
    role = scores.roles.argmax(axis=1)
    apart = [c for c in chains if all(ROLES[role[n]] in APART for n in c.pieces)]
    runs = [list(c.pieces) for c in chains if c not in apart]
    links, kin = _links(scores), _kin(scores)
    full = len(role) > MANY
    at_once = AT_ONCE if full else 1
    for _ in range(MOST_ROUNDS if full else 2 * len(role)):
        board = _lay_out(runs, links, kin)
        chosen = list(islice(_apart(board.cuts, _exchanges(board)), at_once))
        runs.append([])
        for (a, x), (b, y) in chosen:
            runs[a], runs[b] = runs[a][:x] + runs[b][y:], runs[b][:y] + runs[a][x:]
        moved = bool(chosen) or _move(runs, board, at_once)
        runs = [run for run in runs if run]
        if not moved:
            break
    return sorted(apart + [_chain(run, scores) for run in runs], key=lambda c: c.pieces[0])


def _apart(cuts: list[Cut], gain: Floats) -> Iterator[tuple[Cut, Cut]]:
    """The best exchange, and the best after it that touch no run a second time."""
    run_of = np.array([run for run, _ in cuts])
    while gain.flat[best := int(gain.argmax())] >= LEAST_GAIN:
        one, two = (cuts[n] for n in divmod(best, len(cuts)))
        yield one, two
        touched = (run_of == one[0]) | (run_of == two[0])
        gain[touched, :] = gain[:, touched] = -NEVER


def _links(scores: Scores) -> Floats:
    """Gain of j after i, shape (N + 1, N + 1); N stands for nothing: a start, an end."""
    count = len(scores.ends)
    out = np.zeros((count + 1, count + 1), np.float32)
    out[:count, :count] = _gain(scores)
    out[:count, count], out[count, :count] = scores.ends, scores.starts
    return out


def _kin(scores: Scores) -> Floats:
    """Gain of two pieces standing in one chain, shape (N, N)."""
    kin: Floats = np.clip(scores.same, -MOST_KIN, MOST_KIN) * KINSHIP
    np.fill_diagonal(kin, 0)
    return kin


@dataclass(frozen=True)
class Board:
    """Chains laid end to end, an empty one last: the state on which exchanges and moves are computed.

    ``order``: pieces. ``begin``: where each run begins. ``cuts``: places where a run may be cut; for each, the run
    ``run_of``, the place ``at``, and the pieces before (``ends``) and after (``opens``), N for none. ``sums``: kinship,
    summed over everything before a place, in both dimensions.
    """

    order: NDArray[np.int64]
    begin: NDArray[np.int64]
    cuts: list[Cut]
    run_of: NDArray[np.int64]
    at: NDArray[np.int64]
    ends: NDArray[np.int64]
    opens: NDArray[np.int64]
    links: Floats
    sums: NDArray[np.float64]


def _lay_out(runs: list[list[int]], links: Floats, kin: Floats) -> Board:
    none = len(links) - 1
    padded = [*runs, []]
    order = np.array([n for run in padded for n in run], np.int64)
    begin = np.cumsum([0, *map(len, padded)])
    cuts = [(k, x) for k, run in enumerate(padded) for x in range(len(run) + 1)]
    run_of = np.array([k for k, _ in cuts])
    ends = np.array([padded[k][x - 1] if x else none for k, x in cuts])
    opens = np.array([padded[k][x] if x < len(padded[k]) else none for k, x in cuts])
    sums = np.zeros((len(order) + 1, len(order) + 1), np.float32 if len(order) > MANY else np.float64)
    sums[1:, 1:] = _grid(kin, order, order).cumsum(0, dtype=np.float64).cumsum(1)
    at = begin[run_of] + np.array([x for _, x in cuts])
    return Board(order, begin, cuts, run_of, at, ends, opens, links, sums)


def _grid(table: NDArray[Any], rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[Any]:
    """The table at each row and column: as np.ix_ does, in two plain passes, which are faster."""
    return table.take(rows, axis=0).take(columns, axis=1)


def _exchanges(board: Board) -> Floats:
    """The gain of exchanging what follows each two cuts, shape (C, C)."""
    first, last, sums = board.begin[board.run_of], board.begin[board.run_of + 1], board.sums
    across = _grid(board.links, board.ends, board.opens)
    gain: Floats = _both_ways(across)
    whole = _grid(sums, board.at, last)
    whole -= _grid(sums, first, last)
    whole += _grid(sums, first, board.at)
    whole -= _grid(sums, board.at, board.at)
    gain += _held_back(_both_ways(whole))
    gain[board.run_of[:, None] == board.run_of[None, :]] = -NEVER
    return gain


def _both_ways(table: NDArray[Any]) -> NDArray[Any]:
    """What each pair gains if what stands on the diagonal is exchanged for it, in place of few new tables."""
    stay = np.diag(table).copy()
    out: NDArray[Any] = table + table.T
    out -= stay[:, None]
    out -= stay[None, :]
    return out


def _held_back(kinship: NDArray[Any]) -> NDArray[Any]:
    """Kinship, bounded: it adds up over pairs of pieces, and a long story has hundreds of pairs but few links."""
    out: NDArray[Any] = np.tanh(kinship / KIN_COUNTS)
    out *= KIN_COUNTS
    return out


def _move(runs: list[list[int]], board: Board, at_once: int) -> bool:
    """Move the run of a few pieces that gains most by it to another place (or-opt, Or 1976); False if none does.

    Up to ``at_once`` moves are made, the best first, no two of which touch the same chain.
    """
    count = len(board.order)
    if not count:
        return False
    home = np.searchsorted(board.begin, np.arange(count), side="right") - 1
    p, size = (x.ravel() for x in np.meshgrid(np.arange(count), np.arange(1, LONGEST_MOVE + 1), indexing="ij"))
    fits = p + size <= board.begin[home[p] + 1]
    p, q, own = p[fits], (p + size)[fits], home[p[fits]]
    none = len(board.links) - 1
    head, tail = board.order[p], board.order[q - 1]
    before = np.where(p > board.begin[own], board.order[p - 1], none)
    after = np.where(q < board.begin[own + 1], board.order[np.minimum(q, count - 1)], none)
    links, sums = board.links, board.sums
    leave = links[before, after] - links[before, head] - links[tail, after]
    enter = _grid(links, board.ends, head).T + _grid(links, tail, board.opens) - links[board.ends, board.opens]
    kin = _grid(sums, q, board.begin) - _grid(sums, p, board.begin)
    kin = kin[:, 1:] - kin[:, :-1]  # of each run of pieces with each chain
    within = sums[q, q] - sums[p, q] - sums[q, p] + sums[p, p]
    stays = kin[np.arange(len(p)), own] - within
    nearer = np.where(board.run_of == own[:, None], 0, kin[:, board.run_of] - stays[:, None])
    gain = leave[:, None] + enter + _held_back(nearer)
    gain[(board.run_of == own[:, None]) & (board.at >= p[:, None]) & (board.at <= q[:, None])] = -NEVER
    best = gain.argmax(axis=1)
    gains = gain[np.arange(len(p)), best]
    touched: set[int] = set()
    for n in np.argsort(-gains, kind="stable")[: 10 * at_once]:
        chains = {int(own[n]), int(board.run_of[best[n]])}
        if gains[n] < LEAST_GAIN or len(touched) >= 2 * at_once:
            break
        if not chains & touched:
            touched |= chains
            _carry(runs, (int(own[n]), int(p[n]), int(q[n])), board, int(best[n]))
    return bool(touched)


def _carry(runs: list[list[int]], segment: tuple[int, int, int], board: Board, cut: int) -> None:
    home, (target, x) = segment[0], board.cuts[cut]
    low, high = segment[1] - int(board.begin[home]), segment[2] - int(board.begin[home])
    carried = runs[home][low:high]
    if target == home and x > low:
        x -= high - low
    runs[home] = runs[home][:low] + runs[home][high:]
    runs[target] = runs[target][:x] + carried + runs[target][x:]


def adopt(chains: list[Chain], scores: Scores) -> list[Chain]:
    """Attach each chain that opens without a head to the chain whose end it continues best.

    Every text opens with some kind of head. If a body is alone, a link is missing rather than a head.
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
