"""Train how links agree with the page's other links, on pages that the networks have read.

``python -m training.agreement --pages 2400 --out agreement.npz``: reads simulated pages of stories that the networks
were never trained on, then fits transforms/restore/agreement.py to what follows what. No word of a story is looked
at, so few stories do. By steps with fixed seeds; what is read is kept beside ``--out`` and not read twice.
"""

from __future__ import annotations

import argparse
import pickle
import random
import time
from dataclasses import replace
from multiprocessing import Pool as Workers
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

from training.press import make_page
from training.reader import MOST_PIECES, labels, page_pool
from transforms.model import Page
from transforms.restore.agreement import FLOOR, NEVER, Layout, edge_numbers, jumps_of, layout_of, pair_numbers
from transforms.restore.alphabet import Alphabet
from transforms.restore.continuation import Continuation
from transforms.restore.experts import heard
from transforms.restore.features import pieces_of, sheet_of
from transforms.restore.network import Scores, joined_lines
from transforms.trained import load_models

HIDDEN = 32
DROPPED = 0.1
Example = tuple[Scores, Layout, np.ndarray, np.ndarray]
_held: dict = {}


def _begin(continuation: Path) -> None:
    torch.set_num_threads(1)
    with np.load(continuation) as stored:
        weights = {k: stored[k] for k in stored.files}
    model = Continuation(Alphabet(str(weights.pop("alphabet"))), weights)
    _held.update(models=load_models(), pool=page_pool(held=True), continuation=model)


def example(n: int) -> Example | None:
    """Page ``n``: its scores, its layout, and the true successor and predecessor of each piece."""
    models, page = _held["models"], make_page(_held["pool"], random.Random(7_000_003 * n + 11))
    sheet = sheet_of(Page(1, page.text, boxes=page.boxes), models.evidence)
    pieces = pieces_of(sheet, joined_lines(sheet, models.evidence, models.weights))
    if not 4 <= len(pieces) <= MOST_PIECES:
        return None
    successor, predecessor, *_ = labels(pieces, page)
    scores = heard(pieces, sheet.width, models.experts)
    layout = layout_of(pieces, _held["continuation"])
    return scores, replace(layout, told=layout.told.astype(np.float16)), successor, predecessor


def read(pages: int, kept: Path, lanes: int, continuation: Path) -> list[Example]:
    if kept.exists():
        return pickle.loads(kept.read_bytes())
    out, start = [], time.time()
    with Workers(lanes, _begin, (continuation,)) as workers:
        for n, found in enumerate(workers.imap(example, range(pages), 4), 1):
            out += [found] if found else []
            if n % 200 == 0:
                print(n, "pages", f"{time.time() - start:.0f}s", flush=True)
    kept.write_bytes(pickle.dumps(out))
    return out


class Agreement(nn.Module):
    """What the second look adds to the log chances of links and ends; nothing before it has learnt."""

    def __init__(self, pair: int, edge: int) -> None:
        super().__init__()
        self.agree, self.edge = self._net(pair), self._net(edge)

    @staticmethod
    def _net(numbers: int) -> nn.Sequential:
        last = nn.Linear(HIDDEN, 2)
        nn.init.zeros_(last.weight), nn.init.zeros_(last.bias)
        return nn.Sequential(nn.Linear(numbers, HIDDEN), nn.ReLU(), last)

    def forward(self, pair: torch.Tensor, edge: torch.Tensor, scores: Scores) -> tuple[torch.Tensor, torch.Tensor]:
        drop = nn.functional.dropout
        both, ends = self.agree(drop(pair, DROPPED, self.training)), self.edge(drop(edge, DROPPED, self.training))
        alone = torch.eye(len(edge)) * NEVER
        rows = torch.cat([both[:, :, 0] - alone, ends[:, :1]], 1)
        columns = torch.cat([both[:, :, 1].T - alone, ends[:, 1:]], 1)
        told = np.concatenate([scores.follows, scores.ends[:, None]], 1)
        back = np.concatenate([scores.back.T, scores.starts[:, None]], 1)
        rows = rows + torch.from_numpy(np.maximum(told, -FLOOR))
        return rows.log_softmax(1), (columns + torch.from_numpy(np.maximum(back, -FLOOR))).log_softmax(1)


def numbers_of(scores: Scores, layout: Layout) -> tuple[torch.Tensor, torch.Tensor]:
    jumps = jumps_of(scores)
    pair = pair_numbers(scores, layout, jumps, slice(0, len(scores.ends)))
    return torch.from_numpy(pair), torch.from_numpy(edge_numbers(scores, layout, jumps))


def looked_at(scores: Scores, rows: torch.Tensor, columns: torch.Tensor) -> Scores:
    r, c = rows.detach().numpy(), columns.detach().numpy()
    return Scores(r[:, :-1], c[:, :-1].T, r[:, -1], c[:, -1], scores.roles, scores.opens, scores.same)


def examine(model: Agreement | None, held: list[Example], rounds: int = 2) -> str:
    """Share of right successors before and after each round: of all, of those not next on the page, of the ends."""
    hits = np.zeros((rounds + 1, 3))
    sizes = np.zeros(3)
    for scores, layout, successor, _ in held:
        far = (successor != np.arange(len(successor)) + 1) & (successor < len(successor))
        end = successor == len(successor)
        sizes += [len(far), far.sum(), end.sum()]
        for n in range(rounds + 1):
            right = np.concatenate([scores.follows, scores.ends[:, None]], 1).argmax(1) == successor
            hits[n] += [right.sum(), right[far].sum(), right[end].sum()]
            if model is not None and n < rounds:
                with torch.no_grad():
                    scores = looked_at(scores, *model(*numbers_of(scores, layout), scores))
    return " | ".join(f"{a:.4f} far {b:.4f} ends {c:.4f}" for a, b, c in hits / sizes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2400)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--lanes", type=int, default=2)
    parser.add_argument("--continuation", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    examples = read(args.pages, args.out.with_suffix(".pkl"), args.lanes, args.continuation)
    torch.manual_seed(3), torch.set_num_threads(1)
    held, train = examples[::10], [e for n, e in enumerate(examples) if n % 10]
    pair, edge = numbers_of(*train[0][:2])
    model = Agreement(pair.shape[-1], edge.shape[-1])
    optimiser = torch.optim.AdamW(model.parameters(), 2e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=args.steps)
    rng, start = random.Random(4), time.time()
    for step in range(1, args.steps + 1):
        total = torch.zeros(())
        for _ in range(2):
            scores, layout, successor, predecessor = rng.choice(train)
            if rng.random() < 0.5:  # as the second round sees it
                with torch.no_grad():
                    scores = looked_at(scores, *model(*numbers_of(scores, layout), scores))
            rows, columns = model(*numbers_of(scores, layout), scores)
            total = (
                total
                + F.nll_loss(rows, torch.from_numpy(successor))
                + F.nll_loss(columns, torch.from_numpy(predecessor))
            )
        optimiser.zero_grad(), total.backward(), optimiser.step(), schedule.step()
        if step % 500 == 0:
            model.eval()
            print(
                step, f"loss {total.item() / 4:.4f} held {examine(model, held)} {time.time() - start:.0f}s", flush=True
            )
            model.train()
            np.savez(args.out, **{k: v.numpy() for k, v in model.state_dict().items()})


if __name__ == "__main__":
    main()
