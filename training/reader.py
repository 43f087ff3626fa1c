"""Train the reader's two networks on simulated pages: the joiner of lines and the network over pieces.

One command makes the models anew, seeds fixed:
``python -m training.reader --seams seams.npz --grams ngrams.npz --topics topics.npz --pdf pdf_pages.pkl --minutes 70 --out reader.npz``
"""

from __future__ import annotations

import argparse
import pickle
import random
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
import torch.multiprocessing as mp
from torch import nn
from torch.nn import functional as F  # noqa: N812 - the name all of torch's own documents use

from training.corpus import Story, printed_from, stories
from training.press import ROLES, PrintedPage, make_page
from transforms.model import Page
from transforms.restore.alphabet import Alphabet
from transforms.restore.evidence import Towers
from transforms.restore.features import (
    JOIN_FEATURES,
    PAIR_FEATURES,
    Evidence,
    Piece,
    Sheet,
    features_of,
    join_features,
    pieces_of,
    seam_candidates,
    sheet_of,
)
from transforms.restore.ngrams import NGrams

WIDE, HEADS, LAYERS, PAIR = 128, 4, 3, 32
MOST_PIECES = 130
HELD = 200
BATCH = 12
PDF_SHARE = 0.18
REPLAY = 2500  # pages kept to be seen again: printing costs more than learning
JOIN_SURE = 0.9


def load_evidence(seams: Path, grams: Path, topics: Path) -> Evidence:
    s, g, t = np.load(seams), np.load(grams), np.load(topics)
    layers = {
        side: tuple(s[f"{side}.{k}"] for k in ("0.weight", "0.bias", "2.weight", "2.bias"))
        for side in ("left", "right")
    }
    return Evidence(
        Alphabet(str(s["alphabet"])),
        NGrams(g["table"], int(g["total"])),
        Towers(s["embed.weight"], layers["left"], layers["right"]),
        t["themes"].astype(np.float32),
    )


def page_pool(held: bool = False) -> list[Story]:
    """Stories to print pages from; ``held`` ones are never trained on."""
    pool = printed_from(list(stories()))
    fit = [
        s
        for s in pool
        if 60 <= sum(map(len, s.body)) <= 3500
        and 5 <= len(s.headline) <= 45
        and not (("快讯" in s.headline) and hash_even(s.headline))
    ]
    return fit[-HELD:] if held else fit[:-HELD]


def hash_even(text: str) -> bool:
    return sum(map(ord, text)) % 8 != 0


class Joiner(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(JOIN_FEATURES, 48), nn.ReLU(), nn.Linear(48, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)[:, 0]


def join_labels(sheet: Sheet, at: np.ndarray, page: PrintedPage) -> np.ndarray:
    out = np.zeros(len(at), np.float32)
    for row, i in enumerate(at):
        a, b = sheet.lines[i].end - 1, sheet.lines[i + 1].start
        same = page.story[a] == page.story[b] and page.story[a] >= 0 and page.role[a] == page.role[b]
        near = 0 < page.place[b] - page.place[a] <= 3 and page.paragraph[a] == page.paragraph[b]
        out[row] = same and near
    return out


def train_joiner(pool: list[Story], evidence: Evidence, pages: int, pdf: Path | None) -> Joiner:
    rng, xs, ys = random.Random(5), [], []
    set_in_pdf = pickle.loads(pdf.read_bytes())[: pages // 2] if pdf else []
    for page in [*set_in_pdf, *(make_page(pool, rng) for _ in range(pages))]:
        sheet = sheet_of(Page(1, page.text), evidence)
        at = seam_candidates(sheet)
        if len(at):
            xs.append(join_features(sheet, at, evidence)), ys.append(join_labels(sheet, at, page))
    x, y = torch.from_numpy(np.concatenate(xs)), torch.from_numpy(np.concatenate(ys))
    mixed = torch.randperm(len(x))
    x, y = x[mixed], y[mixed]
    held = len(x) // 10
    model = Joiner()
    optimiser = torch.optim.AdamW(model.parameters(), 3e-3)
    for _ in range(3000):
        pick = torch.randint(held, len(x), (1024,))
        loss = F.binary_cross_entropy_with_logits(model(x[pick]), y[pick])
        optimiser.zero_grad(), loss.backward(), optimiser.step()
    with torch.no_grad():
        p = torch.sigmoid(model(x[:held])) > JOIN_SURE
        wrong, missed = (p & (y[:held] < 0.5)).float().mean(), (~p & (y[:held] > 0.5)).float().mean()
    print(f"joiner: {len(x)} seams, true {y.mean():.3f}, false joins {wrong:.4f}, missed {missed:.4f}", flush=True)
    return model


def numpy_joiner(model: Joiner) -> dict[str, np.ndarray]:
    return {f"join.{k}": v.detach().numpy().copy() for k, v in model.net.state_dict().items()}


def joined_lines(sheet: Sheet, weights: dict[str, np.ndarray], evidence: Evidence) -> set[int]:
    at = seam_candidates(sheet)
    if not len(at):
        return set()
    x = join_features(sheet, at, evidence)
    hidden = np.maximum(0, x @ weights["join.0.weight"].T + weights["join.0.bias"])
    score = hidden @ weights["join.2.weight"][0] + weights["join.2.bias"][0]
    sure = float(np.log(JOIN_SURE / (1 - JOIN_SURE)))
    return {int(i) for i, z in zip(at, score, strict=True) if z > sure}


def labels(pieces: list[Piece], page: PrintedPage) -> tuple[np.ndarray, ...]:
    """(successor, predecessor, role, opens a paragraph, story) of each piece; N stands for none, story -1 too."""
    count = len(pieces)
    firsts = np.array([p.lines[0].start for p in pieces])
    lasts = np.array([p.lines[-1].end - 1 for p in pieces])
    successor, predecessor = np.full(count, count), np.full(count, count)
    story, place, paragraph = page.story, page.place, page.paragraph
    opens = np.ones(count, np.float32)
    for s in set(story[firsts].tolist()) - {-1}:
        mine = sorted((i for i in range(count) if story[firsts[i]] == s), key=lambda i: (place[firsts[i]], i))
        for a, b in pairwise(mine):
            successor[a], predecessor[b] = b, a
            opens[b] = paragraph[lasts[a]] != paragraph[firsts[b]]
    return successor, predecessor, page.role[firsts].astype(np.int64), opens, story[firsts].astype(np.int64)


Drawn = tuple[np.ndarray, ...]


def drawn_from(page: PrintedPage, weights: dict[str, np.ndarray], evidence: Evidence) -> Drawn | None:
    """Numbers and labels of a page; None where it has too few pieces or too many."""
    sheet = sheet_of(Page(1, page.text), evidence)
    pieces = pieces_of(sheet, joined_lines(sheet, weights, evidence))
    if not 4 <= len(pieces) <= MOST_PIECES:
        return None
    f = features_of(pieces, sheet.width, evidence)
    return f.pieces.astype(np.float16), f.pairs.astype(np.float16), *labels(pieces, page)


def produce(queue: mp.Queue, seed: int, args: argparse.Namespace, weights: dict[str, np.ndarray]) -> None:
    torch.set_num_threads(1)
    evidence, pool, rng = load_evidence(args.seams, args.grams, args.topics), page_pool(), random.Random(seed)
    pdf = pickle.loads(args.pdf.read_bytes()) if args.pdf else []
    while True:
        page = rng.choice(pdf) if pdf and rng.random() < PDF_SHARE else make_page(pool, rng)
        if drawn := drawn_from(page, weights, evidence):
            queue.put(drawn)


def held_out(weights: dict[str, np.ndarray], evidence: Evidence) -> list[Drawn]:
    """Pages of stories that are never trained on."""
    pool, rng = page_pool(held=True), random.Random(99)
    drawn = [drawn_from(make_page(pool, rng), weights, evidence) for _ in range(160)]
    return sorted((d for d in drawn if d), key=lambda d: len(d[0]))


def examine(model: nn.Module, held: list[Drawn]) -> str:
    with torch.no_grad():
        seen = [losses(model, batch_of(held[n : n + BATCH]))[1] for n in range(0, len(held), BATCH)]
    return " ".join(f"{k} {np.mean([x[k] for x in seen]):.3f}" for k in seen[0])


class Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDE), nn.LayerNorm(WIDE)
        self.qkv, self.out = nn.Linear(WIDE, 3 * WIDE), nn.Linear(WIDE, WIDE)
        self.up, self.down = nn.Linear(WIDE, 2 * WIDE), nn.Linear(2 * WIDE, WIDE)

    def forward(self, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        b, n, _ = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(b, n, 3, HEADS, WIDE // HEADS).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-1, -2) / (WIDE // HEADS) ** 0.5 + bias
        x = x + self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(b, n, WIDE))
        return x + self.down(F.relu(self.up(self.norm2(x))))


class Network(nn.Module):
    """Pieces attend to one another, biased by pair evidence; then each pair, start, end, role and opening is scored."""

    def __init__(self, numbers: int) -> None:
        super().__init__()
        self.enter = nn.Linear(numbers, WIDE)
        self.enter2 = nn.Linear(WIDE, WIDE)
        self.pair = nn.Linear(PAIR_FEATURES, PAIR)
        self.pair_left, self.pair_right = nn.Linear(WIDE, PAIR), nn.Linear(WIDE, PAIR)
        self.bias = nn.Linear(PAIR, LAYERS * HEADS * 2)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDE)
        self.left, self.right = nn.Linear(WIDE, WIDE), nn.Linear(WIDE, WIDE)
        self.late, self.late_left, self.late_right = nn.Linear(PAIR, PAIR), nn.Linear(WIDE, PAIR), nn.Linear(WIDE, PAIR)
        self.score = nn.Linear(PAIR, 2)
        self.ends, self.role = nn.Linear(WIDE, 2), nn.Linear(WIDE, len(ROLES))
        self.opens = nn.Linear(WIDE, 1)

    def forward(self, s, q, mask):  # type: ignore[no-untyped-def]
        x = self.enter2(F.relu(self.enter(s)))
        e = F.relu(self.pair(q) + self.pair_left(x)[:, :, None] + self.pair_right(x)[:, None])
        b, n, _ = x.shape
        both = self.bias(e).view(b, n, n, 2, LAYERS, HEADS)
        bias = both[:, :, :, 0] + both[:, :, :, 1].transpose(1, 2)  # who follows me, and whom I follow
        bias = bias.permute(3, 0, 4, 1, 2) + (mask[:, None, None, :] - 1) * 1e4
        for layer, own in zip(self.layers, bias, strict=True):
            x = layer(x, own)
        x = self.norm(x)
        late = F.relu(self.late(e) + self.late_left(x)[:, :, None] + self.late_right(x)[:, None])
        scored = self.score(late)
        same = scored[..., 1] + scored[..., 1].transpose(1, 2)
        pair = self.left(x) @ self.right(x).transpose(1, 2) / WIDE**0.5 + scored[..., 0]
        pair = pair + (mask[:, None, :] * mask[:, :, None] - 1) * 1e4 - torch.eye(n) * 1e4
        return pair, self.ends(x), self.role(x), self.opens(x)[..., 0], same


def batch_of(pages: list[tuple]) -> tuple[torch.Tensor, ...]:
    most, count = max(len(p[0]) for p in pages), len(pages)
    s = np.zeros((count, most, pages[0][0].shape[1]), np.float32)
    q = np.zeros((count, most, most, PAIR_FEATURES), np.float32)
    mask, opens = np.zeros((count, most), np.float32), np.zeros((count, most), np.float32)
    successor, predecessor = np.full((count, most), -100), np.full((count, most), -100)
    role, story = np.full((count, most), -100), np.full((count, most), -1)
    for k, (ps, pq, nxt, prv, r, o, st) in enumerate(pages):
        n = len(ps)
        s[k, :n], q[k, :n, :n], mask[k, :n], opens[k, :n], role[k, :n], story[k, :n] = ps, pq, 1, o, r, st
        successor[k, :n], predecessor[k, :n] = np.where(nxt == n, most, nxt), np.where(prv == n, most, prv)
    return tuple(torch.from_numpy(a) for a in (s, q, mask, successor, predecessor, role, opens, story))


def losses(model: Network, batch: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, dict[str, float]]:
    s, q, mask, successor, predecessor, role, opens, story = batch
    pair, ends, roles, opening, same = model(s, q, mask)
    rows = torch.cat([pair, ends[:, :, :1]], 2)
    columns = torch.cat([pair.transpose(1, 2), ends[:, :, 1:]], 2)
    forward = F.cross_entropy(rows.flatten(0, 1), successor.flatten())
    backward = F.cross_entropy(columns.flatten(0, 1), predecessor.flatten())
    kind = F.cross_entropy(roles.flatten(0, 1), role.flatten())
    brk = (F.binary_cross_entropy_with_logits(opening, opens, reduction="none") * mask).sum() / mask.sum()
    known = story >= 0
    both = (known[:, :, None] & known[:, None]) & ~torch.eye(story.shape[1], dtype=torch.bool)
    one = (story[:, :, None] == story[:, None]).float()
    kin = F.binary_cross_entropy_with_logits(same[both], one[both])
    there = mask.bool()
    seen = {
        "next": (rows.argmax(2) == successor)[there].float().mean().item(),
        "prev": (columns.argmax(2) == predecessor)[there].float().mean().item(),
        "role": (roles.argmax(2) == role)[there].float().mean().item(),
        "opens": ((opening > 0) == (opens > 0))[there].float().mean().item(),
    }
    return forward + backward + 0.5 * kind + 0.3 * brk + 0.7 * kin, seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seams", type=Path, required=True)
    parser.add_argument("--grams", type=Path, required=True)
    parser.add_argument("--topics", type=Path, required=True)
    parser.add_argument("--pdf", type=Path, help="pages of training/pdf.py, to be mixed in")
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--start", type=Path, help="go on from these weights")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(1), torch.set_num_threads(1)
    evidence, pool = load_evidence(args.seams, args.grams, args.topics), page_pool()
    print(len(pool), "stories to print pages from", flush=True)
    weights = numpy_joiner(train_joiner(pool, evidence, 900, args.pdf))
    held = held_out(weights, evidence)
    context = mp.get_context("fork")
    queue: mp.Queue = context.Queue(maxsize=200)
    for w in range(args.workers):
        context.Process(target=produce, args=(queue, 100 + w, args, weights), daemon=True).start()
    learn(queue, held, weights, args)


def batches(pages: list[Drawn], rng: random.Random) -> list[list[Drawn]]:
    """Pages of about one size together: the cost of a batch is the square of its largest page."""
    pages = sorted(pages, key=lambda d: len(d[0]))
    out = [pages[n : n + BATCH] for n in range(0, len(pages), BATCH)]
    rng.shuffle(out)
    return out


def learn(queue: mp.Queue, held: list[Drawn], weights: dict[str, np.ndarray], args: argparse.Namespace) -> None:
    """Train until the minutes are spent, on new pages and as many seen once before."""
    model = Network(held[0][0].shape[1])
    if args.start:
        stored = np.load(args.start)
        model.load_state_dict({k: torch.from_numpy(stored[k]) for k in model.state_dict()})
    optimiser = torch.optim.AdamW(model.parameters(), 1e-3, weight_decay=0.01)
    start, pages, means, rng = time.time(), 0, {}, random.Random(3)
    kept: list[Drawn] = []
    waiting: list[list[Drawn]] = []
    step = 0
    while (spent := (time.time() - start) / 60 / args.minutes) < 1:
        if not waiting:
            fresh = [queue.get() for _ in range(6 * BATCH)]
            pages += len(fresh)
            kept = (kept + fresh)[-REPLAY:]
            waiting = batches(fresh + rng.sample(kept, min(len(kept), 4 * BATCH)), rng)
        for group in optimiser.param_groups:
            group["lr"] = 1.5e-3 * min(1, (step + 1) / 200) * (0.02 + 0.98 * (1 - spent))
        loss, seen = losses(model, batch_of(waiting.pop()))
        optimiser.zero_grad(), loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        step += 1
        for k, v in {"loss": loss.item(), **seen}.items():
            means[k] = means.get(k, v) * 0.98 + v * 0.02
        if step % 100 == 0:
            words = " ".join(f"{k} {v:.3f}" for k, v in means.items())
            print(f"step {step} pages {pages} {words} {time.time() - start:.0f}s queue {queue.qsize()}", flush=True)
        if step % 500 == 0:
            print("held out", examine(model, held), flush=True)
            save(args.out, model, weights)
    print("held out", examine(model, held), flush=True)
    save(args.out, model, weights)


def save(out: Path, model: Network, joiner: dict[str, np.ndarray]) -> None:
    np.savez(out, **joiner, **{k: v.detach().numpy() for k, v in model.state_dict().items()})


if __name__ == "__main__":
    main()
