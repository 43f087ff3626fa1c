"""Headlines of short stories in a row, which look like the crossheads of one long story."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.restore.network import Scores
from transforms.restore.roles import ROLES
from transforms.segment.linking import Links
from transforms.segment.marks import marks_of
from transforms.segment.misread import begin_at, misread_heads
from transforms.segment.style import general_style

MARKS = marks_of(general_style())
TEXT = "渡口的老人说起往年的大水，话就长了。桥修好的那天，他在桥上走了三个来回。"
HEADLINE = "村里的果园用上了滴灌"


def scores_of(roles: list[str]) -> Scores:
    """What a network says that is sure of roles, and that each line follows the one above it."""
    count = len(roles)
    told = np.full((count, len(ROLES)), -9.0, np.float32)
    for n, role in enumerate(roles):
        told[n, ROLES.index(role)] = 0
    links = np.full((count, count), -9.0, np.float32) + 9.0 * np.eye(count, k=1, dtype=np.float32)
    edge = np.full(count, -9.0, np.float32)
    return Scores(links, links.copy(), edge, edge.copy(), told, edge.copy(), np.zeros((count, count), np.float32))


def found_in(*lines: tuple[str, str], numbers: list[int] | None = None) -> dict[str, str]:
    """The lines that are heads, with their roles, of lines with the roles that the network gave them."""
    texts = [text for text, _ in lines]
    found = misread_heads(scores_of([r for _, r in lines]), texts, numbers or list(range(len(lines))), MARKS)
    return {texts[n]: role for n, role in found.items()}


@pytest.mark.parametrize(
    "below",
    [
        ("本报记者 江南雁", "byline"),
        ("整理/苏晚晴", "body"),
        ("□ 一苇", "body"),
        ("本报讯（记者 江南雁）村里的果园装了滴灌，六十亩桃树挂果早了十来天。", "body"),
        ("——青岭县的一次试验", "subhead"),
    ],
    ids=["byline", "unmarked byline", "pen name", "signed lead", "subhead"],
)
def test_a_crosshead_above_what_only_a_headline_stands_above_is_one(below: tuple[str, str]):
    assert found_in((TEXT, "body"), (HEADLINE, "crosshead"), below, (TEXT, "body")) == {HEADLINE: "headline"}


@pytest.mark.parametrize("end", ["（苏晚晴）", "——本报记者 苏晚晴", "□苏晚晴"])
def test_a_crosshead_below_a_text_that_is_signed_is_a_headline(end: str):
    assert found_in((TEXT + end, "body"), (HEADLINE, "crosshead"), (TEXT, "body")) == {HEADLINE: "headline"}


@pytest.mark.parametrize(
    "lines",
    [
        [(TEXT, "body"), (HEADLINE, "crosshead"), (TEXT, "body")],
        [(TEXT, "body"), (HEADLINE, "crosshead"), ("本报讯 村里的果园装了滴灌。", "body")],
        [(TEXT + "——鲁迅", "body"), (HEADLINE, "crosshead"), (TEXT, "body")],
        [(TEXT + "“有桥了。”（见图）", "body"), (HEADLINE, "crosshead"), (TEXT, "body")],
        [("渡口换了新桥", "headline"), (HEADLINE, "crosshead"), ("本报记者 江南雁", "byline"), (TEXT, "body")],
        [(TEXT, "body"), ("老人在桥上走了三个来回。", "body"), ("本报记者 江南雁", "byline")],
    ],
    ids=["crosshead", "lead without names", "quotation", "reference", "deck of a head", "last sentence"],
)
def test_other_lines_stay_what_the_network_took_them_for(lines: list[tuple[str, str]]):
    assert found_in(*lines) == {}


def test_a_line_with_a_dash_above_its_headline_heads_nothing_above_it():
    torn = ("渡口改造之前，这段江岸被砂石码头、仓库和围墙切成了", "body")
    kicker, headline = ("——青岭县农民夜校见闻", "kicker"), ("一盏灯照亮夜校路", "headline")
    assert found_in((TEXT, "body"), torn, kicker, headline, (TEXT, "body")) == {}
    assert found_in((TEXT, "body"), torn, kicker, (TEXT, "body")) == {torn[0]: "headline"}


def test_a_line_elsewhere_on_the_page_is_not_below():
    lines = [(TEXT, "body"), (HEADLINE, "crosshead"), ("本报记者 江南雁", "byline"), (TEXT, "body")]
    assert found_in(*lines, numbers=[0, 1, 7, 8]) == {}


@pytest.mark.parametrize(
    ("chance", "above", "found"),
    [(0.05, TEXT, {HEADLINE: "headline"}), (0.001, TEXT, {}), (0.05, "老人在渡口等了一夜，谁也没有", {})],
    ids=["may be apart", "is text", "below a torn line"],
)
def test_a_short_line_above_a_signed_lead_may_be_its_headline(chance: float, above: str, found: dict[str, str]):
    lead = "本报讯（记者 江南雁）村里的果园装了滴灌，六十亩桃树挂果早了十来天。"
    scores = scores_of(["body", "body", "body"])
    scores.roles[1, ROLES.index("crosshead")] = np.log(chance)
    texts = [above, HEADLINE, lead]
    assert {texts[n]: r for n, r in misread_heads(scores, texts, [0, 1, 2], MARKS).items()} == found


@pytest.mark.parametrize(("byline", "found"), [("□ 江南雁", {"渡口": "headline"}), ("本报记者 江南雁", {})])
def test_a_title_of_two_characters_stands_above_a_byline_with_its_mark(byline: str, found: dict[str, str]):
    assert found_in((TEXT, "body"), ("渡口", "crosshead"), (byline, "byline"), (TEXT, "body")) == found


def test_the_lines_of_one_head_stand_together():
    lines = [
        (TEXT, "body"),
        ("云州时评", "crosshead"),
        ("孩子过桥，", "body"),
        ("要不要有人陪？", "body"),
        ("□ 一苇", "body"),
    ]
    assert found_in(*lines, (TEXT, "body")) == {
        "云州时评": "kicker",
        "孩子过桥，": "headline",
        "要不要有人陪？": "headline",
    }


def test_nothing_goes_on_in_a_headline():
    scores = scores_of(["body", "crosshead", "byline", "body"])
    links = Links(scores.roles, scores.follows, scores.back, scores.ends, scores.starts)
    begin_at({1: "headline"}, links)
    assert ROLES[int(links.roles[1].argmax())] == "headline"
    assert links.follows[0, 1] + links.back[0, 1] < links.ends[0] + links.starts[1]
    assert links.follows[1, 2] > links.ends[1]


@pytest.mark.parametrize(
    "lines",
    [
        [(TEXT, "body"), (HEADLINE, "crosshead"), ("司徒明远", "body"), (TEXT, "body")],
        [(TEXT, "body"), ("【云州时评】", "crosshead"), (HEADLINE, "crosshead"), ("何苇", "body"), (TEXT, "body")],
    ],
    ids=["name", "column and name"],
)
def test_a_line_above_a_name_alone_and_a_text_is_a_headline(lines: list[tuple[str, str]]):
    assert found_in(*lines)[HEADLINE] == "headline"


@pytest.mark.parametrize("name", ["方案", "渡口上的日子", "江城日报"])
def test_a_crosshead_above_another_line_is_none(name: str):
    assert not found_in((TEXT, "body"), (HEADLINE, "crosshead"), (name, "body"), (TEXT, "body"))


def test_a_crosshead_below_a_sentence_that_goes_on_elsewhere_begins_a_story():
    lines = [(TEXT + "下班后他捡来废料接着练", "body"), (HEADLINE, "crosshead"), (TEXT, "body"), (TEXT, "body")]
    scores = scores_of([role for _, role in lines])
    assert not misread_heads(scores, [text for text, _ in lines], range(4), MARKS)
    scores.follows[0, 3] = 0.1
    assert misread_heads(scores, [text for text, _ in lines], range(4), MARKS) == {1: "headline"}
