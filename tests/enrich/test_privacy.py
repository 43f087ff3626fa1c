"""Private numbers: found where they are, left alone where readers need them, masked without a trace."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.audience.privacy import for_partner, needs_desk, private_in
from transforms.model import Action, Article, Item, Paragraph, Partner, Status
from transforms.private_numbers import masked, private_numbers

SEED = Path(__file__).parents[2] / ".." / "shared" / "gold" / "seed" / "page.txt"
AT = datetime(2026, 1, 15, tzinfo=UTC)


def item(text: str, **more) -> Item:
    return Item("urn:newsml:a.example:20260115:x", 1, Article("题", (Paragraph(text),)), AT, AT, **more)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("特殊情况可拨打电话15600002211。", ["phone"]),
        ("电话１５６００００２２１１。", ["phone"]),
        ("致电+86 156-0000-2211联系他。", ["phone"]),
        ("身份证号11010519491231002X的失主。", ["identity"]),
        ("身份证号110105194912310021的失主。", []),  # the check digit is wrong
        ("卡号6222 0212 3456 7890 128丢失。", ["card"]),
        ("卡号6222 0212 3456 7890 123丢失。", []),  # fails Luhn
        ("报名电话：15600002211。", []),
        ("举报热线（24小时） 15600002211。", []),
        ("办公室电话0358-8220000。", []),
        ("编号915600002211000", []),
        ("Tel.15600002211", ["phone"]),
        ("电话15600-002211。", ["phone"]),
        ("156  0000  2211", ["phone"]),
        ("156\u00a00000\u00a02211", ["phone"]),
        ("156\u200b0000\u200b2211", ["phone"]),
        ("156–0000–2211", ["phone"]),
        ("156.0000.2211", ["phone"]),
        ("156-0000 2211", ["phone"]),
        ("1 5 6 0 0 0 0 2 2 1 1", ["phone"]),
        ("一五六〇〇〇〇二二一一", ["phone"]),
        ("周一15600002211见", ["phone"]),
        ("3.15600002211", ["phone"]),
        ("1560000221115600002212", ["phone", "phone"]),
        ("15600002211/15600002212", ["phone", "phone"]),
        ("15600002211转X", ["phone"]),
        ("报名电话：15600002211、15600002212。", []),
        ("报名电话：15600002211。家人15600002212。", ["phone"]),
        ("失主110105 19491231 002X。", ["identity"]),
        ("失主110105-19491231-002X。", ["identity"]),
        ("失主110105491231002。", ["identity"]),
        ("失主110105491331002。", []),  # there is no thirteenth month
        ("比分17-15 15-13 15-9。", []),
        ("2024 2025 2026", []),
        ("二〇二四年一月十五日", []),
    ],
)
def test_each_kind_is_told_from_what_only_looks_like_it(text: str, kinds: list[str]) -> None:
    assert [n.kind for n in private_numbers(text)] == kinds


def test_the_real_page_has_one() -> None:
    if not SEED.exists():
        pytest.skip("the real page is not at hand: it lies beside the repository and is not published with it")
    text = SEED.read_text("utf-8")
    assert [n.kind for n in private_numbers(text)] == ["phone"]


def test_a_masked_text_keeps_its_length_and_shows_three_digits() -> None:
    assert masked("拨打156-0000-2211找她") == "拨打156-****-****找她"
    assert masked("１５６００００２２１１") == "１５６********"


def test_each_partner_has_it_as_it_wishes() -> None:
    article = item("拨打15600002211找她。", ed_note="更正：标题有改动。")
    hidden = for_partner(article, Partner("p", "P"), "zh-Hans")
    assert hidden.article.text == "拨打156********找她。"
    assert hidden.ed_note == "更正：标题有改动。 文中1处私人号码已隐去。"
    assert for_partner(article, Partner("p", "P", privacy="keep"), "zh-Hans") is article
    plain = item("没有号码。")
    assert for_partner(plain, Partner("p", "P"), "zh-Hans") is plain


def test_the_desk_is_asked_once() -> None:
    careful = Partner("p", "P", privacy="desk")
    assert needs_desk(item("拨打15600002211找她。"), careful)
    assert not needs_desk(item("拨打15600002211找她。", history=(Action("editor", "reviewed", AT),)), careful)
    assert not needs_desk(item("拨打15600002211找她。", status=Status.CANCELED), careful)
    assert not needs_desk(item("没有号码。"), careful)


@pytest.mark.slow
def test_a_page_full_of_digits_takes_time_in_proportion_to_its_length() -> None:
    # Each group of digits is looked at with no more than the few that may belong to it.
    text = "9 " * 40_000 + "13" * 40_000 + "138-" * 20_000
    assert private_numbers(text) == ()


@pytest.mark.parametrize("field", ["kicker", "headline", "subhead", "dateline"])
def test_every_line_of_an_article_is_masked_and_a_withdrawal_unmasks_none(field: str) -> None:
    told = item("没有号码。")
    told = replace(told, article=replace(told.article, **{field: "致电15600002211"}))
    for one in (told, replace(told, status=Status.CANCELED)):
        assert getattr(for_partner(one, Partner("p", "P"), "zh-Hans").article, field) == "致电156********"


def test_what_a_person_said_of_one_version_does_not_speak_for_the_next() -> None:
    careful = Partner("p", "P", privacy="desk")
    seen = item("拨打15600002211找她。", history=(Action("editor", "reviewed", AT),))
    again = replace(seen, version=2, version_created=AT + timedelta(hours=1))
    assert not needs_desk(seen, careful)
    assert needs_desk(again, careful)


@given(st.text(st.sampled_from("0123456789 -+８１３Xx，电话热线报名a"), max_size=80))
def test_what_is_masked_is_found_no_more_and_nothing_else_changes(text: str) -> None:
    hidden = masked(text)
    assert len(hidden) == len(text)
    assert private_in(Article("", (Paragraph(hidden),))) <= private_in(Article("", (Paragraph(text),)))
    inside = {at for n in private_numbers(text) for at in range(n.start, n.end)}
    assert all(a == b for at, (a, b) in enumerate(zip(text, hidden, strict=True)) if at not in inside)


def test_masking_takes_time_in_proportion_to_the_numbers():
    """Counted, not timed: the interpreter's steps for ten times the numbers are about ten times as many."""

    def steps(count: int) -> int:
        text = "电话15600002211。" * count
        seen = 0

        def count_steps(*_: object) -> object:
            nonlocal seen
            seen += 1
            return count_steps

        before = sys.gettrace()
        sys.settrace(count_steps)
        try:
            out = masked(text)
        finally:
            sys.settrace(before)  # coverage's own: with None, it would see nothing of the tests that follow
        assert out == "电话156********。" * count
        return seen

    assert steps(1000) < 12 * steps(100)
