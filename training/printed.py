"""A page that was set: its lines and frames, and its text with what each character is."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from transforms.model import Box

NOBODY = -1


@dataclass
class SetLine:
    """A set line: story, role, paragraph, whether it opens the paragraph, and the place of its first character."""

    story: int
    role: str
    paragraph: int
    opens: bool
    text: str
    place: int
    size: float = 1.0  # of the body's type

    @property
    def rows(self) -> int:
        """Rows of body type that it takes."""
        return max(1, round(self.size * 1.15))


@dataclass
class Cell:
    """A frame of lines: a head block or one column of a body."""

    column: int
    row: int
    kind: str
    lines: list[SetLine]
    story: int
    span: int = 1


@dataclass
class PrintedPage:
    text: str
    story: np.ndarray = field(repr=False)
    place: np.ndarray = field(repr=False)
    role: np.ndarray = field(repr=False)
    paragraph: np.ndarray = field(repr=False)
    boxes: tuple[Box, ...] = field(default=(), repr=False)
