"""Train the reader's two networks on simulated pages: the joiner of lines and the network over pieces.

``python -m training.reader --seams seams.npz --grams ngrams.npz --topics topics.npz --lines lines.npz --pdf pdf_pages.pkl --out reader.npz``

Training goes by steps with fixed seeds: what page number n looks like depends on n alone, so that the same command
gives the same model however fast the machine is. It saves as it goes; started again, it goes on from there.
"""

from __future__ import annotations

import argparse
import pickle
import random
import time
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
import torch.multiprocessing as mp
from torch import nn
from torch.nn import functional as F  # noqa: N812 - the name all of torch's own documents use

from training.corpus import printed_from, printed_heads, stories
from training.press import ROLES, Pool, PrintedPage, make_page
from training.topical import bags, nearest
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
from transforms.restore.geometry import decks_of
from transforms.restore.ngrams import NGrams

WIDE, HEADS, LAYERS, PAIR = 192, 4, 3, 40
MOST_PIECES = 150
HELD = 500
BATCH = 8
PDF_SHARE = 0.22
REPLAY = 6000  # pages kept to be seen again: printing costs more than learning
FRESH, AGAIN = 3, 7  # batches of new pages and of pages seen before, in turn
FITTING = 6  # headline blocks are set above so many of the bodies that they fit best
MATES = 12
LONGEST = 6000
APART = tuple(ROLES.index(r) for r in ("furniture", "caption", "notice"))
JOIN_SURE = 0.9


def load_evidence(seams: Path, grams: Path, topics: Path, lines: Path) -> Evidence:
    s, g, t, k = np.load(seams), np.load(grams), np.load(topics), np.load(lines)
    layers = {
        side: tuple(s[f"{side}.{k}"] for k in ("0.weight", "0.bias", "2.weight", "2.bias"))
        for side in ("left", "right")
    }
    return Evidence(
        Alphabet(str(s["alphabet"])),
        NGrams(g["table"], int(g["total"])),
        Towers(s["embed.weight"], layers["left"], layers["right"]),
        t["themes"].astype(np.float32),
        k["lines"].astype(np.float32),
        k["lines_bias"].astype(np.float32),
    )


def page_pool(held: bool = False) -> Pool:
    """What pages are printed from; ``held`` stories are never trained on."""
    fit = [s for s in printed_from(list(stories())) if sum(map(len, s.body)) <= LONGEST and 4 <= len(s.headline) <= 50]
    held_ones = set(range(0, len(fit), len(fit) // HELD))
    chosen = [s for n, s in enumerate(fit) if (n in held_ones) is held]
    blocks = [h for n, h in enumerate(printed_heads()) if (n % 20 == 0) is held]
    texts = bags([s.headline + "".join(s.body)[:600] for s in chosen])
    fitting: dict[int, list] = {}
    asked = bags([h.kicker + h.headline + h.subhead for h in blocks])
    for n, bodies in enumerate(nearest(asked, texts, FITTING)):
        for body in bodies:
            fitting.setdefault(int(body), []).append(blocks[n])
    return Pool(chosen, nearest(texts, texts, MATES), fitting, blocks)


class Joiner(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(JOIN_FEATURES, 48), nn.ReLU(), nn.Linear(48, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)[:, 0]


HEAD_LINES = tuple(ROLES.index(r) for r in ("headline", "kicker", "subhead", "byline", "label"))


def join_labels(sheet: Sheet, at: np.ndarray, page: PrintedPage) -> np.ndarray:
    out = np.zeros(len(at), np.float32)
    for row, i in enumerate(at):
        a, b = sheet.lines[i].end - 1, sheet.lines[i + 1].start
        same = page.story[a] == page.story[b] and page.story[a] >= 0 and page.role[a] == page.role[b]
        same = same and page.role[a] not in HEAD_LINES
        near = 0 < page.place[b] - page.place[a] <= 3 and page.paragraph[a] == page.paragraph[b]
        out[row] = same and near
    return out


def train_joiner(pool: Pool, evidence: Evidence, pages: int, pdf: Path | None) -> Joiner:
    rng, xs, ys = random.Random(5), [], []
    set_in_pdf = pickle.loads(pdf.read_bytes())[: pages // 2] if pdf else []
    for page in [*set_in_pdf, *(make_page(pool, rng) for _ in range(pages))]:
        sheet = sheet_of(Page(1, page.text, boxes=page.boxes), evidence)
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
        return decks_of(sheet.lines)
    x = join_features(sheet, at, evidence)
    hidden = np.maximum(0, x @ weights["join.0.weight"].T + weights["join.0.bias"])
    score = hidden @ weights["join.2.weight"][0] + weights["join.2.bias"][0]
    sure = float(np.log(JOIN_SURE / (1 - JOIN_SURE)))
    return {int(i) for i, z in zip(at, score, strict=True) if z > sure} | decks_of(sheet.lines)


def labels(pieces: list[Piece], page: PrintedPage) -> tuple[np.ndarray, ...]:
    """(successor, predecessor, role, opens a paragraph, story) of each piece; N stands for none, story -1 too."""
    count = len(pieces)
    firsts = np.array([p.lines[0].start for p in pieces])
    lasts = np.array([p.lines[-1].end - 1 for p in pieces])
    successor, predecessor = np.full(count, count), np.full(count, count)
    story, place, paragraph = page.story, page.place, page.paragraph
    opens = np.ones(count, np.float32)
    chained = (story[firsts] >= 0) & ~np.isin(page.role[firsts], APART)
    for s in set(story[firsts[chained]].tolist()):
        mine = sorted((i for i in np.flatnonzero(chained & (story[firsts] == s))), key=lambda i: (place[firsts[i]], i))
        for a, b in pairwise(mine):
            successor[a], predecessor[b] = b, a
            opens[b] = paragraph[lasts[a]] != paragraph[firsts[b]]
    return successor, predecessor, page.role[firsts].astype(np.int64), opens, story[firsts].astype(np.int64)


Drawn = tuple[np.ndarray, ...]


def drawn_from(page: PrintedPage, weights: dict[str, np.ndarray], evidence: Evidence) -> Drawn | None:
    """Numbers and labels of a page; None where it has too few pieces or too many."""
    sheet = sheet_of(Page(1, page.text, boxes=page.boxes), evidence)
    pieces = pieces_of(sheet, joined_lines(sheet, weights, evidence))
    if not 4 <= len(pieces) <= MOST_PIECES:
        return None
    f = features_of(pieces, sheet.width, evidence)
    return f.pieces.astype(np.float16), f.pairs.astype(np.float16), *labels(pieces, page)


def page_number(n: int, pool: Pool, pdf: list[PrintedPage]) -> PrintedPage:
    """Page ``n`` of the training: set in PDF or simulated."""
    rng = random.Random(1_000_003 * n + 17)
    return rng.choice(pdf) if pdf and rng.random() < PDF_SHARE else make_page(pool, rng)


def produce(
    queue: mp.Queue,
    lane: int,
    lanes: int,
    start: int,
    pool: Pool,
    pdf: list[PrintedPage],
    weights: dict[str, np.ndarray],
    evidence: Evidence,
) -> None:
    """Put pages ``start + lane``, ``start + lane + lanes``, ... into the lane's queue, None if one is of no use."""
    torch.set_num_threads(1)
    n = start + lane
    while True:
        queue.put(drawn_from(page_number(n, pool, pdf), weights, evidence))
        n += lanes


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
    kin = (F.binary_cross_entropy_with_logits(same, one, reduction="none") * both).sum() / both.sum().clamp(min=1)
    there = mask.bool()
    seen = {
        "next": (rows.argmax(2) == successor)[there].float().mean().item(),
        "prev": (columns.argmax(2) == predecessor)[there].float().mean().item(),
        "role": (roles.argmax(2) == role)[there].float().mean().item(),
        "opens": ((opening > 0) == (opens > 0))[there].float().mean().item(),
    }
    return forward + backward + 0.5 * kind + 0.3 * brk + 0.7 * kin, seen


def batches(pages: list[Drawn], rng: random.Random) -> list[list[Drawn]]:
    """Pages of about one size together: the cost of a batch is the square of its largest page."""
    pages = sorted(pages, key=lambda d: len(d[0]))
    out = [pages[n : n + BATCH] for n in range(0, len(pages), BATCH)]
    rng.shuffle(out)
    return out


class Trainer:
    """The network with its optimiser, its step and the page that comes next: what is saved and taken up again."""

    def __init__(self, held: list[Drawn], weights: dict[str, np.ndarray], args: argparse.Namespace) -> None:
        self.model = Network(held[0][0].shape[1])
        self.optimiser = torch.optim.AdamW(self.model.parameters(), 1e-3, weight_decay=0.01)
        self.step, self.page, self.rng = 0, 0, random.Random(3)
        self.held, self.weights, self.args = held, weights, args
        self.kept: list[Drawn] = []
        self.state = args.out.with_suffix(".pt")
        if self.state.exists():
            self._resume()
        elif args.start:
            self._begin_from(np.load(args.start))

    def _begin_from(self, stored: Mapping[str, np.ndarray]) -> None:
        """Take over weights; what reads numbers that were added at the end begins at 0."""
        own = self.model.state_dict()
        for name, weight in own.items():
            given = torch.from_numpy(stored[name])
            weight.zero_()
            weight[tuple(slice(n) for n in given.shape)] = given
        self.model.load_state_dict(own)

    def _resume(self) -> None:
        stored = torch.load(self.state)
        self.model.load_state_dict(stored["model"]), self.optimiser.load_state_dict(stored["optimiser"])
        self.step, self.page = stored["step"], stored["page"]
        print(f"going on from step {self.step}", flush=True)

    def learn(self, queues: list[mp.Queue]) -> None:
        start, means, waiting, lane = time.time(), {}, [], 0
        while self.step < self.args.steps:
            if not waiting:
                fresh: list[Drawn] = []
                while len(fresh) < FRESH * BATCH:
                    if drawn := queues[lane].get():
                        fresh.append(drawn)
                    lane, self.page = (lane + 1) % len(queues), self.page + 1
                again = self.rng.sample(self.kept, min(len(self.kept), AGAIN * BATCH))
                self.kept = (self.kept + fresh)[-REPLAY:]
                waiting = batches(fresh + again, self.rng)
            for k, v in self._step(waiting.pop()).items():
                means[k] = means.get(k, v) * 0.98 + v * 0.02
            if self.step % 100 == 0:
                words = " ".join(f"{k} {v:.3f}" for k, v in means.items())
                print(f"step {self.step} pages {self.page} {words} {time.time() - start:.0f}s", flush=True)
            if self.step % 400 == 0:
                self.save()

    def _step(self, pages: list[Drawn]) -> dict[str, float]:
        share = self.step / self.args.steps
        for group in self.optimiser.param_groups:
            group["lr"] = self.args.rate * min(1, (self.step + 1) / 200) * (0.02 + 0.98 * (1 - share))
        loss, seen = losses(self.model, batch_of(pages))
        self.optimiser.zero_grad(), loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        return {"loss": loss.item(), **seen}

    def save(self) -> None:
        print("held out", examine(self.model, self.held), flush=True)
        stored = {"model": self.model.state_dict(), "optimiser": self.optimiser.state_dict()}
        torch.save(stored | {"step": self.step, "page": self.page}, self.state)
        np.savez(self.args.out, **self.weights, **{k: v.detach().numpy() for k, v in self.model.state_dict().items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seams", type=Path, required=True)
    parser.add_argument("--grams", type=Path, required=True)
    parser.add_argument("--topics", type=Path, required=True)
    parser.add_argument("--lines", type=Path, required=True)
    parser.add_argument("--pdf", type=Path, help="pages of training/pdf.py, to be mixed in")
    parser.add_argument("--start", type=Path, help="begin from these weights")
    parser.add_argument("--steps", type=int, default=12000)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--lanes", type=int, default=2, help="processes that print pages")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.manual_seed(1), torch.set_num_threads(1)
    evidence, pool = load_evidence(args.seams, args.grams, args.topics, args.lines), page_pool()
    print(len(pool.stories), "stories to print pages from", flush=True)
    if args.out.exists():  # what the network has learnt is of pieces that this joiner made
        weights = {k: v for k, v in np.load(args.out).items() if k.startswith("join.")}
    else:
        weights = numpy_joiner(train_joiner(pool, evidence, 600, args.pdf))
    trainer = Trainer(held_out(weights, evidence), weights, args)
    pdf = pickle.loads(args.pdf.read_bytes()) if args.pdf else []
    context = mp.get_context("fork")
    queues = [context.Queue(maxsize=100) for _ in range(args.lanes)]
    for lane, queue in enumerate(queues):
        given = (queue, lane, args.lanes, trainer.page, pool, pdf, weights, evidence)
        context.Process(target=produce, args=given, daemon=True).start()
    trainer.learn(queues)
    trainer.save()


if __name__ == "__main__":
    main()
