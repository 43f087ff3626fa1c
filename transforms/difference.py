"""What is different between two texts, as a person looks at it: paragraph by paragraph, then character by character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

LONGEST = 4_000  # characters of two paragraphs that are compared one by one; comparing takes their product


class Run(StrEnum):
    """Whether a run of text is in both, only in the later one, or only in the earlier one."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class TextRun:
    """A run of text of one kind."""

    run: Run
    text: str


def paragraphs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[TextRun, ...]]:
    """Each paragraph of either text that is not the same in both, as runs."""
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        paired = min(b - a, d - c)
        for n in range(paired):
            yield tuple(runs(before[a + n], after[c + n]))
        yield from ((TextRun(Run.REMOVED, text),) for text in before[a + paired : b])
        yield from ((TextRun(Run.ADDED, text),) for text in after[c + paired : d])


def runs(before: str, after: str) -> Iterator[TextRun]:
    """Two texts as runs; as a whole removed and added if they are too long to be compared."""
    if len(before) + len(after) > LONGEST:
        yield from (TextRun(run, text) for run, text in ((Run.REMOVED, before), (Run.ADDED, after)) if text)
        return
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield TextRun(Run.SAME, before[a:b])
            continue
        if b > a:
            yield TextRun(Run.REMOVED, before[a:b])
        if d > c:
            yield TextRun(Run.ADDED, after[c:d])
