"""What was sent is taken back everywhere: removed and moved partners, older issues, names that two papers share."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from broadsheet.steps import changes, ingest
from broadsheet.steps.changes import By
from broadsheet.steps.proof import prove_withdrawal
from broadsheet.steps.revision import newest_items
from delivery.keys import IssueKey
from delivery.public import Answer
from tests.delivery.test_life import guid_of, holding, syndicate
from tests.delivery.test_road import DAY, NAME, PAGES, make_installation, shelf, submit
from transforms.errors import StoreError

BY = By("withdraw_article/recall", "editor", datetime(2026, 1, 15, 9, tzinfo=UTC))
NOTE = "本稿撤回，请勿使用。"


def withdraw(installation, guid: str) -> None:
    changes.withdraw_article(installation, guid, "侵权", NOTE, BY)
    syndicate(installation)


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
