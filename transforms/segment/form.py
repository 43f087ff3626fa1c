"""Rules of form, which override what was learned: roles, links, and where a text ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from transforms.repair import HAN
from transforms.restore.features import Piece
from transforms.restore.lines import ends_sentence
from transforms.restore.network import Scores
from transforms.restore.roles import ROLES
from transforms.segment.decks import DECKS, is_slogan
from transforms.segment.headlines import headline_like
from transforms.segment.jumps import Rests
from transforms.segment.linking import CROSSHEAD, HALF, UNLIKELY, WORDY, Links
from transforms.segment.marks import Marks
from transforms.segment.misread import begin_at
from transforms.segment.named_heads import (
    LEAST_HEAD,
    below_label,
    heads_note,
    names_column,
    names_label,
    names_series,
    names_table,
    names_unit,
)
from transforms.segment.page_form import WITHIN, PageForm
from transforms.segment.signatures import ends_text, heads_text, signs_head_below, signs_text_above
from transforms.segment.standing import Standing
from transforms.segment.text_lines import (
    OF_SENTENCES,
    dates_notice,
    goes_on_elsewhere,
    jumps_alone,
    keeps_text,
    row_below_colon,
    row_of_list,
    strange_above_rest,
    tells,
    within_column,
)

LEAST_APART = 0.2  # chance of being a crosshead, for a line without a comma
LEAST_BLOCK = 0.3  # the same of being a head's, for the first line of a block
DATELINES = ("【", "〔", "本报", "本報")  # how leads open that no text has below a crosshead
IN_HALVES = re.compile(rf"[{HAN}]{{4,16}}[\s\u3000][{HAN}]{{4,16}}$")  # 渡口修新路 乡亲得实惠: no text breaks off so
LEAST_CUT = 20  # characters of a text without a comma that shows whether columns cut it
MOST_CUT = 0.05  # share of those that break off on a page in order
OUT_OF_ORDER = np.float32(4.0)  # log chance taken there from links to pieces that stand elsewhere
NO_RESTS = Rests()


def by_form(
    scores: Scores,
    pieces: Sequence[Piece],
    numbers: Sequence[int],
    marks: Marks,
    found: Standing,
    rests: Rests = NO_RESTS,
    *,
    parted: bool = False,
) -> Scores:
    """Scores in which form overrides what was learned.

    For each line the first of ``RULES`` that applies acts; then a text that closes with its writers' names ends there.
    A lead, and the rest of a story from another page, never continue a text. Headlines that were recognised keep their
    learned links, because two can be side by side. The arguments are those of the page: see ``PageForm``.
    """
    links = Links.of(scores)
    page = PageForm(scores, pieces, numbers, marks, found, rests, parted, links)
    for n in page.range:
        any(rule(page, n) for rule in RULES)
        if marks.closes(page.texts[n]) and ends_text(page, n):
            links.close(n)
    begin_at(page.begun, links)
    same = scores.same.copy()
    for n in page.strangers:
        same[n, :] = same[:, n] = 0
    _open_rests(page)
    _begin_nothing_within(page)
    _keep_order(page)
    return replace(
        scores,
        roles=links.roles,
        follows=links.follows,
        back=links.back,
        ends=links.ends,
        starts=links.starts,
        same=same,
    )


def _set_aside(page: PageForm, n: int) -> bool:
    """What is known to be no text of a story: the text goes on behind it."""
    if not page.is_outside(n):
        return False
    if page.role(n) in WORDY:
        page.links.bridge(n)
    page.links.force(n, "furniture" if page.numbers[n] in page.found.furniture else "caption")
    return True


def _credits(page: PageForm, n: int) -> bool:
    """A line of credits, or of names alone between a head and its text."""
    if not page.bylines[n] and not page.names[n]:
        return False
    page.links.force(n, "byline")
    if signs_text_above(page, n):
        page.links.put_below(n)
        page.links.close(n)
        if heads_text(page, n + 1):
            page.links.begin(n + 1, "headline")
    elif signs_head_below(page, n):
        if heads_text(page, n + 1):
            page.links.force(n + 1, "headline")
            page.links.put_above(n + 1)
        page.links.put_above(n)
        page.links.open(n)
    return True


def _verse(page: PageForm, n: int) -> bool:
    """A line of a poem, which follows the one above it."""
    if n not in page.verses:
        return False
    page.links.force(n, "body")
    page.links.put_above(n - 1)
    return True


def _repeats_headline(page: PageForm, n: int) -> bool:
    """A headline of another page above the mark of a rest: the rest is its own."""
    named = page.rests.named
    if not page.is_deck(n) or not page.heads_rest(n) or page.texts[n] not in named:
        return False
    if n and page.texts[n - 1] in named:
        return False
    page.links.put_above(n)
    return True


def _begins_block(page: PageForm, n: int) -> bool:
    """A line that may be a head's and begins a block of lines that goes on with one: blank lines part blocks."""
    if not page.parted or n in page.begun or page.role(n) not in WORDY or not page.is_above(n):
        return False
    first, second = page.pieces[n].lines[0], page.pieces[n + 1].lines[0]
    set_off = first.gap > 0 and second.gap == 0 and not first.box
    if not set_off or not page.is_deck(n + 1) or not headline_like(page.texts[n + 1]):
        return False
    if not headline_like(page.texts[n]) or page.links.head_chance(n) < LEAST_BLOCK:
        return False
    page.links.force(n, max(DECKS, key=lambda r: float(page.links.roles[n, ROLES.index(r)])))
    page.links.put_above(n)
    return True


def _between_decks(page: PageForm, n: int) -> bool:
    """A line between two lines of a head: no text is so short and stands there."""
    if page.role(n) not in WORDY or not page.is_below(n) or not page.is_above(n):
        return False
    if not page.is_deck(n - 1) or not page.is_deck(n + 1) or not headline_like(page.texts[n]):
        return False
    if page.links.head_chance(n) < LEAST_HEAD and not is_slogan(page.texts[n]):
        return False
    page.links.force(n, max(DECKS, key=lambda r: float(page.links.roles[n, ROLES.index(r)])))
    page.links.put_above(n - 1)
    page.links.put_above(n)
    return True


def _headline(page: PageForm, n: int) -> bool:
    """A short line just above a byline, a lead or its rest that was taken for text."""
    rest = page.heads_rest(n)
    if n in page.begun or page.is_deck(n):
        return False
    repeated = rest and page.texts[n] in page.rests.named
    if not repeated and not headline_like(page.texts[n]):
        return False
    if not rest and (not page.heads_story(n) or _ends_another(page, n)):
        return False
    page.links.force(n, "headline")
    page.links.put_above(n)
    if repeated:
        page.links.open(n)
    return True


# Of those that apply to a line, the first acts.
RULES: tuple[Callable[[PageForm, int], bool], ...] = (
    _set_aside,
    _credits,
    _verse,
    heads_note,
    names_series,
    names_label,
    names_unit,
    below_label,
    names_table,
    row_below_colon,
    names_column,
    dates_notice,
    keeps_text,
    jumps_alone,
    row_of_list,
    _repeats_headline,
    tells,
    goes_on_elsewhere,
    strange_above_rest,
    _begins_block,
    _between_decks,
    within_column,
    _headline,
)


def _open_rests(page: PageForm) -> None:
    """Let the rests of stories from other pages continue no text, and a mark alone stand above its rest."""
    links = page.links
    wordy = np.isin(links.roles.argmax(axis=1), [ROLES.index(r) for r in WORDY])
    for n in [n for n, (_, source) in enumerate(page.split) if source]:
        links.follows[wordy, n] -= UNLIKELY
        links.back[wordy, n] -= UNLIKELY
        doubtful = float((links.follows[n] + links.back[n]).max()) < 2 * HALF
        if not page.split[n][0] and doubtful and page.is_above(n):
            links.force(n, "body")
            links.put_above(n)
        if page.is_headed(n) and wordy[n] and links.likeliest(n - 1) == n + 1:
            links.put_below(n)  # it parts the head from the text that it begins


def _begin_nothing_within(page: PageForm) -> None:
    """Let no chain begin with a text that goes on within a paragraph: what it goes on with stands elsewhere."""
    for n in page.range:
        within = page.role(n) == "body" and page.scores.opens[n] < WITHIN
        if within and not page.leads[n] and not page.split[n][1]:
            page.links.starts[n] -= UNLIKELY


def _keep_order(page: PageForm) -> None:
    """Let a piece be followed by the one below it rather than by another, where columns cut no text.

    What is cut into columns breaks off within sentences. A page on which nothing does is in order, or nearly.
    """
    texts = [page.texts[n] for n in page.range if page.role(n) == "body"]
    texts = [text for text in texts if len(text) >= LEAST_CUT or "，" in text]
    if not texts or sum(map(_breaks_off, texts)) > MOST_CUT * len(texts):
        return
    elsewhere = np.ones((len(page.texts), len(page.texts)), bool)
    inside = [n for n in page.range if not page.is_outside(n)]
    for above, below in pairwise(inside):
        elsewhere[above, below] = False
    page.links.follows[elsewhere] -= OUT_OF_ORDER
    page.links.back[elsewhere] -= OUT_OF_ORDER


def _breaks_off(text: str) -> bool:
    return not ends_sentence(text) and (text[-1].isalnum() or text[-1] in "，、")


def _ends_another(page: PageForm, n: int) -> bool:
    """Whether a line above a lead or byline may be the end of a text that stands above another's."""
    text, below = page.texts[n], page.texts[n + 1]
    if n - 1 in page.verses or IN_HALVES.match(text):
        return False
    if page.scores.opens[n] < 0:
        return True
    if page.links.head_chance(n) >= LEAST_HEAD:
        return False
    set_apart = np.exp(page.links.roles[n, CROSSHEAD]) > LEAST_APART and not any(c in text for c in OF_SENTENCES)
    return not (set_apart and (below.startswith(DATELINES) or bool(page.marks.parse_lead(below)[1])))
