"""Captions of pictures: who took the picture, and which story it belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.model import Article, Caption
from transforms.restore.features import Piece
from transforms.restore.lines import blank_between, ends_sentence
from transforms.segment.draft import spans_of
from transforms.segment.marks import Marks
from transforms.segment.standing import begins_caption, photographers

GRAM = 3  # characters that a caption and its story have in common
FEWEST = 2  # grams that make a story a picture's
NEXT_LINE = 4  # characters between two lines: the end of the one, the indent of the other


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
