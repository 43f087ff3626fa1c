"""From pages to articles: restore the reading order, segment, classify. Values in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from transforms.chinese import TRADITIONAL, in_simplified, script_of, simplified
from transforms.classify import SectionModel, classify
from transforms.model import Article, Fate, Issue, Page, Reading, Span
from transforms.restore.chains import adopt, chains_of, refine
from transforms.restore.features import features_of, pieces_of, sheet_of
from transforms.restore.lines import lines_of
from transforms.restore.network import ROLES, confidence_of, joined_lines, score
from transforms.segment.articles import Draft, Part, drafts_of, finish, join_jumps
from transforms.segment.given import given_drafts
from transforms.segment.marks import Marks, marks_of
from transforms.segment.style import HouseStyle, general_style, style_for
from transforms.trained import Models

APART = ("furniture", "caption")


def read_issue(issue: Issue, models: Models, style: HouseStyle | None = None) -> Reading:
    """Restore the articles of an issue, in page order; what jumps to another page is joined there."""
    style = style or general_style()
    given = given_drafts(issue.pages, style)
    marks = {page.number: marks_of(style_for(page.language, style)) for page in issue.pages}
    drafts = [draft for page in issue.pages for draft in _drafts(page, given, models, marks[page.number])]
    spoken = {page.number: page.language for page in issue.pages if page.language != style.language}
    articles = [
        replace(_classified(a, models.sections), language=spoken.get(a.page, "")) for a in finish(join_jumps(drafts))
    ]
    return Reading(tuple(articles), tuple(_fates(issue.pages, articles)), issue.refused)


def _drafts(page: Page, given: Mapping[int, list[Draft]], models: Models, marks: Marks) -> list[Draft]:
    """The articles that open on a page: as the input cut them, or restored."""
    return given[page.number] if page.number in given else _restored(page, models, marks)


def _restored(page: Page, models: Models, marks: Marks) -> list[Draft]:
    sheet = sheet_of(_as_simplified(page), models.evidence)
    joined = joined_lines(sheet, models.evidence, models.weights)
    shown = [replace(p, text=marks.plain(p.text)) for p in pieces_of(sheet, joined)]
    pieces = pieces_of(replace(sheet, lines=lines_of(page)), joined)
    if not pieces:
        return []
    scores = score(features_of(shown, sheet.width, models.evidence), models.weights)
    roles = [ROLES[r] for r in scores.roles.argmax(axis=1)]
    found: list[Draft] = []
    for chain in adopt(refine(chains_of(scores), scores), scores):
        if all(roles[n] in APART for n in chain.pieces):
            continue
        parts = [Part(pieces[n], roles[n], float(scores.opens[n])) for n in chain.pieces]
        found += drafts_of(parts, confidence_of(chain.chances, models.weights), marks)
    return found


def _as_simplified(page: Page) -> Page:
    """A page in the characters that the models were trained on; offsets stay."""
    return replace(page, text=simplified(page.text)) if script_of(page.text) == TRADITIONAL else page


def _classified(article: Article, model: SectionModel) -> Article:
    verdict = classify(in_simplified(article), model)
    return replace(
        article,
        section=verdict.section,
        section_confidence=round(verdict.confidence, 4),
        evidence=verdict.evidence,
    )


def _fates(pages: tuple[Page, ...], articles: list[Article]) -> list[tuple[Span, Fate]]:
    """Every character once: in an article, or furniture."""
    out: list[tuple[Span, Fate]] = []
    taken = sorted((s for a in articles for s in a.spans), key=lambda s: (s.page, s.start))
    for page in pages:
        at = 0
        for span in (s for s in taken if s.page == page.number):
            if span.start > at:
                out.append((Span(page.number, at, span.start), Fate.FURNITURE))
            out.append((span, Fate.ARTICLE))
            at = span.end
        if at < len(page.text):
            out.append((Span(page.number, at, len(page.text)), Fate.FURNITURE))
    return out
