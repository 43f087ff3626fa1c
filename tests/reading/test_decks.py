"""Which line above a story is the kicker, which the headline, which the subhead."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.model import Box
from transforms.restore.continuation import STATE, states
from transforms.restore.features import Piece
from transforms.restore.lines import Line
from transforms.restore.roles import ROLES
from transforms.segment.decks import CLEAR, settled
from transforms.trained import load_models


def piece(text: str, size: float | None) -> Piece:
    box = Box(0, 0, 100, size, size) if size else None
    return Piece((Line(1, 0, len(text), text, 1, False, box=box),), text)


def chances(roles: list[dict[str, float]]) -> np.ndarray:
    """Log chances of roles: what is not named is as good as impossible."""
    out = np.full((len(roles), len(ROLES)), -9.0, np.float32)
    for n, row in enumerate(roles):
        for role, chance in row.items():
            out[n, ROLES.index(role)] = np.log(chance)
    return out


def test_words_decide_less_if_type_sizes_were_seen():
    """A network that has seen the type is believed where one that has only read the words is not."""
    texts = ["老渡口的新日子", "云州三个渡口改造的前前后后和一位船工的三十年"]
    told = chances([{"kicker": 0.98, "headline": 0.02}, {"headline": 0.98, "subhead": 0.02}])
    models = load_models()
    known = states(texts, models.continuation)
    taken = {
        size: settled([0, 1], [piece(t, size) for t in texts], told, ["kicker", "headline"], known, models.judgement)
        for size in (None, 12.0)
    }
    assert taken[12.0][0] == ["kicker", "headline"]
    assert taken[None] != taken[12.0]
    assert all(0 <= margin <= CLEAR for _, margin in taken.values())


def test_without_encoders_the_network_alone_tells_decks():
    """On a page of very many pieces the encoders are not asked."""
    texts = ["老渡口的新日子", "云州三个渡口改造的前前后后和一位船工的三十年"]
    told = chances([{"kicker": 0.7, "headline": 0.3}, {"headline": 0.7, "subhead": 0.3}])
    unread = np.zeros((2, 2 * STATE), np.float32)
    pieces = [piece(t, None) for t in texts]
    roles, _ = settled([0, 1], pieces, told, ["kicker", "headline"], unread, load_models().judgement)
    assert roles == ["kicker", "headline"]


@pytest.mark.parametrize(
    ("above", "roles"),
    [("渡口修新路 乡亲得实惠", ["headline", "subhead"]), ("渡口修了新路，三县合力", ["kicker", "headline"])],
)
def test_a_couplet_above_what_it_is_about_is_the_headline(above: str, roles: list[str]):
    texts = [above, "云州推动水上交通发展"]
    told = chances([{"kicker": 0.7, "headline": 0.3}, {"headline": 0.7, "subhead": 0.3}])
    models = load_models()
    known = states(texts, models.continuation)
    pieces = [piece(t, None) for t in texts]
    assert settled([0, 1], pieces, told, ["kicker", "headline"], known, models.judgement)[0] == roles
