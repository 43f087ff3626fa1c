"""Pull quotes: sentences of a story that stand a second time in display type, between its columns or in them."""

from __future__ import annotations

from collections.abc import Sequence, Set

from transforms.restore.lines import ends_sentence
from transforms.segment.headlines import LONGEST_HEADLINE

SHORTEST, LONGEST = 10, 40  # characters of one that stands alone
LEAST_BESIDE = 10  # characters that its paragraph has besides
SHORTEST_QUOTE, LONGEST_SPEAKER = 6, 24  # characters of one above its speaker, and of the speaker
OPENING = ("“", "「", "『", "‘")
QUOTES = "“”‘’「」『』 \u3000"
BEFORE_SENTENCES = "。！？；：，“‘「『"


def pull_quotes(texts: Sequence[str], taken: Set[int]) -> set[int]:
    """The lines of pull quotes: where another sentence is cut, or above who said them: “……” ——护林员 某某.

    Elsewhere a sentence that stands twice may as well be the summary of its story. ``taken``: lines that are known.
    """
    free = [n for n in range(len(texts)) if n not in taken]
    spoken = [n for n in free if n + 1 < len(texts) and n + 1 not in taken and _is_spoken(texts, n)]
    return {n for n in free if _interrupts(texts, n)} | {k for n in spoken for k in (n, n + 1)}


def _interrupts(texts: Sequence[str], n: int) -> bool:
    """Whether a whole sentence stands behind one that is cut, and in another paragraph, too."""
    text, above = texts[n], texts[n - 1] if n else ""
    if not SHORTEST <= len(text) <= LONGEST or not text.rstrip(QUOTES).endswith("。"):
        return False
    if len(above) <= LONGEST_HEADLINE or ends_sentence(above):
        return False
    said = text.strip(QUOTES)
    return any(len(t) >= len(said) + LEAST_BESIDE and _says(t, said) for k, t in enumerate(texts) if k != n)


def _is_spoken(texts: Sequence[str], n: int) -> bool:
    """Whether a quotation stands above its speaker, and in another paragraph, too."""
    quote, speaker = texts[n], texts[n + 1]
    if not quote.startswith(OPENING) or not speaker.startswith("——") or len(speaker) > LONGEST_SPEAKER:
        return False
    said = quote.strip(QUOTES).rstrip("。！？")
    return len(said) >= SHORTEST_QUOTE and any(said in t for k, t in enumerate(texts) if k != n)


def _says(text: str, said: str) -> bool:
    """Whether a paragraph has a sentence, or several, whole."""
    at = text.find(said)
    return at == 0 or (at > 0 and text[at - 1] in BEFORE_SENTENCES)
