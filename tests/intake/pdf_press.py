"""Sets invented text on PDF pages as newspapers do: columns, headlines, captions, in any drawing order."""

from __future__ import annotations

import io
from collections.abc import Callable

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
HIGH = 500.0


def pdf(draw: Callable[[Canvas], None], wide: float = 450, high: float = HIGH) -> bytes:
    """A one-page PDF; ``draw`` gets a canvas whose origin is the bottom left corner."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(wide, high), invariant=True)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def put(canvas: Canvas, x: float, y: float, size: float, text: str) -> None:
    """Draw a line; ``y`` is its baseline in points from the top of the page."""
    canvas.setFont(FONT, size)
    canvas.drawString(x, HIGH - y, text)


def columns(canvas: Canvas, text: list[str], lefts: list[float], top: float, size: float = 9, lead: float = 13) -> None:
    """Draw equal columns of lines, filled from left to right."""
    each = -(-len(text) // len(lefts))
    for n, line in enumerate(text):
        indent = 2 * size if line.startswith("\u3000\u3000") else 0
        put(canvas, lefts[n // each] + indent, top + n % each * lead, size, line.strip())
