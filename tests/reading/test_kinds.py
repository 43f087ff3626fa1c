"""The bench of kinds that ships with the repository: how many of them are read without a fault is pinned."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from broadsheet.steps.reading import Reader
from tests.reading.kinds import PageKind, kinds
from transforms.model import Article, Issue, Page

pytestmark = pytest.mark.slow  # it takes seconds

FLOOR = 24


def squash(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def faults(kind: PageKind, articles: tuple[Article, ...]) -> list[str]:
    """What is wrong: a story's fields, and what stands in a story though it stands apart on the page."""
    read = {squash(a.headline): a for a in articles}
    out = []
    for story in kind.stories:
        found = read.get(squash(story.headline))
        if found is None:
            out.append(f"{story.headline}: not found")
            continue
        pairs = {
            "body": (squash(found.text), squash("".join(story.body))),
            "kicker": (squash(found.kicker), squash(story.kicker)),
            "label": (squash(found.label), squash(story.label)),
            "subhead": (squash(found.subhead), squash(story.subhead)),
            "byline": (sorted(c.name for c in found.byline), sorted(story.byline)),
        }
        out += [f"{story.headline}: {field}" for field, (got, wanted) in pairs.items() if got != wanted]
        whole = squash(f"{found.kicker}{found.headline}{found.subhead}{found.text}")
        out += [f"{story.headline}: holds {line}" for line in kind.apart if squash(line) in whole]
    return out


def test_the_kinds_do_not_fall() -> None:
    reader, wrong = Reader.load(), {}
    for kind in kinds():
        pages = tuple(Page(n, "\n\n".join(lines), f"page-{n:02}.txt") for n, lines in enumerate(kind.pages, 1))
        if found := faults(kind, reader.read(Issue("kinds", date(2026, 1, 15), pages)).articles):
            wrong[kind.name] = found
    passed = sum(1 for _ in kinds()) - len(wrong)
    assert passed >= FLOOR, "\n".join(f"{name}: {'; '.join(found)}" for name, found in wrong.items())
