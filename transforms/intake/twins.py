"""Finds pages that were sent twice under different names, because their articles would be published twice."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from transforms.model import Page, Refusal

GRAM = 8  # characters
SAMPLE = 8  # one in this many grams is compared, the same ones on every page
FEWEST = 100  # characters: shorter pages, such as adverts, may be alike by chance
ALIKE = 0.9  # of the grams of both; another extraction of the same page comes as close


def without_twins(pages: Sequence[Page]) -> tuple[tuple[Page, ...], tuple[Refusal, ...]]:
    """The pages without those that repeat an earlier one, and a refusal for each of these, naming both."""
    kept: list[tuple[Page, frozenset[int]]] = []
    refused = []
    for page in pages:
        marks = _marks(page.text)
        twin = next((p for p, other in kept if marks and _alike(marks, other)), None)
        if twin is None:
            kept.append((page, marks))
        else:
            refused.append(
                Refusal(page.name, f"it is the same page as {twin.name}: withdraw one of them, or send the right page")
            )
    return tuple(p for p, _ in kept), tuple(refused)


def _marks(text: str) -> frozenset[int]:
    """Hashes of a fixed sample of the page's grams; none if the page is too short."""
    solid = "".join(text.split()).encode("utf-32-le", "surrogatepass")
    if len(solid) < 4 * FEWEST:
        return frozenset()
    grams = (zlib.crc32(solid[at : at + 4 * GRAM]) for at in range(0, len(solid) - 4 * GRAM + 1, 4))
    return frozenset(mark for mark in grams if mark % SAMPLE == 0)


def _alike(one: frozenset[int], other: frozenset[int]) -> bool:
    return len(one & other) >= ALIKE * len(one | other)
