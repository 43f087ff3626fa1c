"""One bad day on a real S3 server: whatever goes wrong, every sound issue reaches every sound partner."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.steps import dead_letters, inspection
from broadsheet.steps.side_by_side import Limits
from delivery.connections import Connection
from delivery.keys import COMPLETE, IssueKey, VersionKey, ledger
from delivery.notify import ALLOWED, Allowance
from delivery.quarantine import held_of
from tests.support import fault_day
from tests.support.issue import NAME, PAGES, make_installation
from tests.support.proxy import in_front_of
from tests.support.receiver import receiving
from tests.support.shop import SHELF, Shop
from transforms.intake import SourceFile
from transforms.model import File

pytestmark = pytest.mark.slow

TODAY = datetime.now(UTC).date()
GOOD = fault_day.days_from(TODAY - timedelta(days=6), 4)
BAD_PAGE, BAD_CLAIM = TODAY - timedelta(days=2), TODAY - timedelta(days=1)
TYPO = "0226-01-15"
SOUND = ("one", "two", "three")
BAD_LEDGER, NO_BUCKET, BAD_HOOK = "bad-ledger", "no-bucket", "bad-hook"
LOCAL = Allowance.from_env({ALLOWED: "127.0.0.0/8"})


def poison(store, key: str) -> None:
    store.put(File(key, b"{not ours", "application/json", ""))


def test_on_a_day_of_faults_every_sound_issue_reaches_every_sound_partner(shop: Shop):
    private, shelf = shop.store(), shop.store().on(SHELF)
    made = make_installation()
    outlet = made.partners["sample-outlet"]
    partners = {p: replace(outlet, id=p, name=p, prefix="") for p in (*SOUND, BAD_LEDGER, NO_BUCKET, BAD_HOOK)}
    partners[NO_BUCKET] = replace(partners[NO_BUCKET], bucket="a-bucket-that-is-not-there", access="credentials")
    with in_front_of(shop.url) as proxy, receiving() as endpoint:
        for partner in (*SOUND, BAD_HOOK):
            partners[partner] = replace(partners[partner], webhooks=(partner,))
        store = shop.store(url=proxy.url)
        connections = {p: Connection(p, "http", f"{endpoint.url}/{p}", password="a secret of two") for p in SOUND}
        room = replace(
            made, store=store, shelf=store.on(SHELF), shelf_url=f"{shop.url}/{SHELF}", partners=partners,
            publications={NAME: made.publications[NAME]}, connections=connections.__getitem__,
        )  # fmt: skip
        fault_day.bring_in(replace(room, store=private), NAME, (*GOOD, BAD_CLAIM), PAGES)
        damaged = [PAGES[0], SourceFile("page-02.pdf", b"%PDF-1.7\nnot a page")]
        fault_day.bring_in(replace(room, store=private), NAME, [BAD_PAGE], damaged)
        for name in ("page-01.txt", COMPLETE):
            private.put(File(f"inbox/{NAME}/{TYPO}/{name}", PAGES[0].data, "text/plain", ""))
        poison(private, VersionKey(IssueKey(NAME, BAD_CLAIM), 1).received)
        poison(private, ledger(BAD_LEDGER, IssueKey(NAME, GOOD[0])))

        proxy.rate, proxy.hang = 0.02, 0.2  # of each of seven kinds: every seventh request fails
        now = datetime.now(UTC)
        received = fault_day.ingest_all(room, NAME, now)
        sound = [*GOOD, BAD_PAGE]
        assert [v.issue.date for v in received] == sound
        quiet = replace(room, store=private, shelf=shelf)
        wanted = (*SOUND, BAD_HOOK)
        _, served = fault_day.serve_all(
            room, now, LOCAL, Limits(pauses=(0.1, 0.2)), lambda: not list(fault_day.wrong(quiet, NAME, sound, wanted))
        )
        assert min(proxy.met.values()) > 0, "every kind of fault was met"

    assert list(fault_day.wrong(quiet, NAME, sound, wanted)) == []
    # The partner with a damaged book has every other issue, and the audit names it.
    (audited,) = fault_day.wrong(quiet, NAME, sound[1:], [BAD_LEDGER])
    assert ledger(BAD_LEDGER, IssueKey(NAME, GOOD[0])) in audited
    assert "a-bucket-that-is-not-there" in served[NO_BUCKET].failed
    # Each sound partner heard of each sound issue once; for the one without a connection the letters are kept.
    told = {p: sorted(json.loads(b)["data"]["date"] for path, _, b in endpoint.got if path == f"/{p}") for p in SOUND}
    assert told == {p: [str(day) for day in sound] for p in SOUND}
    assert {letter.issue for letter in dead_letters.letters(quiet) if letter.partner == BAD_HOOK} == {
        f"{NAME}/{day}" for day in sound
    }
    # What was wrong is shown by name.
    assert [h.name for h in held_of(private, VersionKey(IssueKey(NAME, BAD_PAGE), 1)) if not h.partner] == [
        "page-02.pdf"
    ]
    shown = " ".join(f"{i.title} {i.detail}" for i in inspection.watch(quiet, now)[0])
    for name in (TYPO, f"{NAME}/{BAD_CLAIM}"):
        assert name in shown
