"""The road in memory: second runs, bad input, and a machine that dies between any two writes."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from broadsheet.installation import Desk
from broadsheet.steps import ingest
from delivery.quarantine import held_of
from delivery.records import load_partners, load_publications
from tests.delivery.memory import Fuse, MemoryStore
from transforms.errors import BadInput, StoreError
from transforms.gate import load_schemas
from transforms.intake import SourceFile
from transforms.model import Review, Section

ROOT = Path(__file__).parents[2]
DAY = date(2026, 1, 15)
NAME = "yunzhou-daily"
NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
URL = "https://shelf.example"
PAGES = [
    SourceFile(
        "page-01.txt", "老渠新水润良田\n\n清晨的老渠边，水声不断。村里定下三件事，件件有着落，户户有账本。\n".encode()
    ),
    SourceFile(
        "page-02.txt", "城东小学添新操场\n\n一月十四日，城东小学的新操场启用，孩子们在上面跑了第一圈。\n".encode()
    ),
]
CHANGED = [
    SourceFile("page-01.txt", PAGES[0].data.replace("三件事".encode(), "四件事".encode())),
    PAGES[1],
]


def make_desk(fuse: Fuse | None = None) -> Desk:
    fuse = fuse or Fuse()
    publications, partners = load_publications(ROOT / "publications"), load_partners(ROOT / "partners")
    publications[NAME] = replace(publications[NAME], review=Review())  # pages as short as these would all be doubtful
    return Desk(MemoryStore(fuse), MemoryStore(fuse), publications, partners, URL, load_schemas(None))


def ingest_day(desk: Desk, day: date = DAY):
    version = ingest.receive_issue(desk, NAME, day, datetime.now(UTC))
    ingest.read_pages(desk, version)
    ingest.store_articles(desk, version)
    return version


def syndicate(desk: Desk) -> None:
    work = ingest.pending_work(desk)
    for one in work:
        ingest.stage(desk, one, NOW)
        ingest.publish_staged(desk, one)
    ingest.finish(desk, work)


def submit(desk: Desk, pages, day: date = DAY):
    ingest.put_in_inbox(desk.store, NAME, day, pages)
    version = ingest_day(desk, day)
    syndicate(desk)
    return version


def shelf(desk: Desk) -> dict[str, bytes]:
    return {key: file.content for key, file in desk.shelf.files.items()}


def feed(desk: Desk, name: str = "all"):
    return feedparser.parse(desk.shelf.files[f"sample-outlet/{NAME}/feeds/{name}.rss"].content)


def test_a_second_run_of_the_same_issue_writes_nothing():
    desk = make_desk()
    first = submit(desk, PAGES)
    before, count = shelf(desk), len(desk.store.fuse.written)
    assert submit(desk, PAGES) == first
    assert desk.store.fuse.written[count:] == []
    assert shelf(desk) == before
    assert [e.title for e in feed(desk).entries] == ["老渠新水润良田", "城东小学添新操场"]
    assert ingest.progress(desk.store, NAME, DAY).stage == "published"


def test_a_correction_keeps_the_guid_and_makes_a_new_version_of_what_changed_only():
    desk = make_desk()
    submit(desk, PAGES)
    before = shelf(desk)
    submit(desk, CHANGED)
    new = sorted(
        k.rsplit("/", 1)[-1]
        for k in shelf(desk).keys() - before.keys()
        if "/sample-outlet/" in f"/{k}" and "/items/" in k
    )
    assert new
    assert {name.split(".")[0] for name in new} == {"v2"}
    assert len(new) == len(set(new))  # of one article only
    assert all(shelf(desk)[k] == v for k, v in before.items() if "/items/" in k or "/packages/" in k)
    assert "四件事" in feed(desk).entries[0].content[0].value


def test_the_manifest_names_every_object_with_its_digest():
    desk = make_desk()
    submit(desk, PAGES)
    root = f"sample-outlet/{NAME}/"
    manifest = json.loads(desk.shelf.files[f"{root}manifests/2026-01-15/v1.json"].content)
    named = {root + o["key"]: o["sha256"] for o in manifest["objects"]}
    there = {
        k: hashlib.sha256(v).hexdigest()
        for k, v in shelf(desk).items()
        if k.startswith(tuple(f"{root}{part}/" for part in ("items", "packages", "messages")))
    }
    assert named == there
    assert len(there) >= 3


def assert_whole(desk: Desk, allowed: list[set[str]]) -> None:
    """What a partner sees: every feed parses, names only what is there, and holds one state of the issue."""
    for key, file in desk.shelf.files.items():
        if not key.endswith(".rss"):
            continue
        for link in etree.fromstring(file.content).iter("link"):
            if (link.text or "").startswith(URL):
                assert link.text[len(URL) + 1 :] in desk.shelf.files, f"{key} names {link.text}, which is not there"
        if key == f"sample-outlet/{NAME}/feeds/all.rss":
            texts = {e.content[0].value for e in feedparser.parse(file.content).entries}
            assert texts in allowed


def submit_both(desk: Desk) -> None:
    submit(desk, PAGES)
    submit(desk, CHANGED)


def bodies(desk: Desk) -> set[str]:
    return {e.content[0].value for e in feed(desk).entries}


def test_killed_between_any_two_writes_a_partner_sees_the_old_state_or_the_new_one_and_a_rerun_completes_it():
    whole = make_desk()
    submit(whole, PAGES)
    old = bodies(whole)
    started = len(whole.store.fuse.written)
    submit(whole, CHANGED)
    allowed, final = [old, bodies(whole)], shelf(whole)
    total = len(whole.store.fuse.written)
    assert total > started > 10
    for writes in range(total):
        desk = make_desk(Fuse(writes))
        with pytest.raises(StoreError, match="killed"):
            submit_both(desk)
        assert_whole(desk, allowed)
        desk.store.fuse.left = 10**9
        if writes < started:
            submit(desk, PAGES)
        submit(desk, CHANGED)
        assert_whole(desk, allowed[1:])
        assert shelf(desk) == final, f"killed at write {writes}"
        assert not list(desk.store.list("pending/"))


BAD = {
    "empty": (b"", "empty"),
    "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 4, "JPEG"),
    "misread": (
        "老渠新水润良田，清晨的老渠边水声不断，村里定下三件事".encode().decode("latin-1").encode() * 4,
        "Latin-1",
    ),
    "no headline": (
        "清晨的老渠边，水声不断。村里定下三件事，件件有着落，户户有账本，月月有人来查看，处处有人在管。".encode(),
        "headline",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_page_is_held_with_the_reason_and_the_others_go_on(kind: str):
    data, word = BAD[kind]
    desk = make_desk()
    version = submit(desk, [PAGES[0], SourceFile("page-02.txt", data)])
    held = list(held_of(desk.store, version))
    assert [h.name for h in held] == ["page-02.txt"]
    assert word in held[0].reason
    assert desk.store.get(f"{version.quarantine}page-02.txt").content == data
    assert [e.title for e in feed(desk).entries] == ["老渠新水润良田"]


def test_a_page_that_cannot_be_read_the_second_time_withdraws_nothing():
    desk = make_desk()
    submit(desk, PAGES)
    submit(desk, [CHANGED[0], SourceFile("page-02.txt", b"")])
    assert [e.title for e in feed(desk).entries] == ["老渠新水润良田", "城东小学添新操场"]


def test_an_issue_of_which_nothing_can_be_read_is_refused_and_no_partner_hears_of_it():
    desk = make_desk()
    submit(desk, [SourceFile("page-01.txt", b"")])
    assert ingest.progress(desk.store, NAME, DAY).stage == "refused"
    assert shelf(desk) == {}
    assert list(ingest.unsettled(desk, desk.publication(NAME), datetime.now(UTC))) == []


def test_an_article_that_fails_the_gate_is_held_and_the_others_are_published(monkeypatch):
    from broadsheet.steps import syndication
    from transforms.gate import Finding
    from transforms.gate.model import Severity

    real = syndication.check_files

    def strict(files, schemas, known=()):
        bad = [f for f in files if "/items/" in f"/{f.key}" and "城东小学".encode() in f.content]
        found = [Finding(f.key, Severity.ERROR, "refused by a reader", f.metadata["guid"]) for f in bad]
        return (*real(files, schemas, known), *found)

    monkeypatch.setattr(syndication, "check_files", strict)
    desk = make_desk()
    version = submit(desk, PAGES)
    assert {h.partner for h in held_of(desk.store, version)} >= {"sample-outlet"}
    assert [e.title for e in feed(desk).entries] == ["老渠新水润良田"]
    package = desk.shelf.files[f"sample-outlet/{NAME}/packages/2026-01-15/v1.xml"].content.decode()
    assert "城东小学" not in package


def test_an_unclosed_upload_is_not_taken():
    desk = make_desk()
    ingest.put_in_inbox(desk.store, NAME, DAY, PAGES)
    assert [str(i) for i in ingest.unsettled(desk, desk.publication(NAME), datetime.now(UTC))] == [f"{NAME}/2026-01-15"]
    desk.store.delete([f"inbox/{NAME}/2026-01-15/_COMPLETE"])
    assert list(ingest.unsettled(desk, desk.publication(NAME), datetime.now(UTC))) == []
    with pytest.raises(BadInput, match="not complete"):
        ingest.receive_issue(desk, NAME, DAY, datetime.now(UTC))


def test_two_days_stand_in_one_feed_newest_first():
    desk = make_desk()
    submit(desk, PAGES)
    submit(
        desk,
        [
            SourceFile(
                "page-01.txt", "新桥通车\n\n一月十六日，南桥正式通车，两岸的乡亲走上了新桥，看了又看。\n".encode()
            )
        ],
        date(2026, 1, 16),
    )
    assert [e.title for e in feed(desk).entries] == ["新桥通车", "老渠新水润良田", "城东小学添新操场"]


def test_a_day_of_which_a_partner_took_nothing_is_no_link_in_its_chain_of_archives():
    desk = make_desk()
    only = replace(desk.partners["sample-outlet"], sections=(Section.COMMENTARY,), feed_days=2)
    desk.partners["sample-outlet"] = only
    submit(desk, PAGES)
    desk.partners["sample-outlet"] = replace(only, sections=tuple(Section))
    submit(desk, PAGES, date(2026, 1, 18))
    submit(desk, PAGES, date(2026, 1, 22))
    submit(desk, CHANGED, date(2026, 1, 18))
    archives = {k.rsplit("/", 1)[-1] for k in shelf(desk) if "/sample-outlet/" in f"/{k}" and "/archive/" in k}
    assert archives == {f"2026-01-{day}.{kind}" for day in (18, 22) for kind in ("rss", "atom", "json")}
    newest = desk.shelf.files[f"sample-outlet/{NAME}/feeds/archive/2026-01-22.rss"].content.decode()
    assert "archive/2026-01-18.rss" in newest
