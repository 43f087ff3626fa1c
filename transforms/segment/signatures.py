"""Lines of credits by where they stand: which text a line signs, the one above it or the one that begins below."""

from __future__ import annotations

from transforms.restore.lines import ends_sentence
from transforms.segment.headlines import headline_like
from transforms.segment.linking import WORDY
from transforms.segment.page_form import LEAST_SIGNED, WITHIN, PageForm

PICTURE = "图"  # （图：张三）


def ends_text(page: PageForm, n: int) -> bool:
    """Whether the names at the end of a line are its text's writers'."""
    return len(page.texts[n]) > LEAST_SIGNED or (not page.has_columns and _signs_above(page, n))


def _signs_above(page: PageForm, n: int) -> bool:
    """Whether a line that is all in brackets, （本报记者 张三）, stands below a text and ends it."""
    text = page.texts[n]
    if not page.is_below(n) or not text.startswith(("（", "(")) or PICTURE in text:
        return False
    followed = n + 1 < len(page.texts) and page.texts[n + 1].startswith(("（", "("))  # （相关报道见第三版）
    return not followed and page.role(n - 1) in WORDY


def signs_text_above(page: PageForm, n: int) -> bool:
    """Whether a line of credits right below a whole sentence ends a text: what stands below it belongs to another.

    That is a sentence that goes on from elsewhere, or a head with other names below it.
    """
    if not page.bylines[n] or not page.is_below(n) or page.role(n - 1) != "body":
        return False
    if not ends_sentence(page.texts[n - 1]) or not page.is_above(n):
        return False
    if page.role(n + 1) == "body" and not page.leads[n + 1] and not _may_head(page, n + 1):
        return bool(page.scores.opens[n + 1] < WITHIN)
    below = _below_head(page, n + 1)
    named = page.bylines[below] or bool(page.marks.parse_lead(page.texts[below])[1])
    alone = page.marks.is_marked(page.texts[n]) and not _has_writers_above(page, n)
    return below > n + 1 and (named or alone)


def signs_head_below(page: PageForm, n: int) -> bool:
    """Whether a line of credits stands above the head that it signs: what ends above it is signed, this head is not."""
    if not page.bylines[n] or not page.marks.is_marked(page.texts[n]):
        return False
    if not page.is_above(n) or not _may_head(page, n + 1):
        return False
    if not page.is_below(n) or page.role(n - 1) != "body" or not ends_sentence(page.texts[n - 1]):
        return False
    return _has_writers_above(page, n) and not _is_signed(page, _below_head(page, n + 1))


def heads_text(page: PageForm, n: int) -> bool:
    """Whether a line below credits is a headline that was taken for something else."""
    return not page.is_deck(n) and _may_head(page, n)


def _may_head(page: PageForm, n: int) -> bool:
    """Whether a line is one of a head, or was taken for a crosshead or text and stands above the first of a text."""
    if page.is_deck(n):
        return True
    if not page.is_above(n) or not headline_like(page.texts[n]) or page.role(n) not in ("crosshead", "body"):
        return False
    text = len(page.texts[n + 1]) >= LEAST_SIGNED and page.role(n + 1) == "body" and not page.bylines[n + 1]
    return text and bool(page.scores.opens[n] >= WITHIN and page.scores.opens[n + 1] >= WITHIN)


def _has_writers_above(page: PageForm, n: int) -> bool:
    """Whether the text above a line of credits has writers of its own, below its head or above it."""
    above = next((k for k in range(n - 1, -1, -1) if page.is_deck(k)), -1)
    if above < 0:
        return False
    first = above
    while page.is_below(first) and page.is_deck(first - 1):
        first -= 1
    return _is_signed(page, above + 1) or (page.is_below(first) and page.bylines[first - 1])


def _below_head(page: PageForm, n: int) -> int:
    """The first line below the head that begins at line n; n itself where none does."""
    if heads_text(page, n):
        return n + 1
    while page.is_deck(n) and page.is_above(n):
        n += 1
    return n


def _is_signed(page: PageForm, n: int) -> bool:
    return page.bylines[n] or page.names[n] or bool(page.marks.parse_lead(page.texts[n])[1])
