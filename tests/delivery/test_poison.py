"""Any one record of ours may be damaged: what is another newspaper's and another partner's goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from broadsheet.steps import ingest, inspection, reading, rights, serving
from broadsheet.steps.audit import audit, is_whole_due, last_audit
from broadsheet.steps.notify import retry_messages
from broadsheet.steps.side_by_side import Limits
from delivery import keys
from delivery.keys import IssueKey
from delivery.ledger import page_of
from delivery.notify import Allowance
from tests.support.issue import DAY, NAME, NOW, PAGES, make_installation
from transforms.errors import StoreError
from transforms.model import File

OTHER, ITS_PARTNER = "other-daily", "outlet-of-the-other"
LATER = DAY + timedelta(days=1)


def two_newspapers():
    """Two newspapers with a partner each."""
    made = make_installation()
    first, outlet = made.publications[NAME], made.partners["sample-outlet"]
    papers = {NAME: first, OTHER: replace(first, id=OTHER)}
    partners = {
        "sample-outlet": replace(outlet, publications=(NAME,)),
        ITS_PARTNER: replace(outlet, id=ITS_PARTNER, name=ITS_PARTNER, publications=(OTHER,)),
    }
    return replace(made, publications=papers, partners=partners)


def bring(installation, paper, day) -> None:
    ingest.put_in_inbox(installation.store, paper, day, PAGES)
    found = [IssueKey(paper, day)]
    for version in ingest.receive_all(installation, found, NOW):
        ingest.read_pages(installation, version)
        ingest.store_articles(installation, version)


def served(installation) -> list[serving.Served]:
    means = serving.Means(lambda: NOW, Allowance(), limits=Limits(pauses=()))
    works = serving.take(installation, "a run", NOW)
    done = [
        s for batch in serving.batches(works, installation) for s in serving.serve_batch(installation, batch, means)
    ]
    serving.release(installation, "a run")
    return done


@pytest.mark.slow
def test_one_damaged_record_stops_nothing_of_another_newspaper_or_partner(monkeypatch):
    monkeypatch.setattr(reading, "reading_of", cache(reading.reading_of))
    whole = two_newspapers()
    bring(whole, NAME, DAY)
    assert [s.failed for s in served(whole)] == [""]
    mine = [key for key in whole.store.files if NAME in key or "sample-outlet" in key]
    mine = [key for key in mine if not key.startswith(("inbox/", "sample-outlet/"))]
    assert {key.partition("/")[0] for key in mine} >= {"issues", "ledger", "places", "heads", "shipped"}
    mine += ["places/ghost.json", f"serving/{NAME}.json", f"pending/{NAME}/{DAY}/v1"]
    wrong = {key: found for key in mine if (found := harm(whole, key))}
    assert not wrong


def harm(whole, key: str) -> list[str]:
    """What a damaged record under ``key`` does to others."""
    store = replace(whole.store, files=dict(whole.store.files))
    installation = replace(whole, store=store, shelf=replace(whole.shelf, files=dict(whole.shelf.files)))
    store.put(File(key, b"{not ours", "application/json", ""))
    bring(installation, NAME, LATER)
    bring(installation, OTHER, DAY)
    found = [f"{s.work.partner} is not served" for s in served(installation) if s.failed]
    page = page_of(store, ITS_PARTNER, IssueKey(OTHER, DAY))
    found += [] if page and page.delivered else ["the other newspaper's issue is not delivered"]
    found += [f"the audit finds {f.lost}" for f in audit(installation, NOW.date()) if f.lost]
    found += unended_rights(installation)
    retry_messages(installation, NOW, Allowance())
    installation.open_public()
    looked = [i.name for i in inspection.watch(installation, NOW)[0] if i.name.startswith("look-")]
    found += [name for name in looked if name != f"look-{NAME}_{DAY}"]  # the damaged issue's own
    return [line for line in found if "sample-outlet" not in line and "ghost" not in line]


def unended_rights(installation) -> list[str]:
    try:
        rights.end_rights(installation, NOW)
    except StoreError as error:
        return str(error).split(" | ")
    return []


def test_a_damaged_record_of_audits_holds_no_audit_up():
    installation = two_newspapers()
    audit(installation, DAY)
    audit(installation, LATER)
    assert not is_whole_due(installation, LATER)
    for key in (keys.audit(LATER), keys.LAST_WHOLE_AUDIT):
        installation.store.put(File(key, b"{not ours", "application/json", ""))
    assert is_whole_due(installation, LATER)
    assert last_audit(installation.store) == (installation.store.stat(keys.audit(DAY)).modified, [])
    audit(installation, LATER)
    assert not is_whole_due(installation, LATER)
