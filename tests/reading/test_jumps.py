"""The rest of a story finds its opening on the page that it names."""

from __future__ import annotations

import pytest

from transforms.model import Paragraph
from transforms.reading import going_on_by
from transforms.segment import jumps
from transforms.segment.draft import Draft
from transforms.trained import load_models

HEAD = "云州渡口三十年：从木船到大桥"


def join_jumps(drafts: list[Draft]) -> list[Draft]:
    return jumps.join_jumps(drafts, going_on_by(load_models()))


def opening(headline: str, page: int = 1, jump_to: str = "") -> Draft:
    draft = Draft(page)
    draft.headlines, draft.body, draft.jump_to = [headline], [Paragraph("渡口的老人说起往年的大水。", ())], jump_to
    return draft


def rest(headline: str, continues: str = "1") -> Draft:
    draft = opening(headline, 4)
    draft.continues = continues
    return draft


@pytest.mark.parametrize(
    ("openings", "above", "continues", "joined"),
    [
        ([opening(HEAD, jump_to="4"), opening("邻里之间省下的钱")], HEAD, "1", HEAD),
        ([opening(HEAD), opening("邻里之间省下的钱")], HEAD, "1", HEAD),
        ([opening(HEAD), opening("邻里之间省下的钱", jump_to="4")], HEAD, "1", HEAD),
        ([opening(HEAD), opening("邻里之间省下的钱")], "云州渡口三十年", "1", None),
        ([opening(HEAD), opening("邻里之间省下的钱")], HEAD, "2", None),
        ([opening(HEAD), opening(HEAD)], HEAD, "1", None),
    ],
    ids=["marked", "mark lost", "mark in another story", "short form", "another page", "two alike"],
)
def test_a_rest_is_joined_to_the_story_with_its_mark_or_its_whole_headline(openings, above, continues, joined):
    whole = [d.headlines[0] for d in join_jumps([*openings, rest(above, continues)]) if len(d.body) > 1]
    assert whole == ([joined] if joined else [])


def of(draft: Draft, text: str) -> Draft:
    draft.body = [Paragraph(text, ())]
    return draft


def test_rests_without_headlines_go_to_the_stories_with_their_words():
    bridge = of(opening(HEAD, jump_to="4"), "渡口的老人说起往年的大水，大桥修好以前木船天天过江")
    market = of(opening("菜场换了秤", jump_to="4"), "菜场的秤换成了电子秤，买菜的人不再自己带秤")
    rests = [of(rest(""), "买菜的人都说电子秤好。"), of(rest(""), "木船停了，老人站在大桥上看往年的渡口。")]
    for one in rests:
        one.headlines = []
    found = join_jumps([bridge, market, *rests])
    assert len(found) == 2
    assert found[0].body[0].text.endswith("渡口。")
    assert found[1].body[0].text.endswith("电子秤好。")


def test_rests_without_headlines_go_to_the_stories_whose_sentence_they_go_on_with():
    """Neither rest has a word of its opening."""
    customs = of(opening("港口作业不用等", jump_to="4"), "海关和海事把申报的信息并到一张表上，货船还没靠岸，船")
    orchard = of(opening("荔枝保险赔得快", jump_to="4"), "过去查勘员一棵树一棵树地数，如今无人机飞一圈，图")
    rests = [of(rest(""), "像识别系统当天就算出了损失。"), of(rest(""), "舶查验的计划早已排好。")]
    for one in rests:
        one.headlines = []
    found = join_jumps([customs, orchard, *rests])
    assert [d.body[0].text[-13:] for d in found] == [
        "岸，船舶查验的计划早已排好。"[-13:],
        "图像识别系统当天就算出了损失。"[-13:],
    ]


def test_rests_that_share_as_many_words_with_both_stay_separate():
    alike = [of(opening(h, jump_to="4"), "渡口的老人说起往年的大水") for h in (HEAD, "邻里之间省下的钱")]
    alone = of(rest(""), "老人的话就长了。")
    alone.headlines = []
    assert len(join_jumps([*alike, alone])) == 3


@pytest.mark.parametrize(("printed", "joined"), [("7", True), ("2", False)], ids=["not sent", "sent"])
def test_the_printed_page_of_a_rest_may_be_none_that_was_sent(printed: str, joined: bool):
    other = opening("邻里之间省下的钱", page=2)
    alone = of(rest(""), "老人的话就长了。")
    alone.headlines = []
    found = join_jumps([of(opening(HEAD, jump_to=printed), "渡口的老人说起往年的大水"), other, alone])
    assert (len(found) == 2) == joined
