"""Lines that were taken for a head, a caption or furniture and are text."""

from __future__ import annotations

import re

import numpy as np

from transforms.restore.evidence import Floats
from transforms.restore.lines import ends_sentence
from transforms.restore.roles import APART
from transforms.segment.charts import outline_of
from transforms.segment.decks import DASHED
from transforms.segment.headlines import LONGEST_HEADLINE
from transforms.segment.linking import BODY, HALF, UNLIKELY
from transforms.segment.marks import DATE
from transforms.segment.misread import is_above_headline
from transforms.segment.notices import LONGEST_SIGNER, is_office
from transforms.segment.page_form import LEAST_SIGNED, WITHIN, PageForm

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
OF_CAPTIONS = "▲△▼▽◆◇●○■□★☆（("  # what captions and labels open with
OF_SENTENCES = "，。：；！？"


def row_below_colon(page: PageForm, n: int) -> bool:
    """A row below a text that ends with a colon, which was taken for a notice: 比赛名次如下：."""
    if page.role(n) not in APART:
        return False
    first = n
    while page.is_below(first) and ROW.match(page.texts[first]):
        first -= 1
    if first == n or page.role(first) != "body" or not page.texts[first].endswith(("：", ":")):
        return False
    page.links.force(n, "body")
    page.links.put_below(n)
    return True


def dates_notice(page: PageForm, n: int) -> bool:
    """The date of a notice below the office that signs it, taken for a page's."""
    if page.role(n) != "furniture" or not DATE.match(page.texts[n]) or not page.is_below(n):
        return False
    signed = page.role(n - 1) == "body" and is_office(page.texts[n - 1]) and len(page.texts[n - 1]) <= LONGEST_SIGNER
    if not signed or page.is_outside(n - 1):
        return False
    page.links.force(n, "body")
    page.links.put_below(n)
    return True


def keeps_text(page: PageForm, n: int) -> bool:
    """A line that was taken for a caption or furniture and is text."""
    if page.role(n) not in APART:
        return False
    opens = page.leads[n] or all(page.split[n])
    if not _torn_out(page, n) and not _of_text(page.texts[n], page.links.roles[n], opens=opens):
        return False
    page.links.force(n, "body")
    if page.is_headed(n):
        page.links.put_below(n)
    else:
        page.links.insert(n)
    return True


def jumps_alone(page: PageForm, n: int) -> bool:
    """下转4版 alone, below its text."""
    if not page.is_below(n) or page.marks.split_jump(page.texts[n])[0]:
        return False
    page.links.force(n, "body")
    page.links.put_below(n)
    return True


def row_of_list(page: PageForm, n: int) -> bool:
    """A row of a list, whole or cut, that was taken for a headline."""
    rows = page.texts[max(n - 2, 0) : n]
    if not page.is_deck(n) or not any(_begins_like(row, page.texts[n]) for row in rows):
        return False
    page.links.force(n, "body")
    page.links.put_below(n)
    return True


def tells(page: PageForm, n: int) -> bool:
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


def goes_on_elsewhere(page: PageForm, n: int) -> bool:
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


def strange_above_rest(page: PageForm, n: int) -> bool:
    """A line above the mark of a rest that repeats no headline: it may as well end a text that stands above it."""
    if not page.is_deck(n) or not page.is_above(n) or not page.split[n + 1][1] or page.heads_rest(n):
        return False
    if page.texts[n] not in page.rests.strange and page.links.head_chance(n) >= SURE_HEAD:
        return False
    page.links.force(n, "body")
    page.links.part(n)
    page.strangers.append(n)
    return True


def within_column(page: PageForm, n: int) -> bool:
    """A line below a crosshead that was taken for another, and goes on elsewhere: the column ends within a sentence."""
    if page.role(n) != "crosshead" or not page.is_below(n) or page.role(n - 1) != "crosshead":
        return False
    if page.links.likeliest(n) == n + 1 or n in page.begun or n - 1 in page.begun:
        return False
    page.links.force(n, "body")
    return True


def _above_head(page: PageForm, n: int) -> bool:
    """Whether a subhead stands below a line, and the headline of that subhead below both."""
    if not page.is_above(n) or not page.texts[n + 1].startswith(DASHED):
        return False
    return is_above_headline(n + 1, page.links.roles.argmax(axis=1), page.texts, page.numbers)


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
