"""The general house style, and the names in its credits, for the tests of bylines, leads and jumps."""

from __future__ import annotations

from collections.abc import Iterable

from transforms.model import Credit
from transforms.segment.marks import marks_of
from transforms.segment.style import general_style

MARKS = marks_of(general_style())


def names(credits: Iterable[Credit]) -> list[str]:
    return [c.name for c in credits]
