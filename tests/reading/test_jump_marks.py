"""Marks of jumps: what they say, and that they take nothing of the text beside them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reading.credits import MARKS


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(
        [
            "（上接第1版）",
            "（②上接1版）",
            "（上接01版】",
            "上接A1版 ",
            "◀上接 3 版 ",
            "(紧接第二版)",
            "（上接1版《渡口开航》）",
            "【上接B12版】",
            "▲上接1版 ",
            "◀◀上接A01版 ",
        ]
    ),
    st.text(st.sampled_from("渡口今天开航，。第12版A上接下转（）"), min_size=1, max_size=60),
)
def test_a_jump_takes_nothing_of_the_text_behind_it(mark: str, text: str) -> None:
    rest, page = MARKS.split_continuation(mark + text)
    assert page
    assert rest == text


@pytest.mark.parametrize("mark", ["◀上接A01", "◀◀上接A01", "上接B3"])
def test_the_page_that_a_rest_comes_from_may_stand_without_its_word(mark: str) -> None:
    assert MARKS.split_continuation(mark) == ("", mark.lstrip("◀上接").replace("01", "1"))


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from("渡口今天开航，第12版A上接（）"), min_size=1, max_size=60),
    st.sampled_from(
        [
            "（下转第3版）",
            "（下转A03版·要闻）",
            "下转2版",
            "►下转 02 版",
            "【紧转二版】",
            "（下转3版 →）",
            "（下转2版②）",
            "下转A04▶",
            "▶▶下转A04版",
            "（下转4版）（相关报道见5版）",
        ]
    ),
)
def test_a_jump_takes_nothing_of_the_text_before_it(text: str, mark: str) -> None:
    rest, page = MARKS.split_jump(f"{text}。{mark}")
    assert page
    assert rest == f"{text}。"
