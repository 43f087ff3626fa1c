"""Withdrawals that leave nothing behind, embargoes by absence, and partners whose filters have changed since."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from broadsheet.steps import changes, ingest
from broadsheet.steps.proof import prove_withdrawal
from broadsheet.steps.revision import newest_items
from delivery.keys import IssueKey
from delivery.ledger import page_of
from tests.support.issue import CHANGED, DAY, NAME, PAGES, feed, make_installation, shelf, submit
from tests.support.revision import correction, item, make, withdrawal
from tests.support.withdrawals import BY, ISSUE, LIFT, WORDS, guid_of, holding, syndicate, with_embargo
from transforms.errors import BadInput
from transforms.intake import SourceFile
from transforms.model import Section


def telling(installation) -> list[str]:
    return [key for key, file in installation.shelf.files.items() if WORDS in file.content]


@pytest.mark.slow
def test_a_withdrawal_takes_the_text_out_of_every_object_of_every_partner():
    installation = make_installation()
    submit(installation, PAGES)
    submit(installation, CHANGED)
    assert any("/messages/" in key for key in telling(installation))
    changes.withdraw_article(installation, guid_of(installation), "法院裁定", "本稿撤回，请勿使用。", BY)
    with pytest.raises(AssertionError):
        assert all(p.holds for p in prove_withdrawal(installation, guid_of(installation)))
    syndicate(installation)
    assert telling(installation) == []
    proofs = prove_withdrawal(installation, guid_of(installation))
    assert "sample-outlet" in {p.partner for p in proofs}
    assert all(p.holds for p in proofs)
    old = next(
        f for k, f in installation.shelf.files.items() if k.startswith("sample-outlet/") and k.endswith("/v1.xml")
    )
    assert b"stat:" in old.content
    before = shelf(installation)
    changes.withdraw_article(installation, guid_of(installation), "法院裁定", "本稿撤回，请勿使用。", BY)
    syndicate(installation)
    assert shelf(installation) == before


@pytest.mark.slow
def test_a_withdrawal_reaches_a_partner_that_takes_nothing_any_more():
    installation = make_installation()
    submit(installation, PAGES)
    installation.partners["sample-outlet"] = replace(
        installation.partners["sample-outlet"], publications=("another-paper",)
    )
    changes.withdraw_article(installation, guid_of(installation), "侵权", "", BY)
    syndicate(installation)
    assert telling(installation) == []
    assert [e.title for e in feed(installation).entries] == ["城东小学添新操场"]


@pytest.mark.slow
def test_a_partner_that_takes_nothing_any_more_gets_nothing_new():
    installation = make_installation()
    submit(installation, PAGES)
    installation.partners["sample-outlet"] = replace(
        installation.partners["sample-outlet"], publications=("another-paper",)
    )
    new = SourceFile("page-03.txt", "新桥通车\n\n一月十五日，南桥正式通车，两岸的乡亲走上了新桥，看了又看。\n".encode())
    submit(installation, [*PAGES, new])
    assert not any("新桥通车".encode() in f.content for f in installation.shelf.files.values())


@pytest.mark.slow
def test_of_an_embargoed_article_nothing_is_there_before_and_all_of_it_after():
    installation = make_installation()
    submit(installation, with_embargo())
    assert [e.title for e in feed(installation).entries] == ["城东小学添新操场"]
    guid = guid_of(installation)
    tail = guid.rsplit(":", 1)[1]
    assert telling(installation) == []
    assert not any(tail in key or tail.encode() in f.content for key, f in installation.shelf.files.items())
    version = changes.release_embargo(
        installation, guid, replace(BY, run="release_embargo/1", at=datetime.fromisoformat(LIFT))
    )
    syndicate(installation, datetime.fromisoformat(LIFT))
    assert version.number == 2
    assert [e.title for e in feed(installation).entries] == ["老渠新水润良田", "城东小学添新操场"]
    submit(installation, with_embargo())
    assert [e.title for e in feed(installation).entries] == ["老渠新水润良田", "城东小学添新操场"]


@pytest.mark.parametrize(
    "text",
    [
        "until = tomorrow",
        "[[embargo]]\nuntil = 2026-01-15T20:00:00\n",
        '[[embargo]]\nuntil = 2026-01-15T20:00:00Z\nheadline = "没有这条"',
    ],
)
def test_an_embargo_that_cannot_be_kept_lets_nothing_out(text: str):
    installation = make_installation()
    submit(installation, [*PAGES, SourceFile("embargo.toml", text.encode())])
    assert shelf(installation) == {}
    reached = ingest.progress(installation.store, NAME, DAY)
    assert reached.stage == "refused"
    assert "embargo.toml" in reached.held[0].reason


def test_a_partner_that_has_everything_later_waits_and_is_woken():
    installation = make_installation()
    installation.partners["sample-outlet"] = replace(installation.partners["sample-outlet"], embargo_minutes=60 * 12)
    submit(installation, PAGES)
    assert not any(k.startswith("sample-outlet/") for k in installation.shelf.files)
    opened = newest_items(installation, ISSUE)[0].first_created
    lifts = [moment for plan in syndicate(installation) for moment in plan.lifts]
    assert lifts == [opened + timedelta(hours=12)]
    syndicate(installation, lifts[0])
    assert len(feed(installation).entries) == 2
    assert not list(installation.store.list("pending/"))


def test_a_partner_of_topics_gets_only_those():
    installation = make_installation()
    farming = replace(installation.partners["sample-outlet"], topics=("medtop:20000210",), sections=tuple(Section))
    installation.partners["sample-outlet"] = farming
    page = "春耕备耕忙\n\n春耕时节，村民忙着播种玉米，合作社的农机开进了高标准农田，种植户老周笑了。\n"
    submit(installation, [SourceFile("page-01.txt", page.encode()), PAGES[1]])
    assert [e.title for e in feed(installation).entries] == ["春耕备耕忙"]


def test_a_resend_writes_what_is_missing_and_nothing_else():
    installation = make_installation()
    submit(installation, PAGES)
    whole = shelf(installation)
    lost = next(k for k in installation.shelf.files if "/items/" in k and k.startswith("sample-outlet/"))
    del installation.shelf.files[lost]
    changes.send_issue_again(installation, "sample-outlet", ISSUE)
    syndicate(installation)
    assert shelf(installation) == whole
    with pytest.raises(BadInput, match="unknown partner"):
        changes.send_issue_again(installation, "nobody", ISSUE)
    with pytest.raises(BadInput, match="nothing of"):
        changes.send_issue_again(installation, "sample-outlet", IssueKey(NAME, DAY - timedelta(days=1)))


def test_a_correction_by_form_changes_what_is_filled_in_and_nothing_else():
    installation = make_installation()
    submit(installation, PAGES)
    guid = guid_of(installation)
    old = changes.item_of(installation, guid).article
    by = replace(BY, run="correct_article/1")
    changes.correct_article(
        installation, guid, {"headline": "老渠通水润良田", "section": "feature", "body": ""}, "核实", by
    )
    new = changes.item_of(installation, guid)
    assert (new.article.headline, new.article.section, new.article.body) == (
        "老渠通水润良田",
        Section.FEATURE,
        old.body,
    )
    changes.correct_article(installation, guid, {"headline": "老渠通水润良田"}, "核实", by)
    assert changes.item_of(installation, guid) == new
    with pytest.raises(BadInput, match="changes nothing"):
        changes.correct_article(
            installation, guid, {"headline": "老渠通水润良田"}, "", replace(by, run="correct_article/2")
        )
    with pytest.raises(BadInput, match="not a section"):
        changes.correct_article(installation, guid, {"section": "sport"}, "", replace(by, run="correct_article/3"))


def test_a_withdrawal_reaches_formats_feeds_and_messages_that_the_partner_takes_no_more():
    installation = make_installation()
    old = replace(
        installation.partners["sample-outlet"], formats=("newsml", "newsmessage", "rss", "atom", "ninjs", "html")
    )
    installation.partners["sample-outlet"] = old
    submit(installation, PAGES)
    make(installation, correction(installation, "清晨的老渠边，水声不断。村里定下三件事，件件已经办成。"))
    held = [k.rsplit("/", 1)[-1] for k in holding(installation) if "/items/" in k]
    assert sorted(held) == ["latest.json", "latest.xml", "v1.json", "v1.xml", "v2.json", "v2.xml"]
    installation.partners["sample-outlet"] = replace(old, formats=("rss", "ninjs"), sections=(Section.COMMENTARY,))
    make(installation, withdrawal(installation))
    assert holding(installation) == []
    assert all(p.holds for p in prove_withdrawal(installation, item(installation).guid))


def test_a_withdrawal_of_an_old_day_reaches_its_page_and_its_archive():
    installation = make_installation()
    submit(installation, PAGES)
    later = SourceFile("page-01.txt", "新桥通车\n\n南桥通车，两岸的乡亲走上了新桥，看了又看。\n".encode())
    submit(installation, [later], DAY + timedelta(days=30))
    guid = item(installation).guid
    make(installation, withdrawal(installation))
    assert holding(installation) == []
    page = shelf(installation)[
        f"sample-outlet/{NAME}/articles/{guid.removeprefix('urn:newsml:').replace(':', '_')}.html"
    ]
    assert "撤回此稿" in page.decode()
    assert b"deleted-entry" in shelf(installation)[f"sample-outlet/{NAME}/feeds/archive/{DAY}.atom"]


def test_a_story_that_was_printed_on_another_day_too_is_no_fault_of_the_withdrawal():
    installation = make_installation()
    submit(installation, PAGES)
    submit(installation, PAGES, date(2026, 1, 16))
    first = next(i for i in newest_items(installation, ISSUE) if i.article.headline == "城东小学添新操场")
    changes.withdraw_article(installation, first.guid, "侵权投诉", "", BY)
    syndicate(installation)
    assert all(proof.holds for proof in prove_withdrawal(installation, first.guid))


def test_the_ledger_says_since_when_each_partner_has_what():
    installation = make_installation()
    before = datetime.now(UTC).replace(microsecond=0)
    submit(installation, PAGES)
    first = {e.guid: e.delivered_at for e in page_of(installation.store, "sample-outlet", ISSUE).entries}
    assert all(before <= at <= datetime.now(UTC) for at in first.values())
    guid = guid_of(installation)
    long_ago = datetime(2026, 1, 15, 7, tzinfo=UTC)
    page = page_of(installation.store, "sample-outlet", ISSUE)
    installation.store.put(replace(page, entries=tuple(replace(e, delivered_at=long_ago) for e in page.entries)).file())
    changes.withdraw_article(installation, guid, "侵权投诉", "", BY)
    syndicate(installation)
    after = {e.guid: (e.status, e.delivered_at) for e in page_of(installation.store, "sample-outlet", ISSUE).entries}
    assert after.pop(guid)[1] >= before
    assert {at for _, at in after.values()} == {long_ago}
