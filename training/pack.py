"""Put what was trained into the files that ship, in models/.

``python -m training.pack reader --seams seams.npz --grams ngrams.npz --topics topics.npz --lines lines.npz
--reader reader.npz``: the networks with the evidence that they read, into reader.npz.
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
    seams, grams, net = np.load(args.seams), np.load(args.grams), np.load(args.reader)
    held = {k: net[k].astype(np.float16) for k in net.files}
    held["themes"] = np.load(args.topics)["themes"]
    held |= dict(np.load(args.lines))
    for key in seams.files:
        if key.startswith(("left.", "right.")):
            held[f"seam_{key}"] = seams[key].astype(np.float16)
    held["embed.weight"] = seams["embed.weight"].astype(np.float16)
    return held | {"alphabet": seams["alphabet"], "grams": grams["table"], "grams_total": grams["total"]}


def continuation(args: argparse.Namespace) -> dict[str, np.ndarray]:
    """Matrices as 8-bit numbers, each row with its scale; all else in half precision."""
    held: dict[str, np.ndarray] = {}
    for name, value in np.load(args.encoders).items():
        if value.ndim < 2:
            held[name] = value if name == "alphabet" else value.astype(np.float16)
            continue
        scale = np.maximum(np.abs(value).max(axis=1), 1e-8) / 127
        held[name] = np.round(value / scale[:, None]).astype(np.int8)
        held[f"{name}/scale"] = scale.astype(np.float32)
    return held


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
            kind.add_argument(name, type=Path, required=True)
        kind.add_argument("--out", type=Path, default=MODELS / f"{make.__name__}.npz")
    kinds.choices["judgement"].add_argument("--calibration", type=Path, help="from training/calibrate.py")
    args = parser.parse_args()
    np.savez_compressed(args.out, **args.make(args))
    print(args.out, args.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
