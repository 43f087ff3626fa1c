"""Which line above a story is the kicker, which the headline, which the subhead."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.model import Box
from transforms.restore.continuation import STATE, states
from transforms.restore.features import Piece
from transforms.restore.lines import Line
from transforms.restore.roles import ROLES
from transforms.segment.decks import CLEAR, Part, Setting, decks, is_label, setting_of, settled, unwrapped
from transforms.segment.marks import marks_of
from transforms.segment.style import general_style
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


def lines_of_head(*texts: str) -> list[Part]:
    """Lines right below one another, headline and subhead."""
    at, out = 0, []
    for text, role in zip(texts, ("headline", "subhead", "body"), strict=False):
        out.append(Part(Piece((Line(1, at, at + len(text), text, 0, False),), text), role, 9.0))
        at += len(text) + 1
    return out


@pytest.mark.parametrize(
    ("longest", "heads"),
    [
        ("渡口的老人说起往年的大水", ["渡口换了新桥老人天天过江看孙子"]),
        ("渡口的老人说起往年的大水，话就长了", ["渡口换了新桥老人天天过江", "看孙子"]),
    ],
    ids=["all lines wrapped", "longer lines"],
)
def test_a_headline_that_was_wrapped_like_the_text_is_one_line(longest: str, heads: list[str]):
    parts = lines_of_head("渡口换了新桥老人天天过江", "看孙子", longest)
    found = unwrapped(parts, setting_of([p.piece for p in parts], 24))
    assert [p.piece.text for p in found if p.role != "body"] == heads


def test_a_line_may_be_wrapped_by_characters():
    parts = lines_of_head("渡口换了新桥300人天天过", "江看孙子", "渡口的老人说起往年大水有话")
    found = unwrapped(parts, setting_of([p.piece for p in parts], 26))
    assert found[0].piece.text == "渡口换了新桥300人天天过江看孙子"


def test_a_dash_opens_a_line_of_its_own():
    parts = lines_of_head("渡口换了新桥老人天天过江", "——看孙子", "话就长了")
    assert unwrapped(parts, setting_of([p.piece for p in parts], 24)) == parts


@pytest.mark.parametrize("above", ["“渡口这五年”系列报道之三", "十六个月昼夜赶工——", "渡口老人："])
def test_the_name_of_a_column_and_a_line_that_leads_on_are_kickers(above: str):
    told = decks(lines_of_head(above, "渡口换了新桥", "话就长了。"), marks_of(general_style()))
    assert [p.role for p in told] == ["kicker", "headline", "body"]


def head_of_lines(first: str, second: str, *, gap: int, roles: tuple[str, str], apart: int = 1) -> list[Part]:
    """Two lines of a head, ``gap`` empty lines apart, above a text of paragraphs with ``apart`` between them."""
    texts = [first, second, *["渡口的老人说起往年的大水，话就长了。"] * 6]
    out, at = [], 0
    for n, text in enumerate(texts):
        blank = gap if n == 1 else apart
        at += blank + 1
        line = Line(1, at, at + len(text), text, blank, False)
        out.append(Part(Piece((line,), text), [*roles, *["body"] * 6][n], 9.0))
        at += len(text)
    return out


@pytest.mark.parametrize(
    ("first", "second", "gap", "apart", "heads"),
    [
        ("渡口盐碱地冬小麦平均", "亩产突破四百公斤", 0, 1, ["渡口盐碱地冬小麦平均亩产突破四百公斤"]),
        ("渡口老人三天没出门", "邻居敲门救回一条命", 0, 1, ["渡口老人三天没出门 邻居敲门救回一条命"]),
        ("涨价的渡船，", "钱花在了哪儿", 1, 1, ["涨价的渡船，钱花在了哪儿"]),
        ("十二元套餐背后的", "减法账", 1, 1, ["十二元套餐背后的减法账"]),
        ("渡口换了新桥", "老人天天过江看孙子", 1, 1, ["渡口换了新桥", "老人天天过江看孙子"]),
        ("渡口换了新桥", "老人天天过江看孙子", 0, 0, ["渡口换了新桥", "老人天天过江看孙子"]),
        ("渡口换了新桥", "——老人天天过江看孙子", 0, 1, ["渡口换了新桥", "——老人天天过江看孙子"]),
        ("渡口换了新桥——", "老人天天过江看孙子", 0, 1, ["渡口换了新桥——", "老人天天过江看孙子"]),
    ],
    ids=["set apart", "two halves", "comma", "breaks off", "blank between", "nothing set apart", "dash", "leads on"],
)
def test_lines_of_a_head_are_one_where_blank_lines_part_decks_or_the_first_breaks_off(
    first: str, second: str, gap: int, apart: int, heads: list[str]
):
    parts = head_of_lines(first, second, gap=gap, roles=("headline", "subhead"), apart=apart)
    found = unwrapped(parts, setting_of([p.piece for p in parts], 0))
    assert [p.piece.text for p in found if p.role != "body"] == heads


def test_a_head_of_one_deck_has_a_headline():
    parts = head_of_lines("渡口盐碱地冬小麦平均", "亩产突破四百公斤", gap=0, roles=("kicker", "kicker"))
    found = unwrapped(parts, setting_of([p.piece for p in parts], 0))
    assert next(p.role for p in found) == "headline"


def test_lines_without_a_blank_line_are_one_deck_where_blank_lines_part_the_others():
    texts = ["历时五年 修通三个渡口", "让每一个过江的孩子", "都能坐上渡船"]
    told = chances([{"kicker": 0.99, "headline": 0.01}, {"kicker": 0.9, "headline": 0.1}, {"headline": 0.99}])
    pieces = [Piece((Line(1, 0, len(t), t, gap, False),), t) for t, gap in zip(texts, (1, 1, 0), strict=True)]
    unread = np.zeros((3, 2 * STATE), np.float32)
    found = [
        settled(range(3), pieces, told, ["kicker"] * 3, unread, load_models().judgement, parted=parted)[0]
        for parted in (True, False)
    ]
    assert found == [["kicker", "headline", "headline"], ["kicker", "headline", "subhead"]]


@pytest.mark.parametrize(
    ("parted", "roles"),
    [(True, ["kicker", "headline", "subhead"]), (False, ["kicker", "kicker", "headline"])],
    ids=["parted", "close"],
)
def test_a_kicker_has_one_line_where_blank_lines_part_decks(parted: bool, roles: list[str]):
    texts = ["前两月渡口客流增长16.3%", "六成造船企业订单排到七月", "海关压缩通关时间 园区加紧招工"]
    told = chances([{"kicker": 0.98}, {"kicker": 0.75}, {"headline": 0.999}])
    models = load_models()
    pieces = [piece(t, None) for t in texts]
    known = states(texts, models.continuation)
    taken, _ = settled(
        [0, 1, 2], pieces, told, ["kicker", "kicker", "headline"], known, models.judgement, parted=parted
    )
    assert taken == roles


def test_a_line_with_dashes_above_a_headline_is_its_subhead():
    texts = ["——青岭县提水工程见闻", "把最后一公里的水送到梯田上"]
    told = chances([{"headline": 0.9, "subhead": 0.1}, {"subhead": 0.9, "headline": 0.1}])
    models = load_models()
    pieces = [piece(t, None) for t in texts]
    known = np.zeros((2, 2 * STATE), np.float32)
    taken = settled([0, 1], pieces, told, ["headline", "subhead"], known, models.judgement)[0]
    parts = [
        Part(p, role, 9.0) for p, role in zip([*pieces, piece("渡口开航了。", None)], [*taken, "body"], strict=True)
    ]
    assert [p.role for p in decks(parts, marks_of(general_style()))] == ["subhead", "headline", "body"]


@pytest.mark.parametrize("line", ["云州时评", "【人物】", "渡口杂谈"])
def test_the_name_of_a_column_alone_is_a_label(line: str):
    assert is_label(line)


@pytest.mark.parametrize("line", ["“渡口这五年”系列报道之三", "城东举办发展高峰论坛会", "渡口的新日子"])
def test_any_other_line_above_a_headline_is_none(line: str):
    assert not is_label(line)


def test_the_halves_of_a_headline_with_a_comma_are_set_without_a_space():
    parts = head_of_lines("一座桥，把渡口", "和山村连在一起", gap=0, roles=("headline", "headline"), apart=2)
    found = unwrapped(parts, setting_of([p.piece for p in parts], 0))
    assert found[0].piece.text == "一座桥，把渡口和山村连在一起"


@pytest.mark.parametrize(("first", "pieces"), [("江城建成全省首个", 2), ("江城渡口改造一期", 3)])
def test_a_line_that_only_a_noun_can_follow_goes_on_in_the_next(first: str, pieces: int):
    at, parts = 0, []
    for text, role in ((first, "kicker"), ("山区渡口救援点", "headline"), ("渡口救援点昨天通过验收。", "body")):
        parts.append(Part(Piece((Line(1, at, at + len(text), text, 1, False),), text), role, 9.0))
        at += len(text) + 2
    told = unwrapped(parts, Setting(0, paragraphs=True))
    assert len(told) == pieces
    assert told[0].piece.text == (first if pieces == 3 else "江城建成全省首个山区渡口救援点")


def test_a_couplet_below_a_headline_is_its_subhead():
    texts = ["江城深化“一船一证”改革", "一张证照闯四海", "涉及二十六个行业 平均减少材料六成"]
    told = chances([{"kicker": 0.98}, {"headline": 0.98}, {"headline": 0.98, "subhead": 0.02}])
    models = load_models()
    known = states(texts, models.continuation)
    pieces = [piece(t, None) for t in texts]
    roles, _ = settled(range(3), pieces, told, ["kicker"] * 3, known, models.judgement, parted=True)
    assert roles == ["kicker", "headline", "subhead"]


@pytest.mark.parametrize(
    ("texts", "roles"),
    [
        (["澄江國小樹醫進駐", "百年老榕「生病」 學童寫卡片打氣"], ["kicker", "headline"]),
        (["老街坊的新渡口", "江堤全线贯通 每隔八百米设一处驿站"], ["headline", "subhead"]),
    ],
    ids=["traditional", "simplified"],
)
def test_papers_in_traditional_characters_set_headlines_in_two_parts(texts: list[str], roles: list[str]):
    told = chances([{"headline": 0.7, "kicker": 0.3}, {"headline": 0.3, "subhead": 0.7}])
    models = load_models()
    known = states(texts, models.continuation)
    pieces = [piece(t, None) for t in texts]
    assert settled([0, 1], pieces, told, ["headline", "subhead"], known, models.judgement)[0] == roles
