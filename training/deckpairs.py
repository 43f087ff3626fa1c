"""Learn from real headline blocks what a kicker above its headline looks like, and what a headline above its subhead;
and what tells both from a headline that was broken over two lines.

``python -m training.deckpairs --out deckpairs.npz``: prints the share told right over five folds, then fits all. Needs
torch, jieba and the encoders in models/.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jieba
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

from training.corpus import Head, learnt_heads, printed_heads, stories
from transforms.restore.continuation import Continuation, states
from transforms.segment.deckpairs import NUMBERS, Deck, deck_of, numbers_of
from transforms.segment.decks import COLUMN_AT_END
from transforms.trained import load_models

FOLDS = 5
HELD = 20  # every so many of the printed blocks stand on the pages that confidence is fitted on
DASHES = "—－-："
HIDDEN, DROPPED_IN, DROPPED = 256, 0.5, 0.6
ROUNDS, BATCH, RATE, DECAY = 20, 128, 1e-3, 0.5
SEED = 5
SHORTEST_BROKEN, LONGEST_BROKEN = 12, 34  # characters
MIDDLE = (0.36, 0.64)  # where a headline is broken, as a share of its length
AT_MARK = 0.6  # how often after a mark, if it has one there
EVERY = 3  # of so many plain headlines one is broken


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


def broken(headline: str, rng: np.random.Generator) -> tuple[str, str] | None:
    """A headline in two lines as papers break it: between words near its middle, or at its blank; None if it is not."""
    text = COLUMN_AT_END.sub("", headline).strip()
    parts = text.split()
    if not SHORTEST_BROKEN <= len(text) <= LONGEST_BROKEN or len(parts) > 2:
        return None
    if len(parts) == 2:
        return (parts[0], parts[1]) if rng.random() < 0.5 else None
    ends = np.cumsum([len(word) for word in jieba.cut(text)])[:-1]
    low, high = (share * len(text) for share in MIDDLE)
    fit_to_end = [
        e for e in ends if low <= e <= high and text[e - 1] not in "“《（" and text[e] not in "，、：！？”》）。"
    ]
    if not fit_to_end:
        return None
    marks = [e for e in fit_to_end if text[e - 1] in "，、：！？"]
    end = int(rng.choice(marks if marks and rng.random() < AT_MARK else fit_to_end))
    return text[:end], text[end:]


def halves_of(
    blocks: list[Head], plain: list[str], encoders: Continuation
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of lines: what each is told by (P, NUMBERS), 1.0 if they are halves of one headline (P,), and its block (P,)."""

    def pairs() -> Iterator[tuple[str, str, float, int]]:
        rng = np.random.default_rng(SEED)
        for n, h in enumerate([*blocks, *(Head("", headline, "") for headline in plain)]):
            kicker, subhead = h.kicker.rstrip(DASHES), h.subhead.lstrip(DASHES)
            if kicker:
                yield kicker, h.headline, 0.0, n
            if subhead:
                yield h.headline, subhead, 0.0, n
            if halves := broken(h.headline, rng):
                yield *halves, 1.0, n

    told = list(pairs())
    lines = list(dict.fromkeys(t for above, below, *_ in told for t in (above, below)))
    known = dict(zip(lines, states(lines, encoders), strict=True))
    decks = {t: deck_of([len(t)], known[t][None]) for t in lines}
    rows = [numbers_of(decks[above], decks[below]) for above, below, *_ in told]
    return np.array(rows), np.array([t[2] for t in told]), np.array([t[3] for t in told])


def fit(name: str, numbers: np.ndarray, labels: np.ndarray, even: bool = False) -> dict[str, np.ndarray]:
    """Train by steps with a fixed seed; the standardisation of the numbers goes into the first layer. ``even``: both
    labels count as much, however many there are of each.
    """
    torch.manual_seed(1)
    middle, spread = numbers.mean(0), numbers.std(0) + 1e-6
    x, y = torch.from_numpy((numbers - middle) / spread).float(), torch.from_numpy(labels).float()
    counts = torch.where(y > 0, 0.5 / y.mean(), 0.5 / (1 - y.mean())) if even else torch.ones_like(y)
    first, second = nn.Linear(NUMBERS, HIDDEN), nn.Linear(HIDDEN, 1)
    weights = [*first.parameters(), *second.parameters()]
    optimiser = torch.optim.AdamW(weights, RATE, weight_decay=DECAY)
    steps = [b for _ in range(ROUNDS) for b in torch.randperm(len(y)).split(BATCH)]
    for n, batch in enumerate(steps):
        optimiser.param_groups[0]["lr"] = RATE * (1 - n / len(steps)) + RATE / 100
        hidden = F.dropout(F.relu(first(F.dropout(x[batch], DROPPED_IN))), DROPPED)
        loss = F.binary_cross_entropy_with_logits(second(hidden)[:, 0], y[batch], counts[batch])
        optimiser.zero_grad(), loss.backward(), optimiser.step()
    w0, b0, w1, b1 = (p.detach().numpy() for p in weights)
    w0 = w0 / spread
    return {
        f"{name}.0.weight": w0.astype(np.float16),
        f"{name}.0.bias": (b0 - w0 @ middle).astype(np.float32),
        f"{name}.1.weight": w1[0].astype(np.float32),
        f"{name}.1.bias": b1[0].astype(np.float32),
    }


def odds(name: str, numbers: np.ndarray, w: dict[str, np.ndarray]) -> np.ndarray:
    hidden = np.maximum(numbers @ w[f"{name}.0.weight"].T.astype(np.float32) + w[f"{name}.0.bias"], 0)
    return hidden @ w[f"{name}.1.weight"] + w[f"{name}.1.bias"]


def told_apart(name: str, numbers: np.ndarray, labels: np.ndarray, block: np.ndarray, even: bool = False) -> np.ndarray:
    """Log odds of each pair by a network that saw none of its fold."""
    fold = np.random.default_rng(0).integers(0, FOLDS, block.max() + 1)[block]
    told = np.zeros(len(fold))
    for n in range(FOLDS):
        told[fold == n] = odds(name, numbers[fold == n], fit(name, numbers[fold != n], labels[fold != n], even))
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    blocks = [*learnt_heads(), *(h for n, h in enumerate(printed_heads()) if n % HELD)]
    blocks += [Head(s.kicker, s.headline, s.subhead) for s in stories() if s.kicker or s.subhead]
    encoders = load_models().continuation
    pairs = pairs_of(blocks, encoders)
    told = told_apart("decks", pairs.numbers, pairs.kickers, pairs.block)
    right = (told > 0) == (pairs.kickers > 0)
    bare = pairs.bare.astype(bool)
    print(f"{len(right)} pairs, kickers {pairs.kickers.mean():.2f}, told right {right.mean():.3f}")
    for kicker, name in ((1, "kicker and headline"), (0, "headline and subhead")):
        mine = bare & (pairs.kickers == kicker)
        print(f"{mine.sum()} of {name} without a dash or colon, told right {right[mine].mean():.3f}")
    plain = [s.headline for s in list(stories(("press_local", "press_other")))[::EVERY]]
    numbers, halves, block = halves_of(blocks, plain, encoders)
    told = told_apart("broken", numbers, halves, block, even=True)
    for label, name in ((1, "halves of a headline"), (0, "two decks")):
        mine = halves == label
        print(f"{mine.sum()} of {name}, told right {((told[mine] > 0) == label).mean():.3f}")
    np.savez(args.out, **fit("decks", pairs.numbers, pairs.kickers), **fit("broken", numbers, halves, even=True))


if __name__ == "__main__":
    main()
