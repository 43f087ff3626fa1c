"""Inboxes that would stay silent: each mistake is an incident with its reason, in both languages, until mended."""

from datetime import UTC, date, datetime, timedelta

import pytest

from broadsheet.steps import incidents, ingest, inspection
from broadsheet.steps.incidents import IncidentKind
from delivery.keys import COMPLETE
from tests.support.issue import NAME, PAGES, make_installation
from transforms.model import File

PUT = datetime(2026, 1, 15, 1, tzinfo=UTC)
LATER = PUT + timedelta(hours=2)
DAY = date(2026, 1, 15)
HERE = f"inbox/{NAME}/2026-01-15/"


@pytest.fixture
def installation():
    installation = make_installation()
    installation.store.now = PUT
    return installation


def put(installation, *keys: str) -> None:
    for key in keys:
        installation.store.put(File(key, PAGES[0].data if key.endswith(".txt") else b"", "text/plain", ""))


def found(installation, now=LATER) -> list[tuple[str, str, str]]:
    """Code, title and detail of the inbox's incidents, as they are kept."""
    inspection.watch(installation, now)
    kept = [i for i in incidents.incidents(installation.store) if i.kind is IncidentKind.INBOX]
    return [(i.code, i.title, i.detail) for i in kept]


@pytest.mark.parametrize(
    ("keys", "code", "hint"),
    [
        ([f"inbox/yunzhou-daly/2026-01-15/{COMPLETE}"], "stray_paper", "(yunzhou-daily?)"),
        (["inbox/no-such-paper/2026-01-15/page-01.txt"], "stray_paper", "Rename the folder"),
        ([f"inbox/{NAME}/20261119/page-01.txt"], "stray_day", "(2026-11-19?)"),
        ([f"inbox/{NAME}/2026.1.5/page-01.txt"], "stray_day", "(2026-01-05?)"),
        ([f"inbox/{NAME}/2026-13-45/page-01.txt"], "stray_day", f"inbox/{NAME}/2026-13-45/"),
        ([f"inbox/{NAME}/page-01.txt"], "stray_file", f"inbox/{NAME}/YYYY-MM-DD/"),
        ([f"{HERE}page-01.txt", f"{HERE}_complete"], "wrong_mark", "_complete"),
        ([f"{HERE}page-01.txt", f"{HERE}_COMPLETE.txt"], "wrong_mark", "_COMPLETE.txt"),
        ([f"{HERE}page-01.txt", f"{HERE}COMPLETE"], "wrong_mark", "capitals"),
        ([f"{HERE}page-01.txt"], "unclosed", "1 files"),
        ([f"{HERE}{COMPLETE}"], "empty_upload", "Only _COMPLETE arrived"),
        ([f"inbox/{NAME}/2031-01-15/page-01.txt"], "misdated", "2031-01-15"),
    ],
)
def test_a_mistake_in_the_inbox_is_an_incident_with_its_reason(installation, keys, code, hint):
    put(installation, *keys)
    [(seen, title, detail)] = found(installation)
    assert seen == code
    assert hint in title + detail
    [kept] = [i for i in incidents.incidents(installation.store) if i.kind is IncidentKind.INBOX]
    in_chinese = kept.said("zh-Hans")
    assert in_chinese != (title, detail)
    assert not any("{" in text for text in in_chinese)
    for key in keys:  # mended
        del installation.store.files[key]
    assert found(installation) == []


def test_what_may_still_be_on_its_way_is_left_alone(installation):
    put(installation, f"inbox/{NAME}/20260115/page-01.txt", f"{HERE}page-01.txt", f"{HERE}_complete")
    assert found(installation, PUT + timedelta(minutes=2)) == []


def test_an_inbox_in_order_is_no_incident(installation):
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    put(installation, f"inbox/{NAME}/.keep")
    assert found(installation) == []


def test_an_issue_that_nothing_reads_is_an_incident(installation):
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    version = ingest.receive_issue(installation, NAME, DAY, PUT)
    inspection.watch(installation, PUT + timedelta(minutes=5))
    assert [i for i in incidents.incidents(installation.store) if i.kind is IncidentKind.STUCK] == []
    inspection.watch(installation, LATER)
    [stuck] = [i for i in incidents.incidents(installation.store) if i.kind is IncidentKind.STUCK]
    assert "broadsheet prepare" in stuck.detail
    ingest.read_pages(installation, version)
    ingest.store_articles(installation, version)
    _, over = inspection.watch(installation, LATER)
    assert [i.kind for i in over] == [IncidentKind.STUCK]
