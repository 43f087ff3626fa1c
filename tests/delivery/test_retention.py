"""What is old goes, and nothing that an article's recall, a repetition or the next issue needs goes with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broadsheet.steps import changes, incidents, ingest
from broadsheet.steps.audit import audit
from broadsheet.steps.dead_letters import Letter, letters
from broadsheet.steps.retention import OURS, Retention, load_retention, tidy
from delivery.codec import encode
from delivery.keys import ARCHIVE, COMPLETE, IssueKey, VersionKey
from delivery.quarantine import held_of
from tests.support.issue import CHANGED, DAY, NAME, PAGES, ingest_day, make_installation, submit, syndicate
from tests.support.withdrawals import BY, guid_of, holding
from transforms.errors import BadRecord, StoreError
from transforms.intake import SourceFile
from transforms.model import File

LATER = datetime.now(UTC) + timedelta(days=400)
MARK = f"inbox/{NAME}/{DAY}/{COMPLETE}"


def keys(installation, prefix: str) -> list[str]:
    return sorted(stat.key for stat in installation.store.list(prefix))


def letter(name: str, next_at: datetime | None) -> Letter:
    then = datetime(2026, 1, 15, tzinfo=UTC)
    return Letter(name, "sample-outlet", f"{NAME}/{DAY}", "hook", "{}", (), 9, then, next_at)


def test_what_is_old_goes_and_what_is_needed_stays():
    installation = make_installation()
    submit(installation, [*PAGES, SourceFile("page-03.pdf", b"%PDF-1.7\nnot a page")])
    before = {**installation.store.files}
    store = installation.store
    for one in (letter("given-up", None), letter("waiting", LATER)):
        store.put(File(one.key, encode(one, Letter), "application/json", ""))
    over = replace(
        incidents.incident(
            incidents.IncidentKind.RUN, "x", "look_failed", ("a", "b"), datetime(2026, 1, 15, tzinfo=UTC)
        ),
        ended=datetime(2026, 1, 16, tzinfo=UTC),
    )
    store.put(File(over.key, encode(over, incidents.Incident), "application/json", ""))
    audit(installation, DAY)
    gone, failed = tidy(installation, load_retention(), LATER)
    assert failed == []
    assert min(gone.values()) > 0, gone
    for prefix in ("inbox/", "quarantine/", "incidents/over/", "audits/", "shipped/"):
        assert keys(installation, prefix) == []
    assert [one.id for one in letters(installation)] == ["waiting"]
    kept = {k for k in before if not k.startswith(("inbox/", "quarantine/", "shipped/"))}
    assert kept <= set(installation.store.files)
    assert tidy(installation, load_retention(), LATER) == (dict.fromkeys(gone, 0), [])


@pytest.mark.slow
def test_after_everything_old_is_gone_repetition_correction_and_withdrawal_work():
    installation = make_installation()
    submit(installation, PAGES)
    tidy(installation, load_retention(), LATER)
    submit(installation, PAGES)
    assert keys(installation, f"issues/{NAME}/{DAY}/v2/") == [], "the same pages are the same version"
    tidy(installation, load_retention(), LATER)
    assert list(ingest.unsettled(installation, installation.publications[NAME], datetime.now(UTC), backfill=True)) == []
    submit(installation, CHANGED)
    assert keys(installation, f"issues/{NAME}/{DAY}/v2/")
    changes.withdraw_article(installation, guid_of(installation), "侵权", "", BY)
    syndicate(installation)
    assert holding(installation) == []


def test_an_upload_that_was_not_made_into_an_issue_stays_however_old():
    installation = make_installation()
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    waiting = keys(installation, "inbox/")
    assert tidy(installation, load_retention(), LATER)[0]["inbox"] == 0
    assert keys(installation, "inbox/") == waiting
    ingest_day(installation)
    ingest.put_in_inbox(installation.store, NAME, DAY, CHANGED)  # and none of it is taken up
    waiting = keys(installation, "inbox/")
    tidy(installation, load_retention(), LATER)
    assert keys(installation, "inbox/") == waiting


@pytest.mark.parametrize("writes", range(8))
def test_killed_at_any_write_an_upload_never_looks_like_a_smaller_one(writes: int):
    """A smaller upload, closed, would withdraw the articles of the pages that are gone already."""
    installation = make_installation()
    paper = installation.publications[NAME]
    installation.publications[NAME] = replace(paper, watch=replace(paper.watch, quiet_minutes=5))
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    ingest_day(installation)
    fuse = installation.store.fuse
    fuse.left = writes
    tidy(installation, load_retention(), LATER)
    fuse.left = 10**9
    soon = datetime(2026, 1, 16, tzinfo=UTC)
    assert list(ingest.unsettled(installation, installation.publications[NAME], soon)) == []
    tidy(installation, load_retention(), LATER)
    assert keys(installation, "inbox/") == []


def test_an_archive_upload_of_a_newspaper_is_never_taken_for_one_that_is_being_deleted():
    installation = make_installation()
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    ingest_day(installation)
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES[:1], ARCHIVE)
    installation.store.delete([MARK])
    assert tidy(installation, load_retention(), LATER)[0]["inbox"] == 0
    mark = f"inbox/{NAME}/{DAY}/{ARCHIVE}"
    assert installation.store.get(mark).content != OURS


def test_one_kind_that_fails_leaves_the_others_tidied(monkeypatch):
    installation = make_installation()
    submit(installation, PAGES)
    audit(installation, DAY)
    folders = installation.store.folders

    def fails(prefix: str):
        if prefix == "quarantine/":
            raise StoreError("does not answer")
        yield from folders(prefix)

    monkeypatch.setattr(installation.store, "folders", fails)
    gone, failed = tidy(installation, load_retention(), LATER)
    assert failed == ["quarantine: does not answer"]
    assert min(gone["inbox"], gone["audits"]) > 0


def test_zero_days_are_for_good_and_a_poisoned_claim_keeps_its_upload_only():
    installation = make_installation()
    for day in (DAY, DAY + timedelta(days=1)):
        ingest.put_in_inbox(installation.store, NAME, day, PAGES)
        ingest_day(installation, day)
    assert tidy(installation, Retention(0, 0, 0, 0, 0), LATER)[0] == dict.fromkeys(
        ("inbox", "quarantine", "incidents", "letters", "audits", "shipped"), 0
    )
    bad = VersionKey(IssueKey(NAME, DAY), 1).received
    installation.store.put(File(bad, b"{not ours", "application/json", ""))
    tidy(installation, load_retention(), LATER)
    assert {key.split("/")[2] for key in keys(installation, "inbox/")} == {str(DAY)}
    assert list(held_of(installation.store, VersionKey(IssueKey(NAME, DAY), 1))) == []


@pytest.mark.parametrize(
    ("text", "named"), [("inbox = -1", "inbox"), ("inbox = '9'", "inbox"), ("ledger = 9", "ledger"), ("inbox", "read")]
)
def test_a_file_that_cannot_be_meant_is_refused_by_name(tmp_path: Path, text: str, named: str):
    own = tmp_path / "retention.toml"
    own.write_text(text)
    with pytest.raises(BadRecord, match=named):
        load_retention(own)
    own.write_text("inbox = 7\n")
    assert load_retention(own) == replace(load_retention(), inbox=7)
