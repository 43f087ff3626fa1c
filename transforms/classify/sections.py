"""The section of an article, its confidence and the evidence: a linear model from a JSON file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import exp
from pathlib import Path

from transforms.classify.form import features
from transforms.model import Article, Section, SectionReason, Verdict
from transforms.shipped import shipped

DEFAULT = shipped("models") / "sections.json"
VOICES = 6  # pieces of evidence that editors are shown


@dataclass(frozen=True, slots=True)
class SectionModel:
    """Log odds by feature name: ``weights[name]`` and ``bias`` have one number for each of ``sections``.

    ``means``: average features of the training texts; evidence is what sets an article apart from them.
    ``temperature`` divides the logits, so that a confidence of 0.8 is right eight times in ten.
    """

    sections: tuple[Section, ...]
    bias: tuple[float, ...]
    weights: dict[str, tuple[float, ...]]
    means: dict[str, float]
    temperature: float


def load_sections(path: Path | None = None) -> SectionModel:
    """The model in ``path``, or the shipped one. Raises OSError if there is none, KeyError or ValueError if it is
    not a model.
    """
    data = json.loads((path or DEFAULT).read_text("utf-8"))
    sections = tuple(Section(name) for name in data["sections"])
    weights = {name: tuple(map(float, row)) for name, row in data["weights"].items()}
    bias = tuple(map(float, data["bias"]))
    if any(len(row) != len(sections) for row in (bias, *weights.values())):
        raise ValueError(f"each row must have {len(sections)} numbers, one a section")
    means = {name: float(data["means"][name]) for name in weights}
    return SectionModel(sections, bias, weights, means, float(data["temperature"]))


def classify(article: Article, model: SectionModel) -> Verdict:
    """The most likely section; of equals the first in the model's order."""
    found = features(article)
    scores = [score / model.temperature for score in logits(found, model)]
    best = max(range(len(scores)), key=scores.__getitem__)
    total = sum(exp(score - scores[best]) for score in scores)
    return Verdict(model.sections[best], 1 / total, evidence=_evidence(found, model, best))


def logits(found: dict[str, float], model: SectionModel) -> list[float]:
    """Each section's score before calibration, in the model's order."""
    scores = list(model.bias)
    for what, value in found.items():
        if row := model.weights.get(what):
            for at, weight in enumerate(row):
                scores[at] += weight * value
    return scores


def _evidence(found: dict[str, float], model: SectionModel, best: int) -> tuple[SectionReason, ...]:
    """What spoke loudest for the section, in log-odds over an average article; for it only, loudest first."""
    spoken = []
    for what, value in found.items():
        if row := model.weights.get(what):
            odds = (value - model.means[what]) * (row[best] - sum(row) / len(row)) / model.temperature
            spoken.append((odds, what))
    spoken.sort(key=lambda pair: (-pair[0], pair[1]))
    return tuple(SectionReason(what, round(odds, 3)) for odds, what in spoken[:VOICES] if odds > 0)
