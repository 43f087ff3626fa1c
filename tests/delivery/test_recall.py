"""What was sent is taken back everywhere: removed and moved partners, older issues, names that two papers share."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.steps import changes, ingest
from broadsheet.steps.changes import By
from broadsheet.steps.moving import Files, move, remove
from broadsheet.steps.proof import prove_withdrawal
from broadsheet.steps.revision import newest_items
from delivery.keys import IssueKey
from delivery.public import Answer
from tests.support.issue import DAY, NAME, NOW, PAGES, feed, make_installation, shelf, submit
from tests.support.withdrawals import guid_of, holding, syndicate, with_embargo
from transforms.errors import BadInput, StoreError
from transforms.guid import safe_guid
from transforms.intake import SourceFile
from transforms.lifecycle.change import Change, ChangeKind, apply
from transforms.lifecycle.embargo import Embargo, embargo
from transforms.model import Article, Item, Paragraph

BY = By("withdraw_article/recall", "editor", datetime(2026, 1, 15, 9, tzinfo=UTC))
NOTE = "本稿撤回，请勿使用。"


def withdraw(installation, guid: str) -> None:
    changes.withdraw_article(installation, guid, "侵权", NOTE, BY)
    syndicate(installation)


@pytest.mark.slow
def test_a_partner_whose_record_was_removed_is_still_told_and_keeps_nothing():
    installation = make_installation()
    submit(installation, PAGES)
    guid = guid_of(installation)
    del installation.partners["sample-outlet"]
    submit(installation, PAGES, DAY + timedelta(days=1))
    assert not any("20260116" in key for key in installation.shelf.files if key.startswith("sample-outlet/"))
    withdraw(installation, guid)
    assert holding(installation) == []
    proofs = prove_withdrawal(installation, guid)
    assert "sample-outlet" in {p.partner for p in proofs}
    assert all(p.holds for p in proofs)
    assert b"deleted-entry" in shelf(installation)[f"sample-outlet/{NAME}/feeds/all.atom"]


@pytest.mark.slow
def test_a_changed_prefix_forgets_no_copy_and_stops_no_publication():
    installation = make_installation()
    submit(installation, PAGES)
    guid = guid_of(installation)
    installation.partners["sample-outlet"] = replace(installation.partners["sample-outlet"], prefix="elsewhere")
    submit(installation, PAGES, DAY + timedelta(days=1))
    assert any("20260116" in key for key in installation.shelf.files if key.startswith("sample-outlet/"))
    assert not any(key.startswith("elsewhere/") for key in installation.shelf.files)
    withdraw(installation, guid)
    assert [
        key for key, content in shelf(installation).items() if "20260115" in key and "水声不断".encode() in content
    ] == []
    assert all(p.holds for p in prove_withdrawal(installation, guid))


def other_pages(text: str = "新桥通车") -> list[SourceFile]:
    body = f"{text}\n\n一月里，南桥正式通车，两岸的乡亲走上了新桥，看了又看。\n"
    return [SourceFile("page-01.txt", body.encode())]


@pytest.mark.slow
def test_a_change_to_an_older_issue_reaches_every_live_feed_and_leaves_it_again():
    installation = make_installation()
    submit(installation, PAGES)
    later = DAY + timedelta(days=30)
    now = datetime(2026, 2, 14, 8, tzinfo=UTC)
    submit(installation, other_pages(), later, now)
    guid, other = guid_of(installation), guid_of(installation, "城东小学添新操场")
    fields = {"headline": "老渠通水"}
    changes.correct_article(installation, other, fields, "核实", replace(BY, run="correct/1", at=now))
    syndicate(installation, now)
    assert [e.title for e in feed(installation).entries] == ["老渠通水", "新桥通车"]
    changes.withdraw_article(installation, guid, "侵权", NOTE, replace(BY, at=now))
    syndicate(installation, now)
    files = {
        k.removeprefix(f"sample-outlet/{NAME}/"): v for k, v in shelf(installation).items() if k.startswith("sample")
    }
    assert f'ref="{guid}"'.encode() in files["feeds/all.atom"]
    assert [w["id"] for w in json.loads(files["feeds/all.json"])["_broadsheet"]["withdrawn"]] == [guid]
    modified = [e["date_modified"] for e in json.loads(files["feeds/all.json"])["items"] if e["id"] == other]
    assert [m[:10] for m in modified] == ["2026-02-14"]
    assert safe_guid(other).encode() in files["sitemap.xml"]
    assert safe_guid(guid).encode() not in files["sitemap.xml"]
    # Another issue within the window repeats them; one after it does not.
    submit(installation, other_pages("旧桥通车"), later + timedelta(days=1), now + timedelta(days=1))
    assert [e.title for e in feed(installation).entries] == ["老渠通水", "旧桥通车", "新桥通车"]
    submit(installation, other_pages("石桥通车"), later + timedelta(days=9), now + timedelta(days=9))
    assert [e.title for e in feed(installation).entries] == ["石桥通车"]


def test_a_sidebar_shares_the_embargo_of_its_story_and_is_released_with_it():
    installation = make_installation()
    at = datetime(2026, 1, 15, 20, tzinfo=UTC)
    told = Item("urn:newsml:a.example:20260115:story", 1, Article("要闻", (Paragraph("正文一句。"),)), NOW, NOW)
    aside = replace(told, guid="urn:newsml:a.example:20260115:aside", parent_guid=told.guid)
    inner = replace(told, guid="urn:newsml:a.example:20260115:inner", parent_guid=aside.guid)
    apart = replace(told, guid="urn:newsml:a.example:20260115:apart", article=replace(told.article, headline="别稿"))
    side = [replace(i, article=replace(i.article, headline="手记")) for i in (aside, inner)]
    items = embargo([told, *side, apart], (), [Embargo(at, "要闻")])
    assert [i.embargoed for i in items] == [at, at, at, None]
    change = Change("r", ChangeKind.RELEASE, told.guid, "editor", NOW)
    freed = apply(change, items, installation.publications[NAME])
    assert [i.embargoed for i in freed] == [None] * 4
    assert [i.released for i in freed] == [NOW, NOW, NOW, None]
    with pytest.raises(BadInput, match="release that"):
        apply(replace(change, guid=aside.guid), items, installation.publications[NAME])
    later = replace(change, guid=aside.guid, at=at)
    assert all(i.embargoed is None for i in apply(later, items, installation.publications[NAME]))


@pytest.mark.slow
def test_a_released_article_is_dated_with_its_release():
    installation = make_installation()
    submit(installation, with_embargo())
    guid, at = guid_of(installation), datetime(2026, 1, 18, 12, tzinfo=UTC)
    changes.release_embargo(installation, guid, replace(BY, run="release/1", at=at))
    syndicate(installation, at)
    entry = next(e for e in feed(installation).entries if e.id == guid)
    assert entry.published_parsed[:5] == (2026, 1, 18, 12, 0)
    item = shelf(installation)[f"sample-outlet/{NAME}/items/{safe_guid(guid)}/v1.xml"].decode()
    assert "<versionCreated>2026-01-18T20:00:00+08:00</versionCreated>" in item


@pytest.mark.slow
def test_two_newspapers_of_one_provider_that_print_the_same_text_give_it_two_names():
    installation = make_installation()
    installation.publications["evening"] = replace(installation.publications[NAME], id="evening", name="晚报")
    submit(installation, PAGES)
    ingest.put_in_inbox(installation.store, "evening", DAY, PAGES)
    version = ingest.receive_issue(installation, "evening", DAY, datetime.now(UTC))
    ingest.read_pages(installation, version)
    ingest.store_articles(installation, version)
    syndicate(installation)
    names = [{i.guid for i in newest_items(installation, IssueKey(paper, DAY))} for paper in (NAME, "evening")]
    assert names[0] & names[1] == set()


@pytest.mark.slow
def test_the_proof_reads_what_the_public_address_gives_not_only_the_store():
    installation = make_installation()
    submit(installation, PAGES)
    guid = guid_of(installation)
    stale = {key: file.content for key, file in installation.shelf.files.items()}

    def cached(url: str) -> Answer:
        key = url.removeprefix(f"{installation.shelf_url}/")
        return Answer(200, stale[key]) if key in stale else Answer(404)

    withdraw(installation, guid)
    assert all(p.holds for p in prove_withdrawal(installation, guid))
    (faults,) = [
        p.faults for p in prove_withdrawal(replace(installation, fetch=cached), guid) if p.partner == "sample-outlet"
    ]
    assert faults
    assert all(fault.startswith("https://") for fault in faults)

    def silent(url: str) -> Answer:
        raise StoreError("nobody answers")

    assert not any(p.holds for p in prove_withdrawal(replace(installation, fetch=silent), guid))


def test_packages_say_that_a_withdrawn_article_is_canceled():
    installation = make_installation()
    submit(installation, PAGES)
    guid = guid_of(installation)
    withdraw(installation, guid)
    packages = [
        f.content.decode()
        for k, f in installation.shelf.files.items()
        if k.startswith("sample-outlet/") and "/packages/" in k
    ]
    assert len(packages) == 2
    for package in packages:
        reference = package[package.index(f'residref="{guid}"') :]
        assert 'pubStatus qcode="stat:canceled"' in reference[: reference.index("</itemRef>")]


def moved(installation, files: Files):
    """The sample outlet taken to another prefix, with what becomes of its old files."""
    submit(installation, PAGES)
    submit(installation, other_pages(), DAY + timedelta(days=1))
    installation.partners["sample-outlet"] = replace(installation.partners["sample-outlet"], prefix="elsewhere")
    move(installation, "sample-outlet", files, NOW)
    with pytest.raises(BadInput, match="is already where its file says"):
        move(installation, "sample-outlet", files, NOW)


@pytest.mark.slow
@pytest.mark.parametrize("files", [Files.KEEP, Files.DELETE])
def test_a_moved_partner_has_all_it_had_and_a_withdrawal_reaches_both_places(files: Files):
    installation = make_installation()
    moved(installation, files)
    there = {k for k in installation.shelf.files if k.startswith("elsewhere/")}
    assert f"elsewhere/{NAME}/feeds/archive/{DAY}.rss" in there
    new = installation.shelf.files[f"elsewhere/{NAME}/feeds/all.rss"].content.decode()
    assert f"elsewhere/{NAME}/articles/" in new
    assert "sample-outlet/" not in new
    assert any(k.startswith("sample-outlet/") for k in installation.shelf.files) == (files is Files.KEEP)
    submit(installation, other_pages("石桥通车"), DAY + timedelta(days=2))
    guid = guid_of(installation)
    withdraw(installation, guid)
    words = "水声不断".encode()
    assert [k for k, content in shelf(installation).items() if words in content] == []
    proofs = {p.partner: p for p in prove_withdrawal(installation, guid)}
    assert all(p.holds for p in proofs.values())
    assert proofs["sample-outlet--1"].gone == ("" if files is Files.KEEP else "deleted")


def test_a_partner_that_begins_again_elsewhere_is_given_what_is_new():
    installation = make_installation()
    moved(installation, Files.ABANDON)
    submit(installation, other_pages("石桥通车"), DAY + timedelta(days=2))
    assert [k for k in installation.shelf.files if k.startswith("elsewhere/") and "20260115" in k] == []
    assert any(k.startswith("elsewhere/") and "20260117" in k for k in installation.shelf.files)
    guid = guid_of(installation)
    withdraw(installation, guid)
    gone = {p.partner: p.gone for p in prove_withdrawal(installation, guid)}
    assert gone["sample-outlet--1"] == "abandoned"


def test_a_partner_that_is_removed_with_its_files_leaves_nothing_and_may_come_back():
    installation = make_installation()
    submit(installation, PAGES)
    guid, record = guid_of(installation), installation.partners["sample-outlet"]
    assert remove(installation, "sample-outlet", Files.DELETE) > 0
    del installation.partners["sample-outlet"]
    assert not any(k.startswith("sample-outlet/") for k in installation.shelf.files)
    withdraw(installation, guid)
    assert all(p.holds for p in prove_withdrawal(installation, guid))
    installation.partners["sample-outlet"] = record
    submit(installation, other_pages(), DAY + timedelta(days=1))
    assert [e.title for e in feed(installation).entries] == ["新桥通车"]


def test_a_second_withdrawal_in_an_issue_brings_nothing_of_the_first_back():
    installation = make_installation()
    outlet = installation.partners["sample-outlet"]
    installation.partners["sample-outlet"] = replace(outlet, formats=(*outlet.formats, "newsmessage"))
    submit(installation, PAGES)
    guids = [i.guid for i in newest_items(installation, IssueKey(NAME, DAY))]
    for number, guid in enumerate(guids):
        changes.withdraw_article(installation, guid, "侵权", NOTE, replace(BY, run=f"withdraw/{number}"))
        syndicate(installation)
    for guid in guids:
        assert all(p.holds for p in prove_withdrawal(installation, guid))
