"""What the form of a piece tells overrules the network."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.restore.features import Piece
from transforms.restore.lines import Line
from transforms.restore.network import Scores
from transforms.restore.roles import ROLES
from transforms.segment.form import by_form
from transforms.segment.marks import marks_of
from transforms.segment.standing import Standing
from transforms.segment.style import general_style

LONG = "渡口的老人说起往年的大水，话就长了。那一年水漫过石阶，船工们守了三天三夜，谁也不肯先走，直到水退回河床。"


def scores_of(roles: list[str]) -> Scores:
    """Pieces that take these roles and follow one another in page order."""
    count = len(roles)
    links = np.full((count, count), -8, np.float32)
    links[np.arange(count - 1), np.arange(1, count)] = -0.1
    told = np.full((count, len(ROLES)), -8, np.float32)
    told[np.arange(count), [ROLES.index(r) for r in roles]] = -0.1
    edge = np.full(count, -8, np.float32)
    return Scores(links, links.copy(), edge, edge.copy(), told, edge.copy(), np.zeros((count, count), np.float32))


def role_of(n: int, texts: list[str], scores: Scores) -> str:
    """The role of line n of a page of these lines."""
    pieces = [Piece((Line(1, 0, len(t), t, 0, False),), t) for t in texts]
    told = by_form(scores, pieces, range(len(texts)), marks_of(general_style()), Standing())
    return ROLES[told.roles[n].argmax()]


@pytest.mark.parametrize(
    ("text", "role"),
    [(LONG, "body"), ("水退了。渡口又开了", "subhead"), (LONG.replace("。", "，"), "subhead")],
)
def test_long_sentences_are_no_line_of_a_head(text: str, role: str):
    texts = ["渡口三十年", text, "第二天清早，第一班船载着八十位乘客过了江。"]
    assert role_of(1, texts, scores_of(["headline", "subhead", "body"])) == role


@pytest.mark.parametrize(
    ("above", "role"),
    [
        ("第二天清早，第一班船载着八十", "body"),
        ("第二天清早，第一班船过了江。", "furniture"),
    ],
)
def test_a_line_in_the_middle_of_a_sentence_is_text(above: str, role: str):
    texts = ["渡口三十年", above, "位乘客过了江，船老大站在船", "头挥手，岸上响起一片掌声。"]
    scores = scores_of(["headline", "body", "furniture", "body"])
    scores.roles[2, ROLES.index("body")] = -2
    assert role_of(2, texts, scores) == role


@pytest.mark.parametrize(("line", "chance"), [("责编 柳望川", -8), ("▲渡口开航现场。", -2), ("代表之声", -2)])
def test_a_line_that_can_be_no_part_of_a_sentence_stays_furniture(line: str, chance: float):
    texts = ["渡口三十年", "第二天清早，第一班船载着八十", line, "位乘客过了江。"]
    scores = scores_of(["headline", "body", "furniture", "body"])
    scores.roles[2, ROLES.index("body")] = chance
    assert role_of(2, texts, scores) == "furniture"


@pytest.mark.parametrize(
    ("text", "chance", "role"),
    [
        ("邻里之间省下的钱（民生观）", -2, "headline"),
        ("邻里之间省下的钱（民生观）", -8, "crosshead"),
        ("邻里之间省下的钱", -2, "crosshead"),
        ("他说船票涨了一块（从前两块）。", -2, "crosshead"),
        ("（作者系云州大学教授）", -2, "crosshead"),
    ],
    ids=["a headline", "unlikely", "no column", "a sentence", "brackets alone"],
)
def test_a_line_that_ends_with_the_name_of_a_column_is_a_headline(text: str, chance: float, role: str):
    texts = ["渡口三十年", "第二天清早，第一班船过了江。", text, "岸上响起一片掌声。"]
    scores = scores_of(["headline", "body", "crosshead", "body"])
    scores.roles[2, ROLES.index("headline")] = chance
    assert role_of(2, texts, scores) == role


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("去年以来，渡口投入六十万元，给", "body"),
        ("渡口换了新桥，老人从", "body"),
        ("渡口开航，百姓欢迎增加供给", "subhead"),
        ("渡口换新桥 老人从", "subhead"),  # a line of a head may be broken so
    ],
)
def test_a_line_that_breaks_off_within_a_sentence_is_no_line_of_a_head(text: str, role: str):
    texts = ["渡口三十年", text, "第二天清早，第一班船过了江。"]
    assert role_of(1, texts, scores_of(["headline", "subhead", "body"])) == role


REST = "（上接1版）第一班船过了江。"


@pytest.mark.parametrize(("link", "role"), [(-0.1, "headline"), (-6.0, "body")])
def test_a_line_that_only_the_rest_below_it_can_follow_is_its_headline(link: float, role: str):
    texts = ["老人在渡口等了一夜，", "渡口换了新桥", REST, "岸上响起一片掌声。"]
    scores = scores_of(["body", "body", "body", "body"])
    scores.follows[1, 2] = scores.back[1, 2] = link
    assert role_of(1, texts, scores) == role


@pytest.mark.parametrize(
    ("text", "chance", "role"),
    [
        (REST, -8, "body"),
        ("本报讯（记者 江南雁）第一班船过了江。", -8, "body"),
        ("上接A1版 本报讯（记者 江南雁）第一班船过了江。", -8, "body"),
        ("第一班船过了江。岸上响起一片掌声。", -1, "body"),
        ("第一班船过了江。岸上响起一片掌声。", -8, "caption"),
        ("第一班船过了江。", -1, "caption"),
        ("本报讯 第一班船", -8, "caption"),
    ],
    ids=["a rest", "a lead", "a rest and a lead", "sentences", "unlikely", "one sentence", "a few words"],
)
def test_a_text_that_was_taken_for_a_caption_stays_in_its_story(text: str, chance: float, role: str):
    scores = scores_of(["headline", "caption", "body"])
    scores.roles[1, ROLES.index("body")] = chance
    assert role_of(1, ["渡口换了新桥", text, "老人说起往年的大水，话就长了。"], scores) == role


def test_the_rest_of_a_story_stands_between_its_head_and_the_text_below():
    scores = scores_of(["headline", "body", "body"])
    scores.follows[0] = scores.back[0] = -8
    scores.follows[0, 2] = scores.back[0, 2] = -0.1
    pieces = [Piece((Line(1, 0, len(t), t, 0, False),), t) for t in ("渡口换了新桥", REST, "岸上响起一片掌声。")]
    told = by_form(scores, pieces, range(3), marks_of(general_style()), Standing())
    links = told.follows + told.back
    assert [int(links[n].argmax()) for n in (0, 1)] == [1, 2]


@pytest.mark.parametrize(("below", "role"), [(LONG, "sidebar"), ("渡口旧事新说", "headline")])
def test_the_name_of_a_note_above_its_text_is_no_headline(below: str, role: str):
    scores = scores_of(["headline", "body" if below == LONG else "headline", "headline", "body"])
    assert role_of(0, ["编者按", below, "渡口三十年", LONG], scores) == role


def read_by_form(texts: list[str], roles: list[str], **chances: float) -> Scores:
    scores = scores_of(roles)
    for role, chance in chances.items():
        scores.roles[1, ROLES.index(role)] = chance
    pieces = [Piece((Line(1, 0, len(t), t, 0, False),), t) for t in texts]
    return by_form(scores, pieces, range(len(texts)), marks_of(general_style()), Standing())


def test_the_mark_of_a_jump_below_its_text_is_part_of_it():
    texts = [LONG, "下转A04▶", "渡口换了新桥", LONG]
    told = read_by_form(texts, ["body", "headline", "headline", "body"])
    assert ROLES[told.roles[1].argmax()] == "body"
    assert int((told.follows + told.back)[0].argmax()) == 1


def test_a_line_of_a_list_of_matches_is_no_headline():
    texts = ["3月21日19时30分 渡口队—大桥队", "3月22日19时30分 大桥", "渡口换了新桥", LONG]
    told = read_by_form(texts, ["body", "headline", "headline", "body"])
    assert ROLES[told.roles[1].argmax()] == "body"
    assert int((told.follows + told.back)[0].argmax()) == 1


def test_headlines_that_give_figures_alike_are_headlines():
    texts = ["10月份CPI同比上涨0.2% PPI同比下降", "一季度云州工业增加值同比增长6.5%", LONG]
    told = read_by_form(texts, ["headline", "headline", "body"])
    assert ROLES[told.roles[1].argmax()] == "headline"


def test_a_text_goes_on_behind_what_was_taken_for_a_part_of_it():
    scores = scores_of(["headline", "body", "body", "body"])
    pieces = [Piece((Line(1, 0, len(t), t, 0, False),), t) for t in ("渡口换了新桥", LONG, "扫描全能王 创建", LONG)]
    told = by_form(scores, pieces, range(4), marks_of(general_style()), Standing(furniture={2}))
    assert ROLES[told.roles[2].argmax()] == "furniture"
    assert min(told.follows[1, 3], told.back[1, 3]) >= np.log(0.5) - 1e-6


@pytest.mark.parametrize(("opens", "role"), [(-1.0, "body"), (5.0, "headline")])
def test_a_line_with_a_comma_that_goes_on_in_a_paragraph_elsewhere_is_text(opens: float, role: str):
    scores = scores_of(["headline", "headline", "headline", "body"])
    scores.follows[1] = scores.back[1] = -8
    scores.follows[1, 3] = scores.back[1, 3] = -0.1
    scores.opens[3] = opens
    texts = ["渡口换了新桥", "船老大说，往后每天有八个班次，票价", "老人在渡口等了一夜", LONG]
    assert role_of(1, texts, scores) == role


@pytest.mark.parametrize(("lead", "role"), [("【特訊】", "headline"), ("据财联社3月30日消息，", "body")])
def test_a_line_set_apart_above_the_dateline_of_a_paper_is_a_headline(lead: str, role: str):
    scores = scores_of(["body", "body", "body"])
    scores.roles[1, ROLES.index("crosshead")] = np.log(0.3)
    scores.opens[1] = 2.0
    assert role_of(1, [LONG, "渡口下周起分段维修", lead + LONG], scores) == role


def told_by_form(*lines: tuple[str, str], links: dict[tuple[int, int], float] | None = None) -> Scores:
    """What form makes of lines with the roles that the network gave them; ``links`` are other chances than in order."""
    texts = [text for text, _ in lines]
    scores = scores_of([role for _, role in lines])
    for (above, below), chance in (links or {}).items():
        scores.follows[above] = scores.back[:, below] = -8
        scores.follows[above, below] = scores.back[above, below] = chance
    pieces = [Piece((Line(1, 0, len(t), t, 0, False),), t) for t in texts]
    return by_form(scores, pieces, range(len(texts)), marks_of(general_style()), Standing())


def after(n: int, told: Scores) -> int:
    """The piece that follows piece n best; -1 if none does."""
    best = int((told.follows[n] + told.back[n]).argmax())
    return best if told.follows[n, best] > told.ends[n] else -1


def test_credits_below_a_whole_sentence_sign_it_if_what_stands_below_goes_on_elsewhere():
    told = told_by_form(
        ("渡口三十年", "headline"),
        (LONG, "body"),
        ("本报记者 柳望川", "byline"),
        ("位乘客过了江，船老大站在船头。", "body"),
    )
    assert (after(1, told), after(2, told)) == (2, -1)


def test_credits_above_a_head_without_names_sign_it_if_the_text_above_has_its_own():
    told = told_by_form(
        ("渡口三十年", "headline"),
        ("□ 本报记者 何小满", "byline"),
        (LONG, "body"),
        ("□ 本报记者 柳望川", "byline"),
        ("老街修旧如故", "headline"),
        (LONG, "body"),
    )
    assert after(3, told) == 4
    assert told.starts[3] > -1
    assert told.follows[2, 3] < -8


def test_a_poem_stays_in_order():
    lines = ["渡口瘦下去了", "石头走上岸来", "我沿着旧栈桥向南", "听见桨声", "从很深的地方浮起"]
    told = told_by_form(
        ("冬日过渡口", "headline"), ("□ 何小满", "byline"), *((v, "crosshead") for v in lines), links={(3, 6): -0.1}
    )
    assert [after(n, told) for n in range(1, 6)] == [2, 3, 4, 5, 6]
    assert {ROLES[told.roles[n].argmax()] for n in range(2, 7)} == {"body"}


def test_a_line_below_a_crosshead_that_goes_on_elsewhere_is_text():
    lines = [("渡口三十年", "headline"), (LONG, "body"), ("一盏灯换了三代", "crosshead"), ("航标灯最早烧", "crosshead")]
    elsewhere = told_by_form(*lines, (LONG, "body"), (LONG, "body"), links={(3, 5): -0.1})
    below = told_by_form(*lines, (LONG, "body"), (LONG, "body"))
    assert [ROLES[t.roles[3].argmax()] for t in (elsewhere, below)] == ["body", "crosshead"]


@pytest.mark.parametrize(
    ("text", "order"),
    [(LONG, [2, 3]), (LONG[:-12], [3, 2]), ("渡口开航以来，船", [3, 2])],
    ids=["whole", "torn", "torn short"],
)
def test_paragraphs_stay_in_order_where_columns_cut_no_text(text: str, order: list[int]):
    told = told_by_form(
        ("渡口三十年", "headline"), (text, "body"), (text, "body"), (text, "body"), links={(1, 3): -0.5, (3, 2): -0.5}
    )
    told.follows[1, 2] = told.back[1, 2] = -3.5
    ranked = sorted((2, 3), key=lambda n: -(told.follows[1, n] + told.back[1, n]))
    assert ranked == order


def test_a_line_between_two_lines_of_a_head_is_one():
    told = told_by_form(
        ("渡口改造一期完工", "kicker"),
        ("渡口不拆 日子更新", "body"),
        ("一千二百户居民搬回老屋", "subhead"),
        (LONG, "body"),
    )
    assert ROLES[told.roles[1].argmax()] in ("kicker", "headline", "subhead")
    assert [after(n, told) for n in range(3)] == [1, 2, 3]


def test_a_text_with_two_commas_above_a_subhead_is_no_headline():
    told = told_by_form(
        ("渡口三十年", "headline"),
        (LONG, "body"),
        ("普查用了两年，打开窨井四万座，查出错接、漏", "headline"),
        ("——龙口水文站的六十九年", "subhead"),
        ("三代人守一座水文站", "headline"),
        ("□ 本报记者 柳望川", "byline"),
        (LONG, "body"),
        ("接的管道六百处，还找到了十九条老管线。", "body"),
        links={(2, 3): -0.2, (2, 7): -6.0},
    )
    assert ROLES[told.roles[2].argmax()] == "body"
    assert told.follows[2, 3] < -8


def test_the_title_of_a_poem_is_a_headline():
    verses = ["渡口瘦下去了", "石头走上岸来", "我沿着旧栈桥向南", "听见桨声", "从很深的地方浮起"]
    told = told_by_form(
        ("渡口三十年", "headline"),
        (LONG, "body"),
        ("听雪", "body"),
        ("□ 何小满", "byline"),
        *((verse, "body") for verse in verses),
    )
    assert ROLES[told.roles[2].argmax()] == "headline"
    assert (after(2, told), told.starts[2] > -1) == (3, True)


@pytest.mark.parametrize(("line", "role"), [("海口：", "kicker"), ("江南雁", "byline")])
def test_what_ends_with_a_colon_between_a_head_and_its_headline_is_no_name(line: str, role: str):
    told = told_by_form(("渡口三十年 老街修旧如故", "headline"), (line, "kicker"), (LONG, "body"))
    assert ROLES[told.roles[1].argmax()] == role


@pytest.mark.parametrize(("signer", "role"), [("江城市水利局", "body"), ("船老大点了点头。", "furniture")])
def test_a_date_below_the_office_that_signs_a_notice_is_none_of_the_page(signer: str, role: str):
    texts = ["护河员人选公示", "现将人选公示如下，对人选有异议的，请以书面形式反映。", signer, "2026年3月4日"]
    assert role_of(3, texts, scores_of(["headline", "body", "body", "furniture"])) == role


@pytest.mark.parametrize(
    ("line", "below", "role"),
    [
        ("【江城时评】", "别把船长困在表格里", "label"),
        ("江城时评", "别把船长困在表格里", "label"),
        ("错误言论", "别把船长困在表格里", "label"),
        ("【江城时评】", LONG, "sidebar"),
        ("【编者按】", "别把船长困在表格里", "sidebar"),
        ("采访札记", "别把船长困在表格里", "sidebar"),
    ],
    ids=["brackets", "bare", "words", "no headline", "note", "no column"],
)
def test_the_name_of_a_column_above_a_headline_is_a_label(line: str, below: str, role: str):
    assert role_of(0, [line, below, LONG], scores_of(["sidebar", "headline", "body"])) == role


@pytest.mark.parametrize(("line", "role"), [("【江城时评】", "label"), ("【活动时间】", "body")])
def test_a_line_in_brackets_that_is_taken_for_text_may_name_a_column(line: str, role: str):
    assert role_of(1, [LONG, line, "3月1日至3月5日", LONG], scores_of(["body", "body", "body", "body"])) == role


@pytest.mark.parametrize(("chance", "role"), [(-0.7, "body"), (-0.01, "headline")], ids=["doubted", "sure"])
def test_a_line_with_two_commas_that_may_be_no_headline_is_text(chance: float, role: str):
    texts = [LONG, "渡口夜市开了二十多年，是船工吃夜宵的老去处，但油烟大", "渡口换了新船", LONG]
    scores = scores_of(["body", "headline", "headline", "body"])
    scores.roles[1, ROLES.index("headline")] = chance
    assert role_of(1, texts, scores) == role


def test_no_text_begins_within_a_paragraph():
    texts = [LONG, "头挥手，岸上响起一片掌声。", "本报讯（记者 柳望川）渡口今天开航。"]
    scores = scores_of(["body", "body", "body"])
    pieces = [Piece((Line(1, 0, len(t), t, 0, False),), t) for t in texts]
    told = by_form(scores, pieces, range(3), marks_of(general_style()), Standing())
    assert told.starts[1] < scores.starts[1] - 5
    assert told.starts[2] >= scores.starts[2]
