"""Learn from real headline blocks what a kicker above its headline looks like, and what a headline above its subhead.

``python -m training.deckpairs --out deckpairs.npz``: prints the share told right over five folds, then fits all. Needs
torch and the encoders in models/.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

from training.corpus import Head, learnt_heads, printed_heads, stories
from transforms.restore.continuation import Continuation, states
from transforms.segment.deckpairs import NUMBERS, Deck, deck_of, numbers_of
from transforms.trained import load_models

FOLDS = 5
HELD = 20  # every so many of the printed blocks stand on the pages that confidence is fitted on
DASHES = "—－-："
HIDDEN, DROPPED_IN, DROPPED = 256, 0.5, 0.6
ROUNDS, BATCH, RATE, DECAY = 20, 128, 1e-3, 0.5


@dataclass(frozen=True)
class Pairs:
    """P pairs of decks.

    ``numbers`` (P, NUMBERS): what each pair is told by. ``kickers`` (P,): 1.0 if the upper deck is a kicker, 0.0 if it is
    a headline above its subhead. ``block`` (P,): which headline block the pair comes from. ``bare`` (P,): whether it is
    scored as a pair without dash or colon, its headline on one line.
    """

    numbers: np.ndarray
    kickers: np.ndarray
    block: np.ndarray
    bare: np.ndarray


def pairs_of(blocks: list[Head], encoders: Continuation) -> Pairs:
    """Each pair as it stands and, where a dash or colon gives it away, without it: papers set it or leave it out."""
    told: list[tuple[list[str], list[str], float, int, bool]] = []
    for n, h in enumerate(blocks):
        bare_kicker, bare_subhead = h.kicker.rstrip(DASHES), h.subhead.lstrip(DASHES)
        kickers = dict.fromkeys(k for k in (h.kicker, bare_kicker) if k)
        subheads = dict.fromkeys(s for s in (h.subhead, bare_subhead) if s)
        told += [([kicker], [h.headline], 1.0, n, kicker == bare_kicker) for kicker in kickers]
        told += [([h.headline], [subhead], 0.0, n, subhead == bare_subhead) for subhead in subheads]
    # Headlines of two parts are often set in two lines.
    told += [
        (*(part[0].split() if part == [blocks[n].headline] else part for part in (above, below)), kicker, n, False)
        for above, below, kicker, n, _ in told
        if len(blocks[n].headline.split()) == 2
    ]
    lines = list(dict.fromkeys(t for above, below, *_ in told for t in (*above, *below)))
    known = dict(zip(lines, states(lines, encoders), strict=True))

    def deck(part: list[str]) -> Deck:
        return deck_of([len(t) for t in part], np.array([known[t] for t in part]))

    rows = [numbers_of(deck(above), deck(below)) for above, below, *_ in told]
    labels, block, bare = (np.array([t[k] for t in told]) for k in (2, 3, 4))
    return Pairs(np.array(rows), labels, block, bare)


def fit(numbers: np.ndarray, kickers: np.ndarray) -> dict[str, np.ndarray]:
    """Train by steps with a fixed seed; the standardisation of the numbers goes into the first layer."""
    torch.manual_seed(1)
    middle, spread = numbers.mean(0), numbers.std(0) + 1e-6
    x, y = torch.from_numpy((numbers - middle) / spread).float(), torch.from_numpy(kickers).float()
    first, second = nn.Linear(NUMBERS, HIDDEN), nn.Linear(HIDDEN, 1)
    weights = [*first.parameters(), *second.parameters()]
    optimiser = torch.optim.AdamW(weights, RATE, weight_decay=DECAY)
    steps = [b for _ in range(ROUNDS) for b in torch.randperm(len(y)).split(BATCH)]
    for n, batch in enumerate(steps):
        optimiser.param_groups[0]["lr"] = RATE * (1 - n / len(steps)) + RATE / 100
        hidden = F.dropout(F.relu(first(F.dropout(x[batch], DROPPED_IN))), DROPPED)
        loss = F.binary_cross_entropy_with_logits(second(hidden)[:, 0], y[batch])
        optimiser.zero_grad(), loss.backward(), optimiser.step()
    w0, b0, w1, b1 = (p.detach().numpy() for p in weights)
    w0 = w0 / spread
    return {
        "decks.0.weight": w0.astype(np.float16),
        "decks.0.bias": (b0 - w0 @ middle).astype(np.float32),
        "decks.1.weight": w1[0].astype(np.float32),
        "decks.1.bias": b1[0].astype(np.float32),
    }


def odds(numbers: np.ndarray, w: dict[str, np.ndarray]) -> np.ndarray:
    hidden = np.maximum(numbers @ w["decks.0.weight"].T.astype(np.float32) + w["decks.0.bias"], 0)
    return hidden @ w["decks.1.weight"] + w["decks.1.bias"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    blocks = [*learnt_heads(), *(h for n, h in enumerate(printed_heads()) if n % HELD)]
    blocks += [Head(s.kicker, s.headline, s.subhead) for s in stories() if s.kicker or s.subhead]
    pairs = pairs_of(blocks, load_models().continuation)
    fold = np.random.default_rng(0).integers(0, FOLDS, len(blocks))[pairs.block]
    told = np.zeros(len(fold))
    for n in range(FOLDS):
        w = fit(pairs.numbers[fold != n], pairs.kickers[fold != n])
        told[fold == n] = odds(pairs.numbers[fold == n], w)
    right = (told > 0) == (pairs.kickers > 0)
    bare = pairs.bare.astype(bool)
    print(f"{len(right)} pairs, kickers {pairs.kickers.mean():.2f}, told right {right.mean():.3f}")
    for kicker, name in ((1, "kicker and headline"), (0, "headline and subhead")):
        mine = bare & (pairs.kickers == kicker)
        print(f"{mine.sum()} of {name} without a dash or colon, told right {right[mine].mean():.3f}")
    np.savez(args.out, **fit(pairs.numbers, pairs.kickers))


if __name__ == "__main__":
    main()
