"""Train the reader's network on printed pages: which piece follows which, and what each piece is.

``python -m training.reader --pages pages --encoders continuation.npz --out reader.npz``: the pages come from
training/pages.py, the encoders from training/continuation.py. On a CPU this takes a day, on a GPU minutes. With
``--start reader.npz --rate 3e-4`` it goes on from a trained network, for one on pages of ``training.pages --as-read``.

By steps with fixed seeds. It saves as it goes; started again, it goes on from there.
"""

from __future__ import annotations

import argparse
import pickle
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

from training.continuation import Pair
from training.pages import Drawn
from training.reader_network import NUMBERS, Network, normalised
from transforms.restore.continuation import FLOOR, MADE_OF, STATE
from transforms.restore.features import PAIR_FEATURES

MOST_PAIRS = 500_000  # of a batch
BATCH = 32
PDF_SHARE = 0.15
DEAF = 0.06  # share of pages read without the encoders, as long pages are
AT_ONCE = 4000  # pieces encoded together


class Pages:
    """All pages on the device, one after another: what a batch is made of is gathered by index."""

    def __init__(self, files: list[Path], pair: Pair, device: str) -> None:
        pages = [Drawn(**d) for f in files for d in pickle.loads(f.read_bytes())]
        self.device = device
        self.count = np.array([len(d.pieces) for d in pages])
        self.at = np.concatenate([[0], np.cumsum(self.count)[:-1]])
        self.pair_at = np.concatenate([[0], np.cumsum(self.count**2)[:-1]])

        def whole(name: str, kind: torch.dtype) -> torch.Tensor:
            parts = [np.asarray(getattr(d, name)) for d in pages]
            return torch.from_numpy(np.concatenate(parts)).to(device, kind)

        self.successor, self.predecessor = whole("successor", torch.int64), whole("predecessor", torch.int64)
        self.role, self.story = whole("role", torch.int64), whole("story", torch.int64)
        self.opens = whole("opens", torch.float32)
        width = pages[0].pieces.shape[1]
        self.pieces = torch.empty(int(self.count.sum()), width + 2 * STATE, dtype=torch.float16, device=device)
        self.pairs = torch.empty(int((self.count**2).sum()), NUMBERS, dtype=torch.float16, device=device)
        group: list[int] = []
        for n, d in enumerate(pages):
            at, pair_at, size = self.at[n], self.pair_at[n], self.count[n]
            self.pieces[at : at + size, :width] = torch.from_numpy(d.pieces).to(device)
            flat = torch.from_numpy(d.pairs.reshape(size * size, -1)).to(device)
            self.pairs[pair_at : pair_at + size * size, :PAIR_FEATURES] = flat
            group.append(n)
            if n + 1 == len(pages) or sum(self.count[k] for k in group) > AT_ONCE:
                self._tell([pages[k] for k in group], group, pair, width)
                group = []

    @torch.no_grad()
    def _tell(self, pages: list[Drawn], numbers: list[int], pair: Pair, width: int) -> None:
        """Fill in what the encoders say of these pages."""
        device = self.device
        last = torch.from_numpy(np.concatenate([d.sizes for d in pages]).astype(np.int64)).to(device) - 1
        runs = [
            torch.from_numpy(np.concatenate([getattr(d, k) for d in pages]).astype(np.int64)).to(device)
            for k in ("ends", "starts")
        ]
        row = torch.arange(len(last), device=device)
        with torch.autocast(device, torch.bfloat16):
            states = [
                side(pair.embed(run))[row, last].float()
                for side, run in zip((pair.before, pair.after), runs, strict=True)
            ]
        firsts, lasts = (run[row, last] for run in reversed(runs))
        at = 0
        for n, page in zip(numbers, pages, strict=True):
            here, size = slice(at, at + len(page.sizes)), len(page.sizes)
            before, after = states[0][here], states[1][here]
            told = continuations(pair, before, after, firsts[here], lasts[here])
            start, pair_start = self.at[n], self.pair_at[n]
            self.pieces[start : start + size, width:] = torch.cat([before, after], 1).half()
            self.pairs[pair_start : pair_start + size * size, PAIR_FEATURES:] = told.reshape(-1, MADE_OF).half()
            at += size

    def batch(self, numbers: np.ndarray, deaf: np.ndarray) -> tuple[torch.Tensor, ...]:
        device, count = self.device, torch.from_numpy(self.count[numbers]).to(self.device)
        most = int(self.count[numbers].max())
        place = torch.arange(most, device=device)
        mask = place[None, :] < count[:, None]
        inside = place.expand(len(numbers), -1).clamp(max=count[:, None] - 1)
        of = torch.from_numpy(self.at[numbers]).to(device)[:, None] + inside
        pair_of = torch.from_numpy(self.pair_at[numbers]).to(device)[:, None, None]
        pair_of = pair_of + inside[:, :, None] * count[:, None, None] + inside[:, None, :]
        s, q = self.pieces[of].float(), self.pairs[pair_of].float()
        heard = torch.from_numpy(~deaf).to(device)
        s[:, :, -2 * STATE :] *= heard[:, None, None]
        q[:, :, :, PAIR_FEATURES:] *= heard[:, None, None, None]

        def label(x: torch.Tensor, none: int | torch.Tensor) -> torch.Tensor:
            return torch.where(mask, x[of], none)

        successor, predecessor = (
            torch.where(mask, torch.where(x[of] == count[:, None], most, x[of]), -100)
            for x in (self.successor, self.predecessor)
        )
        return (
            s,
            q,
            mask.float(),
            successor,
            predecessor,
            label(self.role, -100),
            label(self.opens, 0.0),
            label(self.story, -1),
        )


def continuations(
    pair: Pair, before: torch.Tensor, after: torch.Tensor, firsts: torch.Tensor, lasts: torch.Tensor
) -> torch.Tensor:
    """As ``transforms.restore.continuation.continuations``: shape (N, N, MADE_OF)."""
    seam = pair.scores(before, after)
    onward = F.linear(pair.before.next(before), pair.embed.weight).log_softmax(1)[:, firsts]
    backward = F.linear(pair.after.next(after), pair.embed.weight).log_softmax(1)[:, lasts].T
    alone = torch.eye(len(seam), device=seam.device) * 1e4

    def among(x: torch.Tensor, dim: int) -> torch.Tensor:
        return (x - alone).log_softmax(dim).clamp(min=FLOOR) / 6

    return torch.stack(
        [
            seam / 8,
            among(seam, 1),
            among(seam, 0),
            onward.clamp(min=FLOOR) / 6,
            backward.clamp(min=FLOOR) / 6,
            among(onward, 0),
            among(backward, 1),
        ],
        2,
    )


def losses(model: Network, batch: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    s, q, mask, successor, predecessor, role, opens, story = batch
    total = torch.zeros((), device=s.device)
    for weight, (pair, ends, roles, opening, same) in zip((0.4, 1.0), model(s, q, mask), strict=True):
        rows, columns = normalised(pair, ends)
        forward = F.nll_loss(rows.flatten(0, 1), successor.flatten())
        backward = F.nll_loss(columns.flatten(0, 1), predecessor.flatten())
        kind = F.cross_entropy(roles.flatten(0, 1), role.flatten())
        brk = (F.binary_cross_entropy_with_logits(opening, opens, reduction="none") * mask).sum() / mask.sum()
        known = story >= 0
        both = (known[:, :, None] & known[:, None]) & ~torch.eye(story.shape[1], dtype=torch.bool, device=s.device)
        one = (story[:, :, None] == story[:, None]).float()
        kin = (F.binary_cross_entropy_with_logits(same, one, reduction="none") * both).sum() / both.sum().clamp(min=1)
        total = total + weight * (forward + backward + 0.5 * kind + 0.3 * brk + 0.5 * kin)
    there = mask.bool()
    place = torch.arange(mask.shape[1], device=s.device)
    far = there & (successor != place + 1) & (successor < mask.shape[1])
    found, back = rows.argmax(2) == successor, columns.argmax(2) == predecessor
    seen = {
        "next": found[there].float().mean(),
        "prev": back[there].float().mean(),
        "far": found[far].float().mean() if far.any() else torch.ones((), device=s.device),
        "ends": found[there & (successor == mask.shape[1])].float().mean(),
        "role": (roles.argmax(2) == role)[there].float().mean(),
        "opens": ((opening > 0) == (opens > 0))[there].float().mean(),
    }
    return total, seen


@dataclass(frozen=True)
class Order:
    """Which pages stand in which batch: drawn once for every ``ROUND`` batches, pages of about one size together."""

    count: np.ndarray
    pdf: np.ndarray
    printed: np.ndarray
    pdf_share: float
    ROUND = 64

    def batches(self, round_: int) -> list[np.ndarray]:
        rng = np.random.default_rng((3, round_))
        size = self.ROUND * BATCH
        share = int(size * self.pdf_share) if len(self.pdf) else 0
        drawn = np.concatenate([rng.choice(self.pdf, share), rng.choice(self.printed, size - share)])
        drawn = drawn[np.argsort(self.count[drawn], kind="stable")]
        out = []
        for n in range(0, size, BATCH):
            group = drawn[n : n + BATCH]
            parts = -(-len(group) * int(self.count[group].max()) ** 2 // MOST_PAIRS)
            out += np.array_split(group, parts)
        rng.shuffle(out)
        return out


@torch.no_grad()
def examine(model: Network, held: Pages) -> str:
    model.eval()
    order = np.argsort(held.count, kind="stable")
    told: dict[str, list[float]] = {}
    for n in range(0, len(order), BATCH // 2):
        numbers = order[n : n + BATCH // 2]
        _, seen = losses(model, held.batch(numbers, np.zeros(len(numbers), bool)))
        for k, v in seen.items():
            told.setdefault(k, []).append(v.item())
    model.train()
    return " ".join(f"{k} {np.mean(v):.4f}" for k, v in told.items())


def encoders_from(path: Path, device: str) -> Pair:
    with np.load(path) as stored:
        held = {k: torch.from_numpy(stored[k]) for k in stored.files if k != "alphabet"}
    pair = Pair(len(held["embed.weight"]))
    pair.load_state_dict(held)
    return pair.to(device).eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True, help="folder of training.pages")
    parser.add_argument("--encoders", type=Path, required=True, help="from training.continuation")
    parser.add_argument(
        "--joiner", type=Path, required=True, help="from training.joiner, to be kept beside the network"
    )
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--every", type=int, default=500)
    parser.add_argument("--start", type=Path, help="a trained network to go on from")
    parser.add_argument("--pdf-share", type=float, default=PDF_SHARE, help="share of pages from PDF")
    parser.add_argument("--most", type=int, help="read no more files of pages than this")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.manual_seed(1)
    torch.set_float32_matmul_precision("high")
    start = time.time()
    pair = encoders_from(args.encoders, args.device)
    files = sorted(args.pages.glob("*-*.pkl"), key=lambda f: (f.name.startswith("page"), f.name))
    held = Pages([f for f in files if f.name.startswith("held")], pair, args.device)
    shown = [f for f in files if not f.name.startswith("held")][: args.most]
    pages = Pages(shown, pair, args.device)
    pdf = sum(len(pickle.loads(f.read_bytes())) for f in shown if f.name.startswith("pdf"))
    order = Order(pages.count, np.arange(pdf), np.arange(pdf, len(pages.count)), args.pdf_share)
    print(f"{len(pages.count)} pages, {pdf} of them from PDF, {time.time() - start:.0f}s", flush=True)
    model = Network(pages.pieces.shape[1]).to(args.device)
    if args.start:
        with np.load(args.start) as told:
            model.load_state_dict({k: torch.from_numpy(told[k]).float() for k in model.state_dict()})
    optimiser = torch.optim.AdamW(model.parameters(), args.rate, weight_decay=0.01, fused=args.device != "cpu")
    state, step, round_, waiting = args.out.with_suffix(".pt"), 0, 0, []
    if state.exists():
        kept = torch.load(state, map_location=args.device)
        model.load_state_dict(kept["model"]), optimiser.load_state_dict(kept["optimiser"])
        step, round_ = kept["step"], kept["round"]

    def save() -> None:
        print(f"step {step} held out {examine(model, held)} {time.time() - start:.0f}s", flush=True)
        told = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step, "round": round_}
        torch.save(told, state)
        weights = {k: v.cpu().numpy() for k, v in model.state_dict().items()}
        np.savez(args.out, **dict(np.load(args.joiner)), **weights)

    while step < args.steps:
        if not waiting:
            waiting, round_ = order.batches(round_), round_ + 1
        numbers = waiting.pop()
        deaf = np.random.default_rng((4, step)).random(len(numbers)) < DEAF
        for group in optimiser.param_groups:
            group["lr"] = args.rate * min(1, (step + 1) / 300) * (0.01 + 0.99 * (1 - step / args.steps))
        loss, _ = losses(model, pages.batch(numbers, deaf))
        optimiser.zero_grad(), loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        step += 1
        if step % args.every == 0 or step == args.steps:
            save()


if __name__ == "__main__":
    main()
