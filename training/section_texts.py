"""Texts from elsewhere that the section classifier learns from: stories of the corpora, and invented ones.

``section_labels.txt`` says which stories of the corpora one reader labelled, by digest: none of their wording is in the
project. ``section_texts.txt`` holds invented texts, a line each: section, headline, and paragraphs with / between them.
They show what the corpora lack: courses, notices, verse, adverts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from training.corpus import Story, stories
from transforms.model import Article, Paragraph, Section

LABELS = Path(__file__).with_name("section_labels.txt")
INVENTED = Path(__file__).with_name("section_texts.txt")
FILES = ("press_local", "press_other", "press_misc")
UNSURE = 0.4  # what a label counts that the reader marked with ?


@dataclass(frozen=True)
class LabelledArticle:
    article: Article
    section: Section
    trust: float = 1.0


def digest(story: Story) -> str:
    return hashlib.sha256("\n".join((story.headline, *story.body)).encode()).hexdigest()[:12]


def labelled_stories() -> list[LabelledArticle]:
    """The labelled stories in the order of the corpora. Raises FileNotFoundError if the corpora are absent."""
    labels = dict(line.split() for line in LABELS.read_text("utf-8").splitlines())
    found = []
    for story in stories(FILES):
        if label := labels.pop(digest(story), ""):
            trust = UNSURE if label.endswith("?") else 1.0
            found.append(LabelledArticle(_article(story), Section(label.rstrip("?")), trust))
    return found


def invented() -> list[LabelledArticle]:
    rows = [line.split("|", 2) for line in INVENTED.read_text("utf-8").splitlines()]
    return [
        LabelledArticle(Article(headline, tuple(map(Paragraph, body.split("/")))), Section(section))
        for section, headline, body in rows
    ]


def _article(story: Story) -> Article:
    """A subhead is read as part of the headline: in the corpora hardly any but portraits have one, which is no rule."""
    headline = " ".join(part for part in (story.kicker, story.headline, story.subhead) if part)
    return Article(headline, tuple(map(Paragraph, story.body)))
