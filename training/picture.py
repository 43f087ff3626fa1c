"""Draws a reliability plot as SVG: what was said against how often it was right. No plotting library for one picture."""

from __future__ import annotations

from collections.abc import Sequence

SIDE, EDGE = 300, 40


def reliability_svg(bands: Sequence[tuple[float, float, int]], title: str) -> str:
    """``bands``: mean confidence, share right, verdicts. A dot's area grows with the verdicts behind it."""
    most = max(count for *_, count in bands)
    dots = "".join(
        f'<circle cx="{_x(said):.1f}" cy="{_y(right):.1f}" r="{3 + 9 * (count / most) ** 0.5:.1f}"/>'
        for said, right, count in bands
    )
    ticks = "".join(
        f'<text x="{_x(v):.0f}" y="{EDGE + SIDE + 16}" text-anchor="middle">{v:.1f}</text>'
        f'<text x="{EDGE - 6}" y="{_y(v) + 4:.0f}" text-anchor="end">{v:.1f}</text>'
        for v in (0, 0.2, 0.4, 0.6, 0.8, 1)
    )
    width, height = SIDE + EDGE + 20, SIDE + EDGE + 50
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">'
        f'<rect width="{width}" height="{height}" fill="#fff"/><text x="{EDGE}" y="20" font-size="13">{title}</text>'
        f'<g stroke="#999" fill="none"><rect x="{EDGE}" y="{EDGE}" width="{SIDE}" height="{SIDE}"/>'
        f'<path d="M{EDGE} {EDGE + SIDE}L{EDGE + SIDE} {EDGE}" stroke-dasharray="4"/></g>'
        f'<g fill="#8c2d2d" fill-opacity="0.75">{dots}</g><g fill="#444">{ticks}'
        f'<text x="{EDGE + SIDE / 2:.0f}" y="{height - 8}" text-anchor="middle">said</text>'
        f'<text x="12" y="{EDGE + SIDE / 2:.0f}" transform="rotate(-90 12 {EDGE + SIDE / 2:.0f})">right</text></g></svg>\n'
    )


def _x(value: float) -> float:
    return EDGE + SIDE * value


def _y(value: float) -> float:
    return EDGE + SIDE * (1 - value)
