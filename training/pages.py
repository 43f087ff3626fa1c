"""Print the pages that the reader's network learns from, as the numbers that it reads.

``python -m training.pages --seams seams.npz --grams ngrams.npz --topics topics.npz --lines lines.npz --joiner joiner.npz
--pdf pdf_pages.pkl --pages 60000 --lanes 2 --out pages``

With ``--as-read`` instead of the evidence and the joiner, pages are cut into pieces as ``transforms.reading`` cuts them,
by the models that ship: lines are joined only where that is sure, and what form tells is set aside. The network goes on
learning from such pages (``training.reader --start``).

What page number n looks like depends on n alone. Pages are kept in files of ``SHARD``; what is there already is not
printed again, so that a printing that was cut off goes on.
"""

from __future__ import annotations

import argparse
import pickle
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from multiprocessing import Pool as Workers
from pathlib import Path

import numpy as np

from training.corpus import printed_from, printed_heads, stories
from training.press import Pool, make_page
from training.printed import PrintedPage
from training.topical import bags, nearest
from transforms.model import Page
from transforms.reading import cut_up
from transforms.restore.alphabet import PAD, Alphabet, Codes
from transforms.restore.continuation import SPAN
from transforms.restore.evidence import Towers, encode
from transforms.restore.features import (
    Evidence,
    Piece,
    features_of,
    pieces_of,
    sheet_of,
)
from transforms.restore.network import joined_lines
from transforms.restore.ngrams import NGrams
from transforms.restore.roles import ROLES
from transforms.segment.marks import Marks, marks_of
from transforms.segment.style import general_style
from transforms.trained import Models, load_models

MOST_PIECES = 180
HELD = 500
HELD_PAGES = 320
SHARD = 200
FITTING = 6  # headline blocks are set above so many of the bodies that they fit best
MATES = 12
LONGEST = 6000
APART = tuple(ROLES.index(r) for r in ("furniture", "caption", "notice"))
JOIN_SURE = float(np.log(9))  # log odds: the network learns from pages that are joined more boldly


@dataclass(frozen=True)
class Drawn:
    """A page as numbers and labels: N pieces, P numbers a piece, Q a pair.

    ``pieces`` (N, P), ``pairs`` (N, N, Q); ``ends``, ``starts`` (N, SPAN): codes of the last characters of each piece
    and, backwards, of its first, padded at the right; ``sizes`` (N,): how many there are. ``successor``,
    ``predecessor``: N for none. ``story``: -1 for none.
    """

    pieces: np.ndarray
    pairs: np.ndarray
    ends: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray
    successor: np.ndarray
    predecessor: np.ndarray
    role: np.ndarray
    opens: np.ndarray
    story: np.ndarray


def load_evidence(seams: Path, grams: Path, topics: Path, lines: Path) -> Evidence:
    s, g, t, k = np.load(seams), np.load(grams), np.load(topics), np.load(lines)
    layers = {
        side: tuple(s[f"{side}.{k}"].astype(np.float32) for k in ("0.weight", "0.bias", "2.weight", "2.bias"))
        for side in ("left", "right")
    }
    return Evidence(
        Alphabet(str(s["alphabet"])),
        NGrams(g["taken"], g["entries"], int(g["total"])),
        Towers(s["embed.weight"].astype(np.float32), layers["left"], layers["right"]),
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


def drawn_from(page: PrintedPage, weights: dict[str, np.ndarray], evidence: Evidence) -> Drawn | None:
    """Numbers and labels of a page; None if it has too few pieces or too many."""
    sheet = sheet_of(Page(1, page.text, boxes=page.boxes), evidence)
    pieces = pieces_of(sheet, joined_lines(sheet, evidence, weights, sure=JOIN_SURE))
    return _drawn(pieces, sheet.width, evidence, page)


def drawn_as_read(page: PrintedPage, models: Models, marks: Marks) -> Drawn | None:
    """As ``drawn_from``, of the pieces that the reader leaves to its network; None also if the page had to be mended,
    since the labels are of the characters as printed.
    """
    cut = cut_up(Page(1, page.text, boxes=page.boxes), models, marks)
    if cut.source.page.text != page.text:
        return None
    return _drawn([cut.shown[n] for n in cut.left], cut.width, models.evidence, page)


def _drawn(pieces: list[Piece], width: int, evidence: Evidence, page: PrintedPage) -> Drawn | None:
    if not 4 <= len(pieces) <= MOST_PIECES:
        return None
    f = features_of(pieces, width, evidence)
    ends, starts, sizes = edges_of(encode(evidence.alphabet, [p.text for p in pieces]))
    successor, predecessor, role, opens, story = labels(pieces, page)
    return Drawn(
        f.pieces.astype(np.float16),
        f.pairs.astype(np.float16),
        ends,
        starts,
        sizes,
        successor.astype(np.int16),
        predecessor.astype(np.int16),
        role.astype(np.int8),
        opens.astype(np.float16),
        story.astype(np.int16),
    )


def edges_of(codes: list[Codes]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What the encoders read of each piece: see ``Drawn``."""
    sizes = np.array([min(SPAN, len(c)) for c in codes], np.int16)
    ends, starts = (np.full((len(codes), SPAN), PAD, np.int16) for _ in range(2))
    for n, (run, size) in enumerate(zip(codes, sizes, strict=True)):
        ends[n, :size], starts[n, :size] = run[-size:], run[:size][::-1]
    return ends, starts, sizes


def add_evidence(parser: argparse.ArgumentParser, required: bool = True) -> None:
    for name in ("--seams", "--grams", "--topics", "--lines"):
        parser.add_argument(name, type=Path, required=required)


def evidence_from(args: argparse.Namespace) -> Evidence:
    return load_evidence(args.seams, args.grams, args.topics, args.lines)


_held: dict = {}


def _begin(args: argparse.Namespace) -> None:
    if args.as_read:
        drawn = partial(drawn_as_read, models=load_models(), marks=marks_of(general_style()))
    else:
        drawn = partial(drawn_from, weights=dict(np.load(args.joiner)), evidence=evidence_from(args))
    _held.update(drawn=drawn, pdf=pickle.loads(args.pdf.read_bytes()) if args.pdf else [])


def _printed(kind: str, shard: int, pools: dict[str, Pool]) -> Iterator[PrintedPage]:
    for n in range(shard * SHARD, (shard + 1) * SHARD):
        if kind == "pdf":
            yield from _held["pdf"][n : n + 1]
        elif kind == "held":
            yield make_page(pools[kind], random.Random(7_000_003 * n + 11))
        else:
            yield make_page(pools[kind], random.Random(1_000_003 * n + 17))


def write(job: tuple[str, int, Path, Path]) -> str:
    """Print one file of pages, if it is not there."""
    kind, shard, folder, pools = job
    path = folder / f"{kind}-{shard:05}.pkl"
    if not path.exists():
        if "pools" not in _held:
            _held["pools"] = pickle.loads(pools.read_bytes())
        pages = _printed(kind, shard, _held["pools"])
        drawn = [d for d in map(_held["drawn"], pages) if d]
        part = path.with_suffix(".part")
        part.write_bytes(pickle.dumps([vars(d) for d in drawn], -1))
        part.rename(path)
    return path.name


def kept_pools(path: Path) -> Path:
    """Pools to print from, for learning and for examining; made if they are not kept there."""
    if not path.exists():
        path.write_bytes(pickle.dumps({"page": page_pool(), "held": page_pool(held=True)}, -1))
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_evidence(parser, required=False)
    parser.add_argument("--joiner", type=Path)
    parser.add_argument("--as-read", action="store_true", help="cut pages as the reader does, by the models that ship")
    parser.add_argument("--pdf", type=Path, help="pages of training/pdf.py, to be mixed in")
    parser.add_argument("--pages", type=int, default=20000)
    parser.add_argument("--lanes", type=int, default=2)
    parser.add_argument("--pools", type=Path, help="where to keep what pages are printed from")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    if not args.as_read and not all((args.seams, args.grams, args.topics, args.lines, args.joiner)):
        parser.error("give --seams, --grams, --topics, --lines and --joiner, or --as-read")
    args.out.mkdir(parents=True, exist_ok=True)
    pools = kept_pools(args.pools or args.out / "pools.pkl")
    count = len(pickle.loads(args.pdf.read_bytes())) if args.pdf else 0
    jobs = [
        (kind, n, args.out, pools)
        for kind, pages in (("held", HELD_PAGES), ("pdf", count), ("page", args.pages))
        for n in range(-(-pages // SHARD))
    ]
    start = time.time()
    with Workers(args.lanes, _begin, (args,)) as workers:
        for n, name in enumerate(workers.imap_unordered(write, jobs), 1):
            print(f"{n} of {len(jobs)}: {name}, {time.time() - start:.0f}s", flush=True)
    (args.out / "done").touch()


if __name__ == "__main__":
    main()
