"""Two headlines that were read as one: each goes to its own story.

Extractors write headlines that stand side by side in one line, or one below the other like the lines of one headline.
One of the stories is then left without a head, though its text opens with a lead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from transforms.restore.features import Piece
from transforms.restore.lines import Line
from transforms.segment.decks import HEAD, Part, text_at
from transforms.segment.marks import Marks

LEAD = 200  # characters at the beginning of a text in which its headline's words are looked for
RUN = re.compile(r"\S+")
CLEAR = 0.3  # by how large a share of its words a line must fit one story better than the other


@dataclass(frozen=True)
class _Cut:
    """A headline cut in two: what its story keeps, what the other story gets, and how well."""

    at: int
    kept: Piece
    given: Piece
    fit: float


def shared_heads(stories: Sequence[list[Part]], marks: Marks) -> list[list[Part]]:
    """The stories; each that opens with a lead and has no head gets its headline from another that has both."""
    out = [list(story) for story in stories]
    for bare in [s for s in out if s and s[0].role not in HEAD and any(marks.parse_lead(s[0].piece.text))]:
        cuts = [(cut, story) for story in out if story is not bare for cut in _cuts(story, bare)]
        if not cuts:
            continue
        cut, story = max(cuts, key=lambda pair: pair[0].fit)
        headline = story[cut.at]
        story[cut.at] = replace(headline, piece=cut.kept)
        bare.insert(0, replace(headline, piece=cut.given))
    return out


def _cuts(story: Sequence[Part], bare: Sequence[Part]) -> Iterator[_Cut]:
    """Ways to split a story's only headline so that one part clearly belongs to the other story."""
    heads = [n for n, part in enumerate(story) if part.role == "headline"]
    text = text_at(story)
    if len(heads) != 1 or heads[0] > text or text == len(story):
        return
    (at,) = heads
    runs = [run for line in story[at].piece.lines for run in _runs(line)]
    own, other = _words(_opening(story[text:])), _words(_opening(bare))
    for cut in range(1, len(runs)):
        parts = _piece(runs[:cut]), _piece(runs[cut:])
        for kept, given in (parts, parts[::-1]):
            fits = (
                _share(kept.text, own) - _share(kept.text, other),
                _share(given.text, other) - _share(given.text, own),
            )
            if min(fits) >= CLEAR:
                yield _Cut(at, kept, given, min(fits))


def _runs(line: Line) -> list[Line]:
    """A line cut at its blanks."""
    if len(line.text) != line.end - line.start:
        return [line]  # it was mended, so its characters have no places of their own
    return [
        replace(line, start=line.start + run.start(), end=line.start + run.end(), text=run[0])
        for run in RUN.finditer(line.text)
    ]


def _piece(runs: Sequence[Line]) -> Piece:
    return Piece(tuple(runs), " ".join(run.text for run in runs))


def _opening(parts: Sequence[Part]) -> str:
    return "".join(part.piece.text for part in parts[:4])[:LEAD]


def _words(text: str) -> frozenset[str]:
    """Pairs of characters, which stand for words in Chinese."""
    bare = "".join(c for c in text if c.isalnum())
    return frozenset(bare[n : n + 2] for n in range(len(bare) - 1))


def _share(line: str, words: frozenset[str]) -> float:
    own = _words(line)
    return len(own & words) / len(own) if own else 0.0
