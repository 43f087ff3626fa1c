"""All that was learnt, loaded together: the reader's networks and the section classifier."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from transforms.classify import SectionModel, load_sections
from transforms.restore.alphabet import Alphabet
from transforms.restore.continuation import Continuation
from transforms.restore.evidence import Floats, Towers, Weights
from transforms.restore.features import Evidence
from transforms.restore.ngrams import NGrams
from transforms.shipped import shipped

MODELS = shipped("models")
MODEL = MODELS / "reader.npz"
CONTINUATION = MODELS / "continuation.npz"
JUDGEMENT = MODELS / "judgement.npz"


@dataclass(frozen=True)
class Models:
    """All that was learnt: what reads characters, what orders pieces, what tells sections.

    ``weights``: the network over pieces and what joins lines. ``judgement``: what judges decks and whole articles
    after it, by name.
    """

    evidence: Evidence
    weights: Weights
    sections: SectionModel
    continuation: Continuation
    judgement: Weights


def load_models(path: Path = MODEL) -> Models:
    """Load from the package's files. Raises FileNotFoundError if the package came without them."""
    evidence, weights = _reader(path)
    with np.load(JUDGEMENT) as stored:
        judgement = {k: stored[k].astype(np.float32) for k in stored.files}
    return Models(evidence, weights, load_sections(), _continuation(), judgement)


def _continuation() -> Continuation:
    """The encoders, whose weights are kept as whole numbers with a scale for each row."""
    with np.load(CONTINUATION) as stored:
        held = {k: stored[k] for k in stored.files}
    alphabet = Alphabet(str(held.pop("alphabet")))
    scales = {k.removesuffix("/scale"): held.pop(k) for k in list(held) if k.endswith("/scale")}
    weights = {
        k: v.astype(np.float32) * scales[k][:, None].astype(np.float32) if k in scales else v.astype(np.float32)
        for k, v in held.items()
    }
    return Continuation(alphabet, weights)


def _reader(path: Path) -> tuple[Evidence, Weights]:
    with np.load(path) as stored:
        held = {k: stored[k] for k in stored.files}
    sides = {
        side: tuple(held.pop(f"{side}.{k}") for k in ("0.weight", "0.bias", "2.weight", "2.bias"))
        for side in ("seam_left", "seam_right")
    }
    left, right = sides["seam_left"], sides["seam_right"]
    towers = Towers(held.pop("embed.weight").astype(np.float32), _four(left), _four(right))
    grams = NGrams(held.pop("grams"), int(held.pop("grams_total")))
    alphabet, themes = Alphabet(str(held.pop("alphabet"))), held.pop("themes").astype(np.float32)
    lines = [held.pop(k).astype(np.float32) for k in ("lines", "lines_bias")]
    evidence = Evidence(alphabet, grams, towers, themes, *lines)
    return evidence, {k: v.astype(np.float32) for k, v in held.items()}


def _four(layers: tuple[Floats, ...]) -> tuple[Floats, Floats, Floats, Floats]:
    a, b, c, d = (x.astype(np.float32) for x in layers)
    return a, b, c, d
