"""Collects the text of a page line by line, and says where each line is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.model import Box, Span

HAN = ("⺀", "鿿")
ROOM = 0.55  # of a line's height: the least room that two ideographs have between them where a blank is printed
WIDE = ("　", "～")  # punctuation and signs that Chinese sets without blanks


@dataclass
class Collector:
    """A page's lines in order. Spans have the page number 0, which stands for the page itself."""

    lines: list[str] = field(default_factory=list)
    boxes: list[Box | None] = field(default_factory=list)
    certainty: list[float | None] = field(default_factory=list)
    length: int = 0

    def add(self, text: str, box: Box | None = None, certainty: float | None = None) -> Span | None:
        """Append a line; None if it is blank. Line breaks inside become blanks.

        ``certainty``: how sure a recogniser is of it, in [0, 1]; None if that is unknown.
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
        """Leave an empty line, as between blocks."""
        if self.lines and self.lines[-1]:
            self.lines.append("")
            self.length += 1

    @property
    def text(self) -> str:
        """The text so far."""
        return "\n".join(self.lines)

    def all_boxes(self) -> tuple[Box, ...]:
        """The boxes of all lines; none if one is missing, because positions are known for a whole page or not at
        all.
        """
        known = tuple(box for box in self.boxes if box)
        return known if len(known) == len(self.boxes) else ()

    def all_certainty(self) -> tuple[float, ...]:
        """The recogniser's certainty of each line; none if it gives none, or 0 for every line, as some programs do.

        A line without one counts as certain, because somebody typed it.
        """
        if not any(self.certainty):
            return ()
        return tuple(1.0 if value is None else round(value, 4) for value in self.certainty)


def joined(words: Sequence[str], edges: Sequence[tuple[float, float] | None] = (), height: float = 0) -> str:
    """Words of a line as printed: OCR sets blanks between Chinese characters too, where none are printed.

    ``edges``: left and right of each word, if the file says so, in the unit of the line's ``height``: where the paper
    left room (本报记者 何琳 邵国), the blank stays.
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
    """Whether ideographs meet; around punctuation there is room without a blank."""
    return HAN[0] <= before[-1] <= HAN[1] and HAN[0] <= after[0] <= HAN[1]


def _is_chinese(character: str) -> bool:
    return HAN[0] <= character <= HAN[1] or WIDE[0] <= character <= WIDE[1] or "！" <= character <= "￮"
