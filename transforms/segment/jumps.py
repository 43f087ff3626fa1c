"""Stories that continue on another page: which rest belongs to which opening."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from transforms.model import Paragraph
from transforms.restore.evidence import Floats
from transforms.restore.lines import ends_sentence
from transforms.segment.draft import Draft
from transforms.segment.headlines import LONGEST_HEADLINE
from transforms.segment.marks import Marks

LEAST_FIT = 1.0
WORDS = 2.0  # weight of the words that a headless rest shares with an opening
SEAM = 0.15  # weight of how well it goes on with an opening: some 15 if it does, half of that if not
CLEARLY = 0.05  # by which one opening has to fit better than the next
UNMARKED_FIT = 1.5  # of an opening without a mark: less than a mark and the same headline
SHORTEST_NAME = 6  # characters of a headline that names its story without a mark
SHORTEST_FORM = 4  # characters of a headline shortened for the page that it goes on at
SAME_PAIRS = 0.6  # share of the pairs of characters of a shortened headline that the whole one has
SHORTEST_PART = 3  # of one that is a piece of the whole


GoingOn = Callable[[list[str], list[str]], Floats]  # how well each right text goes on from its left one


@dataclass(frozen=True)
class Rests:
    """Lines above the mark of a rest (上接1版): those that repeat a headline of the page it names, whole
    or shortened, and those that do not.
    """

    named: frozenset[str] = frozenset()
    strange: frozenset[str] = frozenset()


def rests_of(pages: Mapping[int, Sequence[str]], marks: Mapping[int, Marks]) -> Rests:
    """The lines above the marks of rests, by page. Nothing is known about rests of pages that are missing."""
    named: set[str] = set()
    strange: set[str] = set()
    for number, lines in pages.items():
        for above, mark in pairwise(lines):
            source = marks[number].split_continuation(mark)[1].lstrip("A")
            if not source.isdigit() or int(source) not in pages or int(source) == number:
                continue
            heads = (t for t in pages[int(source)] if len(t) <= LONGEST_HEADLINE)
            (named if any(_is_form(_plain([above]), _plain([t])) for t in heads) else strange).add(above)
    return Rests(frozenset(named), frozenset(strange - named))


def join_jumps(drafts: list[Draft], going_on: GoingOn) -> list[Draft]:
    """Append to each story that jumps the rest on the page that it names.

    A rest is recognised by the page that it names, by its headline (whole, shortened or none), by the sentence that
    continues in it, and without a headline by its words and by how well it goes on with each opening. A rest that
    fits two openings about equally well stays separate.
    """
    pages = {draft.page for draft in drafts}
    for rest in [d for d in drafts if d.continues]:
        fits = [(_fit(d, rest, pages), -n) for n, d in enumerate(drafts) if d is not rest]
        fits = [(fit, n) for fit, n in fits if fit >= LEAST_FIT]
        if not rest.headlines:
            fits = _by_words(fits, drafts, rest, going_on)
        fits.sort()
        if not fits or (len(fits) > 1 and fits[-1][0] - fits[-2][0] < CLEARLY):
            continue
        _append(drafts[-fits[-1][1]], rest)
        drafts = [d for d in drafts if d is not rest]
    return drafts


def _by_words(
    fits: list[tuple[float, int]], drafts: Sequence[Draft], rest: Draft, going_on: GoingOn
) -> list[tuple[float, int]]:
    """The fits of a headless rest, with the share of its pairs of characters that the opening has too, and with how
    well it goes on there.
    """
    texts = ["".join(p.text for p in drafts[-n].body) for _, n in fits]
    own = "".join(p.text for p in rest.body)
    if len(fits) < 2 or not own or not all(texts):
        return fits
    pairs = _pairs(own)
    shares = [len(pairs & _pairs(text)) / max(1, len(pairs)) for text in texts]
    seams = going_on(texts, [own] * len(texts))
    return [
        (fit + WORDS * share + SEAM * float(seam), n) for (fit, n), share, seam in zip(fits, shares, seams, strict=True)
    ]


def _pairs(text: str) -> set[str]:
    return {a + b for a, b in pairwise(text) if a.isalnum() and b.isalnum()}


def _fit(opening: Draft, rest: Draft, pages: Set[int]) -> float:
    """How well a rest goes on what an opening breaks off; below LEAST_FIT it does not.

    A printed page that is not among ``pages`` may be any: the newspaper's numbers are not those of what it sent.
    """
    if opening.page == rest.page:
        return 0
    if not opening.jump_to:  # its mark may be lost, or stand in another story by mistake
        is_named = _same_page(rest.continues, opening.page) and _same_head(opening, rest)
        return UNMARKED_FIT if is_named else 0
    target = opening.jump_to.lstrip("A")
    there = _same_page(target, rest.page) or (target.isdigit() and int(target) not in pages)
    named = (there + _same_page(rest.continues, opening.page)) / 2
    heads = 0.0
    if rest.headlines:
        heads = 2.0 if _alike(opening, rest.headlines) else -0.5
    broken = bool(opening.body) and not ends_sentence(opening.body[-1].text)
    return named + heads + 0.25 * broken


def _same_head(opening: Draft, rest: Draft) -> bool:
    head = _plain(rest.headlines)
    return len(head) >= SHORTEST_NAME and head == _plain(opening.headlines)


def _same_page(name: str, number: int) -> bool:
    """Whether 3 or A3 is page 3; pages of later parts (B3) are known by their stories alone."""
    return name.lstrip("A") == str(number)


def _alike(opening: Draft, shown: list[str]) -> bool:
    """Whether a headline is the opening's, or a short form of it: its characters in the same order."""
    rest = _plain(shown)
    wholes = [_plain(opening.headlines), _plain(opening.kickers + opening.headlines + opening.subheads)]
    return any(_is_form(rest, whole) for whole in wholes)


def _is_form(rest: str, whole: str) -> bool:
    """Whether a headline above a rest is the ``whole`` one or a short form of it, both without their marks.

    A short form keeps its characters in their order, or most pairs of them.
    """
    if not whole or rest == whole:
        return bool(whole)
    if len(rest) >= SHORTEST_PART and rest in whole:
        return True
    if len(rest) < SHORTEST_FORM:
        return False
    own = _pairs(rest)
    return whole in rest or _within(rest, whole) or len(own & _pairs(whole)) >= SAME_PAIRS * len(own)


def _plain(lines: list[str]) -> str:
    return "".join(c for line in lines for c in line if c.isalnum())


def _within(short: str, long: str) -> bool:
    """Whether all characters of a short form stand in the long one in their order."""
    rest = iter(long)
    return all(c in rest for c in short)


def _append(opening: Draft, rest: Draft) -> None:
    """Nothing is left to jump to once the rest is found."""
    body = list(rest.body)
    if not opening.headlines:  # what stands above the rest is all the headline that there is
        opening.headlines = rest.headlines
        opening.kickers = [*opening.kickers, *rest.kickers]
        opening.labels = [*opening.labels, *rest.labels]
        opening.subheads = [*opening.subheads, *rest.subheads]
    if opening.body and body and not ends_sentence(opening.body[-1].text):
        last, first = opening.body[-1], body.pop(0)
        opening.body[-1] = Paragraph(last.text + first.text, (*last.spans, *first.spans), last.kind)
    opening.body += body
    opening.pieces += rest.pieces
    opening.byline += [c for c in rest.byline if c not in opening.byline]
    opening.jump_to = rest.jump_to
    opening.confidence *= rest.confidence
