"""Embargoes, rights windows and legal kills at partners, in memory: what a partner can read, under any name."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from broadsheet import pipeline
from broadsheet.life_turns import keep_time
from broadsheet.revision import newest_items, revise
from delivery import issues
from delivery.ledger import page_of
from tests.delivery.memory import Fuse
from tests.delivery.test_revision import AT, ISSUE, correction, item, make, withdrawal
from tests.delivery.test_road import DAY, NAME, NOW, PAGES, feed, make_desk, shelf, submit
from transforms.errors import BadInput, StoreError
from transforms.life import Change, Kind
from transforms.model import Item, Section, Status

SECRET = "水声不断".encode()
ROOT = f"sample-outlet/{NAME}/"


def syndicate(desk, now: datetime = NOW) -> None:
    work = pipeline.pending_work(desk)
    for one in work:
        pipeline.stage(desk, one, now)
        pipeline.publish_staged(desk, one)
    pipeline.finish(desk, work)


def set_partner(desk, **fields) -> None:
    desk.partners["sample-outlet"] = replace(desk.partners["sample-outlet"], **fields)


def holding(desk, needle: bytes) -> list[str]:
    return [key for key, content in shelf(desk).items() if needle in content]


def embargoed(desk, until: datetime) -> None:
    """An issue whose first article is embargoed, stored and out as far as it may be."""
    pipeline.put_in_inbox(desk.store, NAME, DAY, PAGES)
    desk.store.put(
        pipeline.File(
            ISSUE.inbox + "_EMBARGO.toml",
            f'[[article]]\nheadline = "老渠新水润良田"\nuntil = {until.isoformat()}\n'.encode(),
            "text/plain",
            "private",
        )
    )
    version = pipeline.receive_issue(desk, NAME, DAY)
    pipeline.read_pages(desk, version)
    pipeline.store_articles(desk, version)
    syndicate(desk)


def test_an_embargoed_article_leaves_no_trace_until_the_lift_and_then_follows_by_itself():
    desk, until = make_desk(), NOW + timedelta(hours=2)
    embargoed(desk, until)
    assert [e.title for e in feed(desk).entries] == ["城东小学添新操场"]
    guid = next(i.guid for i in newest_items(desk, ISSUE) if i.embargoed)
    stable = guid.rpartition(":")[2]
    assert not holding(desk, SECRET)
    assert not holding(desk, stable.encode())
    assert not [k for k in shelf(desk) if stable in k]
    assert not list(desk.store.list("pending/"))
    assert keep_time(desk, until - timedelta(seconds=1)) == []
    assert [v.number for v in keep_time(desk, until)] == [2]
    syndicate(desk, until)
    assert [e.title for e in feed(desk).entries] == ["老渠新水润良田", "城东小学添新操场"]
    assert keep_time(desk, until + timedelta(days=1)) == []


def test_an_embargo_is_lifted_by_hand_once():
    desk = make_desk()
    embargoed(desk, NOW + timedelta(days=2))
    guid = next(i.guid for i in newest_items(desk, ISSUE) if i.embargoed)
    make(desk, Change("r", Kind.RELEASE, guid, "editor", NOW))
    assert holding(desk, SECRET)
    with pytest.raises(BadInput, match="no embargo"):
        revise(desk, ISSUE, Change("r2", Kind.RELEASE, guid, "editor", NOW))


def test_an_embargo_that_names_no_article_holds_all_and_a_broken_one_stops_the_issue():
    desk = make_desk()
    pipeline.put_in_inbox(desk.store, NAME, DAY, PAGES)
    note = ISSUE.inbox + "_EMBARGO.toml"

    def put(text: str) -> None:
        desk.store.put(pipeline.File(note, text.encode(), "text/plain", "private"))

    put('[[article]]\nheadline = "无此标题"\nuntil = 2026-02-01T00:00:00+08:00\n')
    version = pipeline.receive_issue(desk, NAME, DAY)
    pipeline.read_pages(desk, version)
    pipeline.store_articles(desk, version)
    assert all(i.embargoed for i in newest_items(desk, ISSUE))
    syndicate(desk)
    assert not feed(desk).entries
    assert not [k for k in shelf(desk) if "/items/" in k or "/packages/" in k]
    put("until = yesterday")
    with pytest.raises(BadInput, match=r"_EMBARGO\.toml"):
        pipeline.receive_issue(desk, NAME, DAY)


def test_a_partner_with_an_offset_gets_the_issue_later_and_the_others_at_once():
    desk = make_desk()
    set_partner(desk, embargo_minutes=180)
    desk.partners["second"] = replace(desk.partners["sample-outlet"], id="second", embargo_minutes=0)
    submit(desk, PAGES)
    opened = item(desk).first_created
    early = opened + timedelta(minutes=1)
    desk = make_desk()
    set_partner(desk, embargo_minutes=180)
    desk.partners["second"] = replace(desk.partners["sample-outlet"], id="second", embargo_minutes=0)
    pipeline.put_in_inbox(desk.store, NAME, DAY, PAGES)
    version = pipeline.receive_issue(desk, NAME, DAY)
    pipeline.read_pages(desk, version)
    pipeline.store_articles(desk, version)
    syndicate(desk, early)
    found = holding(desk, SECRET)
    assert any(k.startswith("second/") for k in found)
    assert not any(k.startswith("sample-outlet/") for k in found)
    keep_time(desk, opened + timedelta(minutes=180))
    syndicate(desk, opened + timedelta(minutes=180))
    assert any(k.startswith("sample-outlet/") for k in holding(desk, SECRET))


def assert_killed(desk, guid: str, root: str = ROOT) -> None:
    """No address below the root holds the text; manifests hold the digests of what is there."""
    assert not [k for k in holding(desk, SECRET) if k.startswith(root)]
    for key in (k for k in shelf(desk) if k.startswith(f"{root}manifests/")):
        for record in json.loads(shelf(desk)[key])["objects"]:
            content = shelf(desk)[root + record["key"]]
            assert (sha256(content).hexdigest(), len(content)) == (record["sha256"], record["size"])


def test_a_withdrawal_takes_the_text_from_every_address_though_the_partner_has_changed_since():
    desk = make_desk()
    set_partner(desk, formats=("newsml", "newsmessage", "rss", "atom", "jsonfeed", "ninjs", "html", "sitemap"))
    submit(desk, PAGES)
    make(desk, correction(desk, "清晨的老渠边，水声不断。村里定下三件事，件件已经办成。"))
    guid = item(desk).guid
    assert len([k for k in holding(desk, SECRET) if "/items/" in k]) == 4
    set_partner(desk, formats=("rss", "ninjs"), sections=(Section.COMMENTARY,), publications=("another-paper",))
    make(desk, withdrawal(desk))
    assert_killed(desk, guid)
    one = shelf(desk)[f"{ROOT}items/{guid.removeprefix('urn:newsml:').replace(':', '_')}/v1.xml"].decode()
    assert "stat:canceled" in one
    assert 'version="1"' in one
    assert "本稿撤回，请勿使用。" in one
    entry = next(e for e in page_of(desk.store, "sample-outlet", ISSUE).entries if e.guid == guid)
    assert (entry.status, entry.withdrawn) == (Status.CANCELED, item(desk).version_created)


def test_a_withdrawal_of_an_old_day_reaches_its_page_and_archive():
    desk = make_desk()
    submit(desk, PAGES)
    submit(
        desk,
        [pipeline.SourceFile("page-01.txt", "新桥通车\n\n南桥通车，两岸的乡亲走上了新桥，看了又看。\n".encode())],
        DAY + timedelta(days=30),
    )
    guid = item(desk).guid
    make(desk, withdrawal(desk))
    assert_killed(desk, guid)
    page = shelf(desk)[f"{ROOT}articles/{guid.removeprefix('urn:newsml:').replace(':', '_')}.html"].decode()
    assert "撤回此稿" in page
    assert "deleted-entry" in shelf(desk)[f"{ROOT}feeds/archive/{DAY}.atom"].decode()


def test_killed_anywhere_a_withdrawal_is_completed_to_the_same_bytes():
    whole = make_desk()
    submit(whole, PAGES)
    start = len(whole.store.fuse.written)
    make(whole, withdrawal(whole))
    final, total = shelf(whole), len(whole.store.fuse.written)
    for writes in range(start + 1, total):
        desk = make_desk(Fuse(writes))
        submit(desk, PAGES)
        change = withdrawal(desk)
        with pytest.raises(StoreError, match="killed"):
            make(desk, change)
        desk.store.fuse.left = 10**9
        make(desk, change)
        assert shelf(desk) == final, f"killed at write {writes}"


def test_rights_end_by_themselves_at_one_partner_and_stay_with_the_other():
    desk = make_desk()
    desk.partners["second"] = replace(desk.partners["sample-outlet"], id="second")
    set_partner(desk, expires_days=30)
    submit(desk, PAGES)
    old: Item = item(desk)
    xml = f"items/{old.guid.removeprefix('urn:newsml:').replace(':', '_')}/v1.xml"
    assert b"<expires>" in shelf(desk)[ROOT + xml]
    end = old.first_created + timedelta(days=30)
    assert keep_time(desk, end - timedelta(seconds=1)) == []
    keep_time(desk, end)
    syndicate(desk, end)
    assert_killed(desk, old.guid)
    assert not feed(desk).entries
    assert b"stat:canceled" in shelf(desk)[ROOT + xml]
    assert [k for k in holding(desk, SECRET) if k.startswith("second/")]
    assert item(desk).status is Status.USABLE
    before = shelf(desk)
    make_again = revise(desk, ISSUE, Change("t", Kind.TURN, "", "x", AT))
    syndicate(desk, end)
    assert issues.is_settled(desk.store, make_again)
    changed = [k for k, v in before.items() if shelf(desk)[k] != v]
    assert changed == []
