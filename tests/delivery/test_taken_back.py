"""The whole of taking back: real store, shipped web server, partners' own endpoints, and a reader of every road."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from broadsheet.installation import Installation
from broadsheet.local import ports
from broadsheet.steps import changes, ingest, rights
from broadsheet.steps import notify as news
from broadsheet.steps.changes import By
from broadsheet.steps.moving import Files, move, remove
from broadsheet.steps.proof import prove_withdrawal
from broadsheet.steps.revision import newest_items
from delivery.codec import json_file
from delivery.connections import Connection
from delivery.keys import IssueKey
from delivery.notify import ALLOWED, Allowance
from delivery.public import read
from tests.delivery.test_histories import MARK, story, words
from tests.deploy.nginx import binary, configure
from tests.support.issue import DAY, NAME, PAGES, make_installation
from tests.support.reader import ROADS, Reader
from tests.support.receiver import Receiver, receiving
from tests.support.shop import SHELF, opened
from transforms.intake import SourceFile
from transforms.model import Item, Reading

pytestmark = pytest.mark.slow  # it waits until caches have run out

OTHER = "another-bucket"
FORMATS = ("newsml", "nitf", "newsmessage", "rss", "atom", "jsonfeed", "ninjs", "sitemap", "html")
_, MOVES, CHANGES_BUCKET, LOSES_RECORD, LEAVES, EXPIRES, GIVES_UP = PARTNERS = (
    "stays", "moves", "changes-bucket", "loses-record", "leaves", "expires", "gives-up",
)  # fmt: skip
LOCAL = Allowance.from_env({ALLOWED: "127.0.0.0/8"})
CACHED = 42.0  # seconds after which neither the web server (20) nor a reader behind it (20) shows an older state


@contextmanager
def web_server(folder: Path, store: str) -> Iterator[str]:
    """The shipped web server in front of a store (host:port); its address comes back."""
    with ports.reserved({"web": 0}) as chosen:
        main = configure(folder, SHELF, store, chosen["web"])
        server = subprocess.Popen([binary(), "-c", str(main)], stderr=subprocess.DEVNULL)
        url = f"http://127.0.0.1:{chosen['web']}"
        try:
            for _ in range(100):
                try:
                    httpx.get(f"{url}/healthz", trust_env=False)
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield url
        finally:
            server.terminate()
            server.wait(30)


@dataclass
class Newsroom:
    """An installation with seven partners, each with a webhook, and what can be done to it."""

    room: Installation
    receiver: Receiver
    reader: Reader
    now: datetime = datetime(2026, 1, 15, 8, tzinfo=UTC)
    runs: int = 0
    told: dict[str, set[str]] = field(default_factory=dict)  # by partner: guids that it was told are withdrawn

    def by(self) -> By:
        self.runs += 1
        return By(f"run/{self.runs}", "editor", self.now)

    def serve(self) -> None:
        """What syndicate_issue does; then what partners were told, and what the reader gets."""
        work = ingest.pending_work(self.room)
        for one in work:
            ingest.serve(self.room, one, self.now)
            assert not news.notify(self.room, one, self.now, LOCAL).failed
        ingest.finish(self.room, work)
        for _, _, body in self.receiver.got:
            data = json.loads(body)["data"]
            if "manifest" in data:
                self.reader.missing.add(data["manifest"])
            gone = {i["guid"] for i in data["items"] if i["status"] == "canceled"}
            self.told.setdefault(data["partner"], set()).update(gone)
        self.reader.poll()

    def bring(self, day: int, embargo: bool = False) -> None:
        until = (self.now + timedelta(days=1)).isoformat()
        held = f'[[embargo]]\nuntil = {until}\nheadline = "{words(day, 0)[:6]}"\n'
        more = [SourceFile("embargo.toml", held.encode())] if embargo else []
        date = DAY + timedelta(days=day)
        ingest.put_in_inbox(self.room.store, NAME, date, [replace(PAGES[0], data=str(day).encode()), *more])
        version = ingest.receive_issue(self.room, NAME, date, datetime.now(UTC))
        told = Reading(tuple(story(day, n, 1) for n in range(3)), ())
        self.room.store.put(json_file(version.reading, told, Reading))
        ingest.store_articles(self.room, version)
        self.serve()

    def item(self, day: int, number: int) -> Item:
        items = newest_items(self.room, IssueKey(NAME, DAY + timedelta(days=day)))
        return next(i for i in items if words(day, number)[:6] in i.article.headline)

    def in_store(self, mark: str) -> list[str]:
        """The objects of partners' buckets that hold a text."""
        buckets = (self.room.shelf, self.room.shelf.on(OTHER))
        return [
            f"{b.bucket}/{s.key}" for b in buckets for s in b.list("") if mark.encode() in b.get(s.key).content
        ]  # fmt: skip


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory) -> Iterator[Newsroom]:
    folder = tmp_path_factory.mktemp("taken-back")
    with (
        opened(folder) as shop,
        web_server(folder, shop.url.removeprefix("http://")) as url,
        receiving() as receiver,
    ):
        shop.store().client.create_bucket(Bucket=OTHER)
        made = make_installation()
        outlet = made.partners["sample-outlet"]
        partners = {
            p: replace(outlet, id=p, name=p, prefix=f"at-{p}", formats=FORMATS, webhooks=(p,)) for p in PARTNERS
        }
        partners[EXPIRES] = replace(partners[EXPIRES], expires_days=5)
        room = replace(
            made, store=shop.store(), shelf=shop.store().on(SHELF), shelf_url=url, fetch=read, partners=partners,
            connections=lambda name: Connection(name, "http", receiver.url, password="a secret of two"),
        )  # fmt: skip
        bases = [f"{url}/at-{p}/{NAME}" for p in PARTNERS] + [f"{url}/elsewhere/{NAME}"]
        yield Newsroom(room, receiver, Reader(bases))


def test_within_a_minute_nobody_reads_what_was_withdrawn_and_everybody_who_had_it_was_told(newsroom: Newsroom):
    room, reader = newsroom.room, newsroom.reader
    for day in range(3):
        newsroom.bring(day, embargo=day == 1)
    corrected, kept, secret = words(0, 0)[:MARK], words(2, 1)[:MARK], words(1, 0)[:MARK]
    sidebar = words(1, 2)[:MARK]
    on_the_way = reader.telling(corrected)
    assert [road for road, part in ROADS.items() if not any(part in url for url in on_the_way)] == []

    # An embargo: of the story and of its sidebar nothing is there, under no name; then both are.
    for mark, guid in ((secret, newsroom.item(1, 0).guid), (sidebar, newsroom.item(1, 2).guid)):
        assert reader.telling(mark) == newsroom.in_store(mark) == newsroom.in_store(guid) == []
    changes.release_embargo(room, newsroom.item(1, 0).guid, newsroom.by())
    newsroom.serve()
    assert newsroom.in_store(secret)

    # A correction, so that there are two versions to take back.
    draft = "改过的第一段，改过之后仍要撤回的文字在这里。"
    body = f"{draft}\n\n{words(0, 0)}"
    changes.correct_article(room, newsroom.item(0, 0).guid, {"body": body}, "核实", newsroom.by(), "更正")
    newsroom.serve()

    # Partners move, lose their records, leave, give up, and lose their rights.
    room.partners[MOVES] = replace(room.partners[MOVES], prefix="elsewhere")
    move(room, MOVES, Files.KEEP, newsroom.now)
    room.partners[CHANGES_BUCKET] = replace(room.partners[CHANGES_BUCKET], bucket=OTHER, access="credentials")
    move(room, CHANGES_BUCKET, Files.DELETE, newsroom.now)
    del room.partners[LOSES_RECORD]
    remove(room, LEAVES, Files.DELETE)
    del room.partners[LEAVES]
    remove(room, GIVES_UP, Files.ABANDON)
    del room.partners[GIVES_UP]
    newsroom.now += timedelta(days=10)
    assert rights.end_rights(room, newsroom.now)
    newsroom.serve()
    assert not [k for k in newsroom.in_store(corrected) if "/at-expires/" in k or "/at-leaves/" in k]
    assert [k for k in newsroom.in_store(corrected) if k.startswith(OTHER)]
    assert [url for url in reader.telling(corrected) if "/elsewhere/" in url]

    # The withdrawal of both stories, one older than live feeds reach.
    room.shelf.delete([s.key for s in room.shelf.list(f"at-{GIVES_UP}/")])  # out of our reach: others see to it
    guids = {newsroom.item(0, 0).guid, newsroom.item(1, 0).guid}
    for guid in sorted(guids):
        changes.withdraw_article(room, guid, "侵权", "本稿撤回，请勿使用。", newsroom.by())
    newsroom.serve()
    time.sleep(CACHED)  # however slow this machine is: what counts is what caches may still show
    reader.poll()
    marks = (corrected, draft, secret)
    left = [url for mark in marks for url in reader.telling(mark)]
    assert left == []
    assert [k for mark in marks for k in newsroom.in_store(mark)] == []
    assert [p for guid in guids for p in prove_withdrawal(room, guid) if not p.holds] == []
    assert {p: guids - newsroom.told.get(p, set()) for p in PARTNERS} == {p: set() for p in PARTNERS}
    assert newsroom.in_store(kept)  # what was not withdrawn is where it was
