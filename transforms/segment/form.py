"""Rules of form, which override what was learned: roles, links, and what is not a story by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from transforms.repair import HAN
from transforms.restore.chains import Chain
from transforms.restore.evidence import Floats
from transforms.restore.features import Piece
from transforms.restore.lines import ends_sentence
from transforms.restore.network import Scores
from transforms.restore.roles import APART, ROLES
from transforms.segment.decks import COLUMN_AT_END, DECKS, HEAD, head_of
from transforms.segment.headlines import LONGEST_HEADLINE, headline_like
from transforms.segment.jumps import Rests
from transforms.segment.literary import pen_names
from transforms.segment.marks import Marks
from transforms.segment.misread import CROSSHEAD, HEADS, SURE, UNLIKELY, Links, begin_at, misread_heads
from transforms.segment.names import is_likely
from transforms.segment.standing import Standing

LEAST_HEAD = 0.02  # chance of being a head that a line needs for its place to make it one
LEAST_APART = 0.2  # the same of being a crosshead, for a line without a comma
LEAST_BLOCK = 0.3  # the same of being a head's, for the first line of a block
DATELINES = ("【", "〔", "本报", "本報")  # how leads open that no text has below a crosshead
SURE_HEAD = 0.9  # chance of being a head that a line above the rest of a story needs if it stands nowhere else
LEAST_REST = -4.0  # log chance that the rest of a story follows the line above it, for that line to be its headline
WITHIN = 0.0  # log odds that a piece opens a paragraph, for one that goes on within one
LEAST_BODY = np.log(0.1)  # log chance of being text, for a line that stands in a sentence
# Words that nothing ends with, unless they end a longer one: 供给, 参与, 可以, 合并, 上将, 何去何从.
BREAKS_OFF = re.compile(
    r"(?:[把被于或但而且也很]|(?<![供补])给|(?<![参赠])与|(?<!可)以|(?<!合)并|(?<![上女大])将|(?<![何服])从)$"
)
FIGURE, WORD = re.compile(r"\d{1,20}"), re.compile(rf"[{HAN}]{{1,40}}")
LEAST_ROW = 5  # figures and words of a row that tell it by the one above
LEAST_NAMED = 4  # characters of a headline before the name of its column
LEAST_BEGUN = 8  # characters of a line that begins a sentence
PICTURE = "图"  # （图：张三）
ORGAN = re.compile(r"[网報报社台部室局刊]$")  # how names of publishers and offices end
BODY = ROLES.index("body")
OF_CAPTIONS = "▲△▼▽◆◇●○■□★☆（("  # what captions and labels open with
OF_SENTENCES = "，。：；！？"
WORDY = ("body", "crosshead", "sidebar")
HALF = np.float32(np.log(0.5))
NO_RESTS = Rests()
LEAST_SIGNED = 30  # characters of a text whose closing names are its writers'
LONGEST_NAMED = 16  # characters of a line of names alone
LEAST_TEXT = 100  # characters of a text that a head is missed above


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

    A line of credits is a byline, long sentences are text, and a text that closes with its writers' names ends there.
    A short line just above a byline or lead that was taken for text is its headline; headlines that were recognised
    keep their learned links, because two can be side by side. A lead, and the rest of a story from another page, never
    continue a text. ``numbers``: the places of the pieces on the page. ``rests``: which lines above the rest of a
    story repeat its headline. ``parted``: whether blank lines part the page's paragraphs.
    """
    roles, follows, back = scores.roles.copy(), scores.follows.copy(), scores.back.copy()
    ends, starts, same = scores.ends.copy(), scores.starts.copy(), scores.same.copy()
    texts = [p.text for p in pieces]
    split = [marks.split_continuation(t) for t in texts]
    jumps = [marks.split_jump(t)[0] for t in texts]
    leads = [any(marks.parse_lead(text)) for text, _ in split]
    bylines = [marks.is_byline(t) for t in texts]
    titled = set() if any(leads) else pen_names(texts, numbers, bylines, found, marks)
    named = [n in titled or _named(n, texts, roles, numbers, marks) for n in range(len(texts))]
    columns = any(marks.label(text) for text in texts)
    outside = found.furniture | found.captions
    misread = misread_heads(scores, texts, numbers, marks) | {n - 1: "headline" for n in titled}
    begun = {n: r for n, r in misread.items() if numbers[n] not in outside}
    for n, text in enumerate(texts):
        role = ROLES[int(roles[n].argmax())]
        below = n + 1 < len(texts) and numbers[n + 1] == numbers[n] + 1
        opened = below and (leads[n + 1] or (bylines[n + 1] and marks.is_marked(texts[n + 1])))
        continued = below and bool(split[n + 1][1])
        linked = continued and follows[n, n + 1] > LEAST_REST and headline_like(text)
        rest = continued and (text in rests.named or (linked and text not in rests.strange))
        strange = continued and not rest and (text in rests.strange or _head(roles[n]) < SURE_HEAD)
        if numbers[n] in found.furniture or numbers[n] in found.captions:
            if role in WORDY:
                _bridge(n, follows, back)
            _force(roles, n, ROLES.index("furniture" if numbers[n] in found.furniture else "caption"))
        elif bylines[n] or named[n]:
            _force(roles, n, ROLES.index("byline"))
        elif role in DECKS and _heads_note(n, texts, marks):
            _force(roles, n, ROLES.index("sidebar"))
        elif _names_column(text) and role in WORDY and _head(roles[n]) >= LEAST_HEAD:
            _force(roles, n, ROLES.index("headline"))
        elif role in APART and (
            _torn_out(n, texts, roles, numbers) or _of_text(text, roles[n], opens=leads[n] or all(split[n]))
        ):
            _force(roles, n, BODY)
            if _headed(n, roles, numbers):
                _put_below(n, follows, back, ends, starts)
            else:
                _insert(n, follows, back)
        elif not jumps[n] and n and numbers[n - 1] == numbers[n] - 1:
            _force(roles, n, BODY)  # 下转4版 alone, below its text
            _put_below(n, follows, back, ends, starts)
        elif role in DECKS and n and any(_begins_like(row, text) for row in texts[max(n - 2, 0) : n]):
            _force(roles, n, BODY)
            _put_below(n, follows, back, ends, starts)
        elif role in DECKS and rest and text in rests.named and not (n and texts[n - 1] in rests.named):
            _put_above(n, follows, back, ends, starts)
        elif (leads[n] or _tells(text)) and role in DECKS:
            _force(roles, n, BODY)
        elif role in DECKS and n not in begun and _is_torn(n, text, scores):
            _force(roles, n, BODY)
            starts[n] -= UNLIKELY
        elif strange and role in DECKS:
            # The rest of a story mostly repeats a headline; this may as well be the end of a text that stands above it.
            _force(roles, n, BODY)
            _part(n, follows, back, ends, starts)
            same[n, :] = same[:, n] = 0  # its kin was found from a headline
        elif parted and n not in begun and role in WORDY and below and _begins_block(n, pieces, roles):
            _force(roles, n, max(HEADS, key=lambda r: float(roles[n, r])))
            _put_above(n, follows, back, ends, starts)
        elif n not in begun and (opened or rest) and headline_like(text) and role not in DECKS:
            set_apart = (
                np.exp(roles[n, CROSSHEAD]) > LEAST_APART
                and not any(c in text for c in OF_SENTENCES)
                and (texts[n + 1].startswith(DATELINES) or bool(marks.parse_lead(texts[n + 1])[1]))
            )
            if not rest and (scores.opens[n] < 0 or (_head(roles[n]) < LEAST_HEAD and not set_apart)):
                continue  # the end of a text that stands above another's
            _force(roles, n, ROLES.index("headline"))
            _put_above(n, follows, back, ends, starts)
        if marks.closes(text) and (
            len(text) > LEAST_SIGNED or (not columns and _signs_above(n, texts, roles, numbers))
        ):
            follows[n] -= UNLIKELY
            back[n] -= UNLIKELY
            ends[n] = SURE
    begin_at(begun, Links(roles, follows, back, ends, starts))
    wordy = np.isin(roles.argmax(axis=1), [ROLES.index(r) for r in WORDY])
    opening = [n for n, (_, page) in enumerate(split) if page]
    for n in opening:
        follows[wordy, n] -= UNLIKELY
        back[wordy, n] -= UNLIKELY
        doubtful = float((follows[n] + back[n]).max()) < 2 * HALF
        if not split[n][0] and doubtful and n + 1 < len(texts) and numbers[n + 1] == numbers[n] + 1:
            _force(roles, n, BODY)  # 上接1版 alone, above its text
            _put_above(n, follows, back, ends, starts)
        if _headed(n, roles, numbers) and wordy[n] and int((follows[n - 1] + back[n - 1]).argmax()) == n + 1:
            _put_below(n, follows, back, ends, starts)  # it parts the head from the text that it begins
    return replace(scores, roles=roles, follows=follows, back=back, ends=ends, starts=starts, same=same)


def _named(n: int, texts: Sequence[str], roles: Floats, numbers: Sequence[int], marks: Marks) -> bool:
    """Whether a line between a head and its text holds nothing but names: such a line is a byline without a role."""
    text = texts[n]
    if not 0 < n < len(texts) - 1 or len(text) > LONGEST_NAMED or numbers[n + 1] - numbers[n - 1] != 2:
        return False
    above = ROLES[int(roles[n - 1].argmax())]
    if above not in DECKS or not headline_like(texts[n - 1]) or len(texts[n + 1]) < LEAST_SIGNED:
        return False
    names = [c.name for c in marks.parse_byline(text)]
    return bool(names) and all(is_likely(name) and not ORGAN.search(name) for name in names)


def _begins_block(n: int, pieces: Sequence[Piece], roles: Floats) -> bool:
    """Whether a line that may be a head's begins a block of lines that goes on with one: blank lines part blocks."""
    first, second = pieces[n].lines[0], pieces[n + 1].lines[0]
    set_off = first.gap > 0 and second.gap == 0 and not first.box
    deck = ROLES[int(roles[n + 1].argmax())] in DECKS and headline_like(pieces[n + 1].text)
    return set_off and deck and headline_like(pieces[n].text) and _head(roles[n]) >= LEAST_BLOCK


def _heads_note(n: int, texts: Sequence[str], marks: Marks) -> bool:
    """Whether a line is the name of a note, 编者按, above its text: above a headline it may be a column's."""
    note, rest = marks.split_note(texts[n])
    return bool(note) and not rest and n + 1 < len(texts) and ends_sentence(texts[n + 1])


def _signs_above(n: int, texts: Sequence[str], roles: Floats, numbers: Sequence[int]) -> bool:
    """Whether a line that is all in brackets, （本报记者 张三）, stands below a text and ends it."""
    if n == 0 or numbers[n - 1] != numbers[n] - 1 or not texts[n].startswith(("（", "(")) or PICTURE in texts[n]:
        return False
    followed = n + 1 < len(texts) and texts[n + 1].startswith(("（", "("))  # （相关报道见第三版）
    return not followed and ROLES[int(roles[n - 1].argmax())] in WORDY


def _names_column(text: str) -> bool:
    """Whether a line alone ends with the name of a column, as headlines do: 某某某（民生观）."""
    named = COLUMN_AT_END.search(text)
    return named is not None and headline_like(text) and named.start() >= LEAST_NAMED


def _torn_out(n: int, texts: Sequence[str], roles: Floats, numbers: Sequence[int]) -> bool:
    """Whether a line goes on with a sentence that the line above began, and may be text."""
    if n == 0 or numbers[n - 1] != numbers[n] - 1:
        return False
    begun = int(roles[n - 1].argmax()) == BODY and len(texts[n - 1]) >= LEAST_BEGUN and not ends_sentence(texts[n - 1])
    told = texts[n][0] not in OF_CAPTIONS and any(c in OF_SENTENCES for c in texts[n])
    return begun and roles[n, BODY] > LEAST_BODY and told


def _of_text(text: str, roles: Floats, *, opens: bool) -> bool:
    """Whether a paragraph belongs to a story: it opens one, or may be text and has several sentences.

    ``opens``: it begins with a lead or with the mark of a rest, as neither captions nor furniture do.
    """
    whole = ends_sentence(text) or len(text) >= LEAST_SIGNED
    return (opens and whole) or (roles[BODY] > LEAST_BODY and text.count("。") > 1)


def _tells(text: str) -> bool:
    """Whether a line is of a text: its sentences are longer than a line of a head, or it breaks off within one.

    Of 8,933 real decks two are so long, and of 34,500 headlines none has a comma and ends with such a word.
    """
    return (len(text) > LONGEST_HEADLINE and "。" in text) or ("，" in text and bool(BREAKS_OFF.search(text)))


def _begins_like(row: str, text: str) -> bool:
    """Whether a line is set as the row of a list above it, whole or cut: 3月21日19时 某队—某队, 3月22日16时 某队."""
    whole, begun = _outline(row), _outline(text)
    fields = begun.count("0") > 1 and any(c.isspace() for c in begun)
    return fields and len(begun) >= LEAST_ROW and whole.startswith(begun)


def _outline(text: str) -> str:
    """A line with 0 for each figure and X for each word."""
    return WORD.sub("X", FIGURE.sub("0", text[:80]))


def _is_torn(n: int, text: str, scores: Scores) -> bool:
    """Whether a line with a comma goes on elsewhere on the page, within a paragraph: a headline has a text below it."""
    after = int((scores.follows[n] + scores.back[n, : len(scores.ends)]).argmax())
    goes_on = after != n + 1 and bool(scores.follows[n, after] > HALF)
    return "，" in text and goes_on and float(scores.opens[after]) < WITHIN


def _part(n: int, follows: Floats, back: Floats, ends: Floats, starts: Floats) -> None:
    """Undo the link of piece ``n`` to the rest below it: neither a start nor a headline, it stands in another text.

    Its place was judged as a headline's, so what is left of its chances and of the rest's is weighed again.
    """
    follows[n, n + 1] = back[n, n + 1] = -2 * UNLIKELY
    starts[n] -= UNLIKELY
    follows[n] -= np.logaddexp.reduce(np.append(follows[n], ends[n]))
    for k in (n, n + 1):
        whole = np.logaddexp.reduce(np.append(back[:, k], starts[k]))
        back[:, k] -= whole
        starts[k] -= whole
    starts[n] -= UNLIKELY
    _insert(n, follows, back)


def _headed(n: int, roles: Floats, numbers: Sequence[int]) -> bool:
    """Whether a line of a head stands right above piece ``n``."""
    return n > 0 and numbers[n - 1] == numbers[n] - 1 and int(roles[n - 1].argmax()) in HEADS


def _put_below(n: int, follows: Floats, back: Floats, ends: Floats, starts: Floats) -> None:
    """Let piece ``n`` follow the head right above it, and what followed that head follow ``n``."""
    after = int((follows[n - 1] + back[n - 1]).argmax())
    follows[n - 1] -= UNLIKELY
    back[:, n] -= UNLIKELY
    follows[n - 1, n] = back[n - 1, n] = SURE
    ends[n - 1] -= UNLIKELY
    starts[n] -= UNLIKELY
    if after != n:
        follows[n, after] = back[n, after] = max(HALF, follows[n, after])


def _put_above(n: int, follows: Floats, back: Floats, ends: Floats, starts: Floats) -> None:
    """Let what stands right below piece ``n``, a headline, follow it."""
    for link in (follows[n], back[:, n + 1]):
        link -= UNLIKELY
    follows[n, n + 1] = back[n, n + 1] = SURE
    ends[n] -= UNLIKELY
    starts[n + 1] -= UNLIKELY


def _bridge(n: int, follows: Floats, back: Floats) -> None:
    """Let the text that piece ``n`` was taken for a part of go on behind it."""
    above, below = int((follows[:, n] + back[:, n]).argmax()), int((follows[n] + back[n]).argmax())
    if above == below or max(above, below) >= len(follows) or n in (above, below):
        return
    if min(follows[above, n], back[above, n], follows[n, below], back[n, below]) >= HALF:
        follows[above, below] = back[above, below] = SURE


def _insert(n: int, follows: Floats, back: Floats) -> None:
    """Share the chance of a link whose ends are both the best neighbours of piece ``n`` with the links through it."""
    above, below = int((follows[:, n] + back[:, n]).argmax()), int((follows[n] + back[n]).argmax())
    if above == below or min(follows[above, below], back[above, below]) < HALF:
        return
    for a, b in ((above, n), (n, below)):
        follows[a, b], back[a, b] = max(follows[a, b], HALF), max(back[a, b], HALF)
    follows[above, below] += HALF
    back[above, below] += HALF


def _head(roles: Floats) -> float:
    """Chance of being a deck of a head, from the log chances of a piece's roles."""
    return float(np.exp(roles[HEADS]).sum())


def _force(roles: Floats, n: int, role: int) -> None:
    roles[n] = -UNLIKELY
    roles[n, role] = 0


def together(
    chains: Sequence[Chain], roles: Sequence[str], numbers: Sequence[int], sizes: Sequence[int]
) -> list[Chain]:
    """Join headlines without a text to the one just below or above, and a lone byline to the text above it.

    ``sizes``: characters of each piece.
    """
    kept = [c for c in chains if not _is_bare(c, roles)]
    for bare in reversed([c for c in chains if c not in kept]):
        first, last = min(bare.pieces), max(bare.pieces)
        below = next((c for c in kept if c.pieces[0] == last + 1 and roles[last + 1] in HEAD), None)
        above = next((c for c in kept if c.pieces[-1] == first - 1), None)
        signed = all(roles[n] == "byline" for n in bare.pieces)
        beside = next((c for c in kept if first - 1 in head_of(c.pieces, roles)), None)
        if below and not signed and numbers[last + 1] == numbers[last] + 1:
            kept[kept.index(below)] = Chain(bare.pieces + below.pieces, bare.chances[1:-1] + below.chances)
        elif (
            above
            and signed
            and numbers[first] == numbers[first - 1] + 1
            and (last + 1 == len(roles) or roles[last + 1] in HEAD)
        ):
            kept[kept.index(above)] = Chain(above.pieces + bare.pieces, above.chances + bare.chances[1:-1])
        elif beside and numbers[first] == numbers[first - 1] + 1:
            kept[kept.index(beside)] = _inserted(bare, beside, beside.pieces.index(first - 1) + 1)
        else:
            kept.append(bare)
    return sorted(_matched(kept, roles, sizes), key=lambda c: c.pieces[0])


def _is_bare(chain: Chain, roles: Sequence[str]) -> bool:
    """Whether a chain is a head, or a part of one, without a text."""
    return all(roles[n] in HEAD for n in chain.pieces)


def _matched(chains: list[Chain], roles: Sequence[str], sizes: Sequence[int]) -> list[Chain]:
    """The page's one headline without a text put above its one text without a head."""
    heads = [c for c in chains if _is_bare(c, roles) and any(roles[n] == "headline" for n in c.pieces)]
    texts = [
        c
        for c in chains
        if roles[c.pieces[0]] in WORDY
        and not any(roles[n] in HEAD for n in c.pieces)
        and sum(sizes[n] for n in c.pieces) >= LEAST_TEXT
    ]
    if len(heads) != 1 or len(texts) != 1:
        return chains
    (head,), (text,) = heads, texts
    whole = Chain(head.pieces + text.pieces, head.chances[:-1] + text.chances)
    return [whole, *(c for c in chains if c not in (head, text))]


def _inserted(lines: Chain, chain: Chain, at: int) -> Chain:
    """The chain with more lines of its head before its piece number ``at``."""
    pieces = chain.pieces[:at] + lines.pieces + chain.pieces[at:]
    return Chain(pieces, chain.chances[:at] + lines.chances[:-1] + chain.chances[at:])
