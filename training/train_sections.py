"""Train and measure the section classifier: ``python -m training.train_sections TEXTS [--write] [--picture]``.

TEXTS is a JSON Lines file of labelled articles (headline, byline, dateline, text, section). Multinomial logistic
regression with a Gaussian prior, by L-BFGS: the optimum is unique, so the same texts give the same model.
The prior's centre is not always zero: ``PRIORS`` says what every desk knows and 111 texts cannot teach.

Texts from elsewhere (``training.section_texts``) are learnt from too, and never measured on. They count less, and those
of the corpora have biases of their own: what a portal calls news is another mix of sections than a local paper's.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from training.picture import reliability_svg
from training.section_texts import LabelledArticle, invented, labelled_stories
from transforms.classify.families import TRAITS
from transforms.classify.form import features
from transforms.model import Article, Credit, Paragraph, Section

SECTIONS = tuple(Section)
REPEATS, FOLDS = 10, 5
PENALTY = 1.0
ELSEWHERE = 0.3  # what a text from elsewhere counts, beside one of TEXTS
BIAS_PENALTY, OWN_BIAS_PENALTY = 0.01, 0.1
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
LEAD_MARK = re.compile(
    r"^\W*[^。，]{0,26}?(?:讯|电|本报消息|报道)\s*(?:[（(][^）)]{0,60}[）)])?[\s：:]*"
    r"|^[（(][^）)]{0,40}(?:记者|通讯员)[^）)]{0,60}[）)]\s*"
)


@dataclass(frozen=True)
class Texts:
    """Labelled texts as features. ``trust``: 1, or less if the label is unsure. ``own_bias``: another mix of sections."""

    found: list[dict[str, float]]
    labels: np.ndarray
    trust: np.ndarray
    share: float = 1.0
    own_bias: bool = False

    def __getitem__(self, at: np.ndarray) -> Texts:
        return replace(self, found=[self.found[i] for i in at], labels=self.labels[at], trust=self.trust[at])

    def __add__(self, more: Texts) -> Texts:
        labels, trust = np.concatenate([self.labels, more.labels]), np.concatenate([self.trust, more.trust])
        return replace(self, found=self.found + more.found, labels=labels, trust=trust)

    @property
    def weights(self) -> np.ndarray:
        """Balanced by section (to the root: rare ones are not shouted up)."""
        mass = np.bincount(self.labels, self.trust, len(SECTIONS))
        balance = np.sqrt(self.trust.sum() / (len(SECTIONS) * np.maximum(mass, 1)))
        return self.share * self.trust * balance[self.labels]


@dataclass(frozen=True)
class Fit:
    names: list[str]
    weights: np.ndarray  # features x sections
    bias: np.ndarray
    means: np.ndarray

    def scores(self, found: Sequence[dict[str, float]]) -> np.ndarray:
        return matrix(found, self.names) @ self.weights + self.bias


def article_of(record: dict) -> Article:
    """A labelled text as the pipeline would hand it over: a paragraph a line."""
    body = tuple(Paragraph(line) for line in record["text"].split("\n") if line.strip())
    byline = tuple(Credit(name) for name in record["byline"])
    return Article(record["headline"], body, byline=byline, dateline=record.get("dateline") or "")


def as_printed(article: Article) -> Article:
    return article


def without_marks(article: Article) -> Article:
    """Without byline, dateline and the mark that opens the lead: 本报讯（记者 …）."""
    body = article.body
    if body and (told := LEAD_MARK.sub("", body[0].text, count=1)):
        body = (Paragraph(told), *body[1:])
    return replace(article, body=body, byline=(), dateline="")


def without_headline(article: Article) -> Article:
    return replace(article, headline="")


def read_texts(path: Path, form: Callable[[Article], Article] = as_printed) -> Texts:
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return _texts([LabelledArticle(form(article_of(record)), Section(record["section"])) for record in records])


def elsewhere() -> list[Texts]:
    """Stories of the corpora, and invented texts. Raises FileNotFoundError if the corpora are absent."""
    return [
        replace(_texts(labelled_stories()), share=ELSEWHERE, own_bias=True),
        replace(_texts(invented()), share=ELSEWHERE),
    ]


def _texts(labelled: Sequence[LabelledArticle]) -> Texts:
    labels = np.array([SECTIONS.index(one.section) for one in labelled])
    return Texts([features(one.article) for one in labelled], labels, np.array([one.trust for one in labelled]))


def matrix(found: Sequence[dict[str, float]], names: Sequence[str]) -> np.ndarray:
    return np.array([[row.get(name, 0.0) for name in names] for row in found])


def fit(groups: Sequence[Texts], penalty: float = PENALTY, keep: Keep = bool) -> Fit:
    """The most probable weights given texts; evidence is told against the average of the first group."""
    found = [row for group in groups for row in group.found]
    names = sorted({name for row in found for name in row if keep(name)} | {name for name, _ in PRIORS if keep(name)})
    means = matrix(groups[0].found, names).mean(axis=0)
    x = matrix(found, names) - means
    share = np.concatenate([group.weights for group in groups])[:, None]
    target = np.eye(len(SECTIONS))[np.concatenate([group.labels for group in groups])]
    other = np.concatenate([np.full((len(group.labels), 1), float(group.own_bias)) for group in groups])
    centre = np.zeros((len(names), len(SECTIONS)))
    for (name, section), value in PRIORS.items():
        if keep(name):
            centre[names.index(name), SECTIONS.index(section)] = value

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        table = flat.reshape(len(names) + 2, -1)
        shift, bias, own = table[:-2] - centre, table[-2], table[-1]
        odds = log_softmax(x @ table[:-2] + bias + other * own)
        miss = share * (np.exp(odds) - target)
        slope = np.vstack(
            [
                x.T @ miss + penalty * shift,
                miss.sum(axis=0) + BIAS_PENALTY * bias,
                (other * miss).sum(axis=0) + OWN_BIAS_PENALTY * own,
            ]
        )
        prior = penalty * (shift**2).sum() + BIAS_PENALTY * (bias**2).sum() + OWN_BIAS_PENALTY * (own**2).sum()
        return 0.5 * prior - (share * odds * target).sum(), slope.ravel()

    start = np.vstack([centre, np.zeros((2, len(SECTIONS)))]).ravel()
    table = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x.reshape(len(names) + 2, -1)
    return Fit(names, table[:-2], table[-2] - means @ table[:-2], means)


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
    texts: Texts,
    beside: Sequence[Texts] = (),
    penalty: float = PENALTY,
    keep: Keep = bool,
    repeats: int = REPEATS,
    judged: Texts | None = None,
) -> np.ndarray:
    """Scores of each text by a model that never saw it: repeats x texts x sections.

    ``judged``: the same texts in another form, if models are to judge them in that form.
    """
    scores = np.zeros((repeats, len(texts.labels), len(SECTIONS)))
    for seed in range(repeats):
        dealt = folds(texts.labels, seed)
        for fold in range(FOLDS):
            rest, mine = np.flatnonzero(dealt != fold), np.flatnonzero(dealt == fold)
            scores[seed, mine] = fit([texts[rest], *beside], penalty, keep).scores((judged or texts)[mine].found)
    return scores


def macro_f1(labels: np.ndarray, said: np.ndarray) -> float:
    return float(np.mean(section_f1(labels, said)))


def mean_f1(labels: np.ndarray, scores: np.ndarray) -> float:
    """Macro-F1, the mean of repeats."""
    return float(np.mean([macro_f1(labels, row.argmax(axis=1)) for row in scores]))


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


def report(labels: np.ndarray, scores: np.ndarray) -> None:
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


TRAIT_NAMES = {what for what, _ in TRAITS}
ABLATIONS: dict[str, Keep] = {
    "no single words": lambda name: not name.startswith("says "),
    "words and families only": lambda name: name.startswith(("says ", "much that ")),
    "no headline": lambda name: "headline" not in name,
    "no opening or closing": lambda name: not any(k in name for k in ("lead", "end", "opens", "signed")),
    "no families": lambda name: not name.startswith("much that "),
    "no traits": lambda name: name not in TRAIT_NAMES,
}


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("texts", type=Path)
    args.add_argument("--alone", action="store_true", help="learn from TEXTS only, without the corpora")
    args.add_argument("--write", type=Path, help="write the model of all texts here")
    args.add_argument("--ablate", action="store_true")
    args.add_argument("--decisions", type=Path, help="further texts: what `broadsheet decisions` printed")
    args.add_argument("--picture", type=Path, help="draw the reliability plot here, as SVG")
    chosen = args.parse_args()
    texts, beside = read_texts(chosen.texts), [] if chosen.alone else elsewhere()
    if chosen.decisions:
        texts += read_texts(chosen.decisions)
    labels, scores = texts.labels, held_out(texts, beside)
    report(labels, scores)
    if beside:
        said = fit(beside).scores(texts.found).argmax(axis=1)
        print(f"learnt from texts elsewhere only: macro-F1 {macro_f1(labels, said):.3f}")
        print(f"learnt without them: macro-F1 {mean_f1(labels, held_out(texts)):.3f}")
    for name, keep in ABLATIONS.items() if chosen.ablate else ():
        print(f"{name} {mean_f1(labels, held_out(texts, beside, keep=keep)):.3f}")
    for form in (without_marks, without_headline) if chosen.ablate and not chosen.decisions else ():
        judged = read_texts(chosen.texts, form)
        print(f"texts {form.__name__} {mean_f1(labels, held_out(texts, beside, judged=judged)):.3f}")
    if chosen.picture:
        bands, _ = reliability(scores, labels, best_temperature(scores, labels))
        chosen.picture.write_text(reliability_svg(bands, "Sections: said and right"), "utf-8")
    if chosen.write:
        write(fit([texts, *beside]), best_temperature(scores, labels), chosen.write)


if __name__ == "__main__":
    main()
