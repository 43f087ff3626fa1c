"""Captions of pictures: what is one, who took the picture, and which story it belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.model import Article, Caption
from transforms.repair import HAN
from transforms.restore.features import Piece
from transforms.restore.lines import blank_between, ends_sentence
from transforms.segment.draft import spans_of
from transforms.segment.marks import Marks
from transforms.segment.names import NAME

LONGEST_CAPTION = 200
WINDOW = 60
CAPTION = re.compile(
    r"^[▲▼◀▶↑↓←→△\s]{0,3}(?:图为|[上下左右中主题](?:两)?图[为：:]|图[①-⑩一二三四五六1-6][：:为\s]|(?:组)?图[：:]|資料圖|图片说明)"
)
PROVIDED = re.compile(
    r"^[（(]?(?:本[版文组])?(?:图片?|照片|配图|插图)(?:除署名外)?(?:均|皆|都)?[由为][^，。]{2,30}(?:提供|拍摄|摄)[）)]?$"
)
GIVEN = re.compile(  # 村民涉溪而过。（某某部落会提供）: one sentence and who gave the picture
    rf"^[^。！？（）()]{{6,60}}[。]?[（(](?:图片?|照片)?(?:由|均由)?(?!数据|线索|资料由|气象)[{HAN}]{{2,12}}(?<!气象台)提供[)）]$"
)
SHOWN = re.compile(r"[。！？]图为[^。]{2,60}。?$")
TAKEN_BY = re.compile(
    r"^(?!本版)[^。！？]{2,30}(?:摄|摄影|摄影报道|供图)[）)]?$"
)  # who took the picture, on a line of its own
_WHO = (
    rf"(?:记者|通讯员|特约摄影师?|摄影师|实习生|作者|发|[（(\s\u3000。])\s?{NAME}(?:[\s\u3000、]{{1,2}}{NAME}){{0,4}}"
)
CREDIT = re.compile(
    rf"(?:{_WHO}\s?[/／]?\s?(?:摄影|供图|[摄攝])(?:[（(][^（）()。，]{{2,12}})?|{NAME}[/／](?:摄影?|图)|(?<![{HAN}])(?:图|照片|摄影)[/／](?!文)[^，。！？/／]{{2,20}}|(?:受访者|资料|单位|医院|学校|[{HAN}]{{2,12}})供图|[（(]?资料(?:图片?|照片)|(?:新华社|中新社|人民视觉|视觉中国|影像中国|东方IC|IC\s?[Pp]hoto|CFP|VCG)(?:发|供图)?)[）)。]{{0,2}}$"
)
PHOTOGRAPHER = re.compile(
    r"(?P<who>[^。，！？（）()]{2,40}?)\s?[/／]?\s?(?:摄影|攝影|供图|供圖|[摄攝])(?:[（(][^（）()。，]{2,12}[)）])?[）)。]{0,2}$"
)
GRAM = 3  # characters that a caption and its story have in common
FEWEST = 2  # grams that make a story a picture's
NEXT_LINE = 4  # characters between two lines: the end of the one, the indent of the other


def is_caption(text: str, marks: Marks) -> bool:
    """Whether a piece says what a picture shows or who took it."""
    if len(text) > LONGEST_CAPTION or marks.is_byline(text) or marks.parse_lead(text)[0]:
        return False
    return bool(CAPTION.match(text) or PROVIDED.match(text) or GIVEN.match(text) or CREDIT.search(text[-WINDOW:]))


def is_shown(text: str) -> bool:
    """Whether a short paragraph ends by saying what its picture shows: ……开采。图为茶农采摘鲜叶。"""
    return len(text) <= LONGEST_CAPTION and SHOWN.search(text) is not None


def begins_caption(text: str) -> bool:
    """Whether a text begins like a caption."""
    return CAPTION.match(text) is not None


def photographers(text: str, marks: Marks) -> str:
    """Who took the picture, from the end of its caption: 本报记者 张三; "" if it does not say."""
    found = PHOTOGRAPHER.search(text[-WINDOW:].lstrip())
    who = found["who"].strip() if found else ""
    return (
        next((who[k:] for k in range(len(who)) if marks.is_byline(who[k:]) or not who[:k].strip()), "") if who else ""
    )


def captions_of(pieces: Sequence[Piece], articles: Sequence[Article], marks: Marks) -> list[Caption]:
    """Captions in page order, each with the story of its page that shares the most words with it."""
    known: dict[int, dict[int, set[str]]] = {}  # of each page with captions, its articles and what they say
    out = []
    for piece in _whole(pieces, marks):
        credit = photographers(piece.text, marks)
        page, own = piece.lines[0].page, _grams(piece.text.rpartition(credit)[0] if credit else piece.text)
        if page not in known:
            here = ((n, a) for n, a in enumerate(articles) if any(s.page == page for s in a.spans))
            known[page] = {n: _grams(f"{a.headline}\n{a.text}") for n, a in here}
        shared = {n: len(own & grams) for n, grams in known[page].items()}
        best = max(shared, key=lambda n: (shared[n], -n), default=-1)
        credits = marks.parse_byline(credit)
        fits = best >= 0 and shared[best] >= FEWEST
        out.append(Caption(piece.text, credits, best if fits else -1, tuple(spans_of(piece))))
    return out


def _whole(pieces: Sequence[Piece], marks: Marks) -> list[Piece]:
    """Captions of several lines, each put together again: narrow lines do not tell by their words that they belong."""
    whole: list[Piece] = []
    for piece in pieces:
        if whole and _goes_on(whole[-1], piece, marks):
            above = whole[-1]
            blank = blank_between(above.text, above.lines[-1], piece.lines[0])
            piece = Piece((*above.lines, *piece.lines), above.text + blank + piece.text)
            whole.pop()
        whole.append(piece)
    return whole


def _goes_on(above: Piece, below: Piece, marks: Marks) -> bool:
    """Whether a caption ends neither with its credit nor its block, and what stands below begins no other."""
    last, first = above.lines[-1], below.lines[0]
    if last.page != first.page or first.gap or first.start - last.end > NEXT_LINE or begins_caption(below.text):
        return False
    if photographers(above.text, marks):
        return False
    credit = photographers(below.text, marks)
    return not ends_sentence(above.text) or bool(credit and below.text.lstrip(" （(").startswith(credit))


def _grams(text: str) -> set[str]:
    return {text[n : n + GRAM] for n in range(len(text) - GRAM + 1)}
