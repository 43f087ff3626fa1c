"""Whatever is done to a page, each of its characters is told once, and reading it again gives the same."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet.steps.reading import Reader
from transforms.model import Article, Issue, Page, Reading
from transforms.segment.style import general_style

SAMPLE = Path(__file__).parents[2] / "samples" / "yunzhou-daily" / "2026-01-15"
TEXTS = [p.read_text("utf-8") for p in sorted(SAMPLE.glob("page-*.txt"))]
STYLE = general_style()
LISTS = (STYLE.papers, STYLE.ranks, STYLE.roles, STYLE.signs, STYLE.tails, STYLE.jump_to, STYLE.jump_from)
MARKS = {c for words in LISTS for word in words for c in word} | set(
    "第版0123456789０１２３４５６７８９一二三四五六七八九十AB"
)
DESK = re.compile(rf"(?:责任)?(?:{'|'.join(STYLE.desk)})[：: ][一-鿿]{{2,3}}")
LOOSE = st.text(
    st.sampled_from("　 \n\f，。：“”（）□记者通讯员下转上接版本报讯第1２责编校对云州春天的A1\u3000\u200b\ud83d\ude00"),
    max_size=120,
)


def issue_of(*texts: str) -> Issue:
    pages = tuple(Page(n, text, f"page-{n:02d}.txt") for n, text in enumerate(texts, 1))
    return Issue("yunzhou-daily", date(2026, 1, 15), pages)


def account(issue: Issue, reading: Reading) -> None:
    """Every character of every page in exactly one fate, and every article's text from the source it names."""
    for page in issue.pages:
        told = [0] * len(page.text)
        for span, _ in reading.fates:
            if span.page == page.number:
                for at in range(span.start, span.end):
                    told[at] += 1
        assert set(told) <= {1}
    texts = {p.number: p.text for p in issue.pages}
    for article in reading.articles:
        source = "".join(texts[s.page][s.start : s.end] for s in article.spans)
        assert all(c in source for paragraph in article.body for c in paragraph.text.replace(" ", ""))
    assert reading.account()["total"] == sum(len(p.text) for p in issue.pages)


def missing(issue: Issue, article: Article) -> set[str]:
    """Characters that the article's runs of the source hold and it and its marks do not; the desk is no writer."""
    texts = {p.number: p.text for p in issue.pages}
    source = "".join(texts[s.page][s.start : s.end] for s in article.spans)
    source = DESK.sub("", source)
    kept = f"{article.headline * 2}{article.kicker}{article.label}{article.subhead}{article.text}{article.dateline}"
    kept += "".join(f"{c.name}{c.role}" for c in article.byline)
    return {c for c in Counter(source) - Counter(kept) if c.isalnum() and c not in MARKS}


def mutilated(text: str, seed: int, cuts: int, lost: int) -> str:
    """The page's pieces in another order, some cut in two, some lost."""
    rng = random.Random(seed)  # noqa: S311 - a seeded shuffle, no secret
    pieces = text.split("\n\n")
    for _ in range(cuts):
        n = rng.randrange(len(pieces))
        at = rng.randint(0, len(pieces[n]))
        pieces[n : n + 1] = [pieces[n][:at], pieces[n][at:]]
    rng.shuffle(pieces)
    return "\n\n".join(pieces[lost:])


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 12), st.integers(0, 8))
@example(17301, 6, 2)  # a subhead without a headline above a story that jumps
@example(17302, 5, 1)  # another, torn behind a role
@example(291302, 8, 0)  # the same below a text, torn behind 责任编辑：
@example(334, 9, 0)  # a torn line of the desk above a story
def test_permuted_and_mutilated_pages_are_accounted_for(seed: int, cuts: int, lost: int) -> None:
    issue = issue_of(*(mutilated(text, seed + n, cuts, lost) for n, text in enumerate(TEXTS)))
    reading = Reader.load().read(issue)
    account(issue, reading)
    assert not [gone for article in reading.articles if (gone := missing(issue, article))]
    assert reading == Reader.load().read(issue)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(LOOSE, min_size=1, max_size=3))
def test_any_text_is_accounted_for(texts: list[str]) -> None:
    issue = issue_of(*texts)
    account(issue, Reader.load().read(issue))


def test_an_issue_without_a_page_has_no_article() -> None:
    assert not Reader.load().read(issue_of()).articles
