"""Many partners at once: what they share is made once, and each fails, hangs and is tried again alone."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from broadsheet.errors import OutOfTime
from broadsheet.steps import changes, ingest, serving, shared
from broadsheet.steps.pending import Reach
from broadsheet.steps.serving import Means, serve_batch
from broadsheet.steps.shared import Shared, Vetted
from broadsheet.steps.side_by_side import Limits, side_by_side
from delivery.codec import json_file
from delivery.errors import Unavailable
from delivery.keys import IssueKey, VersionKey
from delivery.keys import serving as note_key
from delivery.ledger import page_of
from delivery.notify import Allowance
from delivery.parallel import at_once
from tests.support.issue import CHANGED, DAY, NAME, NOW, PAGES, ingest_day, make_installation
from tests.support.memory import MemoryStore
from transforms.errors import Conflict, InvalidOutput, StoreError
from transforms.model import File, Section
from transforms.render import render_feeds, render_items

QUICK = Limits(pauses=(0.0, 0.0))


def with_partners(installation, *partners):
    return replace(installation, partners={p.id: p for p in partners})


def ready(*partners, pages=PAGES):
    """An installation with an issue that waits for these partners."""
    installation = with_partners(make_installation(), *partners)
    ingest.put_in_inbox(installation.store, NAME, DAY, pages)
    ingest_day(installation)
    return installation


def many(number: int, **changes):
    sample = make_installation().partners["sample-outlet"]
    return [replace(sample, id=f"outlet-{n}", name=f"Outlet {n}", **changes) for n in range(number)]


def means(limits: Limits = QUICK, **more) -> Means:
    return Means(lambda: NOW, Allowance(), limits=limits, **more)


SETTINGS = [
    {},
    {"formats": ("newsml", "newsmessage", "nitf", "ninjs", "rss", "atom", "jsonfeed", "html", "sitemap")},
    {"formats": ("rss",)},
    {"full_text": False},
    {"usage_terms": "Only until noon."},
    {"hub": "https://hub.example/"},
    {"contracts": ("msn",)},
    {"sections": (Section.BRIEF,)},
    {"privacy": "keep"},
    {"expires_days": 30},
    {"feed_days": 2},
    {"name": "Bell & <Sons>"},
    {"name": "后町新闻社"},
    {"base_url": "https://cdn.example/a&b"},
    {"base_url": "https://cdn.example/plain/"},
]


@pytest.mark.slow
def test_what_is_shared_has_the_same_bytes_as_what_is_rendered_for_one_partner_alone():
    partners = [replace(p, **SETTINGS[n % len(SETTINGS)]) for n, p in enumerate(many(2 * len(SETTINGS)))]
    installation = ready(*partners)
    publication, common = installation.publications[NAME], Shared(installation)
    for work in ingest.pending_work(installation):
        partner = installation.partner(work.partner)
        plan = ingest.render_issue(installation, work, NOW, shared=common)
        edition = common.edition(VersionKey.parse(work.versions[0]), publication)
        share = shared.audience(edition.items, partner, publication, NOW)
        base = installation.base_url(partner, NAME)
        alone = render_items(replace(edition, items=share.shown), partner, base)
        alone += render_feeds(publication, partner, share.shown, base)
        made = {f.key: (f.content, f.media_type, f.metadata) for s in plan.shipments for f in s.files}
        made |= {f.key: (f.content, f.media_type, f.metadata) for f in plan.pointers if "/latest." not in f.key}
        assert made == {f.key: (f.content, f.media_type, f.metadata) for f in alone}
        assert all(isinstance(f, Vetted) for s in plan.shipments for f in s.files)


@pytest.mark.slow
def test_each_distinct_set_of_settings_is_rendered_once(monkeypatch):
    rendered = []

    def counted(edition, partner, base_url):
        rendered.append(partner.full_text)
        return render_items(edition, partner, base_url)

    monkeypatch.setattr(shared, "render_items", counted)
    installation = ready(*many(6), *[replace(p, id=f"brief-{p.id}") for p in many(5, full_text=False)])
    works = ingest.pending_work(installation)
    served = list(serve_batch(installation, works, means()))
    assert sorted(s.work.partner for s in served) == sorted(installation.partners)
    assert [s.failed for s in served if s.failed] == []
    assert sorted(rendered) == [False, True]
    for partner in installation.partners:
        assert page_of(installation.store, partner, IssueKey(NAME, DAY)).delivered


def test_batches_hold_one_newspapers_partners_each_with_like_ones_together():
    partners = [replace(p, full_text=n % 2 == 0) for n, p in enumerate(many(6))]
    installation = ready(*partners)
    works = [
        replace(w, publication=paper) for w in ingest.pending_work(installation) for paper in (NAME, "another-daily")
    ]
    batches = serving.batches(works, installation, size=3)
    assert [len({w.publication for w in batch}) for batch in batches] == [1, 1, 1, 1]
    assert [len({installation.partners[w.partner].full_text for w in batch}) for batch in batches] == [1, 1, 1, 1]
    assert sorted(w.partner for batch in batches for w in batch) == sorted(w.partner for w in works)


class Meeting(MemoryStore):
    """A store in which two partners' ended rights are read at the same time, or not at all."""

    def __init__(self) -> None:
        super().__init__()
        self.both = threading.Barrier(2)

    def get(self, key):
        if key.endswith("/ended.json"):
            self.both.wait(30)
        return super().get(key)


def test_the_books_of_two_partners_are_looked_into_at_the_same_time():
    store = Meeting()
    installation = replace(make_installation(), store=store)
    reaches = [Reach(installation, partner, NAME) for partner in ("one", "two")]
    assert at_once(lambda reach: reach.is_out(IssueKey(NAME, DAY)), reaches) == [False, False]


@pytest.mark.slow
def test_a_link_that_leads_nowhere_at_one_partner_holds_that_partner_only():
    first, second = many(2)
    installation = ready(first, second)
    assert [s.failed for s in serve_batch(installation, ingest.pending_work(installation), means())] == ["", ""]
    ingest.finish(installation, ingest.pending_work(installation))
    for key in [k for k in installation.shelf.files if k.startswith(f"{second.id}/{NAME}/feeds/archive/")]:
        del installation.shelf.files[key]
    later = DAY + timedelta(days=20)
    ingest.put_in_inbox(installation.store, NAME, later, PAGES)
    ingest_day(installation, later)
    works = ingest.pending_work(installation)
    now = NOW + timedelta(days=20)
    served = {
        s.work.partner: s.failed
        for s in serve_batch(installation, works, Means(lambda: now, Allowance(), limits=QUICK))
    }
    assert served[first.id] == ""
    assert "is a broken link" in served[second.id]
    with pytest.raises(InvalidOutput, match="is a broken link"):
        ingest.check_issue(installation, next(w for w in works if w.partner == second.id), now)


class Shelf(MemoryStore):
    """A store that does something to a partner's keys before they are written."""

    def __init__(self, before):
        super().__init__()
        self.before = before

    def put(self, file, condition=None):
        self.before(file.key)
        return super().put(file, condition)


@pytest.mark.slow
def test_a_partner_that_hangs_delays_nobody_and_is_named_when_time_is_up():
    others_are_out = threading.Event()

    def hang(key):
        if key.startswith("outlet-0/"):
            assert others_are_out.wait(60)

    installation = replace(ready(*many(4)), shelf=Shelf(hang))
    served = serve_batch(installation, ingest.pending_work(installation), means(Limits(at_once=1, slow=0.01)))
    early = [next(served).work.partner for _ in range(3)]
    others_are_out.set()
    assert sorted(early) == ["outlet-1", "outlet-2", "outlet-3"]
    assert [(s.work.partner, s.failed) for s in served] == [("outlet-0", "")]


def test_a_job_that_never_ends_is_named_when_time_is_up():
    never, now = threading.Event(), [0.0]

    def job(name):
        if name == "hangs":
            never.wait(60)
        return name.upper()

    ends = side_by_side(["hangs", "a", "b"], job, Limits(at_once=1, slow=0.0, seconds=9.0), clock=lambda: now[0])
    assert {next(ends), next(ends)} == {("a", "A"), ("b", "B")}
    now[0] = 9.0
    assert [(name, type(end)) for name, end in ends] == [("hangs", OutOfTime)]
    never.set()


@pytest.mark.slow
def test_a_partner_that_fails_is_tried_again_alone_and_what_is_wrong_is_named():
    tried = {"outlet-1": 0, "outlet-2": 0}

    def down(key):
        partner = key.split("/")[0]
        if partner in tried and key.endswith("feeds/all.rss"):
            tried[partner] += 1
            if partner == "outlet-1" or tried[partner] < 2:
                raise StoreError("its store is down")

    installation = replace(ready(*many(4)), shelf=Shelf(down))
    served = {s.work.partner: s.failed for s in serve_batch(installation, ingest.pending_work(installation), means())}
    assert served == {"outlet-0": "", "outlet-1": "its store is down", "outlet-2": "", "outlet-3": ""}
    assert tried == {"outlet-1": 3, "outlet-2": 2}
    assert ingest.finish(installation, ingest.pending_work(installation)) == []
    installation = replace(installation, shelf=MemoryStore(files=installation.shelf.files))
    (left,) = serving.take(installation, "a run", NOW)
    assert left.partner == "outlet-1"  # those who have it are not served again


def test_a_partner_whose_store_is_unavailable_is_left_to_a_later_run():
    tried = []

    def down(name):
        tried.append(name)
        raise Unavailable("503")

    ends = dict(side_by_side(["far"], down, QUICK))
    assert isinstance(ends["far"], Unavailable)
    assert tried == ["far"]


def test_an_error_of_our_own_in_one_partner_stops_no_other():
    installation = ready(*many(3))

    def label(work):
        if work.partner == "outlet-1":
            raise ZeroDivisionError("a fault of ours")

    served = serve_batch(installation, ingest.pending_work(installation), means(label=label))
    assert {s.work.partner: s.failed for s in served} == {"outlet-0": "", "outlet-1": "a fault of ours", "outlet-2": ""}


@pytest.mark.slow
def test_two_runs_share_the_work_and_a_run_that_is_gone_leaves_it_to_the_next():
    installation = ready(*many(2))
    store = installation.store
    assert len(serving.take(installation, "first", NOW)) == 2
    assert serving.take(installation, "second", NOW) == []
    assert len(serving.take(installation, "first", NOW)) == 2  # cleared, it takes up what is its own
    assert len(serving.take(installation, "second", NOW + serving.TAKEN)) == 2
    ingest.put_in_inbox(store, NAME, DAY, CHANGED)
    ingest_day(installation)
    works = serving.take(installation, "third", NOW + serving.TAKEN)  # there is something new in it
    assert {w.versions for w in works} == {(f"{NAME}/{DAY}/v2",)}
    assert serving.release(installation, "second") == []
    assert store.stat(note_key(NAME))  # it is the third run's
    list(serve_batch(installation, works, means()))
    assert serving.release(installation, "third") == [f"{NAME}/{DAY}/v2"]
    assert store.stat(note_key(NAME)) is None
    assert serving.take(installation, "fourth", NOW) == []


@pytest.mark.slow
def test_a_note_that_cannot_be_understood_holds_nothing_up():
    installation = ready(*many(1))
    installation.store.put(File(note_key(NAME), b"{not ours", "application/json", ""))
    assert len(serving.take(installation, "a run", NOW)) == 1


def test_what_is_marked_again_is_taken_up_again_though_another_run_has_it():
    installation = ready(*many(1))
    assert len(serving.take(installation, "first", NOW)) == 1
    assert serving.take(installation, "second", NOW) == []
    installation.store.now += timedelta(seconds=1)
    changes.mark_pending(installation, VersionKey(IssueKey(NAME, DAY), 1))
    assert len(serving.take(installation, "second", NOW)) == 1


def test_a_run_that_began_at_the_same_moment_and_saw_less_holds_nothing_back(monkeypatch):
    installation = ready(*many(1))
    store, put = installation.store, installation.store.put

    def beaten(file, condition=None):
        monkeypatch.setattr(store, "put", put)
        put(json_file(note_key(NAME), serving.Taken("other", (), NOW), serving.Taken))
        raise Conflict(file.key)

    monkeypatch.setattr(store, "put", beaten)
    assert len(serving.take(installation, "a run", NOW)) == 1
