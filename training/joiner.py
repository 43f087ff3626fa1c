"""Train the joiner of lines: which line of a wrapped page runs on into the next.

``python -m training.joiner --seams seams.npz --grams ngrams.npz --topics topics.npz --lines lines.npz --pdf pdf_pages.pkl
--out joiner.npz``. By steps with a fixed seed.
"""

from __future__ import annotations

import argparse
import pickle
import random
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

from training.pages import add_evidence, evidence_from, page_pool
from training.press import Pool, make_page
from training.printed import PrintedPage
from transforms.model import Page
from transforms.restore.features import JOIN_FEATURES, Evidence, Sheet, join_features, seam_candidates, sheet_of
from transforms.restore.roles import ROLES

SURE = 0.9


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
        p = torch.sigmoid(model(x[:held])) > SURE
        wrong, missed = (p & (y[:held] < 0.5)).float().mean(), (~p & (y[:held] > 0.5)).float().mean()
    print(f"joiner: {len(x)} seams, true {y.mean():.3f}, false joins {wrong:.4f}, missed {missed:.4f}", flush=True)
    return model


def numpy_joiner(model: Joiner) -> dict[str, np.ndarray]:
    return {f"join.{k}": v.detach().numpy().copy() for k, v in model.net.state_dict().items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_evidence(parser)
    parser.add_argument("--pdf", type=Path, help="pages of training/pdf.py, to be mixed in")
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.manual_seed(1), torch.set_num_threads(1)
    np.savez(args.out, **numpy_joiner(train_joiner(page_pool(), evidence_from(args), args.pages, args.pdf)))


if __name__ == "__main__":
    main()
