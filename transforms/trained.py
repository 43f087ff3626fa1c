"""All that was learnt, loaded together: the reader's networks and the section classifier."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from transforms.classify import SectionModel, load_sections
from transforms.restore.alphabet import Alphabet
from transforms.restore.evidence import Floats, Towers
from transforms.restore.features import Evidence
from transforms.restore.network import Weights
from transforms.restore.ngrams import NGrams

MODEL = Path(__file__).resolve().parents[1] / "models" / "reader.npz"


@dataclass(frozen=True)
class Models:
    """All that was learnt: what reads characters, what orders pieces, what tells sections."""

    evidence: Evidence
    weights: Weights
    sections: SectionModel


def load_models(path: Path = MODEL) -> Models:
    """Load from one file. Raises FileNotFoundError where the package came without its models."""
    with np.load(path) as stored:
        held = {k: stored[k] for k in stored.files}
    sides = {
        side: tuple(held.pop(f"{side}.{k}") for k in ("0.weight", "0.bias", "2.weight", "2.bias"))
        for side in ("seam_left", "seam_right")
    }
    left, right = sides["seam_left"], sides["seam_right"]
    towers = Towers(held.pop("embed.weight").astype(np.float32), _four(left), _four(right))
    grams = NGrams(held.pop("grams"), int(held.pop("grams_total")))
    alphabet = Alphabet(str(held.pop("alphabet")))
    evidence = Evidence(alphabet, grams, towers, held.pop("themes").astype(np.float32))
    return Models(evidence, {k: v.astype(np.float32) for k, v in held.items()}, load_sections())


def _four(layers: tuple[Floats, ...]) -> tuple[Floats, Floats, Floats, Floats]:
    a, b, c, d = (x.astype(np.float32) for x in layers)
    return a, b, c, d
