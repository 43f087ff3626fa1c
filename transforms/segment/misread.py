"""Headlines that the network took for crossheads: short stories in a row look to it like one long story.

Form tells them: a byline, a signed lead or a subhead right below, or the signature of the story above.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from transforms.repair import HAN
from transforms.restore.lines import ends_sentence
from transforms.restore.network import Scores
from transforms.segment.decks import BREAKS_OFF, COLUMN, DASHED, is_label
from transforms.segment.headlines import LONGEST_HEADLINE, SHORT_TITLE, headline_like
from transforms.segment.linking import BODY, CROSSHEAD, HEADS, Links
from transforms.segment.marks import Marks
from transforms.segment.names import ORGAN, is_likely, names_below_unit

SURE_LINK = -0.1  # log chance of a link that the network does not doubt
LONGEST_ALONE, LEAST_APART = 20, 0.04  # characters, and the chance of being a crosshead or of a head
PUNCTUATION = "，。：；、"
HAN_ENDS = re.compile(rf"[{HAN}，、]$")
LEAST_TEXT = 30  # characters
LEAST_NAME, LONGEST_NAME = 3, 4  # characters
ASKED = "？！?!"  # how a headline may end, and a sentence too


def misread_heads(scores: Scores, texts: Sequence[str], numbers: Sequence[int], marks: Marks) -> dict[int, str]:
    """The lines of such heads and their roles. ``numbers``: the places of the pieces on the page."""
    found: dict[int, str] = {}
    role = scores.roles.argmax(axis=1)
    whole = any(marks.label(text) for text in texts)  # items of a column may be one text, whatever they end with
    for n in range(len(texts)):
        if role[n] in HEADS:
            continue
        headed = _heads(n, role, scores, texts, numbers, marks) or _in_sentence(n, role, scores, texts, numbers)
        headed = headed or (role[n] == CROSSHEAD and is_signed_below(n, texts, numbers))
        if not (headed or (not whole and _after(n, role, texts, numbers, marks))):
            continue
        found[n] = "headline"
        above = n - 1
        while above not in found and _stands_above(above, scores, texts, numbers, marks):
            found[above] = "kicker" if _is_column(texts[above], marks) else "headline"
            above -= 1
    return found


def begin_at(heads: Mapping[int, str], links: Links) -> None:
    """Give the lines their roles, chain those that stand together, and let nothing go on in the first of them."""
    for n in sorted(heads):
        links.force(n, heads[n])
        links.put_above(n)
        if n - 1 not in heads:
            links.open(n)


def _heads(
    n: int, role: Sequence[int], scores: Scores, texts: Sequence[str], numbers: Sequence[int], marks: Marks
) -> bool:
    """Whether a line stands right above what only a headline stands above, and no line of a head above it."""
    if n + 1 >= len(texts) or numbers[n + 1] != numbers[n] + 1:
        return False
    below = texts[n + 1]
    if not headline_like(texts[n].rstrip(ASKED)) and not (SHORT_TITLE.match(texts[n]) and marks.unmarked(below)):
        return False
    if texts[n].startswith(("（", "(")):
        return False  # the credit of what stands above: （新华社北京10月12日电
    if (n and numbers[n - 1] == numbers[n] - 1 and role[n - 1] in HEADS) or marks.is_byline(texts[n]):
        return False
    if below.startswith(DASHED) and role[n + 1] in HEADS:
        return not is_above_headline(n + 1, role, texts, numbers)
    if marks.is_byline(below):
        return bool(role[n] == CROSSHEAD or scores.follows[n, n + 1] > SURE_LINK)
    told = role[n] == CROSSHEAD or _stands_alone(n, scores, texts, numbers)
    return bool(told and marks.parse_lead(below)[1])


def is_above_headline(n: int, role: Sequence[int], texts: Sequence[str], numbers: Sequence[int]) -> bool:
    """Whether the headline of a line with a dash at its front stands right below it."""
    below = n + 1
    if below >= len(texts) or numbers[below] != numbers[n] + 1 or role[below] not in HEADS:
        return False
    return headline_like(texts[below]) and not texts[below].startswith(DASHED)


def is_signed_below(n: int, texts: Sequence[str], numbers: Sequence[int]) -> bool:
    """Whether a name, alone or behind where its bearer works, stands between a line and a text: no crosshead has one,
    but the headline of a column has.

    A name of two characters can be a word; below a column's name it is none.
    """
    if not 0 <= n < len(texts) - 2 or numbers[n + 2] - numbers[n] != 2 or not headline_like(texts[n]):
        return False
    name, labelled = texts[n + 1], n > 0 and is_label(texts[n - 1])
    alone = LEAST_NAME - labelled <= len(name) <= LONGEST_NAME and is_likely(name) and not ORGAN.search(name)
    alone = alone or bool(names_below_unit(name))
    return alone and len(texts[n + 2]) >= LEAST_TEXT and (n == 0 or labelled or ends_sentence(texts[n - 1]))


def _in_sentence(n: int, role: Sequence[int], scores: Scores, texts: Sequence[str], numbers: Sequence[int]) -> bool:
    """Whether a crosshead stands right below a sentence that goes on elsewhere, and above a text: it begins a story."""
    if not 0 < n < len(texts) - 1 or role[n] != CROSSHEAD or numbers[n + 1] - numbers[n - 1] != 2:
        return False
    above, below = texts[n - 1], texts[n + 1]
    torn = HAN_ENDS.search(above) and "。" in above and role[n - 1] == BODY == role[n + 1]
    elsewhere = int(scores.follows[n - 1].argmax()) not in (n, n + 1)
    elsewhere = elsewhere and int((scores.follows[:, n] + scores.back[:, n]).argmax()) == n - 1
    return bool(torn and elsewhere and headline_like(texts[n]) and len(below) >= LEAST_TEXT)


def _stands_alone(n: int, scores: Scores, texts: Sequence[str], numbers: Sequence[int]) -> bool:
    """Whether a short line without punctuation stands below a whole sentence, and may be no text."""
    if not n or numbers[n - 1] != numbers[n] - 1 or not ends_sentence(texts[n - 1]) or len(texts[n]) > LONGEST_ALONE:
        return False
    apart = float(np.exp(scores.roles[n, [CROSSHEAD, *HEADS]]).sum())
    return apart >= LEAST_APART and not any(c in texts[n] for c in PUNCTUATION)


def _after(n: int, role: Sequence[int], texts: Sequence[str], numbers: Sequence[int], marks: Marks) -> bool:
    """Whether a crosshead stands right below a text that its writers' names end, and above a text."""
    if not 0 < n < len(texts) - 1 or role[n] != CROSSHEAD or numbers[n + 1] - numbers[n - 1] != 2:
        return False
    return headline_like(texts[n]) and marks.closes(texts[n - 1])


def _stands_above(n: int, scores: Scores, texts: Sequence[str], numbers: Sequence[int], marks: Marks) -> bool:
    """Whether a line belongs to the headline right below it: it was taken for a crosshead too, or names a column."""
    if n < 0 or numbers[n + 1] != numbers[n] + 1 or int(scores.roles[n].argmax()) in HEADS:
        return False
    begun = headline_like(texts[n]) or (texts[n].endswith(BREAKS_OFF) and len(texts[n]) <= LONGEST_HEADLINE)
    linked = int(scores.roles[n].argmax()) == CROSSHEAD or scores.follows[n, n + 1] > SURE_LINK
    return bool(begun and linked) or _is_column(texts[n], marks)


def _is_column(text: str, marks: Marks) -> bool:
    """Whether a line alone is the name of a column: 云州时评, 要闻简报."""
    return bool(COLUMN.search(text) or marks.label(text) or is_label(text))
