"""Train the two encoders that say how well one text continues another: one reads up to a seam, the other back to it.

``python -m training.continuation prepare --out corpus.npz``, then
``python -m training.continuation learn --corpus corpus.npz --out continuation.npz``

Both are small transformers over characters. First each learns to tell the next character, at places of a passage. Then
what the one knows before a seam and the other after it must find each other among the seams of a batch, several of
each story and stories of one topic among them (in-batch contrastive loss, van den Oord et al. 2018). Seams are cut in
the middle of sentences, between paragraphs and between a headline and its text, as columns and frames cut them. All
seams of a batch have as many characters before them, and as many after them: otherwise the encoders learn to count
instead of to read. By steps with a fixed seed; saved as it goes, and started again it goes on from there.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

from training.corpus import Story, learnt_from, stories
from training.seams import make_alphabet
from training.topical import bags, nearest
from transforms.restore.alphabet import Alphabet

SPAN = 80  # characters of a passage
HALF = 40  # characters on each side of a seam, at most
EDGE = 6  # and at least
WIDE, HEADS, LAYERS, INNER = 256, 4, 4, 1024
DROPPED = 0.1
PASSAGES, TOLD = 512, 24  # of a batch, and places of each at which the next character is told
MATES, ANCHORS, OF_EACH = 4, 32, 8  # stories of one topic, topics, and seams of each story in a batch
BETWEEN = 0.45  # share of seams between paragraphs
TOPICAL = 0.5  # share of batches whose stories are of a few topics
HEADED = 8  # one batch in so many is of headlines and their texts
NEXT, KIND = 0.2, 0.3  # weights of the next character and of the kind of edge beside the seams
RATE = 1.5e-3
HELD = 100  # one story in so many is never learnt from


@dataclass
class Corpus:
    """All bodies one after another, and where in them stories and paragraphs begin and end.

    ``codes`` (C,); ``first``, ``end`` (stories,); ``turns``: places between paragraphs with text enough on both sides,
    those of story n at ``turn_first[n]`` and the ``turn_count[n]`` after it; ``heads``: headlines one after another,
    ``head_first``, ``head_end`` (stories,); ``mates`` (stories, MATES): of one topic, itself first.
    """

    codes: np.ndarray
    first: np.ndarray
    end: np.ndarray
    turns: np.ndarray
    turn_first: np.ndarray
    turn_count: np.ndarray
    heads: np.ndarray
    head_first: np.ndarray
    head_end: np.ndarray
    mates: np.ndarray


def corpus_of(chosen: list[Story], alphabet: Alphabet) -> Corpus:
    chosen = [s for s in chosen if sum(map(len, s.body)) > SPAN]
    texts = [alphabet.encode("".join(s.body)).astype(np.uint16) for s in chosen]
    heads = [alphabet.encode(s.headline).astype(np.uint16) for s in chosen]
    ends, head_ends = np.cumsum([len(t) for t in texts]), np.cumsum([len(h) for h in heads])
    first, turns = np.concatenate([[0], ends[:-1]]), []
    for story, at, size in zip(chosen, first, map(len, texts), strict=True):
        inside = np.cumsum([len(p) for p in story.body])[:-1]
        turns.append(at + inside[(inside >= HALF) & (inside <= size - HALF)])
    counts = np.array([len(t) for t in turns])
    topics = bags([s.headline + "".join(s.body)[:600] for s in chosen])
    return Corpus(
        np.concatenate(texts),
        first,
        ends,
        np.concatenate(turns),
        np.concatenate([[0], np.cumsum(counts)[:-1]]),
        counts,
        np.concatenate(heads),
        np.concatenate([[0], head_ends[:-1]]),
        head_ends,
        nearest(topics, topics, MATES),
    )


class Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDE), nn.LayerNorm(WIDE)
        self.qkv, self.out = nn.Linear(WIDE, 3 * WIDE), nn.Linear(WIDE, WIDE)
        self.up, self.down = nn.Linear(WIDE, INNER), nn.Linear(INNER, WIDE)
        self.drop = nn.Dropout(DROPPED)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        b, n, _ = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(b, n, 3, HEADS, WIDE // HEADS).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.drop(self.out(mixed.transpose(1, 2).reshape(b, n, WIDE)))
        return x + self.drop(self.down(F.relu(self.up(self.norm2(x)))))


class Encoder(nn.Module):
    """Reads characters towards a seam."""

    def __init__(self) -> None:
        super().__init__()
        self.place = nn.Parameter(torch.randn(SPAN, WIDE) * 0.02)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDE)
        self.seam, self.next, self.kind = nn.Linear(WIDE, WIDE), nn.Linear(WIDE, WIDE), nn.Linear(WIDE, 3)

    def forward(self, embedded: torch.Tensor) -> torch.Tensor:
        x = embedded + self.place[: embedded.shape[1]]
        for layer in self.layers:
            x = layer(x)
        return self.norm(x)


class Pair(nn.Module):
    def __init__(self, alphabet: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(alphabet, WIDE)
        nn.init.normal_(self.embed.weight, std=0.05)
        self.before, self.after = Encoder(), Encoder()
        self.sharp = nn.Parameter(torch.tensor(2.0))

    def characters(self, passages: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        """Surprise at the next character and at the one before, at some places of each passage."""
        embedded = self.embed(passages)
        before, after = self.before(embedded), self.after(embedded.flip(1)).flip(1)
        told = F.linear(self.before.next(before[:, places - 1]), self.embed.weight).float().flatten(0, 1)
        back = F.linear(self.after.next(after[:, places]), self.embed.weight).float().flatten(0, 1)
        onward = F.cross_entropy(told, passages[:, places].flatten())
        return (onward + F.cross_entropy(back, passages[:, places - 1].flatten())) / 2

    def ends(self, left: torch.Tensor) -> torch.Tensor:
        return self.before(self.embed(left))[:, -1]

    def starts(self, right: torch.Tensor) -> torch.Tensor:
        return self.after(self.embed(right).flip(1))[:, -1]

    def scores(self, before: torch.Tensor, after: torch.Tensor) -> torch.Tensor:
        return (self.before.seam(before) @ self.after.seam(after).T).float() * self.sharp.exp() / WIDE

    def across(self, before: torch.Tensor, after: torch.Tensor, left: torch.Tensor, right: torch.Tensor):  # type: ignore[no-untyped-def]
        """Surprise at the characters across the true seams."""
        told = F.linear(self.before.next(before), self.embed.weight).float()
        back = F.linear(self.after.next(after), self.embed.weight).float()
        return (F.cross_entropy(told, right[:, 0]) + F.cross_entropy(back, left[:, -1])) / 2


class Batches:
    """Draws what step n learns from; all of it depends on the seed and n alone."""

    def __init__(self, corpus: Corpus, device: str, seed: int) -> None:
        self.corpus, self.seed = corpus, seed
        self.codes = torch.from_numpy(corpus.codes.astype(np.int32)).to(device)
        self.heads = torch.from_numpy(corpus.heads.astype(np.int32)).to(device)
        self.device = device
        self.long_heads = np.flatnonzero(corpus.head_end - corpus.head_first >= 8)

    def windows(self, at: np.ndarray, size: int, codes: torch.Tensor | None = None) -> torch.Tensor:
        begin = torch.from_numpy(at).to(self.device)[:, None]
        return (self.codes if codes is None else codes)[begin + torch.arange(size, device=self.device)].long()

    def passages(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        rng, c = np.random.default_rng((self.seed, step)), self.corpus
        n = rng.integers(0, len(c.first), PASSAGES)
        at = c.first[n] + (rng.random(PASSAGES) * (c.end[n] - c.first[n] - SPAN)).astype(np.int64)
        places = torch.from_numpy(rng.permutation(SPAN - 1)[:TOLD] + 1).to(self.device)
        return self.windows(at, SPAN), places

    def seams(self, step: int, whole: bool = False) -> tuple[torch.Tensor, ...]:
        """Left and right sides, which seams lie between paragraphs, and last and first passages of some stories."""
        rng, c = np.random.default_rng((self.seed, step)), self.corpus
        count = ANCHORS * MATES
        if rng.random() < TOPICAL:
            n = c.mates[rng.integers(0, len(c.first), ANCHORS)].ravel()
        else:
            n = rng.integers(0, len(c.first), count)
        edges = self.windows(c.end[n] - HALF, HALF), self.windows(c.first[n], HALF)
        n = n.repeat(OF_EACH)
        at = c.first[n] + HALF + (rng.random(len(n)) * (c.end[n] - c.first[n] - 2 * HALF)).astype(np.int64)
        turn = np.flatnonzero((rng.random(len(n)) < BETWEEN) & (c.turn_count[n] > 0))
        m = n[turn]
        at[turn] = c.turns[c.turn_first[m] + (rng.random(len(m)) * c.turn_count[m]).astype(np.int64)]
        between = np.zeros(len(n), np.int64)
        between[turn] = 1
        sizes = [HALF if whole or rng.random() < 0.5 else int(rng.integers(EDGE, HALF)) for _ in range(2)]
        left, right = self.windows(at - sizes[0], sizes[0]), self.windows(at, sizes[1])
        return left, right, torch.from_numpy(between).to(self.device), edges[0][:, -sizes[0] :], edges[1][:, : sizes[1]]

    def headed(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Ends of headlines and the openings of their texts."""
        rng, c = np.random.default_rng((self.seed, step)), self.corpus
        size = int(rng.integers(8, 18))
        fit = self.long_heads[(c.head_end - c.head_first)[self.long_heads] >= size]
        n = rng.choice(fit, ANCHORS * MATES * 4)
        if rng.random() < TOPICAL:
            n = np.intersect1d(c.mates[n[: len(n) // MATES]].ravel(), fit)
        n = np.unique(n)
        right = HALF if rng.random() < 0.5 else int(rng.integers(12, HALF))
        return self.windows(c.head_end[n] - size, size, self.heads), self.windows(c.first[n], right)


def loss_of(pair: Pair, batches: Batches, step: int, characters: int) -> torch.Tensor:
    if step <= characters:
        return pair.characters(*batches.passages(step))
    if step % HEADED == 0:
        left, right = batches.headed(step)
        return contrast(pair.scores(pair.ends(left), pair.starts(right)))
    left, right, between, last, front = batches.seams(step)
    before, after = pair.ends(torch.cat([left, last])), pair.starts(torch.cat([right, front]))
    count = len(left)
    kinds = torch.cat([between, torch.full((len(last),), 2, device=between.device)])
    kind = F.cross_entropy(pair.before.kind(before).float(), kinds) + F.cross_entropy(
        pair.after.kind(after).float(), kinds
    )
    found = contrast(pair.scores(before[:count], after[:count]))
    return found + NEXT * pair.across(before[:count], after[:count], left, right) + KIND * kind


def contrast(scores: torch.Tensor) -> torch.Tensor:
    target = torch.arange(len(scores), device=scores.device)
    return (F.cross_entropy(scores, target) + F.cross_entropy(scores.T, target)) / 2


@torch.no_grad()
def examine(pair: Pair, batches: Batches) -> str:
    """Of unseen stories: seams found among 256 of 32 stories, in sentences and between paragraphs; headlines' texts."""
    pair.eval()
    hits: dict[str, list[float]] = {"mid": [], "between": [], "headed": [], "next": []}
    with torch.autocast(batches.device, torch.bfloat16):
        for n in range(8):
            left, right, between, *_ = (x[:256] for x in batches.seams(10_000_000 + n, whole=True))
            before, after = pair.ends(left), pair.starts(right)
            right_one = pair.scores(before, after).argmax(1) == torch.arange(len(left), device=left.device)
            hits["mid"].append(right_one[between == 0].float().mean().item())
            hits["between"].append(right_one[between == 1].float().mean().item())
            hits["next"].append(pair.across(before, after, left, right).item())
            left, right = (x[:128] for x in batches.headed(10_000_000 + n))
            found = pair.scores(pair.ends(left), pair.starts(right)).argmax(1)
            hits["headed"].append((found == torch.arange(len(left), device=left.device)).float().mean().item())
    pair.train()
    return " ".join(f"{k} {np.mean(v):.3f}" for k, v in hits.items())


def prepare(args: argparse.Namespace) -> None:
    learnt = learnt_from(list(stories()))
    alphabet = make_alphabet(learnt)
    packed: dict[str, np.ndarray] = {"alphabet": np.array(alphabet.characters)}
    for name, chosen in (
        ("held", learnt[::HELD]),
        ("learnt", [s for n, s in enumerate(learnt) if n % HELD]),
    ):
        packed |= {f"{name}.{k}": v for k, v in vars(corpus_of(chosen, alphabet)).items()}
    np.savez(args.out, **packed)


def learn(args: argparse.Namespace) -> None:
    torch.manual_seed(1), torch.set_num_threads(args.threads)
    torch.set_float32_matmul_precision("high")
    with np.load(args.corpus) as stored:
        packed = {k: stored[k] for k in stored.files}
    alphabet = Alphabet(str(packed["alphabet"]))
    held, batches = (
        Batches(Corpus(**{k.split(".")[1]: v for k, v in packed.items() if k.startswith(name)}), args.device, seed)
        for name, seed in (("held.", 77), ("learnt.", 1))
    )
    pair = Pair(len(alphabet)).to(args.device)
    decayed = [p for p in pair.parameters() if p.ndim >= 2]
    plain = [p for p in pair.parameters() if p.ndim < 2]
    groups = [{"params": decayed, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, RATE, betas=(0.9, 0.98), fused=args.device != "cpu")
    total = args.characters + args.steps
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=total + 1, pct_start=0.05)
    state, first = args.out.with_suffix(".pt"), 0
    if state.exists():
        kept = torch.load(state, weights_only=False, map_location=args.device)
        pair.load_state_dict(kept["pair"]), optimiser.load_state_dict(kept["optimiser"])
        schedule.load_state_dict(kept["schedule"])
        first = kept["step"]
    print(
        f"{len(batches.codes):,} characters, {sum(p.numel() for p in pair.parameters()):,} weights, from step {first}"
    )

    def save(step: int) -> None:
        print("step", step, "held out:", examine(pair, held), f"{time.time() - start:.0f}s", flush=True)
        told = {"pair": pair, "optimiser": optimiser, "schedule": schedule}
        torch.save({k: v.state_dict() for k, v in told.items()} | {"step": step}, state)
        np.savez(args.out, alphabet=alphabet.characters, **{k: v.cpu().numpy() for k, v in pair.state_dict().items()})

    start = time.time()
    for step in range(first + 1, total + 1):
        with torch.autocast(args.device, torch.bfloat16):
            loss = loss_of(pair, batches, step, args.characters)
        optimiser.zero_grad(), loss.backward()
        nn.utils.clip_grad_norm_(pair.parameters(), 1.0)
        optimiser.step(), schedule.step()
        if step % args.every == 0 or step == total:
            save(step)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    made = kinds.add_parser("prepare", help="encode the corpus and find which stories are of one topic")
    made.add_argument("--out", type=Path, required=True)
    made.set_defaults(run=prepare)
    learnt = kinds.add_parser("learn", help="train; on a CPU this takes days, on a GPU minutes")
    learnt.add_argument("--corpus", type=Path, required=True)
    learnt.add_argument("--characters", type=int, default=4000, help="steps that learn the next character")
    learnt.add_argument("--steps", type=int, default=8000, help="steps that learn seams, after those")
    learnt.add_argument("--every", type=int, default=500, help="steps between one saving and the next")
    learnt.add_argument("--threads", type=int, default=1)
    learnt.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    learnt.add_argument("--out", type=Path, required=True)
    learnt.set_defaults(run=learn)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
