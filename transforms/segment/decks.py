"""The lines above a story: which is the kicker, which the headline, which the subhead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from transforms.chinese import simplified
from transforms.repair import HAN
from transforms.restore.evidence import Floats, Weights
from transforms.restore.features import Piece
from transforms.restore.lines import ends_sentence
from transforms.restore.roles import ROLES
from transforms.segment.deckpairs import Deck, broken_odds, deck_of, log_chance
from transforms.segment.headlines import LONGEST_HEADLINE, headline_like
from transforms.segment.marks import Marks
from transforms.width import measure

DECKS = ("headline", "kicker", "subhead")
HEAD = (*DECKS, "byline", "continuation", "label")
LEADS_ON = ("—", "－", "：", ":")  # how a kicker may end, and nothing else above another deck
DASHED = ("—", "－－", "--")
AROUND_LABELS = "【】［］[]〖〗"
# How names of columns end, whether they stand alone or above headlines: 云州时评, 读者来信.
COLUMNS = "时评|来信|来论|论坛|观察|随笔|视点|走笔|杂谈|漫谈|茶座|快评|锐评|微评|言论|专栏|時評|觀察|論壇"
NAMED_COLUMN = re.compile(rf"^[{HAN}]{{0,6}}(?:{COLUMNS}|社评|来信追踪|微言|社評|來論|來信)$")
BRACKETED = re.compile(r"^(?:【[^】]{2,12}】|［[^］]{2,12}］|\[[^\]]{2,12}\]|〖[^〗]{2,12}〗)$")
# Names of columns that stand above a headline: 读者来信, 云州时评, “五年”系列报道之三.
COLUMN = re.compile(
    rf"^.{{0,8}}(?:{COLUMNS}|纵横|聚焦|追踪|专访|特稿|連載|连载)$"
    r"|^.{2,20}系列(?:报道|报导|報導|评论|访谈)(?:之?.{1,3}|[（(].{1,3}[)）]|[①-⑳])?$"
)
ANOTHER_LINE, ANOTHER_LINE_UNTOLD = 2.0, 3.5  # nats; untold: if nothing says whether two lines are halves of one
BROKEN = 3.0  # weight of whether two lines read like the halves of one headline
ANOTHER_DECK_LINE = 5.0  # nats, for each line of a kicker or subhead after its first
ANOTHER_BLOCK = 13.0  # the same where blank lines part the decks of a page
ACROSS_BLANK = 2.0  # nats, for a blank line within a headline where blank lines part the decks of a page
MOST_DECKS = 8
SURE = 9.0  # nats
CLEAR = 36.0  # nats, of wording as it counts: three times the log odds of two decks
LEAST = -1.5  # nats: what the network rules out of a line is not ruled out by its words
WORDING = 3.0  # weight of what two decks say beside what the network says of each
WORDING_SEEN = 1.0  # the same of lines with boxes
EVEN = 1.0  # nats: a pair of decks that may as well be either costs nothing
HINT = 2.5  # nats for what the form of a line says
COUPLET = 6.0  # the same of a headline in two halves of equal length: local papers set it above what it is about
LABELLED = re.compile(r"^(?:【[^】]{2,8}】|［[^］]{2,8}］|\[[^\]]{2,8}\])(?=.)")  # 【人物】某某某
COLUMN_AT_END = re.compile(r"（[^（）]{2,24}）$")  # 某某某（人民论坛）: papers put a column's name behind the headline
DOT = "·"
TWO_PARTS = re.compile(r"（([^（）·\s]{2,12})\s+([^（）·\s]{2,20})[^（）·]{0,20}）$")
IDEOGRAPH = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
IN_TWO = re.compile(r"[^\s，。：—]{4,12}[ \u3000][^\s，。：—]{4,12}$")
OPENED = re.compile(r"（[^（）]{0,24}$")
CLOSED = re.compile(r"[^（）]{1,24}）$")
SUBHEAD_LIKE = re.compile(
    r"^(?:——|—|访|专访|对话|记|论|写在|来自|走进)|(?:综述|纪实|述评|见闻|侧记|观察|调查|纪略|扫描)$|[①-⑳]$|^.{2,10}(?:主持|出席|讲话|致辞|陪同)$"
)
NUMBERED = re.compile(
    r"第?[一二三四五六七八九十]{1,3}[、章节]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、]|[▲■●◆□◎★]|[问答][:：]"
)
SAME_SIZE = 1.12  # ratio of type sizes up to which two lines are one headline
LONGEST_CROSSHEAD = 20
DEEPEST_HEAD = 5  # pieces of a text among which its own headline is looked for


# None of 8,933 real decks ends so, but lines within them do.
BREAKS_OFF = (*"，、的在于被把第未遭曾仍又也或但这各每赴无", "首个", "首家", "首座", "首条", "多个", "多名", "这个")
MOST_BETWEEN = 4  # characters of white space between two lines of a deck
LEAST_PIECES, PARTED = 5, 0.8


@dataclass(frozen=True)
class Part:
    """A piece with the network's output: its role, and the log odds that it opens a paragraph."""

    piece: Piece
    role: str
    opens: float


@dataclass(frozen=True)
class Setting:
    """How the lines of a page are set.

    ``width``: where they were wrapped, headlines too, in half-width units; 0 if they were not. ``parted``: whether
    blank lines part paragraphs and decks, so that lines without one between them are the lines of one deck.
    ``paragraphs``: whether they part paragraphs; a head whose decks are parted, too, shows it by itself.
    """

    width: int = 0
    parted: bool = False
    paragraphs: bool = False


def setting_of(pieces: Sequence[Piece], width: int) -> Setting:
    """How a page is set whose columns are ``width`` wide.

    Extractors leave lines as they were set, and headlines are set wider than a column: only where no line is longer
    were they wrapped.
    """
    wrapped = all(measure(x.text) <= width for p in pieces for x in p.lines)
    placed = any(p.lines[0].box for p in pieces)  # type sizes tell then which lines are one
    parted = sum(p.lines[0].gap > 0 for p in pieces[1:]) >= PARTED * (len(pieces) - 1) and len(pieces) >= LEAST_PIECES
    texts = [below.lines[0].gap > 0 for above, below in pairwise(pieces) if not _are_decks(above, below)]
    paragraphs = all(texts) and len(texts) >= LEAST_PIECES
    return Setting(width if wrapped else 0, parted and not placed, paragraphs and not placed)


def _are_decks(above: Piece, below: Piece) -> bool:
    """Whether two pieces may both be lines of a head."""
    return headline_like(above.text) and headline_like(below.text)


def unwrapped(parts: list[Part], setting: Setting) -> list[Part]:
    """The lines of a deck as one: it goes on if a line breaks off, or as ``setting`` tells.

    Two lines of one length are the halves of a headline, with a space between them.
    """
    out: list[Part] = []
    head = [p.piece for p in parts[: text_at(parts)] if p.role in DECKS]
    blocks = bool(_of_blocks(head))
    parted = setting.parted or (setting.paragraphs and blocks)
    for n, part in enumerate(parts):
        above = out[-1] if out else None
        below = parts[n + 1] if n + 1 < len(parts) else None
        together = blocks and above is not None and above.role == part.role == "headline"
        if above and _goes_on(above, part, below, setting.width, parted=parted or together):
            role = part.role if above.role == part.role and any(p.role == "headline" for p in parts) else "headline"
            halves = len(above.piece.text) == len(part.piece.text) and not above.piece.text.endswith(BREAKS_OFF)
            halves = halves and "，" not in above.piece.text + part.piece.text
            whole = Piece((*above.piece.lines, *part.piece.lines), above.piece.text + " " * halves + part.piece.text)
            out[-1] = Part(whole, role, above.opens)
        else:
            out.append(part)
    return out


def _goes_on(above: Part, part: Part, below: Part | None, width: int, *, parted: bool) -> bool:
    if above.role not in DECKS or part.role not in DECKS:
        return False
    if above.piece.text.endswith(LEADS_ON) or part.piece.text.startswith(DASHED):
        return False
    last, first = above.piece.lines[-1], part.piece.lines[0]
    near = last.page == first.page and 0 <= first.start - last.end <= MOST_BETWEEN
    if near and above.piece.text.endswith(BREAKS_OFF):
        return True
    if not near or first.gap or first.start - last.end > 1:
        return False
    full = _is_full(last.text, width)
    whole = below is None or below.piece.lines[0].gap > 0 or below.role in DECKS
    return full or (parted and whole)


def _is_full(text: str, width: int) -> bool:
    """Whether a line is as long as lines get; some extractors wrap by characters."""
    return bool(width) and (width - 1 <= measure(text) <= width or len(text) == width // 2)


def settled(
    chain: Sequence[int],
    pieces: Sequence[Piece],
    chances: NDArray[np.float32],
    roles: Sequence[str],
    states: Floats,
    weights: Weights,
    *,
    parted: bool = False,
) -> tuple[list[str], float]:
    """The most likely roles of the lines above a text (kickers, then headline, then subheads), and by how many nats
    they beat the next best, ``CLEAR`` at most.

    ``chances``: log probabilities of roles, shape (N, ROLES). ``states``: what the encoders know of each piece, shape
    (N, 2 * STATE), 0 if they were not asked. ``weights``: see ``deckpairs``. ``parted``: whether
    blank lines part the page's paragraphs. Each further line of a headline costs
    ``ANOTHER_LINE``, because line by line a kicker or subhead is easily taken for a headline. Without type sizes it
    counts, too, whether two lines read like the halves of one headline.
    """
    out = list(roles)
    end = next((k for k, n in enumerate(chain) if roles[n] not in HEAD), len(chain))
    lines = [n for n in chain[:end] if roles[n] in DECKS]
    if below := _last_deck(chain[:end], chain[end:], pieces, roles):
        lines += below
    if len(lines) < 2 or len(lines) > MOST_DECKS:
        return out, CLEAR
    texts = [pieces[n].text for n in lines]
    sizes, known = [len(t) for t in texts], states[lines]
    seen = pieces[lines[0]].lines[0].box is not None  # type sizes, which the network reads, tell more than words
    least, wording_counts = (-SURE, WORDING_SEEN) if seen else (LEAST, WORDING)
    encoded = bool(known.any())
    wording_counts *= encoded
    told = encoded and not seen
    another_line = ANOTHER_LINE if told else ANOTHER_LINE_UNTOLD
    another_deck_line = ANOTHER_BLOCK if parted and not seen else ANOTHER_DECK_LINE
    headline, kicker, subhead = (np.maximum(chances[lines, ROLES.index(r)], least) for r in DECKS)
    headline += HINT * np.array([bool(COLUMN_AT_END.search(t)) for t in texts], np.float32)
    headline -= SURE * np.array([t.startswith(DASHED) for t in texts], np.float32)
    couplets = [COUPLET * (is_slogan(t) or _in_two(t)) for t in texts]
    kicker += SURE * np.array([t.endswith(LEADS_ON) for t in texts], np.float32)
    subhead += HINT * np.array([k > 0 and bool(SUBHEAD_LIKE.search(t)) for k, t in enumerate(texts)], np.float32)
    whole = _within_brackets(texts)
    if parted and not seen:
        whole |= _of_blocks([pieces[n] for n in lines])
    ways = [
        (a, b) for a in range(len(lines)) for b in range(a + 1, len(lines) + 1) if a not in whole and b not in whole
    ]

    def deck(first: int, end: int) -> Deck | None:
        return deck_of(sizes[first:end], known[first:end]) if end > first else None

    gaps = [parted and not seen and pieces[n].lines[0].gap > 0 for n in lines]
    singly = [deck_of(sizes[k : k + 1], known[k : k + 1]) for k in range(len(lines))] if told else []
    broken = [broken_odds(above, below, weights) for above, below in pairwise(singly)]
    broken = [min(0.0, x) if is_slogan(text) else x for text, x in zip(texts, broken, strict=False)]

    def chance(way: tuple[int, int]) -> float:
        a, b = way
        apart = float(kicker[:a].sum() + headline[a:b].sum() + subhead[b:].sum() - another_line * (b - a - 1))
        apart -= ACROSS_BLANK * sum(gaps[a + 1 : b])
        apart += couplets[a] if b - a == 1 else 0.0  # below another line of a head a couplet is its subhead
        apart -= another_deck_line * (max(0, a - 1) + max(0, len(lines) - b - 1))
        wording = log_chance((deck(0, a), deck(a, b), deck(b, len(lines))), weights)
        apart -= BROKEN * sum(float(np.logaddexp(0, -x if a <= k < b - 1 else x)) for k, x in enumerate(broken))
        return apart + wording_counts * (wording + EVEN * ((a > 0) + (b < len(texts))))

    (best, (a, b)), *others = sorted(((chance(way), way) for way in ways), reverse=True)
    for k, n in enumerate(lines):
        out[n] = "kicker" if k < a else "headline" if k < b else "subhead"
    return out, min(CLEAR, best - others[0][0]) if others else CLEAR


def _of_blocks(lines: Sequence[Piece]) -> set[int]:
    """Lines k that are of one deck with the line above: blank lines part other lines of this head, but not these."""
    gaps = [line.lines[0].gap > 0 for line in lines[1:]]
    return {k for k, gap in enumerate(gaps, 1) if not gap} if any(gaps) else set()


def _last_deck(
    head: Sequence[int], text: Sequence[int], pieces: Sequence[Piece], roles: Sequence[str]
) -> Sequence[int]:
    """The first line of a text if it is a deck more: right below one on the page, a slogan or taken for a crosshead.

    A crosshead stands between two texts, not between a head and its text.
    """
    if not head or len(text) < 2 or roles[head[-1]] not in DECKS or text[0] != head[-1] + 1:
        return ()
    line = pieces[text[0]].text
    fits = headline_like(line) and len(line) <= LONGEST_CROSSHEAD and not NUMBERED.match(line)
    return text[:1] if fits and (roles[text[0]] == "crosshead" or is_slogan(line)) else ()


def head_of(pieces: Sequence[int], roles: Sequence[str]) -> Sequence[int]:
    """The pieces of a story that stand above its text, by the roles of all pieces; all of them if it has no text."""
    return pieces[: next((k for k, n in enumerate(pieces) if roles[n] not in HEAD), len(pieces))]


def text_at(parts: Sequence[Part]) -> int:
    """Which part of a story is the first of its text; their number if it has none."""
    return len(head_of(range(len(parts)), [part.role for part in parts]))


def is_slogan(text: str) -> bool:
    """Whether a line is two parts of equal length, 办实事 解民忧: no sentence of a text is printed so."""
    parts = text.split()
    return len(parts) == 2 and len(parts[0]) == len(parts[1]) >= 3 and all(map(IDEOGRAPH.fullmatch, "".join(parts)))


def _in_two(text: str) -> bool:
    """Whether a line is two parts as papers in traditional characters set their headlines: 老榕生病 學童寫卡片."""
    return bool(IN_TWO.match(text)) and simplified(text) != text


def with_headline(parts: list[Part], marks: Marks) -> list[Part]:
    """Make the first piece of a text without a headline its headline, if it can be one: not a whole sentence, and
    a text begins below it.
    """
    if any(p.role == "headline" for p in parts) or len(parts) < 2:
        return parts
    if (inside := _wrapped(parts)) is not None:
        return [replace(parts[inside], role="headline"), *parts[:inside], *parts[inside + 1 :]]
    head = text_at(parts)
    heads = [n for n in range(head) if parts[n].role in ("kicker", "subhead")]
    if heads:
        chosen = heads[0]
    elif (
        head < len(parts)
        and not any(p.opens < 0 for p in parts[head + 1 : head + 2])
        and len(parts[head].piece.text) <= LONGEST_HEADLINE
        and not ends_sentence(parts[head].piece.text)
        and not marks.parse_lead(parts[head].piece.text)[0]
    ):
        chosen = head
    else:
        return parts
    return [replace(p, role="headline") if n == chosen else p for n, p in enumerate(parts)]


def _wrapped(parts: list[Part]) -> int | None:
    """The headline that stands inside its text, because the text runs around it: the sentence goes on beyond it."""
    for n in range(1, min(len(parts) - 1, DEEPEST_HEAD)):
        line, before = parts[n].piece.text, parts[n - 1].piece.text
        breaks = len(before) > LONGEST_CROSSHEAD and not ends_sentence(before)
        if parts[n].role in ("crosshead", *DECKS) and headline_like(line) and breaks:
            return n
    return None


def decks(parts: list[Part], marks: Marks) -> list[Part]:
    """Tell kicker, headline and subhead apart if all were taken for headlines: by type size, dashes and order.

    A headline below the byline is the opening of the text.
    """
    parts = [replace(p, role="body") if marks.is_summary(p.piece.text) else p for p in _labelled(parts)]
    end = next((n for n, p in enumerate(parts) if p.role not in HEAD), len(parts))
    lines = [n for n in range(end) if parts[n].role in DECKS and not marks.is_byline(parts[n].piece.text)]
    whole = [(lines[k - 1], lines[k]) for k in _within_brackets([parts[n].piece.text for n in lines])]
    roles = {n: parts[n].role for n in lines}
    roles |= {n: "subhead" for n in lines if parts[n].piece.text.startswith(DASHED)}
    leading = [n for n in lines[:-1] if is_column(parts[n].piece.text) or parts[n].piece.text.endswith(LEADS_ON)]
    roles |= dict.fromkeys(leading, "kicker")
    signed = next((n for n in range(end) if parts[n].role == "byline"), end)
    heads = [n for n in lines if roles[n] == "headline" and n < signed]
    told = "kicker" in roles.values() and "subhead" in roles.values()
    roles |= _by_size(parts, heads) or ({} if told else _by_order(parts, heads, "subhead" in roles.values()))
    if lines and "headline" not in roles.values():
        free = [n for n in lines if n not in leading and not is_column(parts[n].piece.text)]
        kickers = [n for n in free if roles[n] == "kicker"]
        roles[(kickers or free or lines)[0]] = "headline"
    for above, below in whole:
        roles[above] = roles[below] = "headline"
    return [replace(p, role=roles.get(n, p.role)) for n, p in enumerate(parts)]


def _within_brackets(texts: Sequence[str]) -> set[int]:
    """Lines k whose beginning stands inside brackets that the line above opened: both are one headline."""
    return {k for k in range(1, len(texts)) if OPENED.search(texts[k - 1]) and CLOSED.match(texts[k])}


def with_dot(headline: str) -> str:
    """The headline with the dot between a column and its series, as in 某某某（国际论坛·某某某）, which fonts often
    lack.

    Two parts of equal length are a slogan with a space in it, such as 办实事 解民忧, and stay.
    """
    found = TWO_PARTS.search(headline)
    if not found or len(IDEOGRAPH.findall(found[1])) == len(IDEOGRAPH.findall(found[2])):
        return headline
    return headline[: found.end(1)] + DOT + headline[found.start(2) :]


def _labelled(parts: list[Part]) -> list[Part]:
    """A text in which every paragraph opens with its label in brackets begins with the first of them."""
    end = next((n for n, p in enumerate(parts) if p.role not in HEAD), len(parts))
    if end == len(parts) or not LABELLED.match(parts[end].piece.text):
        return parts
    first = [n for n in range(1, end) if LABELLED.match(parts[n].piece.text)]
    return [replace(p, role="body") if n in first else p for n, p in enumerate(parts)]


def is_label(text: str) -> bool:
    """Whether a line is nothing but the name of a column: 【人物】, 云州时评; a series' is a kicker."""
    return bool(BRACKETED.match(text) or NAMED_COLUMN.match(text))


def is_column(text: str) -> bool:
    """Whether a line is the name of a column, which stands above headlines."""
    return bool(BRACKETED.match(text) or COLUMN.match(text))


def _by_size(parts: list[Part], heads: list[int]) -> dict[int, str]:
    """The largest type is the headline; what stands above it is the kicker, below it the subhead."""
    sizes = [[x.box.size for x in parts[n].piece.lines if x.box] for n in heads]
    if len(heads) < 2 or not all(sizes):
        return {}
    largest = [max(s) for s in sizes]
    large = [n for n, size in zip(heads, largest, strict=True) if size >= max(largest) / SAME_SIZE]
    if len(large) == len(heads):
        return {}
    return {n: "headline" if n in large else "kicker" if n < large[0] else "subhead" for n in heads}


def _by_order(parts: list[Part], heads: list[int], subhead: bool) -> dict[int, str]:
    """Three are kicker, headline and subhead; of two above a subhead the first is the kicker.

    A first line that breaks off (，) goes on in the second; one that ends in a dash or a colon is a kicker.
    """
    if len(heads) < 2:
        return {}
    first, second = parts[heads[0]].piece.text, parts[heads[1]].piece.text
    third = {heads[2]: "subhead"} if len(heads) == 3 and not subhead else {}
    if first.endswith(LEADS_ON):
        return {heads[0]: "kicker"} | third
    if first.endswith(("，", "、")) or first == second:
        return {}
    return {heads[0]: "kicker"} | third if third or (len(heads) == 2 and subhead) else {}
