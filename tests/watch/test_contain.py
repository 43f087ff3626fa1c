"""One poisoned element in each loop: the others go on, and it is named."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broadsheet.steps import incidents, ingest, notify, review, rights
from broadsheet.steps.audit import audit
from delivery.keys import IssueKey, ledger
from delivery.quarantine import RECORDS, held_of
from tests.support.issue import DAY, NAME, NOW, PAGES, feed, ingest_day, make_installation, submit, syndicate
from transforms.errors import StoreError
from transforms.model import File

LATER = DAY + timedelta(days=1)


def poison(store, key: str) -> None:
    store.put(File(key, b"{not ours", "application/json", ""))


@pytest.mark.parametrize("name", ["articles.json", "manifest.json"])
def test_a_poisoned_issue_is_held_by_name_and_its_neighbour_goes_out(name: str):
    installation = make_installation()
    for day in (DAY, LATER):
        ingest.put_in_inbox(installation.store, NAME, day, PAGES)
        bad = ingest_day(installation, day)
    poison(installation.store, bad.root + name)
    syndicate(installation)
    assert {e.id.split(":")[3] for e in feed(installation).entries} == {"20260115"}
    held = [h for h in held_of(installation.store, bad) if h.partner == "sample-outlet"]
    assert [h.version for h in held] == [str(bad)]
    assert [s.key for s in installation.store.list("pending/")] == [bad.pending]


def test_a_poisoned_page_of_the_ledger_holds_its_issue_only():
    installation = make_installation()
    for day in (DAY, LATER):
        ingest.put_in_inbox(installation.store, NAME, day, PAGES)
        ingest_day(installation, day)
    work = next(w for w in ingest.pending_work(installation) if w.partner == "sample-outlet")
    poison(installation.store, ledger("sample-outlet", IssueKey(NAME, LATER)))
    plan = ingest.check_issue(installation, work, NOW)
    assert [s.version for s in plan.shipments] == [f"{NAME}/{DAY}/v1"]
    assert [h.version for h in plan.held] == [f"{NAME}/{LATER}/v1"]


def test_a_poisoned_page_of_an_older_day_is_named_and_the_feeds_go_on():
    installation = make_installation()
    submit(installation, PAGES)
    poison(installation.store, ledger("sample-outlet", IssueKey(NAME, DAY)))
    ingest.put_in_inbox(installation.store, NAME, LATER, PAGES)
    ingest_day(installation, LATER)
    work = next(w for w in ingest.pending_work(installation) if w.partner == "sample-outlet")
    plan = ingest.check_issue(installation, work, NOW)
    assert [s.version for s in plan.shipments] == [f"{NAME}/{LATER}/v1"]
    assert [h.version for h in plan.held] == [f"{NAME}/{DAY}/v1"]


@pytest.mark.parametrize(
    "key", ["incidents/open/run/x.json", "deadletters/sample-outlet/x.json", f"review/{NAME}/2026-01-15/x.json"]
)
def test_a_poisoned_record_is_set_aside_and_shown(key: str):
    installation = make_installation()
    poison(installation.store, key)
    assert list(incidents.incidents(installation.store)) == []
    assert list(notify.letters(installation)) == []
    assert list(review.waiting(installation)) == []
    assert installation.store.stat(key) is None
    assert installation.store.stat(RECORDS + key)
    found, _ = incidents.watch(installation, NOW)
    assert [key in i.title for i in found] == [True]


def test_one_partners_broken_books_stop_neither_audit_nor_ending_rights():
    installation = make_installation()
    partners = {k: replace(p, expires_days=1) for k, p in installation.partners.items()}
    installation = replace(installation, partners=partners)
    submit(installation, PAGES)
    first, *others = list(partners)
    poison(installation.store, f"ledger/{first}/{NAME}/ended.json")
    found = {f.partner: f for f in audit(installation, DAY)}
    assert [key for key in found[first].lost if "the audit failed" in key]
    assert all(found[other].lost == () for other in others)
    with pytest.raises(StoreError, match=first):
        rights.end_rights(installation, NOW + timedelta(days=9))
    assert all(not list(installation.shelf.list(f"{other}/{NAME}/items/")) for other in others)
