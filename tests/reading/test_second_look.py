"""The second look at links: what the text on both sides says, and how links agree with one another."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from transforms.model import Page
from transforms.restore.agreement import Jumps, agreed, crossings, jumps_of, layout_of, pair_numbers
from transforms.restore.continuation import MADE_OF, SPAN, continuations
from transforms.restore.experts import heard
from transforms.restore.features import Piece, pieces_of, sheet_of
from transforms.restore.network import Scores
from transforms.segment.deckpairs import kicker_odds, log_chance
from transforms.trained import Models, load_models

CUT = (
    "春天来了，河边的柳树发了新芽，孩子们在岸上放风",
    "筝，老人们坐在桥头说起往年的大水。",
    "今年的桥修得比往年高，渡口也换了新",
    "船，乘客说坐上去又稳又快。",
)


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models()


def test_what_goes_on_scores_above_what_does_not(models: Models):
    told = continuations(list(CUT), models.continuation)
    assert told.shape == (4, 4, MADE_OF)
    assert told[0, 1, 0] == told[0, 1:, 0].max()
    assert told[[0, 2], [1, 3], 0].mean() > told[[0, 2], [3, 1], 0].mean()


def test_what_is_said_of_a_pair_does_not_hang_on_the_rest_of_the_page(models: Models):
    alone, among = continuations(list(CUT[:2]), models.continuation), continuations(list(CUT), models.continuation)
    assert np.allclose(alone[0, 1, [0, 3, 4]], among[0, 1, [0, 3, 4]], atol=1e-4)


def test_only_the_characters_beside_the_seam_are_read(models: Models):
    long = ["天" * 500 + CUT[0], CUT[1] + "地" * 500]
    near = [long[0][-SPAN:], long[1][:SPAN]]
    assert np.allclose(
        continuations(long, models.continuation)[0, 1, 0], continuations(near, models.continuation)[0, 1, 0], atol=1e-4
    )


def test_crossings_are_counted_as_by_hand():
    sources, targets = np.array([0, 2, 5]), np.array([4, 3, 6])
    counted = crossings(sources, targets, np.arange(8), 8)
    for i, j in product(range(8), range(8)):
        by_hand = sum((a < i and b > j) or (a > i and b < j) for a, b in zip(sources, targets, strict=True))
        assert counted[i, j] == by_hand


def page_of(texts: tuple[str, ...], models: Models) -> tuple[list[Piece], Scores]:
    sheet = sheet_of(Page(1, "\n\n".join(texts)), models.evidence)
    pieces = pieces_of(sheet, set())
    return pieces, heard(pieces, 0, models.experts)


def test_chances_sum_to_one_after_the_second_look(models: Models):
    pieces, scores = page_of(CUT, models)
    after = agreed(scores, pieces, models.judgement, models.continuation)
    rows = np.concatenate([after.follows, after.ends[:, None]], 1)
    columns = np.concatenate([after.back, after.starts[None, :]], 0)
    assert np.allclose(np.exp(rows).sum(1), 1, atol=1e-4)
    assert np.allclose(np.exp(columns).sum(0), 1, atol=1e-4)


def test_rows_are_the_same_whether_worked_on_together_or_apart(models: Models):
    pieces, scores = page_of(CUT, models)
    layout, jumps = layout_of(pieces, models.continuation), jumps_of(scores)
    whole = pair_numbers(scores, layout, jumps, slice(0, 4))
    apart = np.concatenate([pair_numbers(scores, layout, jumps, slice(n, n + 1)) for n in range(4)])
    assert np.array_equal(whole, apart)


def test_a_page_without_jumps_is_judged_too(models: Models):
    pieces, scores = page_of(CUT, models)
    none = Jumps(np.zeros(0, np.int64), np.zeros(0, np.int64))
    assert np.isfinite(pair_numbers(scores, layout_of(pieces, models.continuation), none, slice(0, 4))).all()


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("加强渡口管理　方便群众出行", "云州新渡口开航——云州市水上交通改革纪实"),
        ("一座老桥的新生", "——云州南桥改造见闻"),
    ],
)
def test_a_subhead_is_told_from_a_headline(above: str, below: str, models: Models):
    assert kicker_odds(above, below, models.judgement["decks"]) < 0


def test_decks_alone_cost_nothing(models: Models):
    assert log_chance(("", "云州新渡口开航", ""), models.judgement["decks"]) == 0
    assert log_chance(("", "云州新渡口开航", "首班船载客八十人"), models.judgement["decks"]) < 0
