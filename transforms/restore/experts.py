"""Networks that learnt from different texts, heard together: their chances are averaged (Stone 1961, opinion pool).

Chances and not their logs, so that one that is wrongly sure cannot silence the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from transforms.restore.evidence import Floats
from transforms.restore.features import Evidence, Piece, features_of
from transforms.restore.network import Scores, Weights, log_softmax, score

TINY = 1e-6  # chance that is left to what all experts rule out


@dataclass(frozen=True)
class Expert:
    """A network with the evidence that it reads, and its say: 1 for each of two equals."""

    evidence: Evidence
    weights: Weights
    say: float = 1.0


def heard(pieces: list[Piece], width: int, experts: Sequence[Expert]) -> Scores:
    """What all experts together say of the pieces of a page; the first knows every role.

    Of a page with boxes only those say anything that read boxes: the others would speak of it half blind.
    """
    boxed = bool(pieces) and pieces[0].lines[0].box is not None
    experts = [e for e in experts if e.evidence.lines is not None or not boxed]
    told = [score(features_of(pieces, width, e.evidence), e.weights) for e in experts]
    say = np.array([e.say for e in experts], np.float32) / np.float32(sum(e.say for e in experts))
    return told[0] if len(told) == 1 else _together(told, say)


def _together(told: Sequence[Scores], say: Floats) -> Scores:
    first = told[0]

    def mean(tables: Sequence[Floats]) -> Floats:
        out: Floats = np.tensordot(say, np.stack(tables), 1).astype(np.float32)
        return out

    def mixed(tables: Sequence[Floats]) -> Floats:
        out: Floats = np.log(np.tensordot(say, np.exp(np.stack(tables)), 1) + TINY).astype(np.float32)
        return out

    rows = log_softmax(mixed([np.concatenate([s.follows, s.ends[:, None]], 1) for s in told]))
    columns = log_softmax(mixed([np.concatenate([s.back.T, s.starts[:, None]], 1) for s in told]))
    # Of roles that an expert does not know, what the first says stands.
    roles = [np.concatenate([s.roles, first.roles[:, s.roles.shape[1] :]], 1) for s in told]
    return Scores(
        rows[:, :-1],
        columns[:, :-1].T,
        rows[:, -1],
        columns[:, -1],
        log_softmax(mixed(roles)),
        mean([s.opens for s in told]),
        mean([s.same for s in told]),
    )
