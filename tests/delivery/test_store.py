"""Writing to and reading from a real S3 server while its line fails."""

from dataclasses import replace

import pytest

from broadsheet.local import s3
from broadsheet.steps import ingest
from delivery import s3_client
from delivery import s3_store as store_module
from delivery.connections import Connection
from delivery.keys import IssueKey
from delivery.ledger import page_of
from delivery.objects import put_changed, put_immutable, put_new, put_over
from delivery.store import Absent, Unchanged
from tests.support.issue import DAY, NAME, NOW, PAGES, ingest_day, make_installation
from tests.support.proxy import KINDS, in_front_of
from tests.support.room import until
from tests.support.shop import Shop, files
from transforms.errors import Conflict, StoreError
from transforms.model import File

pytestmark = pytest.mark.slow  # it takes seconds


@pytest.mark.parametrize("fault", ["503", "slow", "cut"])
def test_what_a_store_refuses_for_a_while_is_written_all_the_same(shop: Shop, fault: str):
    """A line that is cut after the write makes the retry meet its own object, which must not look like another's."""
    with in_front_of(shop.url) as proxy:
        proxy.faults = [fault] * 4
        stored, _ = put_immutable(shop.store(url=proxy.url), files(8, f"faults/{fault}"))
    assert len(proxy.puts) >= 12
    assert [p.key for p in stored] == [f.key for f in files(8, f"faults/{fault}")]
    assert {s.key for s in shop.store().list(f"faults/{fault}/")} == {p.key for p in stored}


def test_a_store_that_hangs_is_given_up_in_time_and_the_next_run_completes(shop: Shop, monkeypatch):
    hasty(monkeypatch, read=0.3, total=1.0)
    with in_front_of(shop.url) as proxy:
        store = shop.store(url=proxy.url)
        proxy.faults = ["hang"] * 100
        with pytest.raises(StoreError, match="could not write"):
            put_immutable(store, files(1, "hangs"))
        proxy.faults = []
        stored, _ = put_immutable(store, files(1, "hangs"))
    assert len(stored) == 1


def test_a_line_that_is_reset_again_and_again_is_not_taken_for_a_host_that_takes_no_connection(shop: Shop):
    file = File("reset/1", b"text", "text/plain", "no-cache")
    with in_front_of(shop.url) as proxy:
        proxy.faults = ["reset"] * 9
        assert put_new(shop.store(url=proxy.url), file)
    assert shop.store().get(file.key).content == b"text"


def hasty(monkeypatch, read: float, total: float = 60.0) -> None:
    """Stores that are opened from now on are given up after ``read`` seconds without a byte, ``total`` in all."""
    from botocore.config import Config

    settings = s3_client.client_config().merge(Config(read_timeout=read))
    monkeypatch.setattr(store_module, "client_config", lambda style="path": settings)
    monkeypatch.setattr(store_module, "PATIENCE", total)


@pytest.mark.parametrize("key", ["own/1", "own/第一"])
@pytest.mark.parametrize("fault", KINDS)
def test_a_conditional_write_knows_its_own_earlier_success(shop: Shop, key: str, fault: str, monkeypatch):
    hasty(monkeypatch, read=0.5)
    key = f"{key}-{fault}"
    first, second = (File(key, text, "text/plain", "no-cache") for text in (b"first", b"second"))
    with in_front_of(shop.url) as proxy:
        store = shop.store(url=proxy.url)
        proxy.faults = [fault] * 3
        etag = store.put(first, Absent())
        assert shop.store().stat(key).etag == etag
        proxy.faults = [fault] * 3
        later = store.put(second, Unchanged(etag))
        assert shop.store().stat(key).etag == later != etag
        for condition in (Absent(), Unchanged(etag)):
            proxy.faults = [fault] * 3
            with pytest.raises(Conflict):
                store.put(first, condition)
    assert shop.store().get(key).content == b"second"


@pytest.mark.parametrize("key", ["busy/1", "busy/第一"])
def test_a_write_that_meets_another_in_progress_is_no_proof_that_the_object_is_there(shop: Shop, key: str, monkeypatch):
    hasty(monkeypatch, read=0.5, total=0.5)
    file = File(key, b"text", "text/plain", "no-cache")
    with in_front_of(shop.url) as proxy:
        store = shop.store(url=proxy.url)
        proxy.faults = ["409"] * 100
        with pytest.raises(StoreError) as failed:
            put_new(store, file)
        assert not isinstance(failed.value, Conflict)
        proxy.faults = ["409"]
        assert put_new(store, file)
    assert shop.store().stat(key)


@pytest.mark.parametrize("key", ["late/1", "late/第一"])
def test_an_attempt_that_is_carried_out_late_comes_over_nothing_that_was_written_since(
    shop: Shop, key: str, monkeypatch
):
    hasty(monkeypatch, read=0.5)
    first, second, third = (File(key, text, "text/plain", "no-cache") for text in (b"first", b"second", b"third"))
    with in_front_of(shop.url) as proxy:
        store = shop.store(url=proxy.url)
        proxy.faults = ["late"]
        put_over(store, first)
        proxy.faults = ["", "late"]  # whether it is new is tried first
        put_over(store, second)
        put_over(shop.store(), third)
        proxy.released.set()
        until(lambda: len(proxy.late) == 2)
    assert set(proxy.late) == {412}
    assert shop.store().get(key).content == b"third"


def test_an_object_is_written_whatever_became_of_what_was_seen_of_it(shop: Shop):
    key = "seen/1"
    first, second = (File(key, text, "text/plain", "no-cache") for text in (b"first", b"second"))
    store = shop.store()
    put_over(store, first)
    seen = store.stat(key)
    store.delete([key])
    put_over(store, second, seen)  # what was seen is gone, so it is written as new
    assert store.get(key).content == b"second"
    assert not put_changed(store, second)
    assert put_changed(store, first)


@pytest.mark.parametrize("fault", KINDS)
def test_reading_listing_and_deleting_outlast_every_kind_of_fault(shop: Shop, fault: str, monkeypatch):
    hasty(monkeypatch, read=0.5)
    written = [*files(3, f"outlast/{fault}"), File(f"outlast/{fault}/第一.txt", b"text", "text/plain", "")]
    for file in written:
        shop.store().put(file)
    with in_front_of(shop.url) as proxy:
        store, faults = shop.store(url=proxy.url), iter(())
        proxy.fault = lambda method, path: next(faults, "")
        for file in written:
            faults = iter([fault] * 2)
            assert store.get(file.key).content == file.content
            faults = iter([fault] * 2)
            assert store.stat(file.key).size == len(file.content)
        faults = iter([fault] * 2)
        assert [s.key for s in store.list(f"outlast/{fault}/")] == [f.key for f in written]
        faults = iter([fault] * 2)
        assert [*store.folders("outlast/")].count(fault) == 1
        faults = iter([fault] * 2)
        store.delete([f.key for f in written])
    assert list(shop.store().list(f"outlast/{fault}/")) == []


def test_a_long_listing_is_whole_though_each_of_its_pages_fails_once(shop: Shop):
    many = [File(f"many/{n:04}", b"", "text/plain", "") for n in range(1100)]
    shop.store().put_all((f, None) for f in many)
    with in_front_of(shop.url) as proxy:
        faults = iter(["cut", "", "503", ""])
        proxy.fault = lambda method, path: next(faults, "")
        assert [s.key for s in shop.store(url=proxy.url).list("many/")] == [f.key for f in many]


def test_one_partners_failing_store_leaves_the_others_served_and_is_served_by_the_next_run(shop: Shop):
    installation = make_installation()
    with in_front_of(shop.url) as proxy:
        pair = s3.keys(shop.folder)
        there = Connection("other", "aws", login=pair.access, password=pair.secret, extra={"endpoint_url": proxy.url})
        partners = {p.id: p for p in installation.partners.values()}
        partners["brief-wire"] = replace(
            partners["brief-wire"], connection="other", bucket="elsewhere", sections=partners["sample-outlet"].sections
        )
        installation = replace(installation, partners=partners, connections={"other": there}.__getitem__)
        ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
        ingest_day(installation)
        work = ingest.pending_work(installation)
        failed = []
        for one in work:
            try:
                ingest.serve(installation, one, NOW)
            except StoreError as error:
                failed.append((one.partner, str(error)))
        assert [partner for partner, _ in failed] == ["brief-wire"]  # its bucket is not there
        assert ingest.finish(installation, work) == []
        assert page_of(installation.store, "sample-outlet", IssueKey(NAME, DAY)).delivered

        shop.store().client.create_bucket(Bucket="elsewhere")
        for one in ingest.pending_work(installation):
            ingest.serve(installation, one, NOW)
        assert len(ingest.finish(installation, ingest.pending_work(installation))) == 1
        assert [*shop.store("elsewhere").list("brief-wire/")]
