"""The pieces of a page, and the features that the reader's network reads.

Shapes: N pieces, P features of a piece, Q features of a pair. Training and reading share this module, so both see the
same features.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transforms.model import Page
from transforms.restore.alphabet import Alphabet, Codes
from transforms.restore.continuation import MADE_OF, STATE, Continuation, continuations
from transforms.restore.evidence import (
    LONG_SPLITS,
    Floats,
    Towers,
    encode,
    first_kind,
    last_kind,
    open_marks,
    paired_surprise,
    surprise,
    themes,
    topics,
    unit,
    windows,
)
from transforms.restore.geometry import PAIR_GEOMETRY, SEAM_GEOMETRY, geometry_of, seam_geometry
from transforms.restore.linekinds import kinds_of
from transforms.restore.lines import MOST_GAP, Line, blank_between, lines_of
from transforms.restore.ngrams import NGrams
from transforms.width import measure

JOIN_FEATURES = 30 + SEAM_GEOMETRY
PAIR_EVIDENCE = 30
PAIR_FEATURES = PAIR_EVIDENCE + PAIR_GEOMETRY + len(LONG_SPLITS)
LEXICAL = tuple(
    re.compile(pattern)
    for pattern in (
        r"^[□■○●◎△▲]",
        r"^(?:本报|本网|特约|首席)?(?:记者|通讯员|评论员)",
        r"^文[/／:：]|文[/／]图|图[/／]",
        r"^作者",
        r"(?:记者|通讯员|实习生).{2,12}$",
        r"^.?[赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹苏潘范彭鲁马方任袁柳史唐薛雷贺汤罗郝安常于傅康余顾孟黄穆萧尹姚邵汪毛宋庞熊纪舒项祝董梁杜贾江童郭梅林钟徐邱高夏蔡田胡霍万卢莫房解丁邓洪石崔龚程裴陆刘武段白邢].{1,3}$",
        r"^(?:本报|本网|本刊)?讯|^本报.{0,12}[讯电]",
        r"^(?:据)?(?:新华社|中新社|新华网|人民网).{0,16}[电讯]",
        r"[（(]\s*(?:下转|转|紧接)第?.{1,4}版|[下转]{2}第?.{1,4}版",
        r"(?:上接|紧接|接)第?.{1,4}版",
        r"^[—－-]{1,2}",
        r"^图为|[图摄]\s*[）)]?。?$|摄影",
        r"责任?编辑?|校对|版式|审读|美编|组版",
        r"电话|热线|邮箱|E-?mail|邮编|刊号|网址|https?:|@",
        r"20\d\d年\d+月\d+日|星期[一二三四五六日]|农历",
        r"第.{1,4}版|^\d{1,3}$|[要闻综合]{2}.?版",
        r"^(?:笔者|记者|采访|编辑|采编)?(?:手记|札记|点评|短评|编后|编者按|链接|相关链接|新闻链接|延伸阅读|小贴士|新闻背景)",
        r"^[【［\[]",
        r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}[.．、])",
        r"[（(][^（）()]{2,20}[)）]$",
        r"简讯|快讯|要闻|导读|短波|集锦|速览|一句话",
    )
)
HEAD, TAIL = 40, 24
MOST_ENCODED = 200  # pieces; a fuller page is a list or a table


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of one text that the extractor left whole: its lines, their characters joined."""

    lines: tuple[Line, ...]
    text: str


@dataclass(frozen=True)
class Evidence:
    """The models from which features are computed."""

    alphabet: Alphabet
    grams: NGrams
    towers: Towers
    themes: Floats
    lines: Floats
    lines_bias: Floats


@dataclass(frozen=True)
class Sheet:
    """A page's lines, their codes and the width of its columns in half-width units (0: not wrapped)."""

    lines: list[Line]
    codes: list[Codes]
    width: int


def sheet_of(page: Page, evidence: Evidence) -> Sheet:
    """Prepare a page: its lines, their codes and its column width."""
    lines = lines_of(page)
    return Sheet(lines, encode(evidence.alphabet, [x.text for x in lines]), page_width(lines))


def page_width(lines: list[Line]) -> int:
    """Width of a full line of a hard-wrapped page in half-width units; 0 if the page is not wrapped.

    A page with boxes is always wrapped, because each of its lines is a printed line.
    """
    inner = [measure(a.text) for a, b in pairwise(lines) if b.gap == 0]
    if inner and lines[0].box:
        return max(2, Counter(inner).most_common(1)[0][0])
    if len(inner) < 8 or len(inner) < 0.3 * len(lines):
        return 0
    (width, _), *_ = Counter(inner).most_common(1)
    near = sum(abs(n - width) <= 4 for n in inner)
    return width if near >= 0.35 * len(inner) and width < 110 else 0


def seam_candidates(sheet: Sheet) -> NDArray[np.int64]:
    """Indices i of lines that may continue in line i + 1."""
    if not sheet.width:
        return np.zeros(0, np.int64)
    return np.array([i for i, (_, b) in enumerate(pairwise(sheet.lines)) if b.gap == 0], np.int64)


def join_features(sheet: Sheet, at: NDArray[np.int64], evidence: Evidence) -> Floats:
    """Evidence that lines i and i + 1 are one run, shape (len(at), JOIN_FEATURES)."""
    out = np.zeros((len(at), JOIN_FEATURES), np.float32)
    if not len(at):
        return out
    left, right = windows(sheet.codes, evidence.towers.window)
    dots = np.einsum("nd,nd->n", evidence.towers.lefts(left[at]), evidence.towers.rights(right[at + 1]))
    out[:, 0] = dots / 10
    out[:, 1:7] = paired_surprise(evidence.grams, left[at], right[at + 1]) / 4
    for row, i in enumerate(at):
        out[row, 7:30] = _join_form(sheet, int(i))
    out[:, 30:] = seam_geometry(sheet.lines, at)
    return out


def _join_form(sheet: Sheet, i: int) -> list[float]:
    a, b = sheet.lines[i], sheet.lines[i + 1]
    size, following = measure(a.text) + 4 * a.indented, measure(b.text)
    ends, begins = last_kind(a.text), first_kind(b.text)
    return [
        min(2.0, size / sheet.width),
        float(size >= sheet.width - 2),
        float(size >= sheet.width - 5),
        float(size > sheet.width + 3),
        min(2.0, following / sheet.width),
        float(following <= sheet.width - 3),
        float(following > sheet.width + 1),
        float(a.indented),
        float(b.indented),
        *(float(ends == k) for k in range(5)),
        *(float(begins == k) for k in range(4)),
        float(open_marks(a.text)[0] > 0),
        float(open_marks(b.text)[1] > 0),
        min(a.gap, MOST_GAP) / MOST_GAP,
        float(bool(LEXICAL[1].search(b.text) or LEXICAL[0].search(b.text))),
        float(bool(LEXICAL[6].search(b.text))),
    ]


def pieces_of(sheet: Sheet, joined: set[int]) -> list[Piece]:
    """Pieces of a page, with line i joined to line i + 1 for each i in ``joined``."""
    runs: list[list[Line]] = []
    for i, line in enumerate(sheet.lines):
        if i and i - 1 in joined:
            runs[-1].append(line)
        else:
            runs.append([line])
    return [Piece(tuple(run), _text(run)) for run in runs]


def _text(run: list[Line]) -> str:
    text = run[0].text
    for before, after in pairwise(run):
        text += blank_between(text, before, after) + after.text
    return text


@dataclass(frozen=True)
class Features:
    """``pieces`` has shape (N, P), ``pairs`` (N, N, Q): row i, column j is "j follows i"."""

    pieces: Floats
    pairs: Floats

    @property
    def states(self) -> Floats:
        """What the encoders know at the end and at the start of each piece, (N, 2 * STATE); 0 where they were not
        asked. Of features made with encoders only.
        """
        return self.pieces[:, -2 * STATE :]


def features_of(pieces: list[Piece], width: int, evidence: Evidence, encoders: Continuation | None = None) -> Features:
    """The features of a page.

    With ``encoders``, their output is the last feature; it is 0 on a page of one piece or of too many.
    """
    texts = [p.text for p in pieces]
    codes = encode(evidence.alphabet, texts)
    left, right = windows(codes, evidence.towers.window)
    lefts, rights = evidence.towers.lefts(left), evidence.towers.rights(right)
    forms = np.array([_form(n, pieces, width) for n in range(len(pieces))], np.float32)
    bag = np.array([evidence.towers.embed[c].mean(0) for c in codes], np.float32)
    pairs = np.zeros((len(pieces), len(pieces), PAIR_FEATURES + MADE_OF * bool(encoders)), np.float32)
    _fill(pairs, pieces, codes, (left, right), lefts @ rights.T, evidence)
    places, between = geometry_of([p.lines for p in pieces])
    kinds = kinds_of(texts, evidence.lines, evidence.lines_bias) / 3
    numbers: list[NDArray[Any]] = [forms, places, kinds, lefts / 5, rights / 5, bag]
    pairs[:, :, PAIR_EVIDENCE : PAIR_EVIDENCE + PAIR_GEOMETRY] = between
    pairs[:, :, PAIR_EVIDENCE + PAIR_GEOMETRY : PAIR_FEATURES] = surprise(evidence.grams, left, right, LONG_SPLITS) / 4
    if encoders:
        numbers.append(np.zeros((len(pieces), 2 * STATE), np.float32))
    if encoders and 1 < len(pieces) <= MOST_ENCODED:  # a piece alone has no seam
        told = continuations(texts, encoders)
        numbers[-1], pairs[:, :, PAIR_FEATURES:] = told.pieces, told.pairs
    return Features(np.concatenate(numbers, axis=1).astype(np.float32), pairs)


def _form(n: int, pieces: list[Piece], width: int) -> list[float]:
    piece, text, size = pieces[n], pieces[n].text, len(pieces[n].text)
    first, last = piece.lines[0], piece.lines[-1]
    after = pieces[n + 1].lines[0].gap if n + 1 < len(pieces) else MOST_GAP
    opened, unmatched = open_marks(text)
    ends, begins = last_kind(text), first_kind(text)
    edge = text if size <= HEAD + TAIL else text[:HEAD] + "\n" + text[-TAIL:]
    full = width or 1
    return [
        np.log1p(size) / 5,
        float(size <= 4),
        float(size <= 12),
        float(size <= 22),
        float(size <= 45),
        float(size <= 90),
        *(float(ends == k) for k in range(5)),
        *(float(begins == k) for k in range(4)),
        float(opened > 0),
        float(unmatched > 0),
        float(first.indented),
        *(float(first.gap == k) for k in range(5)),
        *(float(after == k) for k in range(5)),
        np.log1p(len(piece.lines)) / 3,
        min(2.0, measure(first.text) / full) if width else 0.0,
        min(2.0, measure(last.text) / full) if width else 0.0,
        float(bool(width) and measure(last.text) + 4 * last.indented >= width - 2),
        float(width > 0),
        n / max(1, len(pieces)),
        np.log1p(len(pieces)) / 5,
        np.log1p(text.count("。")) / 2,
        np.log1p(text.count("，")) / 2,
        sum(c.isdigit() for c in edge) / len(edge),
        float(" " in text or "　" in text),
        float("。" in text[:-1]),
        float(text[-1:] in "！？!?"),
        float("：" in text[:20]),
        *(float(bool(p.search(edge))) for p in LEXICAL),
    ]


def _fill(
    out: Floats,
    pieces: list[Piece],
    codes: list[Codes],
    edges: tuple[Codes, Codes],
    dots: Floats,
    evidence: Evidence,
) -> None:
    """Write what speaks for each pair, geometry and phrases aside, into the first numbers of ``out``."""
    count = len(pieces)
    off = dots - 1e4 * np.eye(count, dtype=np.float32)
    out[:, :, 0] = dots / 10
    out[:, :, 1] = np.maximum(-8, _log_softmax(off, 1)) / 4
    out[:, :, 2] = np.maximum(-8, _log_softmax(off, 0)) / 4
    out[:, :, 3:9] = surprise(evidence.grams, *edges) / 4
    rare = topics(evidence.grams, codes)
    alike = unit(rare)
    out[:, :, 9] = alike @ alike.T * 3
    order = np.arange(count)
    delta = order[None, :] - order[:, None]
    out[:, :, 10] = np.sign(delta) * np.log1p(np.abs(delta)) / 3
    out[:, :, 11] = delta > 0
    out[:, :, 12] = delta == 1
    out[:, :, 13] = delta == -1
    gaps = np.array([p.lines[0].gap for p in pieces])
    out[:, :, 14] = (delta == 1) * (gaps[None, :] == 0)
    out[:, :, 15] = (delta == 1) * (gaps[None, :] == 1)
    out[:, :, 16] = (delta == 1) * (gaps[None, :] >= 3)
    starts = np.cumsum([0, *(len(p.text) for p in pieces)])
    away = starts[:-1][None, :] - starts[1:][:, None]
    out[:, :, 17] = np.log1p(np.abs(away)) / 8
    marks = np.array([open_marks(p.text) for p in pieces], np.float32).reshape(count, 2)
    out[:, :, 18] = (marks[:, 0] > 0)[:, None] & (marks[:, 1] > 0)[None, :]
    gap_run = np.cumsum(gaps >= 3).astype(np.int64)
    out[:, :, 19] = gap_run[None, :] == gap_run[:, None]
    theme = themes(evidence.themes, codes)
    out[:, :, 20] = theme @ theme.T * 2
    out[:, :, 21] = np.log1p(rare @ rare.T) / 2
    names = topics(evidence.grams, codes, 3)
    out[:, :, 22] = np.log1p(names @ names.T) / 2
    out[:, :, 23:28] = _on_the_page(pieces, gap_run)
    rivals = out[:, :, 20] - 10 * np.eye(count, dtype=np.float32)
    out[:, :, 28] = _log_softmax(rivals * 3, 1) / 4
    out[:, :, 29] = _log_softmax(rivals * 3, 0) / 4


def _on_the_page(pieces: list[Piece], run: NDArray[np.int64]) -> Floats:
    """Where two pieces stand to one another in frames that empty lines set apart: shape (N, N, 5)."""
    count = len(pieces)
    sizes = np.array([len(p.text) for p in pieces], np.float32)
    whole = np.bincount(run, weights=sizes).astype(np.float32)[run]
    first = np.array([n == 0 or run[n] != run[n - 1] for n in range(count)])
    last = np.roll(first, -1)
    out = np.zeros((count, count, 5), np.float32)
    apart = run[None, :] - run[:, None]
    out[:, :, 0] = last[:, None] & first[None, :]
    out[:, :, 1] = np.clip(apart, -4, 4) / 4
    out[:, :, 2] = apart == 1
    out[:, :, 3] = np.clip(np.log(whole[None, :] / whole[:, None]), -2, 2) / 2
    out[:, :, 4] = np.clip(np.log(sizes[None, :] / sizes[:, None]), -3, 3) / 3
    return out


def _log_softmax(x: Floats, axis: int) -> Floats:
    top = x.max(axis=axis, keepdims=True)
    out: Floats = x - top - np.log(np.exp(x - top).sum(axis=axis, keepdims=True))
    return out
