"""Whether a page can be read: it must have text, in Chinese, and no more of it than a page can have."""

from __future__ import annotations

from transforms.intake.language import NAMES
from transforms.model import Page

MOST_CHARACTERS = 500_000  # a full broadsheet page has 10,000, a page of small advertisements 30,000
MOST_LINES = 6_000  # a page of small advertisements, one printed line each, has 2,000


def fault(page: Page) -> str:
    """Why a page cannot be read, and what to do; empty if it can."""
    if not page.text.strip():
        return "the page has no text (a picture, perhaps): nothing to read on it"
    if page.language and page.language not in NAMES:
        return (
            f"the page is in {page.language}: only Chinese pages can be read, in simplified or traditional"
            " characters. Leave it out"
        )
    lines = sum(1 for line in page.text.splitlines() if line.strip())
    if lines > MOST_LINES or len(page.text) > MOST_CHARACTERS:
        return (
            f"the page has {lines:,} lines and {len(page.text):,} characters, more than the {MOST_LINES:,} and"
            f" {MOST_CHARACTERS:,} that one can have: send each printed page as a page of its own"
        )
    return ""
