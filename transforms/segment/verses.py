"""Verses: short lines below their poet's name, which neither a text nor a list of headlines has."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST_VERSE = 20  # characters
FEWEST_VERSES = 4
INNER = re.compile(r"[，。、；：！？]")
OF_PROSE = re.compile(r"[。；：！？\d]")
NEAR = 1  # characters by which a line of a wrapped text is shorter than its column


def verses_of(texts: Sequence[str], numbers: Sequence[int], names: Sequence[bool], heads: Sequence[bool]) -> set[int]:
    """The lines of poems, each below a line that ``names`` its poet.

    ``numbers``: the places of the lines on the page. ``heads``: which lines are heads for certain. The line above the
    next poet's name is a title. The lines of a wrapped text are about as long as its column, and it has commas within
    lines that end without; those of a poem are not so.
    """
    found: set[int] = set()
    for poet in (n for n, named in enumerate(names) if named):
        end = poet + 1
        while end < len(texts) and numbers[end] == numbers[end - 1] + 1 and not heads[end] and not names[end]:
            if len(texts[end]) > LONGEST_VERSE:
                break
            end += 1
        if end == len(texts) or numbers[end] != numbers[end - 1] + 1:
            run = range(poet + 1, end)
        else:  # what stands above a name or a text may be its title
            run = range(poet + 1, end - 1)
        if len(run) >= FEWEST_VERSES and not _is_prose([texts[n] for n in run]):
            found.update(run)
    return found


def _is_prose(lines: Sequence[str]) -> bool:
    """Whether most lines are about as long as the longest, or sentences go on from line to line.

    A poem whose lines end without marks may have commas within some.
    """
    longest = max(map(len, lines))
    full = sum(len(line) >= longest - NEAR for line in lines)
    torn = [line for line in lines if line[-1].isalnum()]
    inner = sum(bool(INNER.search(line[:-1])) for line in torn)
    bare = len(torn) == len(lines) and 2 * inner <= len(lines) and not any(OF_PROSE.search(line) for line in lines)
    return 2 * full > len(lines) or (inner > 0 and not bare)
