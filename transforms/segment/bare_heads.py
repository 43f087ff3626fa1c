"""Heads that were chained to no text, and texts to no head."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.restore.chains import Chain
from transforms.segment.decks import HEAD, head_of
from transforms.segment.linking import WORDY

LEAST_TEXT = 100  # characters of a text that a head is missed above


def together(
    chains: Sequence[Chain], roles: Sequence[str], numbers: Sequence[int], sizes: Sequence[int]
) -> list[Chain]:
    """Join headlines without a text to the one just below or above, and a lone byline to the text above it.

    ``sizes``: characters of each piece.
    """
    kept = [c for c in chains if not _is_bare(c, roles)]
    for bare in reversed([c for c in chains if c not in kept]):
        first, last = min(bare.pieces), max(bare.pieces)
        below = next((c for c in kept if c.pieces[0] == last + 1 and roles[last + 1] in HEAD), None)
        above = next((c for c in kept if c.pieces[-1] == first - 1), None)
        signed = all(roles[n] == "byline" for n in bare.pieces)
        beside = next((c for c in kept if first - 1 in head_of(c.pieces, roles)), None)
        if below and not signed and numbers[last + 1] == numbers[last] + 1:
            kept[kept.index(below)] = Chain(bare.pieces + below.pieces, bare.chances[1:-1] + below.chances)
        elif (
            above
            and signed
            and numbers[first] == numbers[first - 1] + 1
            and (last + 1 == len(roles) or roles[last + 1] in HEAD)
        ):
            kept[kept.index(above)] = Chain(above.pieces + bare.pieces, above.chances + bare.chances[1:-1])
        elif beside and numbers[first] == numbers[first - 1] + 1:
            kept[kept.index(beside)] = _inserted(bare, beside, beside.pieces.index(first - 1) + 1)
        else:
            kept.append(bare)
    return sorted(_matched(kept, roles, sizes), key=lambda c: c.pieces[0])


def _is_bare(chain: Chain, roles: Sequence[str]) -> bool:
    """Whether a chain is a head, or a part of one, without a text."""
    return all(roles[n] in HEAD for n in chain.pieces)


def _matched(chains: list[Chain], roles: Sequence[str], sizes: Sequence[int]) -> list[Chain]:
    """The page's one headline without a text put above its one text without a head."""
    heads = [c for c in chains if _is_bare(c, roles) and any(roles[n] == "headline" for n in c.pieces)]
    texts = [
        c
        for c in chains
        if roles[c.pieces[0]] in WORDY
        and not any(roles[n] in HEAD for n in c.pieces)
        and sum(sizes[n] for n in c.pieces) >= LEAST_TEXT
    ]
    if len(heads) != 1 or len(texts) != 1:
        return chains
    (head,), (text,) = heads, texts
    whole = Chain(head.pieces + text.pieces, head.chances[:-1] + text.chances)
    return [whole, *(c for c in chains if c not in (head, text))]


def _inserted(lines: Chain, chain: Chain, at: int) -> Chain:
    """The chain with more lines of its head before its piece number ``at``."""
    pieces = chain.pieces[:at] + lines.pieces + chain.pieces[at:]
    return Chain(pieces, chain.chances[:at] + lines.chances[:-1] + chain.chances[at:])
