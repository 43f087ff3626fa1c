"""Which story a line of credits signs that stands between two, and heads of two decks on one line."""

from __future__ import annotations

import pytest

from tests.reading.beside import FERRY, MARKET, read

LUNCH = [
    "两荤一素一汤，八元钱。1月9日中午，望江区社区食堂开张头一天，来吃饭的老人排到了门外，灶上的师傅忙得满头是汗。",
    "食堂由一间闲置的自行车棚改成，灶台是电的，碗筷有专人消毒，七十岁以上的老人还能再便宜两元。",
    "区民政局介绍，全区今年要开办这样的社区食堂十九家，离家最远的老人走上十分钟也能吃到热饭。",
]


@pytest.mark.parametrize(
    ("line", "headline", "subhead"),
    [
        ("老渡口的新日子 ——一位船工的三十年", "老渡口的新日子", "一位船工的三十年"),
        ("老渡口的新日子——一位船工的三十年", "老渡口的新日子——一位船工的三十年", ""),
        ("老渡口的新日子 一位船工的三十年", "老渡口的新日子 一位船工的三十年", ""),
    ],
    ids=["two decks", "no blank", "no dash"],
)
def test_a_headline_and_its_subhead_may_stand_on_one_line(line: str, headline: str, subhead: str):
    article = next(a for a in read(line, "□ 本报记者 柳望川", *FERRY[2:], *MARKET).articles if "渡口" in a.headline)
    assert (article.headline, article.subhead) == (headline, subhead)


@pytest.mark.parametrize("above", ["□ 本报记者 柳望川", "本报记者 柳望川"])
def test_credits_above_a_headline_sign_it_though_it_was_taken_for_a_crosshead(above: str):
    lines = [FERRY[0], "□ 本报记者 江南雁", *FERRY[2:], above, "八元一餐，老街坊吃得热乎", *LUNCH]
    found = {a.headline: [c.name for c in a.byline] for a in read(*lines, *MARKET).articles}
    assert found["八元一餐，老街坊吃得热乎"] == ["柳望川"]
    assert found[FERRY[0]] == ["江南雁"]


def test_credits_below_a_story_without_others_sign_it():
    lines = ["八元一餐，老街坊吃得热乎", *LUNCH, "□ 本报记者 柳望川", "老渡口的新日子", *FERRY[2:], *MARKET]
    found = {a.headline: [c.name for c in a.byline] for a in read(*lines).articles}
    assert found["八元一餐，老街坊吃得热乎"] == ["柳望川"]
    assert found["老渡口的新日子"] == []
