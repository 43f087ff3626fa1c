"""What text extraction breaks, mended before the page is read; every character keeps its place in the source.

Columns written side by side, radicals in place of ideographs, marks of upright lines, blanks between ideographs,
bullets from symbol fonts, headlines with each character twice, a text layer that is there twice, and upright headlines
one character a line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from transforms.model import Box, Page, Span
from transforms.side_by_side import parted
from transforms.surnames import SINGLE

# CJK Radicals Supplement, from the Unicode Character Database's EquivalentUnifiedIdeograph.txt; U+2E80 has none.
SUPPLEMENT = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕𫜹⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺"
    "⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角"
    "⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄"
    "⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
IDEOGRAPHS = dict(zip(SUPPLEMENT[::2], SUPPLEMENT[1::2], strict=True))
# Kangxi radicals and compatibility ideographs have a compatibility mapping to one ideograph each.
IDEOGRAPHS |= {
    c: unicodedata.normalize("NFKC", c)
    for c in map(chr, (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFAD9), *range(0x2F800, 0x2FA1E)))
    if len(unicodedata.normalize("NFKC", c)) == 1
}
# Marks as they are set in upright lines, from the same database's Vertical Forms and CJK Compatibility Forms.
UPRIGHT_MARKS = dict(
    zip(
        "︐︑︒︓︔︕︖︗︘︙︱︵︶︹︺︻︼︽︾︿﹀﹁﹂﹃﹄",
        "，、。：；！？〖〗…—（）〔〕【】《》〈〉「」『』",
        strict=True,
    )
)
MENDED = str.maketrans(IDEOGRAPHS | UPRIGHT_MARKS)
HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0e-\x1f\x7f]")
ALL_HAN = re.compile(rf"[{HAN}]{{4,45}}$")
PRIVATE = re.compile(r"^[ \t\u3000]*([\ue000-\uf8ff])")
BULLET = "□"
LETTER_BULLET = re.compile(
    r"^[ \t\u3000]*([lnpqstuvwyz])(?=(?:本[报刊台]|通讯员|见习记者|特约|实习)[\u4e00-\u9fff])"
)  # of Wingdings
SET = rf"[{HAN}，。、；：！？“”‘’（）《》０-９]"  # characters as wide as ideographs
SPACED = re.compile(rf"{SET}(?:[ \u00a0]{SET}){{3,}}(?![{HAN}])")
SPACED_LEAD = re.compile(
    r"^[ \t\u3000【〔]*(本[ \u00a0][报報刊][ \u00a0][讯訊])(?=[ \u00a0]?[（(】〕])"
)  # too few for a run
BETWEEN = re.compile(rf"(?<={SET})[ \u00a0](?={SET})")
PROSE = re.compile(r"^.{0,400}[，。].{10}")
IN_BRACKETS = re.compile(r"[（(【〔][^（）()【】〔〕]{1,80}[)）】〕]")
ROLE = re.compile(r"记[ \u00a0]者|通[ \u00a0]?讯[ \u00a0]?员|实[ \u00a0]?习[ \u00a0]?生|記[ \u00a0]者")
SIGNED = re.compile(rf"^[ \u3000]*[□■○●◎△▲▣]|{ROLE.pattern}|[文图][/／]|^作者")
WORD = re.compile(rf"[{HAN}]+")
LEAST_CLAUSE = 4  # characters on either side of a blank that a headline has
LONGEST_GIVEN = 2
AFTER_ROLE = ("者", "员", "生")  # what stands before a name
LEAST_STRAY, LEAST_STREWN = 3, 3  # blanks of a paragraph, and such paragraphs of a page
FIGURES = "０１２３４５６７８９"
MOSTLY = 0.6  # blanks for each ideograph of a line that is set wide from end to end
LEAST_BLANKS = 8
DOUBLED_LEAD = re.compile(rf"(?:([{HAN}])\1)([{HAN}])\2([{HAN}])\3(?=[（(])")  # 本本报报讯讯（记者 张三）
LEAST_RUN = 4  # characters
LAYERS = (4, 3, 2)  # times that a character may be drawn to look bold
SHORTEST_DOUBLE = 3  # characters
SHORTEST_COPY = 24  # characters of a line that is there twice, or of lines that follow one another twice
SHORTEST_FAR = 80  # characters of a copy that does not directly follow the original
MUCH = 0.15  # share of a page's characters in copies, from which short ones count too
SHORTEST_HEAD, SHORTEST_AGAIN = 6, 4  # characters of a headline that stands twice, and twice in a row
DATED = re.compile(r"[\d〇一二三四五六七八九十年月日.-]{6,12}$")
LONGEST_COPY = 400  # lines that are compared at once
MOST_PLACES = 8  # at which a repeated line is looked for
UPRIGHT = 4  # lines of one character in a row
LONGEST_HEAD = 45
STOPS = "。！？!?…；;，,"
ENDS = "。！？!?…”）)"


@dataclass(slots=True)
class _Row:
    """A line being mended: its characters and the place of each in the source; ``end``: of its line break."""

    text: str
    at: list[int]
    end: int
    box: Box | None = None
    lost: bool = False

    def keep(self, wanted: Sequence[bool]) -> None:
        kept = [(c, n) for c, n, w in zip(self.text, self.at, wanted, strict=True) if w]
        self.text, self.at = "".join(c for c, _ in kept), [n for _, n in kept]

    def without(self, places: set[int]) -> None:
        if places:
            self.keep([n not in places for n in range(len(self.text))])

    def drop(self, pattern: re.Pattern[str]) -> None:
        out = {n for m in pattern.finditer(self.text) for n in range(*m.span())}
        if out:
            self.without(out)


@dataclass(frozen=True, slots=True)
class Repaired:
    """A page to read, and the way back: ``at`` has the source offset of each of its characters (empty: the same).

    ``copies`` are the runs of the source that were there a second time and are not read.
    """

    page: Page
    at: tuple[int, ...] = ()
    copies: tuple[Span, ...] = ()

    def source(self, span: Span) -> Span:
        """Where a run of the page that was read stands in the source; what was dropped inside it is covered."""
        if not self.at or span.start >= span.end:
            return span
        return Span(span.page, self.at[span.start], self.at[span.end - 1] + 1)


def repair(page: Page) -> Repaired:
    """Mend what extraction broke. A page that has nothing to mend comes back as it is."""
    rows = _rows(page)
    if not page.boxes:
        rows = _parted(rows)
    _characters(rows)
    _doubled(rows)
    rows = _upright(rows)
    _copies(rows)
    _repeated_heads(rows)
    kept = [r for r in rows if not r.lost]
    text = "\n".join(r.text for r in kept)
    if text == page.text.replace("\f", "\n"):
        return Repaired(page)
    at = tuple(n for r in kept for n in (*r.at, r.end))[:-1]
    boxes = tuple(r.box for r in kept if r.box and r.text.strip())
    lost = tuple(Span(page.number, r.at[0], r.at[-1] + 1) for r in rows if r.lost and r.at)
    return Repaired(replace(page, text=text, boxes=boxes), at, lost)


def _rows(page: Page) -> list[_Row]:
    rows, start, boxes = [], 0, iter(page.boxes)
    for text in re.split("[\n\f]", page.text):
        end = start + len(text)
        box = next(boxes, None) if text.strip() else None
        rows.append(_Row(text, list(range(start, end)), end, box))
        start = end + 1
    return rows


def _parted(rows: list[_Row]) -> list[_Row]:
    """The rows of columns that stand side by side, one column after the other."""
    parts = parted([row.text for row in rows])
    if parts is None:
        return rows
    return [
        _Row(rows[n].text[a:b], rows[n].at[a:b], rows[n].at[b] if b < len(rows[n].at) else rows[n].end)
        for n, a, b in parts
    ]


def _characters(rows: list[_Row]) -> None:
    for row in rows:
        row.text = row.text.translate(MENDED)
        row.drop(INVISIBLE)
        if found := PRIVATE.match(row.text) or LETTER_BULLET.match(row.text):
            n = found.start(1)
            row.text = row.text[:n] + BULLET + row.text[n + 1 :]
        row.without(_blanks(row.text))
    _stray_blanks(rows)


def _stray_blanks(rows: list[_Row]) -> None:
    """Blanks that extraction strewed over a page: in a third of its paragraphs, several each, between any ideographs.

    Names stay apart, （记者 张三 李四） and □ 张三 李四, and so do those of a list, which only a few paragraphs are. A
    headline keeps one blank between two clauses.
    """
    told = [row for row in rows if PROSE.search(row.text)]
    stray = [{m.start() for m in BETWEEN.finditer(IN_BRACKETS.sub(_masked, row.text))} for row in told]
    strewn = sum(len(blanks) >= LEAST_STRAY for blanks in stray)
    mend = strewn >= LEAST_STREWN and 3 * strewn > len(told)
    for row, blanks in zip(told, stray, strict=True):
        names = [m.span() for m in IN_BRACKETS.finditer(row.text)] if mend else []
        within = {n for span in names for n in _in_names(row.text, *span)}
        row.without(_in_roles(row.text) | (blanks | within if mend else set()))
    if not mend:
        return
    prose = set(map(id, told))
    for row in [row for row in rows if id(row) not in prose]:
        signed = SIGNED.search(row.text)
        row.without(_in_roles(row.text) | (_in_names(row.text, 0, len(row.text)) if signed else _in_headline(row.text)))


def _in_roles(text: str) -> set[int]:
    return {n for m in ROLE.finditer(text) for n in range(*m.span()) if text[n].isspace()}


def _in_headline(text: str) -> set[int]:
    found = {m.start() for m in BETWEEN.finditer(text)}
    clauses = [part for part in text.split() if len(part) >= LEAST_CLAUSE]
    return set() if len(found) == 1 and len(clauses) == 2 else found


def _in_names(text: str, start: int, stop: int) -> set[int]:
    """Blanks within the names of a run, at which one character stands alone: 亓文 博, 佘 金水, not 亓文 佘金水."""
    out: set[int] = set()
    roles = _in_roles(text)
    words = [m.span() for m in WORD.finditer(text, start, stop)]
    for n, ((a, b), (c, d)) in enumerate(pairwise(words)):
        if b + 1 != c or b in roles or text.endswith(AFTER_ROLE, a, b):
            continue
        after = words[n + 2] if n + 2 < len(words) and words[n + 2][0] == d + 1 else (0, 0)
        opens = text[c] in SINGLE and 0 < after[1] - after[0] <= LONGEST_GIVEN
        if (b - a == 1 and a - 1 not in out) or (d - c == 1 and not opens):
            out.add(b)
    return out


def _masked(found: re.Match[str]) -> str:
    return "x" * len(found[0])


def _blanks(text: str) -> set[int]:
    """Blanks that only set ideographs wide: in runs of four or more, or all single ones of a line that has little else.

    A run with figures needs as many other characters, and ends with one: rows of a table do not.
    """
    between = {m.start() for m in BETWEEN.finditer(text)}
    ideographs = len(re.findall(f"[{HAN}]", text))
    if len(between) >= max(LEAST_BLANKS, MOSTLY * ideographs) and text[-1] not in FIGURES:
        return between
    if lead := SPACED_LEAD.match(text):
        return {n for n in range(lead.start(1), lead.end(1)) if text[n].isspace()}
    runs = [(m.start(), m.start() + len(m[0].rstrip(FIGURES + " \u00a0"))) for m in SPACED.finditer(text)]
    whole = [(a, b) for a, b in runs if _is_wide(text[a:b].split())]
    return {n for a, b in whole for n in range(a, b) if text[n].isspace()}


def _is_wide(characters: list[str]) -> bool:
    return len(characters) >= LEAST_RUN and 2 * sum(c in FIGURES for c in characters) <= len(characters)


def _doubled(rows: list[_Row]) -> None:
    """高高岭岭乡乡 to 高岭乡, and a headline set twice in one line to one: both are how extraction sees fake bold."""
    for row in rows:
        solid = [n for n, c in enumerate(row.text) if not c.isspace()]
        text = "".join(row.text[n] for n in solid)
        if lead := DOUBLED_LEAD.match(row.text):
            row.keep([n >= lead.end() or n % 2 == 0 for n in range(len(row.text))])
            continue
        times = next((k for k in LAYERS if _each(text, k)), 0)
        if times:
            kept = set(solid[::times])
        elif _twice(text):
            kept = set(solid[: len(solid) // 2])
        else:
            continue
        blanks = [n for n, c in enumerate(row.text) if c.isspace() and n < max(kept)]
        row.keep([n in kept or n in blanks for n in range(len(row.text))])


def _each(text: str, times: int) -> bool:
    """Whether every character stands so many times in a row, and there are enough of them for it to be no chance."""
    if len(text) % times or len(text) < times * SHORTEST_DOUBLE:
        return False
    layers = [text[n::times] for n in range(times)]
    return all(x == layers[0] for x in layers) and len(set(layers[0])) >= SHORTEST_DOUBLE


def _twice(text: str) -> bool:
    half = len(text) // 2
    return len(text) % 2 == 0 and half >= SHORTEST_HEAD and text[:half] == text[half:] and len(set(text)) > half // 2


def _upright(rows: list[_Row]) -> list[_Row]:
    """One line for each headline that runs downwards, one character a line."""
    out: list[_Row] = []
    for single, group in groupby(rows, key=lambda r: len(r.text.strip()) <= 1):
        run = list(group)
        filled = [r for r in run if r.text.strip()]
        tall = sum(len(re.findall(f"[{HAN}]", r.text)) for r in filled)
        if not single or tall < UPRIGHT or tall < 0.7 * len(filled):
            out += run
            continue
        first, last = run.index(filled[0]), run.index(filled[-1])
        out += [*run[:first], _joined(filled), *run[last + 1 :]]
    return out


def _joined(rows: list[_Row]) -> _Row:
    for row in rows:
        row.keep([not c.isspace() for c in row.text])
    boxes = [r.box for r in rows if r.box]
    box = None
    if boxes:
        left, top = min(b.left for b in boxes), min(b.top for b in boxes)
        right, bottom = max(b.right for b in boxes), max(b.bottom for b in boxes)
        box = Box(left, top, right, bottom, max(b.size for b in boxes))
    return _Row("".join(r.text for r in rows), [n for r in rows for n in r.at], rows[-1].end, box)


def _copies(rows: list[_Row]) -> None:
    """Drop the second copy of lines that are there twice: a layer for the eye and one for searching, or a shadow.

    A story may repeat a sentence further down. So a short copy counts only if it directly follows the original, or if
    much of the page appears twice.
    """
    filled = [r for r in rows if r.text.strip()]
    keys = ["".join(r.text.split()) for r in filled]
    found = _repeated(keys)
    sizes = [sum(map(len, keys[n : n + length])) for n, length, _ in found]
    much = sum(sizes) >= MUCH * sum(map(len, keys))
    for (n, length, below), size in zip(found, sizes, strict=True):
        if below or much or size >= SHORTEST_FAR:
            for row in filled[n : n + length]:
                row.lost = True


def _repeated(keys: list[str]) -> list[tuple[int, int, bool]]:
    """Runs of lines that repeat earlier ones: first line, number of lines, and whether the original is just above."""
    places: dict[str, list[int]] = {}
    out: list[tuple[int, int, bool]] = []
    n = 0
    while n < len(keys):
        length, first = max(((_same(keys, i, n), i) for i in places.get(keys[n], [])), default=(0, 0))
        below = first + length == n
        length = _whole(keys, n, length) if length else 0
        if length and _is_copy(keys[n : n + length]):
            out.append((n, length, below))
            n += length
            continue
        seen = places.setdefault(keys[n], [])
        if len(seen) < MOST_PLACES:
            seen.append(n)
        n += 1
    return out


def _whole(keys: list[str], start: int, length: int) -> int:
    """The lines of a copy up to the end of a sentence: two stories may well quote the same words in mid-sentence."""
    end = start + length
    if end == len(keys):
        return length
    while end > start and keys[end - 1][-1] not in ENDS:
        end -= 1
    return end - start


def _same(keys: list[str], first: int, second: int) -> int:
    """How many lines from ``second`` on are those from ``first`` on."""
    length = 0
    while (
        length < LONGEST_COPY
        and first + length < second
        and second + length < len(keys)
        and keys[first + length] == keys[second + length]
    ):
        length += 1
    return length


def _is_copy(lines: list[str]) -> bool:
    """Long enough to be no chance: one line must be a sentence, for bylines and table rows do recur."""
    size = sum(map(len, lines))
    if len(lines) == 1:
        return size >= SHORTEST_COPY and lines[0][-1] in ENDS
    return size >= SHORTEST_COPY and max(map(len, lines)) >= SHORTEST_HEAD


def _repeated_heads(rows: list[_Row]) -> None:
    """Drop a headline that stands a second time with no text of its own below it, or twice in a row.

    The date of two notices is none, nor is who signs them above it.
    """
    filled = [r for r in rows if r.text.strip() and not r.lost]
    keys = ["".join(r.text.split()) for r in filled]
    seen: set[str] = set()
    signing = {key for key, below in pairwise(keys) if DATED.match(below)}
    for n, key in enumerate(keys):
        if DATED.match(key) or key in signing:
            continue
        again = n > 0 and keys[n - 1] == key
        least = SHORTEST_AGAIN if again and ALL_HAN.match(key) else SHORTEST_HEAD
        if least <= len(key) <= LONGEST_HEAD and key[-1] not in STOPS and key in seen:
            following = keys[n + 1] if n + 1 < len(keys) else ""
            if again or not following:
                filled[n].lost = True
        seen.add(key)
