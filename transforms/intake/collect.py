"""Collects the text of a page line by line, and knows each line's place in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.model import Box, Span

HAN = ("⺀", "鿿")
ROOM = 0.55  # of a line's height: the smallest distance between two ideographs that is a printed space
WIDE = ("　", "～")  # punctuation and signs that Chinese sets without spaces


@dataclass
class Collector:
    """A page's lines in order. Spans have page number 0, which stands for the page itself."""

    lines: list[str] = field(default_factory=list)
    boxes: list[Box | None] = field(default_factory=list)
    certainty: list[float | None] = field(default_factory=list)
    length: int = 0

    def add(self, text: str, box: Box | None = None, certainty: float | None = None) -> Span | None:
        """Append a line and return its span, or None if the line is blank. Line breaks in it become spaces.

        ``certainty``: how sure the recogniser is of it, from 0 to 1; None if unknown.
        """
        line = " ".join(text.split())
        if not line:
            return None
        start = self.length
        self.lines.append(line)
        self.boxes.append(box)
        self.certainty.append(certainty)
        self.length += len(line) + 1
        return Span(0, start, start + len(line))

    def gap(self) -> None:
        """Leave an empty line, as between two blocks."""
        if self.lines and self.lines[-1]:
            self.lines.append("")
            self.length += 1

    @property
    def text(self) -> str:
        """The text so far."""
        return "\n".join(self.lines)

    def all_boxes(self) -> tuple[Box, ...]:
        """The boxes of all lines; empty if one is missing.

        A page either has all of its positions or counts as having none.
        """
        known = tuple(box for box in self.boxes if box)
        return known if len(known) == len(self.boxes) else ()

    def all_certainty(self) -> tuple[float, ...]:
        """The certainty of each line; empty if the recogniser gives none, or gives 0 for every line, as some
        programs do.

        A line without one counts as certain, because a person typed it.
        """
        if not any(self.certainty):
            return ()
        return tuple(1.0 if value is None else round(value, 4) for value in self.certainty)


def joined(words: Sequence[str], edges: Sequence[tuple[float, float] | None] = (), height: float = 0) -> str:
    """The words of a line as printed. OCR sets spaces between Chinese characters too, where none are printed.

    ``edges``: left and right edge of each word, if the file has them, in the unit of the line's
    ``height``. Where the newspaper left room (本报记者 何琳 邵国), the space stays.
    """
    text = ""
    for n, word in enumerate(words):
        before, here = (edges[n - 1], edges[n]) if n and len(edges) == len(words) else (None, None)
        apart = before is not None and here is not None and here[0] - before[1] > ROOM * height > 0
        blank = (
            text and word and (not (_is_chinese(text[-1]) or _is_chinese(word[0])) or (apart and _are_han(text, word)))
        )
        text += (" " if blank else "") + word
    return text


def _are_han(before: str, after: str) -> bool:
    """Whether two ideographs meet. Around punctuation there is room without a space."""
    return HAN[0] <= before[-1] <= HAN[1] and HAN[0] <= after[0] <= HAN[1]


def _is_chinese(character: str) -> bool:
    return HAN[0] <= character <= HAN[1] or WIDE[0] <= character <= WIDE[1] or "！" <= character <= "￮"
