"""A day's work lists what is of that day, whatever else the store has from years before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from broadsheet.installation import Installation
from broadsheet.steps import changes, ingest, inspection, proof, rearm, retention, review, rights
from broadsheet.steps.audit import audit, is_whole_due
from delivery.keys import IssueKey, ledger
from delivery.shipped import shipped_since
from delivery.store import Stat
from tests.support.issue import DAY, NAME, PAGES, make_installation, submit, syndicate
from tests.support.memory import MemoryStore
from tests.support.withdrawals import BY, guid_of
from transforms.model import File

YESTERDAY = DAY - timedelta(days=1)
OUTLET = "sample-outlet"
ROOT = f"{OUTLET}/{NAME}/"
NIGHT = datetime.fromisoformat(f"{DAY}T23:00:00+00:00")


class Counting(MemoryStore):
    """Counts the keys and folders that were listed."""

    listed = 0

    def list(self, prefix: str) -> Iterator[Stat]:
        for stat in super().list(prefix):
            self.listed += 1
            yield stat

    def folders(self, prefix: str) -> Iterator[str]:
        for name in super().folders(prefix):
            self.listed += 1
            yield name

    def beside(self, prefix: str) -> Iterator[Stat]:
        for stat in MemoryStore.list(self, prefix):
            if "/" not in stat.key[len(prefix) :]:
                self.listed += 1
                yield stat


def copied(store: MemoryStore, days: list[date]) -> None:
    """Everything that ``YESTERDAY`` has left behind, once more for other days."""
    left = {k: f for k, f in store.files.items() if str(YESTERDAY) in k or f"_{YESTERDAY:%Y%m%d}_" in k}
    for day in days:
        for key, file in left.items():
            is_kept = not key.startswith("inbox/") or DAY - day < timedelta(days=90)  # retention takes it after that
            if is_kept and not key.startswith("shipped/"):
                store.files[dated(key.encode(), day).decode()] = replace(
                    file, key=dated(key.encode(), day).decode(), content=dated(file.content, day)
                )


def dated(text: bytes, day: date) -> bytes:
    text = text.replace(str(YESTERDAY).encode(), str(day).encode())
    return text.replace(f"{YESTERDAY:%Y%m%d}".encode(), f"{day:%Y%m%d}".encode())


def fill(store: MemoryStore, day: date) -> None:
    """Records that only some days leave behind."""
    issue = IssueKey(NAME, day)
    keys = [f"review/{issue}/x-v1.json", f"decisions/{issue}/x-v1.json", f"quarantine/{issue}/v1/page"]
    for key in (*keys, f"incidents/over/run/{day:%Y%m%dT%H%M%S}-x.json", f"audits/{day}.json"):
        store.put(File(key, b"{}", "application/json", ""))


def grown(days: int) -> tuple[Installation, Counting, Counting]:
    """An installation that has worked for so many days before the week of ``DAY``, whose stores count listings."""
    made = make_installation()
    partners = {OUTLET: replace(made.partners[OUTLET], expires_days=30 * 365)}
    store, shelf = Counting(), Counting()
    installation = replace(made, store=store, shelf=shelf, partners=partners)
    store.put(File("asked/_all", b"", "text/plain", ""))
    store.now = shelf.now = NIGHT
    submit(installation, PAGES, YESTERDAY)
    audit(installation, YESTERDAY)
    rights.end_rights(installation, NIGHT - timedelta(days=1))
    older = [YESTERDAY - timedelta(days=1 + number) for number in range(days)]
    copied(store, older)
    copied(shelf, older)
    for day in older:
        fill(store, day)
    store.listed = shelf.listed = 0
    return installation, store, shelf


def work(installation: Installation) -> dict[str, int]:
    """The work of one day, and what each part of it listed in both buckets."""
    listed: dict[str, int] = {}

    def note(name: str) -> None:
        listed[name] = installation.store.listed + installation.shelf.listed
        installation.store.listed = installation.shelf.listed = 0

    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    note("upload")
    ingest.waiting_uploads(installation, NIGHT)
    note("watch")
    submit(installation, PAGES)
    note("ingest and syndicate")
    changes.withdraw_article(installation, guid_of(installation), "侵权", "", BY)
    syndicate(installation)
    note("withdraw")
    assert all(one.holds for one in proof.prove_withdrawal(installation, guid_of(installation)))
    note("prove")
    inspection.watch(installation, NIGHT)
    list(review.waiting(installation))
    rearm.awaited(installation, NIGHT, rearm.SOON)
    note("desk")
    assert rights.end_rights(installation, NIGHT) == []
    note("rights")
    (one,) = audit(installation, datetime.now(UTC).date(), whole=False)
    assert (one.lost, one.extra) == ((), ())
    assert one.looked_at > 20
    note("audit")
    retention.tidy(installation, retention.load_retention(), NIGHT)
    note("tidy")
    return listed


@pytest.mark.slow
def test_no_work_of_a_day_lists_more_when_the_archive_is_larger():
    small, large = (work(grown(days)[0]) for days in (100, 250))
    inbox = [of.pop("watch") for of in (small, large)]  # it has no more than retention leaves there
    assert max(inbox) < 4 * 31 * 5
    assert large == small
    day = len([k for k in grown(0)[0].shelf.files if k.startswith(ROOT)])
    assert small.pop("desk") < 10 * day, "uploads and issues of the weeks around today"
    assert max(small.values()) < 3 * day, small


@pytest.mark.slow
def test_a_daily_audit_mends_what_went_out_lately_and_the_weekly_one_everything():
    installation = make_installation()
    submit(installation, PAGES)
    now = datetime.now(UTC).date()
    assert is_whole_due(installation, now)
    audit(installation, now)
    assert not is_whole_due(installation, now + timedelta(days=6))
    assert is_whole_due(installation, now + timedelta(days=7))
    item = next(k for k in installation.shelf.files if k.startswith(f"{ROOT}items/"))
    stray = f"{item.rpartition('/')[0]}/v9.xml"
    installation.shelf.put(File(stray, b"?", "text/xml", ""))
    del installation.shelf.files[item]
    one = next(f for f in audit(installation, now, whole=False) if f.partner == OUTLET)
    assert (one.missing, one.repaired, one.lost) == ((item[len(ROOT) :],), (item[len(ROOT) :],), ())
    assert one.extra == (stray[len(ROOT) :],)
    manifest = next(k for k in installation.shelf.files if k.startswith(f"{ROOT}manifests/"))
    content = installation.shelf.files[manifest].content.replace(b'"sha256": "', b'"sha256": "0')
    installation.shelf.put(replace(installation.shelf.files[manifest], content=content))
    assert any(f.lost for f in audit(installation, now, deep=True, whole=False))
    assert is_whole_due(installation, now), "what could not be mended is looked at until it is"
    later = now + timedelta(days=30)
    assert audit(installation, later, whole=False) == []
    assert len(audit(installation, later)) == len(
        {k.split("/")[1] for k in installation.store.files if k[:6] == "ledger"}
    )


def test_what_goes_out_is_noted_before_it_does():
    installation = make_installation()
    submit(installation, PAGES)
    written = installation.store.fuse.written
    now = datetime.now(UTC).date()
    assert shipped_since(installation.store, OUTLET, NAME, now - timedelta(days=1), now) == [DAY]
    first = next(n for n, key in enumerate(written) if key.startswith("shipped/") and f"/{OUTLET}/" in key)
    assert first < written.index(ledger(OUTLET, IssueKey(NAME, DAY)))


@pytest.mark.slow
def test_rights_in_an_old_issue_that_came_late_end_too():
    installation = make_installation()
    installation.partners[OUTLET] = replace(installation.partners[OUTLET], expires_days=10)
    submit(installation, PAGES)
    now = datetime.now(UTC)
    assert f"{OUTLET} {NAME}/{DAY}" in rights.end_rights(installation, now)
    old = DAY - timedelta(days=200)
    submit(installation, PAGES, old)
    assert rights.end_rights(installation, now) == [f"{OUTLET} {NAME}/{old}"]
    assert not any(f"{old:%Y%m%d}" in k for k in installation.shelf.files if k.startswith(ROOT))
    assert rights.end_rights(installation, now) == []
