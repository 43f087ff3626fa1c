"""Train and measure the section classifier: ``python -m training.train_sections TEXTS [--write] [--picture]``.

TEXTS is a JSON Lines file of labelled articles (headline, byline, dateline, text, section). Multinomial logistic
regression with a Gaussian prior, by L-BFGS from zeros: the optimum is unique, so the same texts give the same model.
The prior's centre is not always zero: ``PRIORS`` says what every desk knows and 111 texts cannot teach.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from training.picture import reliability_svg
from transforms.classify.form import features
from transforms.model import Article, Credit, Paragraph, Section

SECTIONS = tuple(Section)
REPEATS, FOLDS = 10, 5
PENALTY = 1.0
PRIORS: dict[tuple[str, Section], float] = {
    ("the headline is a comment column's name", Section.COMMENTARY): 2.5,
    ("the headline names a comment column", Section.COMMENTARY): 0.7,
    ("the headline offers posts", Section.OTHER): 1.0,
    ("the headline is a proclamation", Section.OTHER): 1.0,
    ("the headline is a rule, plan or report", Section.OTHER): 0.5,
    ("the headline says a course opens or ends", Section.TRAINING_NOTICE): 1.5,
    ("the headline speaks of training", Section.TRAINING_NOTICE): 0.5,
    ("a news lead mark", Section.BRIEF): 0.7,
    ("opens as an outlet's own report (本报讯)", Section.BRIEF): 2.0,
    ("the headline names a portrait or record", Section.FEATURE): 0.7,
}
Keep = Callable[[str], bool]


@dataclass(frozen=True)
class Fit:
    names: list[str]
    weights: np.ndarray  # features x sections
    bias: np.ndarray
    means: np.ndarray


def article_of(record: dict) -> Article:
    """A labelled text as the pipeline would hand it over: a paragraph a line."""
    body = tuple(Paragraph(line) for line in record["text"].split("\n") if line.strip())
    byline = tuple(Credit(name) for name in record["byline"])
    return Article(record["headline"], body, byline=byline, dateline=record.get("dateline") or "")


def read_texts(path: Path) -> tuple[list[dict[str, float]], np.ndarray]:
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    labels = np.array([SECTIONS.index(Section(record["section"])) for record in records])
    return [features(article_of(record)) for record in records], labels


def matrix(found: Sequence[dict[str, float]], names: Sequence[str]) -> np.ndarray:
    return np.array([[row.get(name, 0.0) for name in names] for row in found])


def fit(found: Sequence[dict[str, float]], labels: np.ndarray, penalty: float = PENALTY, keep: Keep = bool) -> Fit:
    """The most probable weights given texts, balanced by section (to the root: rare ones are not shouted up)."""
    names = sorted({name for row in found for name in row if keep(name)} | {name for name, _ in PRIORS if keep(name)})
    x, means = matrix(found, names), matrix(found, names).mean(axis=0)
    centre = np.zeros((len(names), len(SECTIONS)))
    for (name, section), value in PRIORS.items():
        if keep(name):
            centre[names.index(name), SECTIONS.index(section)] = value
    counts = np.bincount(labels, minlength=len(SECTIONS))
    share = np.sqrt(len(labels) / (len(SECTIONS) * np.maximum(counts, 1)))[labels]
    target = np.eye(len(SECTIONS))[labels]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        table = flat.reshape(len(names) + 1, -1)
        shift, bias = table[:-1] - centre, table[-1]
        odds = log_softmax((x - means) @ table[:-1] + bias)
        miss = share[:, None] * (np.exp(odds) - target)
        slope = np.vstack([(x - means).T @ miss + penalty * shift, miss.sum(axis=0) + 0.01 * bias])
        value = (
            -(share * (odds * target).sum(axis=1)).sum() + 0.5 * penalty * (shift**2).sum() + 0.005 * (bias**2).sum()
        )
        return value, slope.ravel()

    start = np.vstack([centre, np.zeros(len(SECTIONS))]).ravel()
    table = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x.reshape(len(names) + 1, -1)
    return Fit(names, table[:-1], table[-1] - means @ table[:-1], means)


def log_softmax(scores: np.ndarray) -> np.ndarray:
    top = scores - scores.max(axis=1, keepdims=True)
    return top - np.log(np.exp(top).sum(axis=1, keepdims=True))


def folds(labels: np.ndarray, seed: int) -> np.ndarray:
    """The fold of each text: every section is dealt out evenly."""
    order, dealt = np.random.default_rng(seed), np.zeros(len(labels), int)
    for section in range(len(SECTIONS)):
        at = order.permutation(np.flatnonzero(labels == section))
        dealt[at] = (np.arange(len(at)) + order.integers(FOLDS)) % FOLDS
    return dealt


def held_out(
    found: Sequence[dict[str, float]], labels: np.ndarray, penalty: float = PENALTY, keep: Keep = bool
) -> np.ndarray:
    """Scores of each text by a model that never saw it: repeats x texts x sections."""
    scores = np.zeros((REPEATS, len(labels), len(SECTIONS)))
    for seed in range(REPEATS):
        dealt = folds(labels, seed)
        for fold in range(FOLDS):
            rest, mine = np.flatnonzero(dealt != fold), np.flatnonzero(dealt == fold)
            model = fit([found[i] for i in rest], labels[rest], penalty, keep)
            scores[seed, mine] = matrix([found[i] for i in mine], model.names) @ model.weights + model.bias
    return scores


def macro_f1(labels: np.ndarray, said: np.ndarray) -> float:
    return float(np.mean(section_f1(labels, said)))


def section_f1(labels: np.ndarray, said: np.ndarray) -> list[float]:
    table = confusion(labels, said)
    return [2 * table[i, i] / max(table[i].sum() + table[:, i].sum(), 1) for i in range(len(SECTIONS))]


def confusion(labels: np.ndarray, said: np.ndarray) -> np.ndarray:
    """Rows: what the reader said; columns: what the model said."""
    table = np.zeros((len(SECTIONS), len(SECTIONS)))
    np.add.at(table, (labels, said), 1)
    return table


def best_temperature(scores: np.ndarray, labels: np.ndarray) -> float:
    """The divisor under which held-out texts are likeliest."""
    flat, truth = scores.reshape(-1, len(SECTIONS)), np.tile(labels, len(scores))
    loss = lambda log_t: -log_softmax(flat / np.exp(log_t))[np.arange(len(truth)), truth].mean()  # noqa: E731 - a formula
    return float(np.exp(minimize_scalar(loss, bounds=(-2, 2), method="bounded").x))


def reliability(
    scores: np.ndarray, labels: np.ndarray, temperature: float
) -> tuple[list[tuple[float, float, int]], float]:
    """Per band of confidence: mean confidence, share right, verdicts; and the expected calibration error."""
    chance = np.exp(log_softmax(scores.reshape(-1, len(SECTIONS)) / temperature))
    sure, right = chance.max(axis=1), chance.argmax(axis=1) == np.tile(labels, len(scores))
    bands = []
    for low, high in ((0, 0.4), (0.4, 0.5), (0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.01)):
        band = (sure >= low) & (sure < high)
        if band.any():
            bands.append((float(sure[band].mean()), float(right[band].mean()), int(band.sum())))
    return bands, sum(abs(s - r) * n for s, r, n in bands) / len(sure)


def write(model: Fit, temperature: float, path: Path) -> None:
    rows = {name: [round(float(w), 4) for w in row] for name, row in zip(model.names, model.weights, strict=True)}
    means = {name: round(float(mean), 4) for name, mean in zip(model.names, model.means, strict=True)}
    bias = [round(float(b), 4) for b in model.bias]
    data = {
        "sections": list(SECTIONS),
        "temperature": round(temperature, 4),
        "bias": bias,
        "weights": rows,
        "means": means,
    }
    path.write_text(json.dumps(data, ensure_ascii=False, indent=0) + "\n", "utf-8")


def report(found: list[dict[str, float]], labels: np.ndarray, scores: np.ndarray) -> None:
    each = [macro_f1(labels, row.argmax(axis=1)) for row in scores]
    temperature = best_temperature(scores, labels)
    print(f"macro-F1 {np.mean(each):.3f} (repeats {min(each):.3f} to {max(each):.3f}), temperature {temperature:.2f}")
    print(
        "by section",
        dict(
            zip(
                SECTIONS,
                np.round(np.mean([section_f1(labels, r.argmax(1)) for r in scores], axis=0), 3).tolist(),
                strict=True,
            )
        ),
    )
    print(
        "confusion, mean of repeats\n",
        np.mean([confusion(labels, row.argmax(axis=1)) for row in scores], axis=0).round(1),
    )
    bands, error = reliability(scores, labels, temperature)
    print(f"expected calibration error {error:.3f}")
    for sure, right, count in bands:
        print(f"  says {sure:.2f}  right {right:.2f}  of {count}")


ABLATIONS: dict[str, Keep] = {
    "no single words": lambda name: not name.startswith("says "),
    "words and families only": lambda name: name.startswith(("says ", "much that ")),
    "no headline": lambda name: "headline" not in name,
    "no opening or closing": lambda name: not any(k in name for k in ("lead", "end", "opens", "signed")),
    "no families": lambda name: not name.startswith("much that "),
}


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("texts", type=Path)
    args.add_argument("--write", type=Path, help="write the model of all texts here")
    args.add_argument("--ablate", action="store_true")
    args.add_argument("--decisions", type=Path, help="further texts: what `broadsheet decisions` printed")
    args.add_argument("--picture", type=Path, help="draw the reliability plot here, as SVG")
    chosen = args.parse_args()
    found, labels = read_texts(chosen.texts)
    if chosen.decisions:
        more, theirs = read_texts(chosen.decisions)
        found, labels = found + more, np.concatenate([labels, theirs])
    scores = held_out(found, labels)
    report(found, labels, scores)
    for name, keep in ABLATIONS.items() if chosen.ablate else ():
        print(
            name, round(float(np.mean([macro_f1(labels, s.argmax(1)) for s in held_out(found, labels, keep=keep)])), 3)
        )
    if chosen.picture:
        bands, _ = reliability(scores, labels, best_temperature(scores, labels))
        chosen.picture.write_text(reliability_svg(bands, "Sections: said and right"), "utf-8")
    if chosen.write:
        write(fit(found, labels), best_temperature(scores, labels), chosen.write)


if __name__ == "__main__":
    main()
