"""Publishing to a real S3 server: faults on the line, two publishers at once, and who may read what."""

import hashlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from broadsheet.installation import Installation, store_at
from broadsheet.local import s3
from broadsheet.steps import ingest
from delivery import s3_client
from delivery import s3_store as store_module
from delivery.connections import Connection
from delivery.keys import IssueKey
from delivery.ledger import page_of
from delivery.objects import put_immutable, put_new
from delivery.public import read
from delivery.setup import apply_policy, prepare_buckets
from delivery.store import Absent, Unchanged
from tests.support.issue import CHANGED, DAY, NAME, NOW, PAGES, ingest_day, make_installation, submit
from tests.support.memory import MemoryStore
from tests.support.proxy import KINDS, in_front_of
from tests.support.shop import SHELF, Shop, opened
from transforms.errors import Conflict, Overtaken, StoreError
from transforms.model import File, Partner

pytestmark = pytest.mark.slow  # it takes seconds


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Iterator[Shop]:
    with opened(tmp_path_factory.mktemp("shop")) as one:
        yield one


def files(count: int, root: str) -> list[File]:
    return [
        File(f"{root}/{n:02}.txt", f"text {n}".encode(), "text/plain; charset=utf-8", "no-cache") for n in range(count)
    ]


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


def race(shop: Shop, name: str) -> Installation:
    """An installation on the real server whose buckets' part is its own."""
    installation = make_installation()
    partner = replace(installation.partners["sample-outlet"], prefix=name)
    # The private bucket is shared by all trials, so that each needs a partner of its own.
    private = shop.store(f"race-{name}")
    private.client.create_bucket(Bucket=private.bucket)
    return replace(installation, store=private, shelf=shop.store(SHELF), partners={partner.id: partner})


@pytest.mark.parametrize("trial", range(3))
def test_two_publishers_at_once_end_in_the_newer_state(shop: Shop, trial: int):
    installation = race(shop, f"wild{trial}")
    partner = installation.partners["sample-outlet"]
    works = []
    for pages in (PAGES, CHANGED):
        ingest.put_in_inbox(installation.store, NAME, DAY, pages)
        ingest_day(installation)
        works += ingest.pending_work(installation)
    old, new = works
    assert (old.versions, new.versions) == ((f"{NAME}/{DAY}/v1",), (f"{NAME}/{DAY}/v2",))
    # Both from the same state: one of them will be overtaken.
    plans = {w.versions: ingest.check_issue(installation, w, NOW) for w in works}
    errors = []

    def publish(work):
        try:
            with suppress(Overtaken):
                ingest.publish_issue(installation, plans[work.versions])
                return
            ingest.serve(installation, work, NOW)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=publish, args=(w,)) for w in ((old, new) if trial % 2 else (new, old))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    page = page_of(installation.store, partner.id, IssueKey(NAME, DAY))
    assert (page.version, page.delivered) == (2, True)
    plan = ingest.render_issue(installation, new, NOW)
    root = installation.root(partner, NAME)
    assert len(plan.pointers) > 10
    assert [f.key for f in plan.pointers if installation.shelf.get(root + f.key).content != f.content] == []
    feed = next(f for f in plan.pointers if f.key == "feeds/all.rss")
    assert "四件事" in feed.content.decode()


def test_a_plan_that_was_overtaken_writes_no_pointer():
    installation = make_installation()
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    ingest_day(installation)
    work = ingest.pending_work(installation)[1]
    stale = ingest.render_issue(installation, work, NOW)
    submit(installation, CHANGED)
    before = dict(installation.shelf.files)
    with pytest.raises(Overtaken):
        ingest.publish_issue(installation, stale)
    assert installation.shelf.files == before


class Encrypting(MemoryStore):
    """A store whose ETags are no MD5, as with KMS: only the digest beside an object tells what it holds."""

    def stat(self, key):
        stat = super().stat(key)
        if stat is None:
            return None
        content = self.files[key].content
        return replace(stat, etag=f"kms-{stat.etag}", sha256=hashlib.sha256(content).hexdigest())


def test_a_store_that_encrypts_is_not_written_to_twice():
    installation = make_installation()
    installation = replace(installation, shelf=Encrypting(installation.store.fuse))
    submit(installation, PAGES)
    count = len(installation.store.fuse.written)
    work = [ingest.Work(p, NAME, (f"{NAME}/{DAY}/v1",)) for p in installation.partners]
    for one in work:
        plan = ingest.render_issue(installation, one, NOW)
        ingest.publish_issue(installation, plan)
    again = [k for k in installation.store.fuse.written[count:] if not k.startswith("heads/")]
    assert again == []


def refused(ask) -> bool:
    try:
        ask()
    except ClientError as error:
        return error.response["Error"]["Code"] == "AccessDenied"
    return False


def test_a_partners_keys_reach_its_own_prefix_and_nothing_else(shop: Shop):
    owner = shop.store(SHELF)
    for key in ("alpha/p/1", "alphabet/p/1", "beta/p/1"):
        owner.put(File(key, b"text", "text/plain", "no-cache"))
    pair = s3.admit(shop.folder, "alpha", f"{SHELF}/alpha", shop.running)
    assert s3.admit(shop.folder, "alpha", f"{SHELF}/alpha", shop.running) == pair
    s3.admit(shop.folder, "beta", f"{SHELF}/beta", shop.running)
    alpha = s3.client(shop.url, pair)
    wait_for(lambda: alpha.get_object(Bucket=SHELF, Key="alpha/p/1"))
    listed = alpha.list_objects_v2(Bucket=SHELF, Prefix="alpha/")["Contents"]
    assert [e["Key"] for e in listed] == ["alpha/p/1"]
    for key in ("beta/p/1", "alphabet/p/1"):
        assert refused(lambda key=key: alpha.get_object(Bucket=SHELF, Key=key))
        assert refused(lambda key=key: alpha.copy_object(Bucket=SHELF, Key="alpha/p/9", CopySource=f"{SHELF}/{key}"))
    for prefix in ("", "alpha", "beta/", "alphabet/"):
        assert refused(lambda prefix=prefix: alpha.list_objects_v2(Bucket=SHELF, Prefix=prefix))
    assert refused(lambda: alpha.put_object(Bucket=SHELF, Key="alpha/p/1", Body=b"other"))
    assert refused(lambda: alpha.delete_object(Bucket=SHELF, Key="alpha/p/1"))
    assert refused(lambda: alpha.get_object(Bucket=s3.BUCKET, Key=".ready"))
    assert (shop.folder / "s3.partners.json").stat().st_mode & 0o077 == 0


def wait_for(ask, tries: int = 50) -> None:
    for _ in range(tries):
        try:
            ask()
        except ClientError:
            time.sleep(0.1)
            continue
        return
    ask()


@pytest.mark.parametrize("key", ["conditions/1", "conditions/第一"])
def test_conditions_are_kept_by_a_store_that_has_none_and_it_is_asked_for_them_once(shop: Shop, key: str):
    with in_front_of(shop.url) as proxy:
        proxy.conditions = False
        old = shop.store(url=proxy.url)
        file = File(key, b"text", "text/plain", "no-cache")
        etag = old.put(file, Absent())
        asked = len(proxy.puts)
        with pytest.raises(Conflict):
            old.put(file, Absent())
        assert len(proxy.puts) == asked
        old.put(replace(file, content=b"later"), Unchanged(etag))
        assert len(proxy.puts) == asked + 1
    assert shop.store().get(key).content == b"later"


def test_an_airflow_connection_names_another_store(shop: Shop):
    pair = s3.keys(shop.folder)
    extra = {"endpoint_url": shop.url, "region_name": "eu-central-1"}
    other = store_at(Connection("x", "aws", login=pair.access, password=pair.secret, extra=extra), SHELF, 4)
    other.put(File("by-connection", b"text", "text/plain", "no-cache"))
    assert shop.store(SHELF).stat("by-connection").size == 4
    assert pair.secret not in repr(Connection("x", password=pair.secret))


@pytest.mark.parametrize("key", ["inbox/第 一版.txt", "two//slashes", "50%20off", "a+b~c", "plain/name.txt"])
def test_a_key_of_any_spelling_is_one_object_for_all_that_look_for_it(shop: Shop, key: str):
    store = shop.store()
    etag = store.put(File(key, key.encode(), "text/plain", "no-cache", {"guid": "g"}), Absent())
    blob, stat = store.get(key), store.stat(key)
    assert (blob.content, blob.etag, dict(blob.metadata)["guid"]) == (key.encode(), etag, "g")
    assert stat
    assert (stat.etag, stat.size, stat.sha256) == (
        etag,
        len(key.encode()),
        hashlib.sha256(key.encode()).hexdigest(),
    )
    assert store.client.get_object(Bucket=store.bucket, Key=key)["CacheControl"] == "no-cache"
    with pytest.raises(Conflict):
        store.put(File(key, b"other", "text/plain", ""), Absent())
    with pytest.raises(Conflict):
        store.put(File(key, b"other", "text/plain", ""), Unchanged("0" * 32))
    assert store.put(File(key, b"other", "text/plain", ""), Unchanged(etag)) != etag


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_process_forked_from_one_that_used_the_store_uses_it_too(shop: Shop):
    """Airflow forks; threads that serve a connection do not live on in the child, which must not wait for them."""
    store = shop.store()
    store.put(File("forked.txt", b"parent", "text/plain", ""))
    child = os.fork()
    if not child:
        signal.alarm(20)
        os._exit(0 if store.get("forked.txt").content == b"parent" else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_a_bucket_that_is_not_there_is_said_in_words(shop: Shop):
    with pytest.raises(StoreError, match="there is no such bucket"):
        shop.store("nowhere").get("any.txt")


def test_a_large_object_is_looked_into_and_copied_without_being_loaded(shop: Shop):
    store = shop.store()
    etag = store.put(File("large/one.bin", bytes(range(256)) * 1000, "application/octet-stream", "no-cache"))
    assert store.beginning("large/one.bin", 4) == b"\0\1\2\3"
    store.copy("large/one.bin", "large/two.bin", etag)
    assert store.get("large/two.bin").content == store.get("large/one.bin").content
    store.put(File("large/one.bin", b"other", "application/octet-stream", "no-cache"))
    with pytest.raises(Conflict):
        store.copy("large/one.bin", "large/three.bin", etag)
    assert store.stat("large/three.bin") is None


def test_access_follows_the_records_and_the_last_public_partner_may_become_closed(shop: Shop):
    bucket = shop.store("policies")
    bucket.client.create_bucket(Bucket=bucket.bucket)
    bucket.put(File("one/x", b"x", "text/plain", ""))
    public = Partner("one", "One")
    address = f"{shop.url}/policies/one/x"
    apply_policy(bucket, [public])
    await_status(address, 200)
    apply_policy(bucket, [replace(public, access="credentials")])
    await_status(address, 403)


def test_a_bucket_of_ones_own_is_opened_for_its_partner_alone(shop: Shop):
    private = shop.store("private-of-two")
    partners = [Partner("one", "One"), Partner("two", "Two", bucket="bucket-of-two")]
    prepare_buckets(private, "bucket-of-all", partners)
    for bucket in ("bucket-of-all", "bucket-of-two"):
        for prefix in ("one", "two"):
            private.on(bucket).put(File(f"{prefix}/x", b"x", "text/plain", ""))
    await_status(f"{shop.url}/bucket-of-two/two/x", 200)
    await_status(f"{shop.url}/bucket-of-all/one/x", 200)
    await_status(f"{shop.url}/bucket-of-two/one/x", 403)
    await_status(f"{shop.url}/bucket-of-all/two/x", 403)


def await_status(address: str, status: int) -> None:
    """A policy holds a moment after it was set."""
    deadline = time.monotonic() + 30
    while read(address).status != status:
        assert time.monotonic() < deadline, f"{address} does not answer {status}"
        time.sleep(0.2)
