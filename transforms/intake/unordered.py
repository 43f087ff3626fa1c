"""Lines that come in no order, put in one by their places."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence

from transforms.intake.layout import page_text
from transforms.intake.placed import PlacedLine
from transforms.model import Box

UPRIGHT = 1.8  # a box so much higher than wide holds characters one below another


def is_upright(wide: float, high: float) -> bool:
    """Whether a line of this box is set from top to bottom."""
    return high > UPRIGHT * wide


def put_in_order(
    texts: Sequence[str], boxes: Sequence[Box], certainties: Sequence[float | None]
) -> tuple[str, tuple[Box, ...], tuple[float, ...]]:
    """The text of a page, and box and certainty of each of its lines; certainties are empty if none is known."""
    lines = [
        PlacedLine(text, box, upright=len(text) > 1 and is_upright(box.right - box.left, box.bottom - box.top))
        for text, box in zip(texts, boxes, strict=True)
    ]
    text, ordered = page_text(lines)
    if all(c is None for c in certainties):
        return text, ordered, ()
    sure: dict[Box, deque[float]] = defaultdict(deque)
    for box, certainty in zip(boxes, certainties, strict=True):
        sure[box].append(1.0 if certainty is None else round(certainty, 4))
    return text, ordered, tuple(sure[box].popleft() for box in ordered)
