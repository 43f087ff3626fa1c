"""Train the two encoders that say how well one text continues another: one reads up to a seam, the other back to it.

``python -m training.continuation --characters 4000 --steps 4000 --out continuation.npz``

Both are small transformers over characters. First each learns to tell the next character, at every place of a passage.
Then what the one knows before a seam and the other after it must find each other among the seams of a batch, several of
each story among them (in-batch contrastive loss, van den Oord et al. 2018). All seams of a batch have as many characters
before them, and as many after them: otherwise the encoders learn to count instead of to read. By steps with a fixed
seed; saved as it goes, and started again it goes on from there.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

from training.corpus import Story, learnt_from, stories
from training.seams import make_alphabet
from transforms.restore.alphabet import Alphabet

SPAN = 80  # characters of a passage
HALF = 40  # characters on each side of a seam, at most
EDGE = 6  # and at least
WIDE, HEADS, LAYERS, INNER = 192, 4, 4, 768
BATCH = 64  # passages, for the next character
STORIES, OF_EACH = 64, 4  # passages of a batch, for seams
TOLD = 12  # places of each passage at which the next character is told
NEXT = 0.2  # weight of the next character beside the seams
RATE = 1.6e-3


class Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDE), nn.LayerNorm(WIDE)
        self.qkv, self.out = nn.Linear(WIDE, 3 * WIDE), nn.Linear(WIDE, WIDE)
        self.up, self.down = nn.Linear(WIDE, INNER), nn.Linear(INNER, WIDE)
        self.later = torch.full((SPAN, SPAN), -1e4).triu(1).bfloat16()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        b, n, _ = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(b, n, 3, HEADS, WIDE // HEADS).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-1, -2) / (WIDE // HEADS) ** 0.5 + self.later[:n, :n]
        mixed = scores.softmax(-1) @ v
        x = x + self.out(mixed.transpose(1, 2).reshape(b, n, WIDE))
        return x + self.down(F.relu(self.up(self.norm2(x))))


class Encoder(nn.Module):
    """Reads characters towards a seam."""

    def __init__(self) -> None:
        super().__init__()
        self.place = nn.Parameter(torch.randn(SPAN, WIDE) * 0.02)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDE)
        self.seam, self.next = nn.Linear(WIDE, WIDE), nn.Linear(WIDE, WIDE)

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

    def characters(self, passages: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
        """Surprise at the next character and at the one before, at some places of each passage."""
        embedded = self.embed(passages)
        place = torch.randperm(SPAN - 1, generator=draw)[:TOLD] + 1
        before, after = self.before(embedded), self.after(embedded.flip(1)).flip(1)
        told = F.linear(self.before.next(before[:, place - 1]), self.embed.weight).float().flatten(0, 1)
        back = F.linear(self.after.next(after[:, place]), self.embed.weight).float().flatten(0, 1)
        onward = F.cross_entropy(told, passages[:, place].flatten())
        return (onward + F.cross_entropy(back, passages[:, place - 1].flatten())) / 2

    def seams(self, left: torch.Tensor, right: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Scores of each left side with each right side, and the surprise at the characters across the true seams."""
        before = self.before(self.embed(left))[:, -1]
        after = self.after(self.embed(right).flip(1))[:, -1]
        scores = (self.before.seam(before) @ self.after.seam(after).T).float() * self.sharp.exp() / WIDE
        told = F.linear(self.before.next(before), self.embed.weight).float()
        back = F.linear(self.after.next(after), self.embed.weight).float()
        return scores, (F.cross_entropy(told, right[:, 0]) + F.cross_entropy(back, left[:, -1])) / 2


def joined(corpus: list[Story], alphabet: Alphabet) -> tuple[np.ndarray, list[np.ndarray]]:
    """All bodies one after another, and of each story that is long enough where a passage may begin."""
    texts = [alphabet.encode("".join(s.body)) for s in corpus]
    begins, at = [], 0
    for text in texts:
        if len(text) > SPAN:
            begins.append(np.arange(at, at + len(text) - SPAN, dtype=np.int64))
        at += len(text)
    return np.concatenate(texts), begins


def batch(codes: np.ndarray, stories: list[np.ndarray], seams: bool, seed: int, step: int) -> torch.Tensor:
    """Passages, (BATCH, SPAN) or for seams (STORIES * OF_EACH, SPAN): what step ``step`` learns from."""
    rng = np.random.default_rng((seed, step))
    chosen = rng.integers(0, len(stories), STORIES if seams else BATCH)
    begins = np.concatenate([rng.choice(stories[n], OF_EACH if seams else 1) for n in chosen])
    return torch.from_numpy(codes[begins[:, None] + np.arange(SPAN)].astype(np.int64))


def cut(passages: torch.Tensor, draw: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Both sides of the seams of a batch, whole or shorter, but all as long as one another."""
    sizes = [
        HALF if x < 0.5 else EDGE + int((x - 0.5) * 2 * (HALF - EDGE)) for x in torch.rand(2, generator=draw).tolist()
    ]
    return passages[:, HALF - sizes[0] : HALF], passages[:, HALF : HALF + sizes[1]]


def examine(pair: Pair, codes: np.ndarray, stories: list[np.ndarray]) -> str:
    """Of unseen stories: seams found among all of a batch, four a story."""
    found, loss = [], []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for n in range(6):
            passages = batch(codes, stories, True, 77, n)
            scores, told = pair.seams(passages[:, :HALF], passages[:, HALF:])
            target = torch.arange(len(scores))
            found.append(float((scores.argmax(1) == target).float().mean()))
            loss.append([float(F.cross_entropy(scores, target)), float(told)])
    return f"top-1 of {len(scores)}: {np.mean(found):.3f}, contrast and next {np.round(np.mean(loss, 0), 3)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--characters", type=int, default=4000, help="steps that learn the next character")
    parser.add_argument("--steps", type=int, default=4000, help="steps that learn seams, after those")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.manual_seed(1), torch.set_num_threads(args.threads)
    corpus = learnt_from(list(stories()))
    alphabet = make_alphabet(corpus)
    held = joined(corpus[::100], alphabet)
    codes, begins = joined([s for n, s in enumerate(corpus) if n % 100], alphabet)
    pair = Pair(len(alphabet))
    optimiser = torch.optim.AdamW(pair.parameters(), RATE, betas=(0.9, 0.98), weight_decay=0.02)
    total = args.characters + args.steps
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=total, pct_start=0.05)
    state, first = args.out.with_suffix(".pt"), 0
    if state.exists():
        kept = torch.load(state, weights_only=False)
        pair.load_state_dict(kept["pair"]), optimiser.load_state_dict(kept["optimiser"])
        schedule.load_state_dict(kept["schedule"])
        first = kept["step"]
    print(
        f"{len(codes):,} characters, {sum(p.numel() for p in pair.parameters()):,} weights, from step {first}",
        flush=True,
    )
    start = time.time()
    for step in range(first + 1, total + 1):
        draw, seams = torch.Generator().manual_seed(step), step > args.characters
        passages = batch(codes, begins, seams, 1, step)
        with torch.autocast("cpu", torch.bfloat16):
            if seams:
                scores, told = pair.seams(*cut(passages, draw))
                target = torch.arange(len(scores))
                loss = (F.cross_entropy(scores, target) + F.cross_entropy(scores.T, target)) / 2 + NEXT * told
            else:
                loss = pair.characters(passages, draw)
        optimiser.zero_grad(), loss.backward()
        nn.utils.clip_grad_norm_(pair.parameters(), 1.0)
        optimiser.step(), schedule.step()
        if step % 100 == 0:
            print(step, f"{loss.item():.3f} {time.time() - start:.0f}s", flush=True)
        if step % 250 == 0 or step == total:
            print("held out:", examine(pair, *held), flush=True)
            torch.save(
                {
                    "pair": pair.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "schedule": schedule.state_dict(),
                    "step": step,
                },
                state,
            )
            np.savez(args.out, alphabet=alphabet.characters, **{k: v.numpy() for k, v in pair.state_dict().items()})


if __name__ == "__main__":
    main()
