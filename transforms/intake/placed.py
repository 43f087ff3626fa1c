"""Characters and lines with their positions, as every reader of positioned text makes them."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.model import Box


@dataclass(frozen=True, slots=True)
class Glyph:
    """A drawn character: left end of its baseline, advance width, type size, degrees clockwise from upright.

    In points from the top left corner, y downwards. ``drawn``: the number of the instruction that drew it together
    with its neighbours; 0 if unknown.
    """

    character: str
    x: float
    y: float
    width: float
    size: float
    angle: int = 0
    drawn: int = 0


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A printed line. ``angle``: that of its characters. ``upright``: whether they are set one below another."""

    text: str
    box: Box
    angle: int = 0
    upright: bool = False


def is_wide(character: str) -> bool:
    """Whether a character fills a square, as Chinese characters and their punctuation do."""
    return character >= "\u2e80"
