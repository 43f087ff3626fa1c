"""A publisher that is killed at any moment, on the real S3 server, with a reader who looks all the time.

Each trial is a newspaper of its own: an issue comes out, is corrected and loses an article, while one article is under
embargo. The publisher is killed with SIGKILL at a random (seeded) moment and started again.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import feedparser
import httpx
import pytest

from broadsheet.installation import Installation
from broadsheet.settings import Settings
from broadsheet.steps import changes, ingest
from broadsheet.steps.audit import audit
from broadsheet.steps.changes import By
from broadsheet.steps.reading import Reader
from broadsheet.steps.revision import newest_items
from delivery.keys import IssueKey
from delivery.s3_store import S3Store
from tests.support.memory import MemoryStore
from tests.system.conftest import Room
from transforms.intake import SourceFile
from transforms.model import Partner, Publication

# A hundred take eight minutes: BROADSHEET_TRIALS=100 pytest -s tests/system/test_kill.py
TRIALS = int(os.environ.get("BROADSHEET_TRIALS", "12"))
# Days to come: an issue is dated with its hour or its upload, whichever is later, and uploads happen now.
DAY = date(2031, 1, 15)
NOW = datetime(2031, 1, 15, 8, tzinfo=UTC)
SECRET = "城东小学的新操场启用"
WITHDRAWN = "户户有账本"
PAGES = [
    SourceFile(
        "page-01.txt",
        "老渠新水润良田\n\n清晨的老渠边，水声不断。村里定下三件事，件件有着落，户户有账本。\n\n"
        "新桥昨日正式通车\n\n一月十四日，南桥正式通车，两岸的乡亲走上了新桥，看了又看。\n".encode(),
    ),
    SourceFile("page-02.txt", f"城东小学添新操场\n\n一月十四日，{SECRET}，孩子们在上面跑了第一圈。\n".encode()),
    SourceFile("embargo.toml", '[[embargo]]\nuntil = 2032-01-01T00:00:00Z\nheadline = "城东小学"\n'.encode()),
]
CHANGED = [SourceFile("page-01.txt", PAGES[0].data.replace("看了又看".encode(), "走了又走".encode())), *PAGES[1:]]
PARTNER = Partner("reader", "读者网", formats=("newsml", "newsmessage", "rss", "html"))


def paper(number: int) -> Publication:
    return Publication(f"paper-{number}", f"第{number}报", "paper.example")


def desk_of(store, shelf, publication: Publication, url: str, schemas) -> Installation:
    return Installation(store, shelf, {publication.id: publication}, {PARTNER.id: PARTNER}, url, schemas)


def issue_of(installation: Installation) -> IssueKey:
    return IssueKey(next(iter(installation.publications)), DAY)


def syndicate(installation: Installation) -> None:
    work = ingest.pending_work(installation)
    for one in work:
        ingest.serve(installation, one, NOW)
    ingest.finish(installation, work)


def bring_out(installation: Installation, pages: list[SourceFile]) -> None:
    issue = issue_of(installation)
    ingest.put_in_inbox(installation.store, issue.publication, DAY, pages)
    version = ingest.receive_issue(installation, issue.publication, DAY, NOW)
    ingest.read_pages(installation, version)
    ingest.store_articles(installation, version)
    syndicate(installation)


def withdraw(installation: Installation) -> None:
    guid = next(
        i.guid for i in newest_items(installation, issue_of(installation)) if i.article.headline == "老渠新水润良田"
    )
    changes.withdraw_article(installation, guid, "法院裁定", "本稿撤回，请勿使用。", By("withdraw/1", "editor", NOW))
    syndicate(installation)


STEPS: list[Callable[[Installation], None]] = [lambda d: bring_out(d, PAGES), lambda d: bring_out(d, CHANGED), withdraw]


def everything(installation: Installation, started: int = 0) -> None:
    for step in STEPS[started:]:
        step(installation)


def done(installation: Installation) -> int:
    """How many steps are behind: what a newspaper and an operator would start again is the one that was cut off."""
    reached = ingest.progress(installation.store, issue_of(installation).publication, DAY)
    return max(0, min(reached.version, len(STEPS)) - 1)


class Watcher:
    """Reads the feed and all that it links to, as fast as it can, and keeps what should never be seen."""

    def __init__(self, url: str, allowed: list[set[tuple[str, str]]]) -> None:
        self.url, self.allowed = url, allowed
        self.faults: list[str] = []
        self.looks = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Watcher:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        with httpx.Client(timeout=30) as client:
            while not self._end.wait(0.01):
                self._look(client)

    def _look(self, client: httpx.Client) -> None:
        answer = client.get(f"{self.url}/feeds/all.rss")
        if answer.status_code != 200:
            return  # nothing is out yet
        self.looks += 1
        entries = feedparser.parse(answer.content).entries
        if state(entries) not in self.allowed:
            self.faults.append(f"a mixture: {[e.title for e in entries]}")
        for link in (e.link for e in entries):
            page = client.get(link)
            if page.status_code != 200:
                self.faults.append(f"{link}: {page.status_code}")
            if SECRET in page.text or SECRET in answer.text:
                self.faults.append(f"{link}: tells what is under embargo")


def state(entries) -> frozenset[tuple[str, str]]:
    return frozenset((e.title, e.content[0].value) for e in entries)


def states_of(publication: Publication, url: str, schemas) -> tuple[list, dict[str, bytes]]:
    """The feed after each step and every file at the end, of a run that nothing disturbs, in memory."""
    installation = desk_of(MemoryStore(), MemoryStore(), publication, url, schemas)
    seen = []
    for step in STEPS:
        step(installation)
        feed = installation.shelf.files[f"reader/{publication.id}/feeds/all.rss"].content
        seen.append(state(feedparser.parse(feed).entries))
    return seen, {key: f.content for key, f in installation.shelf.files.items()}


def fork(work: Callable[[], None]) -> int:
    """A process of its own; it ends by itself, never in pytest."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        work()
        status = 0
    except BaseException:  # a child must not return into pytest's frames, whatever happened
        traceback.print_exc()
    finally:
        os._exit(status)


def connected(settings: Settings, bucket: str) -> S3Store:
    return S3Store.connect(settings.s3_endpoint, settings.s3_access_key, settings.s3_secret_key, bucket)


def undisturbed(open_: Callable[[Publication], Installation], number: int) -> float:
    """Seconds that a publisher takes whom nobody kills."""
    started = time.monotonic()
    assert os.waitpid(fork(lambda: everything(open_(paper(number)))), 0)[1] == 0
    return time.monotonic() - started


@pytest.fixture(scope="module")
def stage(room: Room) -> Iterator[tuple[Room, Callable[[Publication], Installation]]]:
    Reader.load()  # children inherit the models
    url = room.settings.partners_url
    # Anybody may read below "reader/", as the policy of a public partner has it.
    from delivery.setup import prepare_buckets

    everybody = [*room.installation.partners.values(), PARTNER]
    prepare_buckets(room.installation.store, room.settings.partner_bucket, everybody)

    def open_(publication: Publication) -> Installation:
        store = connected(room.settings, room.settings.bucket)
        return desk_of(
            store, store.on(room.settings.partner_bucket), publication, url, replace(room.installation.schemas, g2=None)
        )

    yield room, open_
    prepare_buckets(room.installation.store, room.settings.partner_bucket, room.installation.partners.values())


def contents(installation: Installation) -> dict[str, bytes]:
    prefix = f"reader/{issue_of(installation).publication}/"
    return {s.key: installation.shelf.get(s.key).content for s in installation.shelf.list(prefix)}


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_publisher_that_is_killed_at_any_moment_shows_nobody_a_torn_state(stage):
    room, open_ = stage
    dice = random.Random(20260115)  # noqa: S311 - chooses moments, no secrets
    whole = min(undisturbed(open_, number) for number in (0, 999))
    looks = killed = 0
    for trial in range(1, TRIALS + 1):
        publication = paper(trial)
        url = f"{room.settings.partners_url}/reader/{publication.id}"
        seen, final = states_of(publication, room.settings.partners_url, replace(room.installation.schemas, g2=None))
        with Watcher(url, seen) as watcher:
            child = fork(lambda p=publication: everything(open_(p)))
            time.sleep(dice.uniform(0, whole))
            os.kill(child, signal.SIGKILL)
            killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
            installation = open_(publication)
            torn = contents(installation)
            again = done(installation)
            assert os.waitpid(fork(lambda p=publication, n=again: everything(open_(p), n)), 0)[1] == 0
        assert watcher.faults == [], f"trial {trial}"
        assert not any(SECRET.encode() in content for content in torn.values()), f"trial {trial}"
        after = contents(installation)
        assert after.keys() == final.keys(), f"trial {trial}"
        assert [k for k in final if after[k] != final[k]] == [], f"trial {trial}"
        assert not any(word.encode() in content for content in after.values() for word in (SECRET, WITHDRAWN))
        looks += watcher.looks
    print(f"{TRIALS} trials, {killed} killed on the way, {looks} looks at the feed, {whole:.1f} s undisturbed")
    assert killed > TRIALS / 3  # a moment may lie after the end, where the machine is quicker than it was
    assert looks > TRIALS


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_two_publishers_who_race_leave_one_consistent_result(stage):
    room, open_ = stage
    for trial in range(201, 206):
        publication = paper(trial)
        final = states_of(publication, room.settings.partners_url, replace(room.installation.schemas, g2=None))[1]
        both = [fork(lambda p=publication: everything(open_(p))) for _ in range(2)]
        for child in both:
            os.waitpid(child, 0)  # one may lose a race and say so: it would be tried again
        installation = open_(publication)
        again = done(installation)
        assert os.waitpid(fork(lambda p=publication, n=again: everything(open_(p), n)), 0)[1] == 0
        # A race may cost the issue a version more. All that readers see is the same, and all that is promised is there.
        after, root = contents(installation), f"reader/{publication.id}/"
        seen = [k for k in final if k.startswith(tuple(f"{root}{part}" for part in ("feeds/", "items/", "articles/")))]
        assert [k for k in seen if after.get(k) != final[k]] == [], f"trial {trial}"
        books = audit(installation, DAY, deep=True)[0]
        assert (books.missing, books.damaged, books.extra) == ((), (), ()), f"trial {trial}"
