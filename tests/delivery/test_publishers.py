"""Two publishers at once, and stores that answer in their own ways."""

import hashlib
import threading
from contextlib import suppress
from dataclasses import replace

import pytest

from broadsheet.installation import Installation
from broadsheet.steps import ingest
from delivery.keys import IssueKey
from delivery.ledger import page_of
from tests.support.issue import CHANGED, DAY, NAME, NOW, PAGES, ingest_day, make_installation, submit
from tests.support.memory import MemoryStore
from tests.support.shop import SHELF, Shop
from transforms.errors import Overtaken

pytestmark = pytest.mark.slow  # it takes seconds


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
