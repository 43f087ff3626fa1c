"""The audit mends what can be mended and tells the rest; rights end by themselves."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import feedparser
import pytest

from broadsheet.steps import changes, ingest, rights
from broadsheet.steps.audit import audit
from broadsheet.steps.pending import Work
from delivery.ledger import LedgerPage
from delivery.store import Blob, Stat
from tests.support.issue import CHANGED, DAY, NAME, NOW, PAGES, ingest_day, make_installation, shelf, submit
from tests.support.memory import MemoryStore
from tests.support.withdrawals import BY, guid_of, syndicate
from transforms.model import File
from transforms.render.keys import latest_key

ROOT = f"sample-outlet/{NAME}/"
TODAY = date(2026, 1, 16)


def of_outlet(found):
    return next(f for f in found if f.partner == "sample-outlet")


def key_of(installation, part: str) -> str:
    return next(k for k in installation.shelf.files if k.startswith(ROOT + part))


@pytest.mark.slow
def test_a_whole_bucket_has_nothing_missing_nothing_damaged_and_nothing_extra():
    installation = make_installation()
    submit(installation, PAGES)
    submit(installation, CHANGED)
    changes.withdraw_article(installation, guid_of(installation), "侵权", "", BY)
    syndicate(installation)
    one = of_outlet(audit(installation, TODAY, deep=True))
    assert (one.missing, one.damaged, one.extra, one.lost) == ((), (), (), ())
    assert one.looked_at == sum(k.startswith(ROOT) for k in installation.shelf.files)


def test_a_partner_that_has_received_nothing_yet_lacks_nothing():
    installation = make_installation()
    store = installation.store
    ingest.put_in_inbox(store, NAME, DAY, PAGES)
    ingest_day(installation)
    store.put(LedgerPage("sample-outlet", f"{NAME}/{DAY}", 1, False, ()).file())  # a delivery that did not get far
    assert of_outlet(audit(installation, TODAY)).lost == ()


def test_what_is_lost_or_damaged_is_put_back_byte_for_byte_and_feeds_are_sent_again():
    installation = make_installation()
    submit(installation, PAGES)
    submit(installation, CHANGED)
    whole = shelf(installation)
    lost, bad = key_of(installation, "items/"), key_of(installation, "packages/")
    del installation.shelf.files[lost]
    del installation.shelf.files[f"{ROOT}feeds/all.rss"]
    installation.shelf.put(
        replace(installation.shelf.files[bad], content=b"x" * len(installation.shelf.files[bad].content))
    )
    one = of_outlet(audit(installation, TODAY, deep=True))
    assert set(one.missing) == {lost[len(ROOT) :], "feeds/all.rss"}
    assert one.damaged == (bad[len(ROOT) :],)
    assert one.lost == ()
    syndicate(installation)
    assert shelf(installation) == whole


@pytest.mark.slow
def test_the_newest_version_is_put_back_under_its_constant_address_in_issues_of_any_day():
    installation = make_installation()
    submit(installation, PAGES)
    submit(installation, CHANGED)
    submit(installation, PAGES, DAY + timedelta(days=1))
    whole = shelf(installation)
    lost = {k for k in whole if k.startswith(ROOT) and "/latest." in k}
    for key in lost:
        del installation.shelf.files[key]
    one = of_outlet(audit(installation, TODAY))
    assert {ROOT + key for key in one.repaired} == lost != set()
    assert (one.lost, one.resent) == ((), ())
    assert shelf(installation) == whole


def test_what_cannot_be_made_again_and_what_nobody_knows_is_told():
    installation = make_installation()
    submit(installation, PAGES)
    manifest = key_of(installation, "manifests/")
    installation.shelf.put(File(f"{ROOT}items/stray/v1.xml", b"?", "text/plain", ""))
    content = installation.shelf.files[manifest].content.replace(b'"sha256": "', b'"sha256": "0')
    installation.shelf.put(replace(installation.shelf.files[manifest], content=content))
    one = of_outlet(audit(installation, TODAY, deep=True))
    assert one.extra == ("items/stray/v1.xml",)
    assert set(one.lost) == set(one.damaged) != set()


@pytest.mark.slow
def test_rights_end_by_themselves_and_leave_nothing_of_the_issue():
    installation = make_installation()
    installation.partners["sample-outlet"] = replace(
        installation.partners["sample-outlet"], expires_days=2, feed_days=1
    )
    submit(installation, PAGES)
    submit(installation, PAGES, DAY + timedelta(days=1))
    item = installation.shelf.files[key_of(installation, "items/")].content.decode()
    assert "<expires>2026-01-17T06:00:00+08:00</expires>" in item
    work = Work("sample-outlet", NAME, (f"{NAME}/2026-01-15/v1",))
    assert rights.ends(installation, work, datetime(2026, 1, 16, 21, tzinfo=UTC)) == [
        datetime(2026, 1, 16, 22, tzinfo=UTC)
    ]
    assert rights.end_rights(installation, datetime(2026, 1, 16, 21, tzinfo=UTC)) == []
    at = datetime(2026, 1, 16, 22, tzinfo=UTC)
    assert rights.end_rights(installation, at) == [f"sample-outlet {NAME}/2026-01-15"]
    left = [k for k in installation.shelf.files if k.startswith(ROOT) and ("20260115" in k or "2026-01-15" in k)]
    assert left == []
    newest = installation.shelf.files[f"{ROOT}feeds/archive/2026-01-16.rss"].content.decode()
    assert "2026-01-15" not in newest
    assert rights.end_rights(installation, at) == []
    submit(installation, CHANGED)
    assert not any("20260115" in k for k in installation.shelf.files if k.startswith(ROOT))
    assert not list(installation.store.list("pending/"))
    later = datetime(2026, 1, 17, 22, tzinfo=UTC)
    assert rights.end_rights(installation, later) == [f"sample-outlet {NAME}/2026-01-16"]
    assert feedparser.parse(installation.shelf.files[f"{ROOT}feeds/all.rss"].content).entries == []


class Grown(MemoryStore):
    """A partner's bucket of so many days with a hundred objects each, which are made as they are asked for."""

    def __init__(self, days: int) -> None:
        super().__init__()
        self.days = [DAY - timedelta(days=n) for n in range(days)]

    def list(self, prefix: str) -> Iterator[Stat]:
        for day in self.days:
            yield Stat(f"{prefix}manifests/{day}/v1.json", "", 1, NOW)
            for key in self.keys(day):
                yield Stat(f"{prefix}{key}", "", 10, NOW)
                yield Stat(f"{prefix}{latest_key(key)}", "", 10, NOW)

    def keys(self, day: date) -> list[str]:
        return [f"items/yunzhou.example_{day:%Y%m%d}_{n:012}/v1.xml" for n in range(100)]

    def get(self, key: str) -> Blob:
        day = date.fromisoformat(key.split("/")[-2])
        objects = [{"key": k, "sha256": "0" * 64, "size": 10, "type": "text/xml"} for k in self.keys(day)]
        return Blob(json.dumps({"objects": objects}).encode(), "")


def peak(days: int) -> int:
    """The most bytes of Python's that the audit of one partner with so many days held."""
    made = make_installation()
    partner = replace(made.partners["sample-outlet"], formats=())
    shelf = Grown(days)
    room = replace(made, shelf=shelf, partners={partner.id: partner})
    for day in shelf.days:
        room.store.put(LedgerPage(partner.id, f"{NAME}/{day}", 1, True, ()).file())
    tracemalloc.start()
    (one,) = audit(room, TODAY)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (one.looked_at, one.lost, one.extra) == (201 * days, (), ())
    return most


@pytest.mark.slow
def test_the_audit_holds_one_issue_at_a_time_however_much_a_partner_has():
    assert peak(200) < 3_000_000, "its 40,200 objects, held at once, would be more than twenty megabytes"
