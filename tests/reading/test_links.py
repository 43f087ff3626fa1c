"""What the text on both sides of a seam says of it, and what the page's other links say."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest

from transforms.model import Page
from transforms.restore.continuation import MADE_OF, SPAN, STATE, continuations, seams, states
from transforms.restore.evidence import Weights
from transforms.restore.features import MOST_ENCODED, Features, features_of, pieces_of, sheet_of
from transforms.restore.links import BESIDE, links_of
from transforms.restore.network import TORN, log_softmax, score
from transforms.segment.deckpairs import Deck, broken_odds, deck_of, kicker_odds, log_chance
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
    told = continuations(list(CUT), models.continuation).pairs
    assert told.shape == (4, 4, MADE_OF)
    assert told[0, 1, 0] == told[0, 1:, 0].max()
    assert told[[0, 2], [1, 3], 0].mean() > told[[0, 2], [3, 1], 0].mean()


def test_a_torn_seam_scores_below_a_whole_one(models: Models):
    one, rest, other, more = CUT
    whole = seams([one, other], [rest, more], models.continuation)
    torn = seams([one, other], ["米八的水位线下全是淤泥，", "的债权人应当在三十日内申报。"], models.continuation)
    assert whole.min() > TORN
    assert whole.min() > torn.max()


def test_what_is_said_of_a_pair_does_not_hang_on_the_rest_of_the_page(models: Models):
    alone, among = (continuations(list(c), models.continuation).pairs for c in (CUT[:2], CUT))
    assert np.allclose(alone[0, 1, [0, 3, 4]], among[0, 1, [0, 3, 4]], atol=1e-4)


def test_only_the_characters_beside_the_seam_are_read(models: Models):
    long = ["天" * 500 + CUT[0], CUT[1] + "地" * 500]
    near = [long[0][-SPAN:], long[1][:SPAN]]
    far, close = (continuations(texts, models.continuation).pairs[0, 1, 0] for texts in (long, near))
    assert np.allclose(far, close, atol=1e-4)


def by_hand(jumps: np.ndarray, i: int, j: int) -> float:
    count = len(jumps)
    crossed = (jumps[a, b] for a, b in product(range(count), range(count)) if (a < i and b > j) or (a > i and b < j))
    return float(np.log1p(sum(crossed)) / 2)


def test_crossings_are_counted_as_by_hand():
    rows, columns = likely(((0, 4), (2, 3), (5, 6)), 8)
    sure = np.exp((rows[:, :8] + columns[:, :8].T) / 2)
    onward = np.triu(sure, 2)
    crossing = links_of(rows, columns)[:, :, 7 + len(BESIDE)]
    for i, j in product(range(8), range(8)):
        if j > i:
            assert crossing[i, j] == pytest.approx(by_hand(onward, i, j), abs=1e-4)


def test_what_stands_beside_a_pair_is_what_was_found_there():
    rows, columns = likely(((0, 4), (1, 5)), 8)
    told = links_of(rows, columns)
    down, right = BESIDE[0]
    assert told[0, 4, 3] == pytest.approx(told[0 + down, 4 + right, 2])
    assert told[1, 5, 2] > 0.9
    assert told[7, 7, 3] == 0  # beyond the page there is nothing


def test_a_jump_says_how_far_its_neighbours_lead():
    rows, columns = likely(((2, 6),), 9)
    told = links_of(rows, columns)
    known, off = told[3, :, -8], told[3, :, -7]  # by the sources before
    assert known[7] > 0.5
    assert abs(off[7]) < 0.1 < abs(off[5])


def likely(links: tuple[tuple[int, int], ...], count: int) -> tuple[np.ndarray, np.ndarray]:
    """Log chances in which these links are nearly sure, and nothing else is."""
    rows, columns = np.zeros((count, count + 1), np.float32), np.zeros((count, count + 1), np.float32)
    for a, b in links:
        rows[a, b] = columns[b, a] = 9
    return log_softmax(rows), log_softmax(columns)


def page_of(texts: tuple[str, ...], models: Models) -> Features:
    sheet = sheet_of(Page(1, "\n\n".join(texts)), models.evidence)
    pieces = pieces_of(sheet, set())
    return features_of(pieces, 0, models.evidence, models.continuation)


def sums(networks: Sequence[Weights], models: Models) -> np.ndarray:
    """Of all successors, and of all predecessors, of each piece."""
    scores = score(page_of(CUT, models), networks)
    rows = np.concatenate([scores.follows, scores.ends[:, None]], 1)
    columns = np.concatenate([scores.back, scores.starts[None, :]], 0)
    return np.concatenate([np.exp(rows).sum(1), np.exp(columns).sum(0)])


def test_chances_of_a_network_sum_to_one(models: Models):
    for network in models.networks:
        assert np.allclose(sums([network], models), 1, atol=1e-4)


def test_where_networks_differ_all_is_less_sure(models: Models):
    assert len(models.networks) > 1
    together = sums(models.networks, models)
    assert (together <= 1 + 1e-4).all()
    assert together.min() < 1


def test_a_full_page_is_read_without_the_encoders(models: Models):
    texts = CUT * (MOST_ENCODED // len(CUT) + 1)
    features = page_of(texts, models)
    assert len(features.pieces) > MOST_ENCODED
    assert not features.pairs[:, :, -MADE_OF:].any()
    assert not features.pieces[:, -2 * STATE :].any()


def test_one_piece_is_a_page_too(models: Models):
    scores = score(page_of(CUT[:1], models), models.networks)
    assert scores.ends[0] == pytest.approx(0, abs=1e-4)
    assert scores.starts[0] == pytest.approx(0, abs=1e-4)


def deck(text: str, models: Models) -> Deck:
    return deck_of([len(text)], states([text], models.continuation))


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("加强渡口管理　方便群众出行", "云州市水上交通改革纪实"),
        ("一座老桥的新生", "——云州南桥改造见闻"),
    ],
)
def test_a_subhead_is_told_from_a_headline(above: str, below: str, models: Models):
    assert kicker_odds(deck(above, models), deck(below, models), models.judgement) < 0


def test_a_kicker_is_told_from_a_headline(models: Models):
    above, below = (deck(t, models) for t in ("云州市召开水上交通工作会议强调", "把渡口安全放在首位"))
    assert kicker_odds(above, below, models.judgement) > 0


@pytest.mark.parametrize(
    ("above", "below"),
    [("云州十二座渡口", "年底前全部通船"), ("涨价的船票，", "钱到底花在了哪儿？"), ("一座老渡口的", "三次转身")],
)
def test_halves_of_a_headline_are_told_from_two_decks(above: str, below: str, models: Models):
    assert broken_odds(deck(above, models), deck(below, models), models.judgement) > 0


def test_two_decks_are_no_halves_of_a_headline(models: Models):
    decks = ("云州市召开水上交通工作会议强调", "把渡口安全放在首位", "市渡口改造第一季度进展情况综述")
    above, headline, below = (deck(t, models) for t in decks)
    assert broken_odds(above, headline, models.judgement) < 0
    assert broken_odds(headline, below, models.judgement) < 0


def test_decks_alone_cost_nothing(models: Models):
    headline, subhead = deck("云州新渡口开航", models), deck("首班船载客八十人", models)
    assert log_chance((None, headline, None), models.judgement) == 0
    assert log_chance((None, headline, subhead), models.judgement) < 0
