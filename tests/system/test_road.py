"""The whole road on real servers: inbox, both DAGs, and what a partner reads over HTTP."""

import hashlib
from datetime import date

import httpx
import pytest
from lxml import etree

from broadsheet.steps import ingest
from delivery.keys import IssueKey, VersionKey
from delivery.quarantine import held_of
from tests.support.room import NAME, entries, follow, listing, sample, states, until
from tests.system.conftest import SCHEMA, Room
from transforms.intake import SourceFile

DAY = date(2026, 4, 15)


def test_the_sample_issue_reaches_the_partner_and_a_second_submit_writes_nothing(room: Room):
    ingested, syndicated = follow(room, DAY, sample())
    assert (ingested.state, syndicated.state) == ("success", "success")
    root = room.installation.base_url(room.installation.partners["sample-outlet"], NAME)
    answer = httpx.get(f"{root}/feeds/all.rss")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/rss+xml; charset=utf-8")
    assert "max-age=20, must-revalidate" in answer.headers["cache-control"]
    found = entries(room, DAY)
    version = VersionKey(IssueKey(NAME, DAY), 1)
    assert {e.id for e in found} == {i.guid for i in ingest.issues.items_of(room.installation.store, version)}
    assert found

    assert httpx.get(found[0].link).status_code == 200
    manifest = httpx.get(f"{root}/manifests/{DAY.isoformat()}/v1.json").json()
    named = [o for o in manifest["objects"] if o["key"].startswith("items/") and o["key"].endswith(".xml")]
    guids = set()
    for record in named:
        item = httpx.get(f"{root}/{record['key']}")
        assert "max-age=20, must-revalidate" in item.headers["cache-control"]
        assert hashlib.sha256(item.content).hexdigest() == record["sha256"]
        guids.add(etree.fromstring(item.content).get("guid"))
    assert guids == {e.id for e in found}
    assert httpx.get(root.rsplit("/", 2)[0]).status_code == 403  # no listing for strangers
    other = room.installation.base_url(room.installation.partners["brief-wire"], NAME)
    assert httpx.get(f"{other}/feeds/all.rss").status_code == 403

    before = listing(room)
    again = follow(room, DAY, sample(), again="__again")
    assert [r.state for r in again] == ["success", "success"]
    assert listing(room) == before


def test_what_went_through_was_counted(room: Room):
    follow(room, DAY, sample())
    wanted = {
        "articles": {"publication": NAME, "section": "brief"},
        "confidence": {"publication": NAME, "of": "order"},
        "stored_seconds": {"publication": NAME},
        "feed_seconds": {"publication": NAME, "partner": "sample-outlet"},
    }
    until(lambda: all((name, tags) in counted(room) for name, tags in wanted.items()), 30)


def counted(room: Room) -> list[tuple[str, dict[str, str]]]:
    """Our metrics and their tags, as InfluxDB's way of StatsD has them."""
    heads = [line.partition(":")[0].split(",") for line in room.numbers if line.startswith("airflow.broadsheet.")]
    return [(name.rpartition(".")[2], dict(t.split("=", 1) for t in tags)) for name, *tags in heads]


def test_the_published_items_are_valid_newsml(room: Room):
    if not SCHEMA.exists():
        pytest.skip("the IPTC schema is not beside this checkout, so items cannot be validated against it")
    follow(room, DAY, sample())
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    listed = [s.key for s in room.installation.shelf.list(f"sample-outlet/{NAME}/")]
    keys = [k for k in listed if k.endswith(".xml") and ("/items/" in k or "/packages/" in k)]
    assert keys
    for key in keys:
        schema.assertValid(etree.fromstring(room.installation.shelf.get(key).content))


def test_bad_pages_are_held_the_run_is_red_and_the_others_go_on(room: Room, alerts: list[dict]):
    day = date(2026, 4, 16)
    bad = {
        "page-03.txt": b"",
        "page-04.txt": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)),
        "page-06.txt": ("水面上的雾气散了以后，村里的人沿着渠岸走了很远，一路上说的都是今年的收成。" * 6).encode(),
        "page-05.txt": ("老渠新水润良田，清晨的老渠边水声不断，村里定下三件事".encode().decode("latin-1") * 4).encode(),
    }
    ingested, syndicated = follow(room, day, [*sample(), *(SourceFile(n, d) for n, d in bad.items())])
    assert ingested.state == "failed"
    assert states(room, ingested) == {
        "receive": "success",
        "read": "success",
        "store_articles": "success",
        "held_back": "failed",
        "find_doubtful": "success",
        "ask_desk": "skipped",
        "find_embargoed": "success",
        "await_lifts": "skipped",
    }
    assert syndicated.state == "success"
    held = {h.name: h.reason for h in held_of(room.installation.store, VersionKey(IssueKey(NAME, day), 1))}
    assert held.keys() >= bad.keys() - {"page-06.txt"}  # of a page without headline, what was read is held
    assert "empty" in held["page-03.txt"]
    assert "picture" in held["page-04.txt"]
    assert any("no headline" in reason for reason in held.values())
    assert entries(room, day)
    # One message says that the run is red, and where to look.
    link = f"/dags/ingest_issue/runs/{ingested.id}"
    until(lambda: [a for a in alerts if link in a["message"]])
    [alert] = [a for a in alerts if link in a["message"]]
    assert f"{NAME} {day}: ingesting failed" in alert["title"]
