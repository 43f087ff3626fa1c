"""The reader's network in PyTorch, as ``training.reader`` trains it and ``transforms/restore/network.py`` runs it."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

from transforms.restore.continuation import MADE_OF
from transforms.restore.features import PAIR_FEATURES
from transforms.restore.links import LEAST, LINKS, REACH
from transforms.restore.network import HEADS, LAYERS
from transforms.restore.roles import ROLES

WIDE, PAIR = 256, 40
NUMBERS = PAIR_FEATURES + MADE_OF


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
    """Pieces attend to one another, biased by pair evidence; then each pair, start, end, role and opening is scored.

    Twice: the second time each pair is judged beside what the first found of the page's other links.
    """

    def __init__(self, numbers: int) -> None:
        super().__init__()
        self.enter, self.enter2 = nn.Linear(numbers, WIDE), nn.Linear(WIDE, WIDE)
        self.pair = nn.Linear(NUMBERS, PAIR)
        self.pair_left, self.pair_right = nn.Linear(WIDE, PAIR), nn.Linear(WIDE, PAIR)
        self.bias = nn.Linear(PAIR, LAYERS * HEADS * 2)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.first, self.second = Reading(), Reading()
        self.again, self.mixed = nn.Linear(LINKS, PAIR), nn.Linear(PAIR, PAIR)
        self.again_left, self.again_right = nn.Linear(WIDE, PAIR), nn.Linear(WIDE, PAIR)
        self.again_bias, self.again_layer = nn.Linear(PAIR, HEADS * 2), Layer()

    def forward(self, s: torch.Tensor, q: torch.Tensor, mask: torch.Tensor) -> tuple[tuple[torch.Tensor, ...], ...]:
        x = self.enter2(F.relu(self.enter(s)))
        e = F.relu(self.pair(q) + self.pair_left(x)[:, :, None] + self.pair_right(x)[:, None])
        for layer, own in zip(self.layers, both_ways(self.bias(e), mask, LAYERS), strict=True):
            x = layer(x, own)
        first = self.first(x, e, mask)
        found = links_of(*normalised(first[0].detach(), first[1].detach()), mask)
        e = F.relu(self.again(found) + self.mixed(e) + self.again_left(x)[:, :, None] + self.again_right(x)[:, None])
        x = self.again_layer(x, both_ways(self.again_bias(e), mask, 1)[0])
        second = self.second(x, e, mask)
        return first, (first[0] + second[0], first[1] + second[1], *second[2:])


def both_ways(biases: torch.Tensor, mask: torch.Tensor, layers: int) -> torch.Tensor:
    """What pairs add to attention: who follows me, and whom I follow; shape (layers, B, HEADS, N, N)."""
    b, n = mask.shape
    both = biases.view(b, n, n, 2, layers, HEADS)
    bias = both[:, :, :, 0] + both[:, :, :, 1].transpose(1, 2)
    return bias.permute(3, 0, 4, 1, 2) + (mask[:, None, None, :] - 1) * 1e4


class Reading(nn.Module):
    """Scores of pairs, ends, roles, openings and of two pieces being of one story."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDE)
        self.left, self.right = nn.Linear(WIDE, WIDE), nn.Linear(WIDE, WIDE)
        self.late, self.late_left, self.late_right = nn.Linear(PAIR, PAIR), nn.Linear(WIDE, PAIR), nn.Linear(WIDE, PAIR)
        self.score = nn.Linear(PAIR, 2)
        self.ends, self.role = nn.Linear(WIDE, 2), nn.Linear(WIDE, len(ROLES))
        self.opens = nn.Linear(WIDE, 1)

    def forward(self, x: torch.Tensor, e: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        x = self.norm(x)
        late = F.relu(self.late(e) + self.late_left(x)[:, :, None] + self.late_right(x)[:, None])
        scored = self.score(late)
        same = scored[..., 1] + scored[..., 1].transpose(1, 2)
        pair = self.left(x) @ self.right(x).transpose(1, 2) / WIDE**0.5 + scored[..., 0]
        alone = torch.eye(mask.shape[1], device=mask.device)
        pair = pair + (mask[:, None, :] * mask[:, :, None] - 1) * 1e4 - alone * 1e4
        return pair, self.ends(x), self.role(x), self.opens(x)[..., 0], same


def normalised(pair: torch.Tensor, ends: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Log chances of each piece's successors and none, and of its predecessors and none: (B, N, N + 1) both."""
    rows = torch.cat([pair, ends[:, :, :1]], 2).log_softmax(2)
    return rows, torch.cat([pair.transpose(1, 2), ends[:, :, 1:]], 2).log_softmax(2)


def links_of(rows: torch.Tensor, columns: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """As ``transforms.restore.links.links_of``, for a batch: shape (B, N, N, LINKS)."""
    count = mask.shape[1]
    told, back = rows[:, :, :count], columns[:, :, :count].transpose(1, 2)
    sure = ((told + back) / 2).exp() * mask[:, :, None] * mask[:, None, :]
    place = torch.arange(count, device=mask.device, dtype=sure.dtype)
    away = place[None, :] - place[:, None]
    onward = away > 0
    parts = [
        told.clamp(min=LEAST) / 4,
        back.clamp(min=LEAST) / 4,
        sure,
        *(moved(sure, a, b) for a, b in ((1, 1), (-1, -1), (1, -1), (-1, 1), (2, 2), (-2, -2))),
        (told - rivals(rows)[:, :, :count]).clamp(LEAST, -LEAST) / 8,
        (back - rivals(columns)[:, :, :count].transpose(1, 2)).clamp(LEAST, -LEAST) / 8,
        rows[:, :, count:].clamp(min=LEAST).expand(-1, -1, count) / 4,
        columns[:, :, count:].clamp(min=LEAST).transpose(1, 2).expand(-1, count, -1) / 4,
    ]
    ways = [beside(sure * (away > 1), away), beside(sure * (away < 0), away)]
    return torch.cat([torch.stack(parts, 3), torch.where(onward[None, :, :, None], *ways)], 3)


def moved(x: torch.Tensor, down: int, right: int) -> torch.Tensor:
    """x[i + down, j + right], 0 beyond the page."""
    n, size = x.shape[1], max(abs(down), abs(right))
    padded = F.pad(x, (size, size, size, size))
    return padded[:, size + down : size + down + n, size + right : size + right + n]


def rivals(x: torch.Tensor) -> torch.Tensor:
    """The best of each row other than the one that stands there."""
    top = x.topk(2, 2).values
    return torch.where(x == top[:, :, :1], top[:, :, 1:], top[:, :, :1])


def beside(sure: torch.Tensor, away: torch.Tensor) -> torch.Tensor:
    """Each pair beside the jumps of one direction: what crosses it, and how far jumps near its ends lead."""
    sums = F.pad(sure.cumsum(1).cumsum(2), (1, 0, 1, 0))  # jumps with source < i and target < j
    before = sums[:, :-1, -1:] - sums[:, :-1, 1:]  # source before i, target after j
    after = sums[:, -1:, :-1] - sums[:, 1:, :-1]  # source after i, target before j
    parts = [(before + after).clamp(min=0).log1p() / 2]
    near = (-away.abs() / REACH).exp()
    for dim in (2, 1):
        mass, far = sure.sum(dim), (sure * away).sum(dim)
        for kernel in (near * (away < 0), near * (away > 0)):
            weight = mass @ kernel.T
            offset = (far @ kernel.T) / (weight + 1e-3)
            known = weight.clamp(max=1)
            known, offset = (known[:, :, None], offset[:, :, None]) if dim == 2 else (known[:, None], offset[:, None])
            difference = away - offset
            parts += [known.expand_as(sure), known * difference.sign() * difference.abs().log1p() / 3]
    return torch.stack(parts, 3)
