"""Pieces of one story share names and terms that other text has not."""

from __future__ import annotations

import numpy as np

from transforms.restore.shared_words import MOST, kinship
from transforms.trained import load_models

EVIDENCE = load_models().evidence
FERRY = "云州的老渡口停了四年，岸边的栈桥年久失修，船工崔一舟每天绕道十二公里去对岸。"
FERRY_ENDS = "崔一舟说，栈桥加宽以后，渡口每天有八个班次，票价还是从前的两块钱。"
MARKET = "城南菜场装上了遮雨棚，一百二十个摊位再也不怕刮风下雨，买菜的老街坊连声说好。"


def test_pieces_that_share_a_name_are_nearer_kin():
    kin = kinship([FERRY, FERRY_ENDS, MARKET], EVIDENCE)
    assert np.array_equal(kin, kin.T)
    assert kin[0, 1] > max(kin[0, 2], kin[1, 2])


def test_short_pieces_tell_nothing():
    kin = kinship([FERRY, "崔一舟的老渡口", FERRY_ENDS], EVIDENCE)
    assert not kin[1].any()
    assert kin[0, 2]


def test_neither_a_piece_alone_nor_a_page_of_too_many_is_asked():
    assert not kinship([FERRY], EVIDENCE).any()
    assert not kinship([FERRY] * (MOST + 1), EVIDENCE).any()
    assert kinship(["。" * 30, "，" * 30], EVIDENCE).shape == (2, 2)
