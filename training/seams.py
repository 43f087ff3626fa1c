"""Train the two towers that say how well one run of text continues another.

Self-supervised: a true cut's left and right side belong together; every other right side of the batch,
from the same article and from others, does not (in-batch contrastive loss, van den Oord et al. 2018).
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch import nn

from training.corpus import Story, learnt_from, stories
from transforms.restore.alphabet import FIRST_FREE, PAD, Alphabet

WINDOW = 28  # characters on each side of a seam
EMBEDDING, HIDDEN, OUT = 64, 640, 128
DROPPED = 0.2
ARTICLES, CUTS = 64, 8  # a batch: cuts from each of so many articles


def make_alphabet(corpus: list[Story], least: int = 12) -> Alphabet:
    counts = Counter(c for s in corpus for p in (s.headline, *s.body) for c in p if ord(c) < 0x10000)
    skip = {c for c in counts if c.isascii() and c.isalnum()} | set(" \t\n\u3000")
    return Alphabet("".join(sorted(c for c, n in counts.items() if n >= least and c not in skip)))


class Towers(nn.Module):
    """Left and right encoders to one space; their dot product is the seam's score."""

    def __init__(self, alphabet: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(alphabet, EMBEDDING, padding_idx=PAD)
        self.left = nn.Sequential(nn.Linear(WINDOW * EMBEDDING, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, OUT))
        self.right = nn.Sequential(nn.Linear(WINDOW * EMBEDDING, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, OUT))
        self.drop = nn.Dropout(DROPPED)  # without it the towers learn their stories by heart

    def forward(self, left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
        a = self.left(self.drop(self.embed(left)).flatten(1))
        b = self.right(self.drop(self.embed(right)).flatten(1))
        return a @ b.T / OUT**0.5


class Cuts:
    """Draws batches of cuts from encoded articles."""

    def __init__(self, corpus: list[Story], alphabet: Alphabet, rng: np.random.Generator) -> None:
        self.rng = rng
        self.texts, self.bounds = [], []
        for story in corpus:
            if sum(map(len, story.body)) < 80:
                continue
            ends = np.cumsum([len(p) for p in story.body])
            self.texts.append(alphabet.encode("".join(story.body)))
            self.bounds.append(np.concatenate([[0], ends]))

    def batch(self) -> tuple[np.ndarray, np.ndarray]:
        left = np.full((ARTICLES * CUTS, WINDOW), PAD, np.int64)
        right = np.full((ARTICLES * CUTS, WINDOW), PAD, np.int64)
        row = 0
        for n in self.rng.integers(0, len(self.texts), ARTICLES):
            text, bounds = self.texts[n], self.bounds[n]
            for _ in range(CUTS):
                self._cut(text, bounds, left[row], right[row])
                row += 1
        return left, right

    def _cut(self, text: np.ndarray, bounds: np.ndarray, left: np.ndarray, right: np.ndarray) -> None:
        at = int(self.rng.integers(8, len(text) - 8))
        if len(bounds) > 2 and self.rng.random() < 0.25:
            at = int(self.rng.choice(bounds[1:-1]))
        k = int(np.searchsorted(bounds, at, "right")) - 1
        begin = max(0, at - WINDOW, int(bounds[k]) if at > bounds[k] else int(bounds[max(0, k - 1)]))
        end = min(len(text), at + WINDOW, int(bounds[min(k + 1, len(bounds) - 1)]))
        if begin < at:
            left[WINDOW - (at - begin) :] = text[begin:at]
        right[: end - at] = text[at:end]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=16000)
    parser.add_argument("--start", type=Path, help="go on from these weights, the rate falling from its top to 0")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.manual_seed(1), random.seed(1), torch.set_num_threads(1)
    corpus = learnt_from(list(stories()))
    alphabet = make_alphabet(corpus)
    print(len(corpus), "stories", len(alphabet), "codes", FIRST_FREE)
    hold, train = corpus[::50], [s for n, s in enumerate(corpus) if n % 50]
    cuts, held = Cuts(train, alphabet, np.random.default_rng(1)), Cuts(hold, alphabet, np.random.default_rng(2))
    towers = Towers(len(alphabet))
    if args.start:
        stored = np.load(args.start)
        towers.load_state_dict({k: torch.from_numpy(stored[k]) for k in towers.state_dict()})
    optimiser = torch.optim.AdamW(towers.parameters(), lr=args.rate, weight_decay=1e-4)
    warm = 0.02 if args.start else 0.3
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, args.rate, total_steps=args.steps, pct_start=warm)
    target, start = torch.arange(ARTICLES * CUTS), time.time()
    for step in range(1, args.steps + 1):
        left, right = (torch.from_numpy(x) for x in cuts.batch())
        scores = towers(left, right)
        loss = (nn.functional.cross_entropy(scores, target) + nn.functional.cross_entropy(scores.T, target)) / 2
        optimiser.zero_grad(), loss.backward(), optimiser.step(), schedule.step()
        if step % 500 == 0:
            towers.eval()
            with torch.no_grad():
                hits = [
                    (towers(*(torch.from_numpy(x) for x in held.batch())).argmax(1) == target).float().mean()
                    for _ in range(8)
                ]
            print(
                step,
                f"loss {loss.item():.3f} held-out top-1 of {len(target)}: {sum(hits) / 8:.3f} {time.time() - start:.0f}s",
                flush=True,
            )
            towers.train()
            np.savez(args.out, alphabet=alphabet.characters, **{k: v.numpy() for k, v in towers.state_dict().items()})


if __name__ == "__main__":
    main()
