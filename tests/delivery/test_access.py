"""Who may read and write what in a real S3 server; buckets, connections and odd keys."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from broadsheet.installation import store_at
from broadsheet.local import s3
from delivery.connections import Connection
from delivery.public import read
from delivery.setup import apply_policy, prepare_buckets
from delivery.store import Absent, Unchanged
from tests.support.proxy import in_front_of
from tests.support.shop import SHELF, Shop
from transforms.errors import Conflict, StoreError
from transforms.model import File, Partner
from transforms.shipped import ROOT

pytestmark = pytest.mark.slow  # it takes seconds


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


FORK = """
import os, signal, sys
from delivery.s3_store import S3Store
from delivery.store import Absent
from transforms.errors import Conflict
from transforms.model import File

url, access, secret = sys.argv[1:]
store = S3Store.connect(url, access, secret, "broadsheet")
store.make_clients(["broadsheet", "broadsheet-partners"])

def work(name):
    signal.alarm(20)
    for bucket in (store, store.on("broadsheet-partners")):
        assert bucket._fast.carries(name)
        bucket.put(File(name, b"mine", "text/plain", ""), Absent())
        try:
            bucket.put(File(name, b"mine again", "text/plain", ""), Absent())
        except Conflict:
            assert bucket.get(name).content == b"mine"
        assert [stat.key for stat in bucket.list(name)] == [name]

names = ["ready/one.txt", "ready/two.txt"]
for name in names:
    child = os.fork()
    if not child:
        try:
            work(name)
            os._exit(0)
        finally:
            os._exit(1)
codes = [os.wait()[1] for _ in names]
assert codes == [0, 0], codes
"""


def test_processes_use_the_clients_that_were_made_before_they_were_forked(shop: Shop):
    pair = s3.keys(shop.folder)
    command = [sys.executable, "-c", FORK, shop.url, pair.access, pair.secret]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    assert {shop.store().get(f"ready/{name}.txt").content for name in ("one", "two")} == {b"mine"}


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
