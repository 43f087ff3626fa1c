"""Numbers alone on their lines, 01, 02, 03, that count the parts of a story. A page's own number counts nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from transforms.restore.lines import ends_sentence

NUMBER = re.compile(r"\d{1,2}$")
NEAR = 2  # lines: one of the first two below a number must be text
LEAST_TEXT = 25  # characters


def numbered(texts: Sequence[str], taken: Collection[int]) -> dict[int, int]:
    """For each line below a number that counts the parts of a story, that number; they count from 1, at least to 2."""
    alone = [n for n in range(1, len(texts) - 1) if NUMBER.match(texts[n]) and _above_text(texts, n, taken)]
    counted: dict[int, int] = {}
    run: list[int] = []
    for n in [*alone, -1]:
        value = int(texts[n]) if n >= 0 else 1
        if value == 1:
            if len(run) > 1:
                counted.update({at + 1: at for at in run})
            run = [n]
        elif run and value == len(run) + 1 and len(texts[n]) == len(texts[run[0]]):
            run.append(n)
    return counted


def _above_text(texts: Sequence[str], n: int, taken: Collection[int]) -> bool:
    """Whether text stands below, and not another number: neither the number of a page nor one in an index does that."""
    below = [texts[k] for k in range(n + 1, min(len(texts), n + 1 + NEAR))]
    if n in taken or n + 1 in taken or NUMBER.match(below[0]):
        return False
    return any(ends_sentence(t) or len(t) >= LEAST_TEXT for t in below)
