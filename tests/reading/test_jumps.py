"""The rest of a story finds its opening on the page that it names."""

from __future__ import annotations

import pytest

from transforms.model import Paragraph
from transforms.segment.draft import Draft
from transforms.segment.jumps import join_jumps

HEAD = "云州渡口三十年：从木船到大桥"


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
