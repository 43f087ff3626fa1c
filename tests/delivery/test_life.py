"""Withdrawals that leave nothing behind, embargoes by absence, and partners whose filters have changed since."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from broadsheet.steps import changes, ingest
from broadsheet.steps.changes import By
from broadsheet.steps.revision import newest_items
from delivery.keys import IssueKey
from delivery.ledger import page_of
from tests.delivery.test_revision import correction, item, make, withdrawal
from tests.delivery.test_road import CHANGED, DAY, NAME, NOW, PAGES, feed, make_desk, shelf, submit
from transforms.errors import BadInput
from transforms.intake import SourceFile
from transforms.model import Section

ISSUE = IssueKey(NAME, DAY)
BY = By("withdraw_article/run-1", "editor", datetime(2026, 1, 15, 9, tzinfo=UTC))
WORDS = "村里定下三件事".encode()
LIFT = "2026-01-15T20:00:00+08:00"


def guid_of(desk, headline: str = "老渠新水润良田") -> str:
    return next(i.guid for i in newest_items(desk, ISSUE) if i.article.headline == headline)


def syndicate(desk, now: datetime = NOW) -> list:
    plans = []
    work = ingest.pending_work(desk)
    for one in work:
        plans.append(ingest.stage(desk, one, now))
        ingest.publish_staged(desk, one)
    ingest.finish(desk, work)
    return plans


def telling(desk) -> list[str]:
    return [key for key, file in desk.shelf.files.items() if WORDS in file.content]


def test_a_withdrawal_takes_the_text_out_of_every_object_of_every_partner():
    desk = make_desk()
    submit(desk, PAGES)
    submit(desk, CHANGED)
    assert any("/messages/" in key for key in telling(desk))
    changes.withdraw_article(desk, guid_of(desk), "法院裁定", "本稿撤回，请勿使用。", BY)
    with pytest.raises(AssertionError):
        assert all(p.holds for p in changes.prove_withdrawal(desk, guid_of(desk)))
    syndicate(desk)
    assert telling(desk) == []
    proofs = changes.prove_withdrawal(desk, guid_of(desk))
    assert "sample-outlet" in {p.partner for p in proofs}
    assert all(p.holds for p in proofs)
    old = next(f for k, f in desk.shelf.files.items() if k.startswith("sample-outlet/") and k.endswith("/v1.xml"))
    assert b"stat:" in old.content
    before = shelf(desk)
    changes.withdraw_article(desk, guid_of(desk), "法院裁定", "本稿撤回，请勿使用。", BY)
    syndicate(desk)
    assert shelf(desk) == before


def test_a_withdrawal_reaches_a_partner_that_takes_nothing_any_more():
    desk = make_desk()
    submit(desk, PAGES)
    desk.partners["sample-outlet"] = replace(desk.partners["sample-outlet"], publications=("another-paper",))
    changes.withdraw_article(desk, guid_of(desk), "侵权", "", BY)
    syndicate(desk)
    assert telling(desk) == []
    assert [e.title for e in feed(desk).entries] == ["城东小学添新操场"]


def test_a_partner_that_takes_nothing_any_more_gets_nothing_new():
    desk = make_desk()
    submit(desk, PAGES)
    desk.partners["sample-outlet"] = replace(desk.partners["sample-outlet"], publications=("another-paper",))
    new = SourceFile("page-03.txt", "新桥通车\n\n一月十五日，南桥正式通车，两岸的乡亲走上了新桥，看了又看。\n".encode())
    submit(desk, [*PAGES, new])
    assert not any("新桥通车".encode() in f.content for f in desk.shelf.files.values())


def with_embargo(headline: str = "老渠新水") -> list[SourceFile]:
    text = f'[[embargo]]\nuntil = {LIFT}\nheadline = "{headline}"\n'
    return [*PAGES, SourceFile("embargo.toml", text.encode())]


def test_of_an_embargoed_article_nothing_is_there_before_and_all_of_it_after():
    desk = make_desk()
    submit(desk, with_embargo())
    assert [e.title for e in feed(desk).entries] == ["城东小学添新操场"]
    guid = guid_of(desk)
    tail = guid.rsplit(":", 1)[1]
    assert telling(desk) == []
    assert not any(tail in key or tail.encode() in f.content for key, f in desk.shelf.files.items())
    version = changes.release_embargo(desk, guid, replace(BY, run="release_embargo/1", at=datetime.fromisoformat(LIFT)))
    syndicate(desk, datetime.fromisoformat(LIFT))
    assert version.number == 2
    assert [e.title for e in feed(desk).entries] == ["老渠新水润良田", "城东小学添新操场"]
    submit(desk, with_embargo())
    assert [e.title for e in feed(desk).entries] == ["老渠新水润良田", "城东小学添新操场"]


@pytest.mark.parametrize(
    "text",
    [
        "until = tomorrow",
        "[[embargo]]\nuntil = 2026-01-15T20:00:00\n",
        '[[embargo]]\nuntil = 2026-01-15T20:00:00Z\nheadline = "没有这条"',
    ],
)
def test_an_embargo_that_cannot_be_kept_lets_nothing_out(text: str):
    desk = make_desk()
    submit(desk, [*PAGES, SourceFile("embargo.toml", text.encode())])
    assert shelf(desk) == {}
    reached = ingest.progress(desk.store, NAME, DAY)
    assert reached.stage == "refused"
    assert "embargo.toml" in reached.held[0].reason


def test_a_partner_that_has_everything_later_waits_and_is_woken():
    desk = make_desk()
    desk.partners["sample-outlet"] = replace(desk.partners["sample-outlet"], embargo_minutes=60 * 12)
    submit(desk, PAGES)
    assert not any(k.startswith("sample-outlet/") for k in desk.shelf.files)
    opened = newest_items(desk, ISSUE)[0].first_created
    lifts = [moment for plan in syndicate(desk) for moment in plan.lifts]
    assert lifts == [opened + timedelta(hours=12)]
    syndicate(desk, lifts[0])
    assert len(feed(desk).entries) == 2
    assert not list(desk.store.list("pending/"))


def test_a_partner_of_topics_gets_only_those():
    desk = make_desk()
    farming = replace(desk.partners["sample-outlet"], topics=("medtop:20000210",), sections=tuple(Section))
    desk.partners["sample-outlet"] = farming
    page = "春耕备耕忙\n\n春耕时节，村民忙着播种玉米，合作社的农机开进了高标准农田，种植户老周笑了。\n"
    submit(desk, [SourceFile("page-01.txt", page.encode()), PAGES[1]])
    assert [e.title for e in feed(desk).entries] == ["春耕备耕忙"]


def test_a_resend_writes_what_is_missing_and_nothing_else():
    desk = make_desk()
    submit(desk, PAGES)
    whole = shelf(desk)
    lost = next(k for k in desk.shelf.files if "/items/" in k and k.startswith("sample-outlet/"))
    del desk.shelf.files[lost]
    changes.resend(desk, "sample-outlet", ISSUE)
    syndicate(desk)
    assert shelf(desk) == whole
    with pytest.raises(BadInput, match="no partner"):
        changes.resend(desk, "nobody", ISSUE)
    with pytest.raises(BadInput, match="nothing of"):
        changes.resend(desk, "sample-outlet", IssueKey(NAME, DAY - timedelta(days=1)))


def test_a_correction_by_form_changes_what_is_filled_in_and_nothing_else():
    desk = make_desk()
    submit(desk, PAGES)
    guid = guid_of(desk)
    old = changes.item_of(desk, guid).article
    by = replace(BY, run="correct_article/1")
    changes.correct_article(desk, guid, {"headline": "老渠通水润良田", "section": "feature", "body": ""}, "核实", by)
    new = changes.item_of(desk, guid)
    assert (new.article.headline, new.article.section, new.article.body) == (
        "老渠通水润良田",
        Section.FEATURE,
        old.body,
    )
    changes.correct_article(desk, guid, {"headline": "老渠通水润良田"}, "核实", by)
    assert changes.item_of(desk, guid) == new
    with pytest.raises(BadInput, match="changes nothing"):
        changes.correct_article(desk, guid, {"headline": "老渠通水润良田"}, "", replace(by, run="correct_article/2"))
    with pytest.raises(BadInput, match="no section"):
        changes.correct_article(desk, guid, {"section": "sport"}, "", replace(by, run="correct_article/3"))


def holding(desk, text: str = "水声不断") -> list[str]:
    """Everything of the sample outlet's that still holds the text."""
    found = shelf(desk).items()
    return [k for k, content in found if text.encode() in content and k.startswith("sample-outlet/")]


def test_a_withdrawal_reaches_formats_feeds_and_messages_that_the_partner_takes_no_more():
    desk = make_desk()
    old = replace(desk.partners["sample-outlet"], formats=("newsml", "newsmessage", "rss", "atom", "ninjs", "html"))
    desk.partners["sample-outlet"] = old
    submit(desk, PAGES)
    make(desk, correction(desk, "清晨的老渠边，水声不断。村里定下三件事，件件已经办成。"))
    assert len([k for k in holding(desk) if "/items/" in k]) == 4
    desk.partners["sample-outlet"] = replace(old, formats=("rss", "ninjs"), sections=(Section.COMMENTARY,))
    make(desk, withdrawal(desk))
    assert holding(desk) == []
    assert all(p.holds for p in changes.prove_withdrawal(desk, item(desk).guid))


def test_a_withdrawal_of_an_old_day_reaches_its_page_and_its_archive():
    desk = make_desk()
    submit(desk, PAGES)
    later = SourceFile("page-01.txt", "新桥通车\n\n南桥通车，两岸的乡亲走上了新桥，看了又看。\n".encode())
    submit(desk, [later], DAY + timedelta(days=30))
    guid = item(desk).guid
    make(desk, withdrawal(desk))
    assert holding(desk) == []
    page = shelf(desk)[f"sample-outlet/{NAME}/articles/{guid.removeprefix('urn:newsml:').replace(':', '_')}.html"]
    assert "撤回此稿" in page.decode()
    assert b"deleted-entry" in shelf(desk)[f"sample-outlet/{NAME}/feeds/archive/{DAY}.atom"]


def test_a_story_that_was_printed_on_another_day_too_is_no_fault_of_the_withdrawal():
    desk = make_desk()
    submit(desk, PAGES)
    submit(desk, PAGES, date(2026, 1, 16))
    first = next(i for i in newest_items(desk, ISSUE) if i.article.headline == "城东小学添新操场")
    changes.withdraw_article(desk, first.guid, "侵权投诉", "", BY)
    syndicate(desk)
    assert all(proof.holds for proof in changes.prove_withdrawal(desk, first.guid))


def test_the_ledger_says_since_when_each_partner_has_what():
    desk = make_desk()
    before = datetime.now(UTC).replace(microsecond=0)
    submit(desk, PAGES)
    first = {e.guid: e.delivered_at for e in page_of(desk.store, "sample-outlet", ISSUE).entries}
    assert all(before <= at <= datetime.now(UTC) for at in first.values())
    guid = guid_of(desk)
    long_ago = datetime(2026, 1, 15, 7, tzinfo=UTC)
    page = page_of(desk.store, "sample-outlet", ISSUE)
    desk.store.put(replace(page, entries=tuple(replace(e, delivered_at=long_ago) for e in page.entries)).file())
    changes.withdraw_article(desk, guid, "侵权投诉", "", BY)
    syndicate(desk)
    after = {e.guid: (e.status, e.delivered_at) for e in page_of(desk.store, "sample-outlet", ISSUE).entries}
    assert after.pop(guid)[1] >= before
    assert {at for _, at in after.values()} == {long_ago}
