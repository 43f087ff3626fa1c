"""Train what tells the kind of a short line by its own words: headline, kicker, subhead, crosshead, caption, text.

Bags of hashed character n-grams with marks of where they stand, one linear layer (Joulin et al. 2016). Trained on real
headline blocks, headlines, crossheads and captions, and on lines cut from running text:
``python -m training.linekinds --out lines.npz``
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import torch
from torch import nn

from training.corpus import learnt_from, learnt_heads, stories
from training.dress import break_line
from transforms.restore.linekinds import KINDS, SIZE, grams_of

WIDE, BATCH, LONGEST = 12, 512, 60


def examples(seed: int) -> list[tuple[str, int]]:
    """Lines with the number of their kind, from nothing that pages are printed from."""
    rng, out = random.Random(seed), []

    def add(text: str, kind: str) -> None:
        if 2 <= len(text) <= LONGEST:
            out.append((text, KINDS.index(kind)))

    for block in learnt_heads():
        for kind in ("kicker", "subhead"):
            if text := getattr(block, kind):
                for _ in range(4):  # they are few
                    add(rng.choice([text, text, text.strip("—")]), kind)
        add(block.headline, "headline")
        for part in break_line(block.headline, rng, 14, 0.1):
            add(part, "headline")
    for story in learnt_from(list(stories())):
        add(story.headline, "headline")
        for text in story.crossheads:
            add(text, "crosshead")
        for text in story.captions[:2]:
            add(text, "caption")
        body = "".join(story.body)
        for _ in range(2):
            size, at = rng.randint(4, LONGEST), rng.randrange(len(body))
            add(body[at : at + size], "text")
        add(rng.choice(story.body)[:LONGEST], "text")
    return out


class Lines(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.bag = nn.EmbeddingBag(SIZE, WIDE, mode="mean")
        self.out = nn.Linear(WIDE, len(KINDS))

    def forward(self, rows: list[np.ndarray]) -> torch.Tensor:
        offsets = torch.from_numpy(np.cumsum([0, *map(len, rows[:-1])]))
        return self.out(self.bag(torch.from_numpy(np.concatenate(rows)), offsets))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.manual_seed(1), torch.set_num_threads(1)
    lines = examples(1)
    held = {t for n, t in enumerate(sorted({t for t, _ in lines})) if n % 20 == 0}
    train, test = [x for x in lines if x[0] not in held], [x for x in lines if x[0] in held]
    print(len(train), "lines", len(test), "held out", flush=True)
    rows, kinds = [grams_of(t) for t, _ in train], torch.tensor([k for _, k in train])
    weight = (len(train) / torch.bincount(kinds, minlength=len(KINDS)).clamp(min=1)).sqrt()
    model, rng = Lines(), np.random.default_rng(2)
    optimiser = torch.optim.Adam(model.parameters(), 1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-2, total_steps=args.steps)
    for _ in range(args.steps):
        pick = rng.integers(0, len(rows), BATCH)
        loss = nn.functional.cross_entropy(model([rows[n] for n in pick]), kinds[pick], weight=weight)
        optimiser.zero_grad(), loss.backward(), optimiser.step(), schedule.step()
    with torch.no_grad():
        said, true = model([grams_of(t) for t, _ in test]).argmax(1).numpy(), np.array([k for _, k in test])
    for n, kind in enumerate(KINDS):
        print(kind, f"found {np.mean(said[true == n] == n):.3f} right {np.mean(true[said == n] == n):.3f}", flush=True)
    table = (model.bag.weight @ model.out.weight.T).detach().numpy()
    np.savez(args.out, lines=table.astype(np.float16), lines_bias=model.out.bias.detach().numpy())


if __name__ == "__main__":
    main()
