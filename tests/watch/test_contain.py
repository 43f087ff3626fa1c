"""One poisoned element in each loop: the others go on, and it is named."""

import shutil
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from broadsheet.installation import open_installation
from broadsheet.settings import Settings
from broadsheet.steps import (
    backfill,
    changes,
    dead_letters,
    incidents,
    ingest,
    inspection,
    notify,
    proof,
    reading,
    reprocess,
    review,
    rights,
    serving,
    syndication,
)
from broadsheet.steps.audit import audit
from broadsheet.steps.changes import By
from broadsheet.steps.failures import each
from broadsheet.steps.revision import newest_items
from broadsheet.steps.side_by_side import Limits
from delivery.codec import encode
from delivery.keys import QUARANTINED_RECORDS, IssueKey, VersionKey, ledger
from delivery.notify import Allowance
from delivery.quarantine import held_of
from tests.support.issue import DAY, NAME, NOW, PAGES, ROOT, feed, ingest_day, make_installation, submit, syndicate
from transforms.errors import BadRecord, StoreError
from transforms.gate.model import Finding, Severity
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
    assert list(dead_letters.letters(installation)) == []
    assert list(review.waiting(installation)) == []
    assert installation.store.stat(key) is None
    assert installation.store.stat(QUARANTINED_RECORDS + key)
    found, _ = inspection.watch(installation, NOW)
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


def two_days(installation):
    """Issues of two days in the inbox; the first one's claim cannot be understood."""
    for day in (DAY, LATER):
        ingest.put_in_inbox(installation.store, NAME, day, PAGES)
    bad = VersionKey(IssueKey(NAME, DAY), 1)
    poison(installation.store, bad.received)
    return bad


def shown(installation, now=NOW) -> list[str]:
    return [i.title for i in inspection.watch(installation, now)[0]]


def test_an_issue_that_cannot_be_received_is_an_incident_until_it_can():
    installation = make_installation()
    bad = two_days(installation)
    later = NOW + timedelta(days=1)
    found = list(ingest.unsettled(installation, installation.publications[NAME], later))
    assert [i.date for i in found] == [DAY, LATER]
    assert [v.issue.date for v in ingest.receive_all(installation, found, later)] == [LATER]
    assert f"{NAME}/{DAY} could not be taken from the inbox" in shown(installation, later)
    installation.store.delete([bad.received])
    assert [v.issue.date for v in ingest.receive_all(installation, found, later)] == [DAY, LATER]
    assert f"{NAME}/{DAY} could not be taken from the inbox" not in shown(installation, later)


def test_a_poisoned_claim_hides_no_other_day_from_a_backfill():
    installation = make_installation()
    two_days(installation)
    assert backfill.days_waiting(installation, NAME, DAY, LATER) == [DAY, LATER]


def test_an_issue_that_cannot_be_read_again_stops_no_other():
    installation = make_installation()
    for day in (DAY, LATER):
        ingest.put_in_inbox(installation.store, NAME, day, PAGES)
        ingest_day(installation, day)
    poison(installation.store, VersionKey(IssueKey(NAME, DAY), 1).received)
    found = reprocess.issues_between(installation, NAME, DAY, LATER)
    compared, failed = each(
        installation.store, "compare", found, lambda i: reprocess.compare(installation, i, NOW), NOW
    )
    assert [issue.date for issue, _ in compared] == [LATER]
    assert [f.name for f in failed] == [f"{NAME}/{DAY}"]
    assert f"{NAME}/{DAY} could not be read again for comparison" in shown(installation)


def test_a_partner_whose_books_are_broken_is_named_in_the_proof_and_the_others_are_read_back():
    installation = make_installation()
    submit(installation, PAGES)
    guid = next(i.guid for i in newest_items(installation, IssueKey(NAME, DAY)))
    changes.withdraw_article(installation, guid, "wrong", "", By("test", "editor", NOW))
    syndicate(installation)
    first, second = sorted(installation.partners)
    poison(installation.store, ledger(first, IssueKey(NAME, DAY)))
    proofs = {p.partner: p for p in proof.prove_withdrawal(installation, guid)}
    assert not proofs[first].holds
    assert "could not be read back" in proofs[first].faults[0]
    assert proofs[second].holds


def test_an_alert_that_fails_in_any_way_leaves_the_others_told():
    installation = make_installation()
    for name in ("a", "b"):
        incidents.note_red_run(installation.store, "ingest_issue", name, "read", NOW)
    sent = []

    def tell(incident):
        if incident.name.endswith("a"):
            raise KeyError("a service's own fault")
        sent.append(incident.name)

    told, failed = incidents.tell_all(installation.store, incidents.incidents(installation.store), NOW, tell)
    assert (len(told), len(failed), len(sent)) == (1, 1, 1)


def test_a_letter_or_mark_that_fails_in_any_way_leaves_the_others_sent(monkeypatch):
    installation = make_installation()
    partner = replace(installation.partners["sample-outlet"], hub="https://hub.example")
    installation = replace(installation, partners={partner.id: partner})
    for name in ("one", "two"):
        letter = dead_letters.Letter(f"msg_{name}", "sample-outlet", f"{NAME}/{DAY}", "hub", name, (), 1, NOW, NOW)
        installation.store.put(File(letter.key, encode(letter, dead_letters.Letter), "application/json", ""))

    def ping(hub, topics, allowance):
        if topics == ["one"]:
            raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr("broadsheet.steps.sending.ping_hub", ping)
    outcome = notify.retry_messages(installation, NOW, Allowance())
    (failed,) = outcome.failed
    assert len(outcome.told) == 1
    assert failed.startswith("sample-outlet hub: a fault of ours: tried again from")
    good = dead_letters.Gone("hook", NOW)
    installation.store.put(
        File("endpoints/sample-outlet/hook.json", encode(good, dead_letters.Gone), "application/json", "")
    )
    poison(installation.store, "endpoints/sample-outlet/other.json")
    assert dead_letters.gone_endpoints(installation, "sample-outlet") == [good]


def test_a_page_that_the_reader_fails_at_is_refused_and_the_others_are_read(monkeypatch):
    installation = make_installation()
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    read_issue = reading.read_issue

    def fails(issue, models, style):
        if any("操场" in page.text for page in issue.pages):
            raise IndexError("a fault of ours")
        return read_issue(issue, models, style)

    monkeypatch.setattr(reading, "read_issue", fails)
    version = ingest_day(installation)
    (held,) = held_of(installation.store, version)
    assert held.name == "page-02.txt"
    assert "IndexError" in held.reason
    assert [i.article.headline for i in newest_items(installation, IssueKey(NAME, DAY))] == ["老渠新水润良田"]


def test_a_package_that_the_gate_refuses_holds_its_version_only(monkeypatch):
    installation = make_installation()
    for day in (DAY, LATER):
        ingest.put_in_inbox(installation.store, NAME, day, PAGES)
        ingest_day(installation, day)
    errors = syndication._errors

    def refuses(installation, plan):
        bad = [f.key for s in plan.shipments for f in s.files if f.key == f"packages/{LATER}/v1.xml"]
        return [*errors(installation, plan), *(Finding(key, Severity.ERROR, "not valid") for key in bad)]

    monkeypatch.setattr(syndication, "_errors", refuses)
    work = next(w for w in ingest.pending_work(installation) if w.partner == "sample-outlet")
    plan = ingest.check_issue(installation, work, NOW + timedelta(days=1))
    assert [s.version for s in plan.shipments] == [f"{NAME}/{DAY}/v1"]
    assert [h.name for h in plan.held] == [f"packages/{LATER}/v1.xml"]
    assert not any(str(LATER) in f.key for f in plan.pointers)


def opened(monkeypatch, tmp_path, store):
    """An installation from files of its own, on a store in memory."""
    monkeypatch.setattr("broadsheet.installation.S3Store", SimpleNamespace(connect=lambda *_: store))
    settings = replace(Settings.from_env(), publications=tmp_path / "publications", partners=tmp_path / "partners")
    return open_installation(settings)


def test_a_bad_file_of_a_newspaper_or_partner_stops_no_other(monkeypatch, tmp_path):
    before = make_installation()
    submit(before, PAGES)
    store = before.store
    store.on = lambda bucket: before.shelf
    for kind in ("publications", "partners"):
        shutil.copytree(ROOT / kind, tmp_path / kind)
    (tmp_path / "publications" / "broken.toml").write_text("name = ")
    (tmp_path / "partners" / "brief-wire.toml").write_text("id = 'brief-wire'\nname = 3\n")
    (tmp_path / "partners" / "newcomer.toml").write_text("id = 'newcomer'\n")
    installation = opened(monkeypatch, tmp_path, store)
    assert set(installation.bad_files) == {
        "publications/broken.toml",
        "partners/brief-wire.toml",
        "partners/newcomer.toml",
    }
    assert installation.partner("brief-wire").name == before.partner("brief-wire").name  # as it was last served
    assert not installation.partner("brief-wire").former
    with pytest.raises(BadRecord, match="newcomer"):
        installation.partner("newcomer")
    with pytest.raises(BadRecord, match=r"broken\.toml"):
        installation.publication("broken")
    assert {t for t in shown(installation) if "is not valid" in t} == {
        f"The file {name} is not valid" for name in installation.bad_files
    }
    ingest.put_in_inbox(store, NAME, LATER, PAGES)
    ingest_day(installation, LATER)
    works = serving.take(installation, "a run", NOW)
    means = serving.Means(lambda: NOW, Allowance(), limits=Limits(pauses=()))
    served = {s.work.partner: s.failed for s in serving.serve_batch(installation, works, means)}
    assert (served["sample-outlet"], served["brief-wire"]) == ("", "")
    assert "newcomer.toml" in served["newcomer"]
    assert serving.release(installation, "a run") == []  # it waits for the newcomer, who would miss it


def test_a_look_that_fails_hides_no_other_incident(monkeypatch):
    installation = make_installation()
    incidents_before = {i.code for i in inspection.watch(installation, NOW)[0]}

    def fails(installation, now):
        if installation.publications:
            raise ValueError("a fault of ours")
        yield

    monkeypatch.setattr(inspection, "_behind", fails)
    assert {i.code for i in inspection.watch(installation, NOW)[0]} == incidents_before | {"look_failed"}
