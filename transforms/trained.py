"""All that was learnt, loaded together: the reader's networks and the section classifier."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

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

    ``joiner``: what joins lines. ``networks``: those over pieces, which are asked together. ``judgement``: what judges
    decks and whole articles after them, by name.
    """

    evidence: Evidence
    joiner: Weights
    networks: tuple[Weights, ...]
    sections: SectionModel
    continuation: Continuation
    judgement: Weights


def load_models(path: Path = MODEL) -> Models:
    """Load from the package's files. Raises FileNotFoundError if the package came without them."""
    evidence, joiner, networks = _reader(path)
    with np.load(JUDGEMENT) as stored:
        judgement = {k: stored[k].astype(np.float32) for k in stored.files}
    return Models(evidence, joiner, networks, load_sections(), _continuation(), judgement)


def _continuation() -> Continuation:
    with np.load(CONTINUATION) as stored:
        held = {k: stored[k] for k in stored.files}
    alphabet = Alphabet(str(held.pop("alphabet")))
    return Continuation(alphabet, _unpacked(held))


def _unpacked(held: dict[str, NDArray[Any]]) -> dict[str, Floats]:
    """Weights as floats; matrices are stored as 8-bit integers with one scale per row."""
    scales = {k.removesuffix("/scale"): held[k] for k in held if k.endswith("/scale")}
    return {
        k: v.astype(np.float32) * scales[k][..., None].astype(np.float32) if k in scales else v.astype(np.float32)
        for k, v in held.items()
        if not k.endswith("/scale")
    }


def _reader(path: Path) -> tuple[Evidence, Weights, tuple[Weights, ...]]:
    with np.load(path) as stored:
        held = {k: stored[k] for k in stored.files}
    sides = {
        side: tuple(held.pop(f"{side}.{k}") for k in ("0.weight", "0.bias", "2.weight", "2.bias"))
        for side in ("seam_left", "seam_right")
    }
    left, right = sides["seam_left"], sides["seam_right"]
    towers = Towers(held.pop("embed.weight").astype(np.float32), _four(left), _four(right))
    grams = NGrams(held.pop("grams_taken"), held.pop("grams"), int(held.pop("grams_total")))
    alphabet, themes = Alphabet(str(held.pop("alphabet"))), held.pop("themes").astype(np.float32)
    lines = [held.pop(k).astype(np.float32) for k in ("lines", "lines_bias")]
    evidence = Evidence(alphabet, grams, towers, themes, *lines)
    joiner = {k: held.pop(k).astype(np.float32) for k in list(held) if k.startswith("join.")}
    together = _unpacked(held)  # each (networks, ...)
    count = len(next(iter(together.values())))
    return evidence, joiner, tuple({k: v[n] for k, v in together.items()} for n in range(count))


def _four(layers: tuple[Floats, ...]) -> tuple[Floats, Floats, Floats, Floats]:
    a, b, c, d = (x.astype(np.float32) for x in layers)
    return a, b, c, d
