"""The restore drill on a real S3 server: what is lost comes back, from a backup or from the store itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.installation import Installation
from broadsheet.steps import changes, rearm
from broadsheet.steps.audit import audit
from broadsheet.steps.revision import newest_items
from broadsheet.steps.side_by_side import Limits
from delivery.keys import IssueKey
from delivery.notify import Allowance
from delivery.store import Store
from tests.support import fault_day
from tests.support.issue import NAME, PAGES, make_installation
from tests.support.shop import SHELF, opened
from tests.support.withdrawals import BY
from transforms.model import File

pytestmark = pytest.mark.slow

NOW = datetime.now(UTC)
DAYS = fault_day.days_from(NOW.date() - timedelta(days=2), 2)
PARTNERS = ("sample-outlet", "other-outlet")
LOCAL = Allowance.from_env()


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Iterator[Installation]:
    """An installation with two days brought out, and a third that is stored and waits for its partners."""
    with opened(tmp_path_factory.mktemp("shop")) as shop:
        made = make_installation()
        outlet = made.partners["sample-outlet"]
        partners = {p: replace(outlet, id=p, name=p) for p in PARTNERS}
        store = shop.store()
        one = replace(
            made, store=store, shelf=store.on(SHELF), shelf_url=f"{shop.url}/{SHELF}", partners=partners,
            publications={NAME: made.publications[NAME]},
        )  # fmt: skip
        fault_day.bring_in(one, NAME, DAYS, PAGES)
        fault_day.ingest_all(one, NAME, NOW)
        serve(one)
        fault_day.bring_in(one, NAME, [NOW.date()], PAGES)
        fault_day.ingest_all(one, NAME, NOW)
        yield one


def serve(room: Installation) -> None:
    fault_day.serve_all(room, NOW, LOCAL, Limits(pauses=()), lambda: not rearm.is_undelivered(room))


def backup(store: Store, prefix: str = "") -> list[File]:
    """The objects below a prefix with all that belongs to them, as a copy to another place keeps them."""
    blobs = [(stat.key, store.get(stat.key)) for stat in store.list(prefix)]
    return [File(key, blob.content, blob.media_type, "", dict(blob.metadata)) for key, blob in blobs]


def contents(store: Store, prefix: str = "") -> dict[str, bytes]:
    return {file.key: file.content for file in backup(store, prefix)}


def lose(store: Store, prefix: str) -> None:
    store.delete([stat.key for stat in store.list(prefix)])
    assert contents(store, prefix) == {}


def test_what_waits_is_in_the_store_so_that_a_lost_database_loses_nothing(room: Installation):
    """A new database knows no run; ``watch_desk`` asks the store what should be there."""
    assert rearm.is_undelivered(room)
    serve(room)
    assert not rearm.is_undelivered(room)
    assert list(fault_day.wrong(room, NAME, [*DAYS, NOW.date()], PARTNERS)) == []


def test_a_partners_files_come_back_without_a_backup(room: Installation):
    before = contents(room.shelf, "sample-outlet/")
    lose(room.shelf, f"sample-outlet/{NAME}/items/")
    lose(room.shelf, f"sample-outlet/{NAME}/packages/")
    lose(room.shelf, f"sample-outlet/{NAME}/feeds/all.")
    found = {one.partner: one for one in audit(room, NOW.date())}
    assert found["sample-outlet"].lost == ()
    assert found["other-outlet"].missing == ()
    serve(room)
    assert contents(room.shelf, "sample-outlet/") == before


@pytest.mark.parametrize("prefix", ["ledger/", "issues/", "heads/", ""])
def test_a_part_of_the_private_bucket_comes_back_from_the_backup_and_recall_works(room: Installation, prefix: str):
    saved, shown = backup(room.store, prefix), contents(room.shelf)
    lose(room.store, prefix)
    for file in saved:
        room.store.put(file)
    serve(room)
    assert contents(room.shelf) == shown, "partners notice nothing"
    assert [one.lost for one in audit(room, NOW.date(), deep=True)] == [(), ()]


def test_after_the_drill_an_article_can_still_be_taken_back(room: Installation):
    text = "水声不断".encode()
    day = DAYS[0]
    items = newest_items(room, IssueKey(NAME, day))
    guid = next(item.guid for item in items if text.decode() in item.article.text)
    changes.withdraw_article(room, guid, "侵权", "", BY)
    serve(room)
    for partner in PARTNERS:
        left = [k for k, body in contents(room.shelf, f"{partner}/").items() if text in body and f"{day:%Y%m%d}" in k]
        assert left == []
