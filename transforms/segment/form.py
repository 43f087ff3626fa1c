"""Rules of form, which override what was learned: roles, links, and where a text ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from transforms.repair import HAN
from transforms.restore.evidence import Floats
from transforms.restore.features import Piece
from transforms.restore.lines import ends_sentence
from transforms.restore.network import Scores
from transforms.restore.roles import APART, ROLES
from transforms.segment.charts import outline_of
from transforms.segment.decks import DASHED, DECKS, is_slogan
from transforms.segment.headlines import LONGEST_HEADLINE, headline_like
from transforms.segment.jumps import Rests
from transforms.segment.linking import BODY, CROSSHEAD, HALF, UNLIKELY, WORDY, Links
from transforms.segment.marks import DATE, Marks
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
from transforms.segment.notices import LONGEST_SIGNER, is_office
from transforms.segment.page_form import LEAST_SIGNED, WITHIN, PageForm
from transforms.segment.signatures import ends_text, heads_text, signs_head_below, signs_text_above
from transforms.segment.standing import Standing

LEAST_APART = 0.2  # the same of being a crosshead, for a line without a comma
LEAST_BLOCK = 0.3  # the same of being a head's, for the first line of a block
DATELINES = ("【", "〔", "本报", "本報")  # how leads open that no text has below a crosshead
SURE_HEAD = 0.9  # chance of being a head that a line above the rest of a story needs if it stands nowhere else
LEAST_BODY = np.log(0.1)  # log chance of being text, for a line that stands in a sentence
# Words that nothing ends with, unless they end a longer one: 供给, 参与, 可以, 合并, 上将, 何去何从, 不是, 土耳其.
# Of 19,051 decks of the press with a comma none ends so.
BREAKS_OFF = re.compile(
    r"(?:[把被于或但而且也很不这就自没第无未需某超各那让较每几称曾]|(?<![不说])是|(?<!耳)其|(?<!而)已|(?<![供补])给|(?<![参赠])与|(?<!可)以|(?<!合)并|(?<![上女大])将|(?<![何服])从)$"
)
ROW = re.compile(r"[^：。]{2,12}：.{2,80}$")  # of a list: 桥吊司机：……
LEAST_ROW = 5  # figures and words of a row that tell it by the one above
LEAST_BEGUN = 8  # characters of a line that begins a sentence
IN_HALVES = re.compile(rf"[{HAN}]{{4,16}}[\s\u3000][{HAN}]{{4,16}}$")  # 渡口修新路 乡亲得实惠: no text breaks off so
OF_CAPTIONS = "▲△▼▽◆◇●○■□★☆（("  # what captions and labels open with
OF_SENTENCES = "，。：；！？"
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


def _listed(page: PageForm, n: int) -> bool:
    """A row below a text that ends with a colon, which was taken for a notice: 比赛名次如下：."""
    if page.role(n) not in APART or page.is_outside(n):
        return False
    first = n
    while page.is_below(first) and ROW.match(page.texts[first]):
        first -= 1
    if first == n or page.role(first) != "body" or not page.texts[first].endswith(("：", ":")):
        return False
    page.links.force(n, "body")
    page.links.put_below(n)
    return True


def _dates_notice(page: PageForm, n: int) -> bool:
    """The date of a notice below the office that signs it, taken for a page's."""
    if page.role(n) != "furniture" or page.is_outside(n) or not DATE.fullmatch(page.texts[n]) or not page.is_below(n):
        return False
    signed = page.role(n - 1) == "body" and is_office(page.texts[n - 1]) and len(page.texts[n - 1]) <= LONGEST_SIGNER
    if not signed or page.is_outside(n - 1):
        return False
    page.links.force(n, "body")
    page.links.put_below(n)
    return True


def _keeps_text(page: PageForm, n: int) -> bool:
    """A line that was taken for a caption or furniture and is text."""
    if page.role(n) not in APART:
        return False
    opens = page.leads[n] or all(page.split[n])
    if not _torn_out(page, n) and not _of_text(page.texts[n], page.links.roles[n], opens=opens):
        return False
    page.links.force(n, "body")
    if _headed(page, n):
        page.links.put_below(n)
    else:
        page.links.insert(n)
    return True


def _jumps_alone(page: PageForm, n: int) -> bool:
    """下转4版 alone, below its text."""
    if not page.is_below(n) or page.marks.split_jump(page.texts[n])[0]:
        return False
    page.links.force(n, "body")
    page.links.put_below(n)
    return True


def _row_of_list(page: PageForm, n: int) -> bool:
    """A row of a list, whole or cut, that was taken for a headline."""
    rows = page.texts[max(n - 2, 0) : n]
    if not page.is_deck(n) or not any(_begins_like(row, page.texts[n]) for row in rows):
        return False
    page.links.force(n, "body")
    page.links.put_below(n)
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


def _tells(page: PageForm, n: int) -> bool:
    """A text that was taken for a deck: a lead, sentences longer than a line of a head, or one that breaks off.

    Of 8,933 real decks two are so long, and of 34,500 headlines none has a comma and ends with such a word. Of 6,340
    headlines five have two commas, and of those on the pages of three benches none is doubted by the network.
    """
    text = page.texts[n]
    long = len(text) > LONGEST_HEADLINE and "。" in text
    breaks = "，" in text and bool(BREAKS_OFF.search(text))
    parted = text.count("，") > 1 and _above_head(page, n)
    listed = text.count("，") > 1 and not any(c.isspace() for c in text)
    listed = listed and page.links.head_chance(n) < SURE_HEAD and not page.heads_story(n)
    if not page.is_deck(n) or not (page.leads[n] or long or breaks or parted or listed):
        return False
    page.links.force(n, "body")
    if parted:
        page.links.part(n)
    return True


def _above_head(page: PageForm, n: int) -> bool:
    """Whether a subhead stands below a line, and the headline of that subhead below both."""
    if not page.is_above(n) or not page.is_above(n + 1) or not page.texts[n + 1].startswith(DASHED):
        return False
    return page.is_deck(n + 2) and headline_like(page.texts[n + 2]) and not page.texts[n + 2].startswith(DASHED)


def _goes_on_elsewhere(page: PageForm, n: int) -> bool:
    """A line with a comma that goes on elsewhere on the page, within a paragraph: a headline has a text below it."""
    if not page.is_deck(n) or n in page.begun or "，" not in page.texts[n]:
        return False
    scores = page.scores
    after = int((scores.follows[n] + scores.back[n]).argmax())
    if after == n + 1 or scores.follows[n, after] <= HALF or scores.opens[after] >= WITHIN:
        return False
    page.links.force(n, "body")
    page.links.starts[n] -= UNLIKELY
    return True


def _strange_above_rest(page: PageForm, n: int) -> bool:
    """A line above the mark of a rest that repeats no headline: it may as well end a text that stands above it."""
    if not page.is_deck(n) or not page.is_above(n) or not page.split[n + 1][1] or page.heads_rest(n):
        return False
    if page.texts[n] not in page.rests.strange and page.links.head_chance(n) >= SURE_HEAD:
        return False
    page.links.force(n, "body")
    page.links.part(n)
    page.strangers.append(n)
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


def _within_column(page: PageForm, n: int) -> bool:
    """A line below a crosshead that was taken for another, and goes on elsewhere: the column ends within a sentence."""
    if page.role(n) != "crosshead" or not page.is_below(n) or page.role(n - 1) != "crosshead":
        return False
    if page.links.likeliest(n) == n + 1 or n in page.begun or n - 1 in page.begun:
        return False
    page.links.force(n, "body")
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
    _listed,
    names_column,
    _dates_notice,
    _keeps_text,
    _jumps_alone,
    _row_of_list,
    _repeats_headline,
    _tells,
    _goes_on_elsewhere,
    _strange_above_rest,
    _begins_block,
    _between_decks,
    _within_column,
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
        if _headed(page, n) and wordy[n] and links.likeliest(n - 1) == n + 1:
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


def _torn_out(page: PageForm, n: int) -> bool:
    """Whether a line goes on with a sentence that the line above began, and may be text."""
    if not page.is_below(n):
        return False
    above, text = page.texts[n - 1], page.texts[n]
    begun = page.role(n - 1) == "body" and len(above) >= LEAST_BEGUN and not ends_sentence(above)
    told = text[0] not in OF_CAPTIONS and any(c in OF_SENTENCES for c in text)
    return begun and told and bool(page.links.roles[n, BODY] > LEAST_BODY)


def _of_text(text: str, roles: Floats, *, opens: bool) -> bool:
    """Whether a paragraph belongs to a story: it opens one, or may be text and has several sentences.

    ``opens``: it begins with a lead or with the mark of a rest, as neither captions nor furniture do.
    """
    whole = ends_sentence(text) or len(text) >= LEAST_SIGNED
    return (opens and whole) or (roles[BODY] > LEAST_BODY and text.count("。") > 1)


def _begins_like(row: str, text: str) -> bool:
    """Whether a line is set as the row of a list above it, whole or cut: 3月21日19时 某队—某队, 3月22日16时 某队."""
    whole, begun = outline_of(row), outline_of(text)
    fields = begun.count("0") > 1 and any(c.isspace() for c in begun)
    return fields and len(begun) >= LEAST_ROW and whole.startswith(begun)


def _headed(page: PageForm, n: int) -> bool:
    """Whether a line of a head stands right above piece ``n``."""
    return page.is_below(n) and page.is_deck(n - 1)
