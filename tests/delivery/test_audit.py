"""The audit mends what can be mended and tells the rest; rights end by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import feedparser

from broadsheet.steps import changes, rights
from broadsheet.steps.audit import audit
from broadsheet.steps.pending import Work
from tests.support.issue import CHANGED, DAY, NAME, PAGES, make_installation, shelf, submit
from tests.support.life import BY, guid_of, syndicate
from transforms.model import File

ROOT = f"sample-outlet/{NAME}/"
TODAY = date(2026, 1, 16)


def of_outlet(found):
    return next(f for f in found if f.partner == "sample-outlet")


def key_of(installation, part: str) -> str:
    return next(k for k in installation.shelf.files if k.startswith(ROOT + part))


def test_a_whole_bucket_has_nothing_missing_nothing_damaged_and_nothing_extra():
    installation = make_installation()
    submit(installation, PAGES)
    submit(installation, CHANGED)
    changes.withdraw_article(installation, guid_of(installation), "侵权", "", BY)
    syndicate(installation)
    one = of_outlet(audit(installation, TODAY, deep=True))
    assert (one.missing, one.damaged, one.extra, one.lost) == ((), (), (), ())
    assert one.looked_at == sum(k.startswith(ROOT) for k in installation.shelf.files)


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
