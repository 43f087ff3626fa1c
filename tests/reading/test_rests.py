"""What stands above the rest of a story from another page: its headline there, whole or short, or another text."""

from __future__ import annotations

import pytest

from transforms.segment.jumps import rests_of
from transforms.segment.marks import marks_of
from transforms.segment.style import general_style

MARKS = marks_of(general_style())
FIRST = ["云州渡口三十年：从木船到大桥", "渡口的老人说起往年的大水，话就长了。（下转2版）"]


def rests(above: str, mark: str = "（上接1版）", first: list[str] = FIRST):
    return rests_of({1: first, 2: [above, mark, "桥修好的那天，他走了三个来回。"]}, {1: MARKS, 2: MARKS})


@pytest.mark.parametrize("above", [FIRST[0], "云州渡口三十年", "渡口三十年到大桥", "三十年的云州渡口", "云州渡"])
def test_a_headline_of_the_page_it_comes_from_is_known_whole_and_short(above: str):
    assert rests(above).named == {above}


def test_any_other_line_is_strange():
    assert rests("邻里之间省下的钱").strange == {"邻里之间省下的钱"}


@pytest.mark.parametrize("mark", ["（上接3版）", "（上接B1版）", "（上接2版）"])
def test_nothing_is_known_if_the_page_it_comes_from_is_not_there(mark: str):
    found = rests("邻里之间省下的钱", mark)
    assert not found.named
    assert not found.strange
