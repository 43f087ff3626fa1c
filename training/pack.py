"""Put the seam towers, the n-gram counts and the networks into the one file that ships: models/reader.npz.

``python -m training.pack --seams seams.npz --grams ngrams.npz --topics topics.npz --lines lines.npz \
    --reader reader.npz \
    --calibration calibration.npz --out models/reader.npz``
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--seams", "--grams", "--topics", "--lines", "--reader", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--calibration", type=Path, help="from training/calibrate.py; without it confidence is a guess")
    args = parser.parse_args()
    seams, grams, reader = np.load(args.seams), np.load(args.grams), np.load(args.reader)
    held = {k: reader[k].astype(np.float16) for k in reader.files}
    held["confidence"] = np.load(args.calibration)["confidence"] if args.calibration else np.zeros(12)
    held["themes"] = np.load(args.topics)["themes"]
    held |= dict(np.load(args.lines))
    for key in seams.files:
        if key.startswith(("left.", "right.")):
            held[f"seam_{key}"] = seams[key].astype(np.float16)
    held["embed.weight"] = seams["embed.weight"].astype(np.float16)
    held |= {"alphabet": seams["alphabet"], "grams": grams["table"], "grams_total": grams["total"]}
    np.savez_compressed(args.out, **held)
    print(args.out, args.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
