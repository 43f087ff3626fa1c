"""The road in memory: second runs, bad input, and a machine that dies between any two writes."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

import feedparser
import pytest
from lxml import etree

from broadsheet.installation import Installation
from broadsheet.steps import ingest, reading
from delivery.quarantine import held_of
from tests.support.issue import CHANGED, DAY, NAME, PAGES, URL, bodies, feed, make_installation, shelf, submit
from tests.support.memory import Fuse
from transforms.errors import BadInput, StoreError
from transforms.intake import SourceFile
from transforms.model import Section


@pytest.mark.slow
def test_a_second_run_of_the_same_issue_writes_nothing():
    installation = make_installation()
    first = submit(installation, PAGES)
    before, count = shelf(installation), len(installation.store.fuse.written)
    assert submit(installation, PAGES) == first
    assert installation.store.fuse.written[count:] == []
    assert shelf(installation) == before
    assert [e.title for e in feed(installation).entries] == ["老渠新水润良田", "城东小学添新操场"]
    assert ingest.progress(installation.store, NAME, DAY).stage == "published"


@pytest.mark.slow
def test_a_correction_keeps_the_guid_and_makes_a_new_version_of_what_changed_only():
    installation = make_installation()
    submit(installation, PAGES)
    before = shelf(installation)
    submit(installation, CHANGED)
    new = sorted(
        k.rsplit("/", 1)[-1]
        for k in shelf(installation).keys() - before.keys()
        if "/sample-outlet/" in f"/{k}" and "/items/" in k
    )
    assert new
    assert {name.split(".")[0] for name in new} == {"v2"}
    assert len(new) == len(set(new))  # of one article only
    kept = {k: v for k, v in before.items() if ("/items/" in k or "/packages/" in k) and "/latest." not in k}
    assert all(shelf(installation)[k] == v for k, v in kept.items())
    assert "四件事" in feed(installation).entries[0].content[0].value


def test_the_manifest_names_every_object_with_its_digest():
    installation = make_installation()
    submit(installation, PAGES)
    root = f"sample-outlet/{NAME}/"
    manifest = json.loads(installation.shelf.files[f"{root}manifests/2026-01-15/v1.json"].content)
    named = {root + o["key"]: o["sha256"] for o in manifest["objects"]}
    there = {
        k: hashlib.sha256(v).hexdigest()
        for k, v in shelf(installation).items()
        if k.startswith(tuple(f"{root}{part}/" for part in ("items", "packages", "messages"))) and "/latest." not in k
    }
    assert named == there
    assert len(there) >= 3


def assert_whole(installation: Installation, allowed: list[set[str]]) -> None:
    """What a partner sees: every feed parses, names only what is there, and holds one state of the issue."""
    for key, file in installation.shelf.files.items():
        if not key.endswith(".rss"):
            continue
        for link in etree.fromstring(file.content).iter("link"):
            if (link.text or "").startswith(URL):
                assert link.text[len(URL) + 1 :] in installation.shelf.files, (
                    f"{key} names {link.text}, which is not there"
                )
        if key == f"sample-outlet/{NAME}/feeds/all.rss":
            texts = {e.content[0].value for e in feedparser.parse(file.content).entries}
            assert texts in allowed


def submit_both(installation: Installation) -> None:
    submit(installation, PAGES)
    submit(installation, CHANGED)


@pytest.mark.slow
def test_killed_between_two_writes_a_partner_sees_the_old_state_or_the_new_one_and_a_rerun_completes_it(
    monkeypatch,
):
    # The same pages are read hundreds of times, which tells nothing: each reading is made once.
    monkeypatch.setattr(reading, "reading_of", cache(reading.reading_of))
    whole = make_installation()
    submit(whole, PAGES)
    old = bodies(whole)
    started = len(whole.store.fuse.written)
    submit(whole, CHANGED)
    allowed, final = [old, bodies(whole)], shelf(whole)
    total = len(whole.store.fuse.written)
    assert total > started > 10
    for writes in range(total):
        installation = make_installation(Fuse(writes))
        with pytest.raises(StoreError, match="killed"):
            submit_both(installation)
        assert_whole(installation, allowed)
        installation.store.fuse.left = 10**9
        if writes < started:
            submit(installation, PAGES)
        submit(installation, CHANGED)
        assert_whole(installation, allowed[1:])
        assert shelf(installation) == final, f"killed at write {writes}"
        assert not list(installation.store.list("pending/"))


BAD = {
    "empty": (b"", "empty"),
    "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 4, "picture"),
    "misread": (
        "老渠新水润良田，清晨的老渠边水声不断，村里定下三件事".encode().decode("latin-1").encode() * 4,
        "Latin-1",
    ),
    "no headline": (
        "清晨的老渠边，水声不断。村里定下三件事，件件有着落，户户有账本，月月有人来查看，处处有人在管。".encode(),
        "headline",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_page_is_held_with_the_reason_and_the_others_go_on(kind: str):
    data, word = BAD[kind]
    installation = make_installation()
    version = submit(installation, [PAGES[0], SourceFile("page-02.txt", data)])
    held = list(held_of(installation.store, version))
    assert [h.name for h in held] == ["page-02.txt"]
    assert word in held[0].reason
    assert installation.store.get(f"{version.quarantine}page-02.txt").content == data
    assert [e.title for e in feed(installation).entries] == ["老渠新水润良田"]


def test_a_page_that_cannot_be_read_the_second_time_withdraws_nothing():
    installation = make_installation()
    submit(installation, PAGES)
    submit(installation, [CHANGED[0], SourceFile("page-02.txt", b"")])
    assert [e.title for e in feed(installation).entries] == ["老渠新水润良田", "城东小学添新操场"]


def test_an_issue_of_which_nothing_can_be_read_is_refused_and_no_partner_hears_of_it():
    installation = make_installation()
    submit(installation, [SourceFile("page-01.txt", b"")])
    assert ingest.progress(installation.store, NAME, DAY).stage == "refused"
    assert shelf(installation) == {}
    assert list(ingest.unsettled(installation, installation.publication(NAME), datetime.now(UTC))) == []


def test_an_article_that_fails_the_gate_is_held_and_the_others_are_published(monkeypatch):
    from broadsheet.steps import shared, syndication
    from transforms.gate import Finding
    from transforms.gate.model import Severity

    real = syndication.check_files

    def strict(files, schemas, known=()):
        bad = [f for f in files if "/items/" in f"/{f.key}" and "城东小学".encode() in f.content]
        found = [Finding(f.key, Severity.ERROR, "refused by a reader", f.metadata["guid"]) for f in bad]
        return (*real(files, schemas, known), *found)

    for module in (shared, syndication):  # files that partners share are checked for all of them at once
        monkeypatch.setattr(module, "check_files", strict)
    installation = make_installation()
    version = submit(installation, PAGES)
    assert {h.partner for h in held_of(installation.store, version)} >= {"sample-outlet"}
    assert [e.title for e in feed(installation).entries] == ["老渠新水润良田"]
    package = installation.shelf.files[f"sample-outlet/{NAME}/packages/2026-01-15/v1.xml"].content.decode()
    assert "城东小学" not in package


def test_an_unclosed_upload_is_not_taken():
    installation = make_installation()
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    assert [str(i) for i in ingest.unsettled(installation, installation.publication(NAME), datetime.now(UTC))] == [
        f"{NAME}/2026-01-15"
    ]
    installation.store.delete([f"inbox/{NAME}/2026-01-15/_COMPLETE"])
    assert list(ingest.unsettled(installation, installation.publication(NAME), datetime.now(UTC))) == []
    with pytest.raises(BadInput, match="not complete"):
        ingest.receive_issue(installation, NAME, DAY, datetime.now(UTC))


@pytest.mark.slow
def test_two_days_stand_in_one_feed_newest_first():
    installation = make_installation()
    submit(installation, PAGES)
    submit(
        installation,
        [
            SourceFile(
                "page-01.txt", "新桥通车\n\n一月十六日，南桥正式通车，两岸的乡亲走上了新桥，看了又看。\n".encode()
            )
        ],
        date(2026, 1, 16),
    )
    assert [e.title for e in feed(installation).entries] == ["新桥通车", "老渠新水润良田", "城东小学添新操场"]


@pytest.mark.slow
def test_a_day_of_which_a_partner_took_nothing_is_no_link_in_its_chain_of_archives():
    installation = make_installation()
    only = replace(installation.partners["sample-outlet"], sections=(Section.COMMENTARY,), feed_days=2)
    installation.partners["sample-outlet"] = only
    submit(installation, PAGES)
    installation.partners["sample-outlet"] = replace(only, sections=tuple(Section))
    submit(installation, PAGES, date(2026, 1, 18))
    submit(installation, PAGES, date(2026, 1, 22))
    submit(installation, CHANGED, date(2026, 1, 18))
    archives = {k.rsplit("/", 1)[-1] for k in shelf(installation) if "/sample-outlet/" in f"/{k}" and "/archive/" in k}
    assert archives == {f"2026-01-{day}.{kind}" for day in (18, 22) for kind in ("rss", "atom", "json")}
    newest = installation.shelf.files[f"sample-outlet/{NAME}/feeds/archive/2026-01-22.rss"].content.decode()
    assert "archive/2026-01-18.rss" in newest
