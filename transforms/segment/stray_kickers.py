"""A kicker that was put into another text, though it leads into the headline right below it."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.restore.chains import EVEN, Chain, without
from transforms.restore.lines import ends_sentence
from transforms.restore.network import Scores
from transforms.segment.decks import head_of, is_column
from transforms.segment.headlines import headline_like

WORDS = ("body", "crosshead")
ILL = -20.0  # nats of a link that was made only because a text had to go on somewhere
WELL = -5.0  # nats of a link between two lines of one head


def with_stray_kickers(
    chains: Sequence[Chain], roles: Sequence[str], texts: Sequence[str], scores: Scores
) -> tuple[list[Chain], list[str]]:
    """Chains and roles with such lines given back to the heads below them.

    A line qualifies if it can be part of a headline, if its link to what follows in its chain is a very bad one, and
    if its link to the first line of another story, right below it, is a good one. The name of a column that stands
    after the last sentence of a text qualifies as well.
    """
    out, kinds = list(chains), list(roles)
    for n in range(len(texts) - 1):
        mine = next((c for c in out if n in c.pieces), None)
        below = next((c for c in out if c.pieces[0] == n + 1), None)
        if mine is None or below is None or mine is below or kinds[n] not in WORDS or not headline_like(texts[n]):
            continue
        if not any(kinds[k] == "headline" for k in head_of(below.pieces, kinds)):
            continue
        at = mine.pieces.index(n)
        if at == 0:
            continue
        before, after = mine.pieces[at - 1], mine.pieces[at + 1 :]
        if not after:
            astray = is_column(texts[n]) and ends_sentence(texts[before])
        else:
            leads_on = _link(scores, n, after[0]) <= ILL and _link(scores, n, n + 1) >= WELL
            astray = kinds[n] == "body" and leads_on
        if not astray:
            continue
        out[out.index(mine)] = without(n, mine)
        out[out.index(below)] = Chain((n, *below.pieces), (below.chances[0], EVEN, *below.chances[1:]))
        kinds[n] = "kicker"
    return out, kinds


def _link(scores: Scores, a: int, b: int) -> float:
    return float(scores.follows[a, b] + scores.back[a, b])
