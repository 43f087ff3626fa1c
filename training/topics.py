"""Train the embedding that says whether two runs of text are of one story, however far apart they stand.

A run is the bag of its character pairs, hashed; two runs of one article are drawn together and runs of other
articles apart (in-batch contrastive loss, van den Oord et al. 2018). ``python -m training.topics --out topics.npz``
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from training.corpus import learnt_from, stories
from training.ngrams import pair_weights
from transforms.restore.alphabet import Alphabet
from transforms.restore.evidence import THEMES, buckets

BATCH, WIDE = 384, 48


class Runs:
    """Draws two runs that do not overlap from each of some articles."""

    def __init__(self, texts: list[np.ndarray], seed: int) -> None:
        self.texts, self.rng = texts, np.random.default_rng(seed)

    def pair(self) -> tuple[list[np.ndarray], list[np.ndarray]]:
        left, right = [], []
        for n in self.rng.integers(0, len(self.texts), BATCH):
            text = self.texts[n]
            middle = int(self.rng.integers(12, len(text) - 12))
            left.append(self._run(text[:middle]))
            right.append(self._run(text[middle:]))
        return left, right

    def _run(self, text: np.ndarray) -> np.ndarray:
        size = min(len(text), int(np.exp(self.rng.uniform(np.log(12), np.log(300)))))
        at = 0 if self.rng.random() < 0.3 else int(self.rng.integers(0, len(text) - size + 1))
        return buckets(text[at : at + size])


class Themes(nn.Module):
    def __init__(self, weight: np.ndarray) -> None:
        super().__init__()
        start = torch.randn(THEMES, WIDE) * torch.from_numpy(weight).float()[:, None] / 4
        self.bag = nn.EmbeddingBag(THEMES, WIDE, mode="sum", _weight=start)
        self.scale = nn.Parameter(torch.tensor(2.5))

    def vectors(self, runs: list[np.ndarray]) -> torch.Tensor:
        offsets = np.cumsum([0, *map(len, runs[:-1])])
        return nn.functional.normalize(
            self.bag(torch.from_numpy(np.concatenate(runs)), torch.from_numpy(offsets)), dim=1
        )

    def forward(self, left: list[np.ndarray], right: list[np.ndarray]) -> torch.Tensor:
        return self.vectors(left) @ self.vectors(right).T * self.scale.exp()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seams", type=Path, required=True, help="for its alphabet")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--start", type=Path, help="go on from these topics, the rate falling from its top to 0")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.manual_seed(1), torch.set_num_threads(1)
    alphabet = Alphabet(str(np.load(args.seams)["alphabet"]))
    corpus = [s for s in learnt_from(list(stories())) if sum(map(len, s.body)) >= 60]
    texts = [alphabet.encode("".join((s.headline, *s.body))) for s in corpus]
    train, held = Runs([t for n, t in enumerate(texts) if n % 40], 1), Runs(texts[::40], 2)
    model = Themes(pair_weights(texts, buckets, THEMES))
    if args.start:
        model.bag.weight.data.copy_(torch.from_numpy(np.load(args.start)["themes"].astype(np.float32)))
    optimiser = torch.optim.Adam(model.parameters(), lr=3e-3)
    warm = 0.02 if args.start else 0.3
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=args.steps, pct_start=warm)
    target, start = torch.arange(BATCH), time.time()
    for step in range(1, args.steps + 1):
        scores = model(*train.pair())
        loss = (nn.functional.cross_entropy(scores, target) + nn.functional.cross_entropy(scores.T, target)) / 2
        optimiser.zero_grad(), loss.backward(), optimiser.step(), schedule.step()
        if step % 250 == 0:
            with torch.no_grad():
                right = [(model(*held.pair()).argmax(1) == target).float().mean().item() for _ in range(4)]
            spent = time.time() - start
            print(
                step, f"loss {loss.item():.3f} held-out top-1 of {BATCH}: {np.mean(right):.3f} {spent:.0f}s", flush=True
            )
            np.savez(args.out, themes=model.bag.weight.detach().numpy().astype(np.float16))


if __name__ == "__main__":
    main()
