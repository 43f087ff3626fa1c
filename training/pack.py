"""Put what was trained into the files that ship, in models/.

``python -m training.pack reader --seams seams.npz --grams ngrams.npz --topics topics.npz --lines lines.npz
--reader reader.npz [MORE.npz ...]``: the networks, which are asked together, with the evidence that they read, into
reader.npz.
``python -m training.pack continuation --encoders continuation.npz``: the encoders, as whole numbers.
``python -m training.pack judgement --decks deckpairs.npz --calibration calibration.npz``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from transforms.restore.confidence import NUMBERS

MODELS = Path(__file__).resolve().parents[1] / "models"


def reader(args: argparse.Namespace) -> dict[str, np.ndarray]:
    seams, grams = np.load(args.seams), np.load(args.grams)
    networks = [dict(np.load(path)) for path in args.reader]
    held = {k: v.astype(np.float16) for k, v in networks[0].items() if k.startswith("join.")}
    for name in sorted(networks[0].keys() - held.keys()):
        held |= packed(name, np.stack([n[name] for n in networks]), least=3)
    held["themes"] = np.load(args.topics)["themes"]
    held |= dict(np.load(args.lines))
    for key in seams.files:
        if key.startswith(("left.", "right.")):
            held[f"seam_{key}"] = seams[key].astype(np.float16)
    held["embed.weight"] = seams["embed.weight"].astype(np.float16)
    counted = {"grams": grams["entries"], "grams_taken": grams["taken"], "grams_total": grams["total"]}
    return held | {"alphabet": seams["alphabet"]} | counted


def continuation(args: argparse.Namespace) -> dict[str, np.ndarray]:
    held: dict[str, np.ndarray] = {}
    for name, value in np.load(args.encoders).items():
        held |= {name: value} if name == "alphabet" else packed(name, value)
    return held


def packed(name: str, value: np.ndarray, least: int = 2) -> dict[str, np.ndarray]:
    """Matrices, which have ``least`` dimensions, as 8-bit numbers, each row with its scale; the rest in half precision."""
    if value.ndim < least:
        return {name: value.astype(np.float16)}
    scale = np.maximum(np.abs(value).max(axis=-1), 1e-8) / 127
    return {name: np.round(value / scale[..., None]).astype(np.int8), f"{name}/scale": scale.astype(np.float32)}


def judgement(args: argparse.Namespace) -> dict[str, np.ndarray]:
    fitted = np.load(args.calibration)["confidence"] if args.calibration else np.zeros(NUMBERS)
    return {**np.load(args.decks), "confidence": fitted}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    for make, needed in (
        (reader, ("--seams", "--grams", "--topics", "--lines", "--reader")),
        (continuation, ("--encoders",)),
        (judgement, ("--decks",)),
    ):
        kind = kinds.add_parser(make.__name__)
        kind.set_defaults(make=make)
        for name in needed:
            kind.add_argument(name, type=Path, required=True, nargs="+" if name == "--reader" else None)
        kind.add_argument("--out", type=Path, default=MODELS / f"{make.__name__}.npz")
    kinds.choices["judgement"].add_argument("--calibration", type=Path, help="from training/calibrate.py")
    args = parser.parse_args()
    np.savez_compressed(args.out, **args.make(args))
    print(args.out, args.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
