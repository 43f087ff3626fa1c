"""kill -9 on the real S3 server: a reader that polls and fetches all the while never sees anything but whole states.

Publishers are forked from this process, which has everything loaded, and killed at seeded random moments of a whole
life: publish, correct, withdraw, lift of an embargo. What a second publisher then completes must be, byte for byte,
what one makes that was left alone. Figures: ``pytest -s tests/delivery/test_kill.py``.
"""

import json
import multiprocessing
import os
import random
import re
import signal
import time
import traceback
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import feedparser
import httpx
import pytest

from broadsheet import pipeline
from broadsheet.life_turns import keep_time
from broadsheet.revision import newest_items, revise
from broadsheet.services import ports, process, s3
from delivery.keys import IssueKey
from delivery.store import S3Store
from tests.delivery.test_road import DAY, NAME, PAGES, make_desk
from transforms.life import Change, Kind
from transforms.model import Paragraph

ISSUE = IssueKey(NAME, DAY)
TRIALS = int(os.environ.get("BROADSHEET_KILLS", "100"))
SEED = 20260115
OLD, NEW, SECRET = "件件有着落", "件件已经办成", "第一圈"
STARTED = datetime(2026, 1, 15, 8, tzinfo=UTC)
LIFT = STARTED + timedelta(hours=4)
EMBARGO = f'[[article]]\nheadline = "城东小学添新操场"\nuntil = {LIFT.isoformat()}\n'.encode()
fork = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Below:
    """A store whose keys all lie below a prefix, so that every trial has buckets of its own."""

    store: S3Store
    prefix: str

    def get(self, key):
        return self.store.get(self.prefix + key)

    def stat(self, key):
        found = self.store.stat(self.prefix + key)
        return found and replace(found, key=key)

    def put(self, file, condition=None):
        return self.store.put(replace(file, key=self.prefix + file.key), condition)

    def put_all(self, files):
        done = self.store.put_all((replace(f, key=self.prefix + f.key), c) for f, c in files)
        return [(replace(f, key=f.key[len(self.prefix) :]), answer) for f, answer in done]

    def delete(self, keys):
        self.store.delete([self.prefix + k for k in keys])

    def list(self, prefix):
        for found in self.store.list(self.prefix + prefix):
            yield replace(found, key=found.key[len(self.prefix) :])

    def folders(self, prefix):
        yield from self.store.folders(self.prefix + prefix)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("s3")
    chosen = ports.choose(s3.WANTED_PORTS)
    running = s3.start(folder, chosen)
    try:
        s3.wait_ready(folder, running, s3.endpoint(chosen))
        client = s3.client(s3.endpoint(chosen), s3.keys(folder))
        client.create_bucket(Bucket="shelf")
        statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shelf/*"}
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        client.put_bucket_policy(Bucket="shelf", Policy=json.dumps(policy))
        yield folder, s3.endpoint(chosen)
    finally:
        process.stop([running], s3.STOP_SECONDS)


def connect(server) -> S3Store:
    folder, url = server
    pair = s3.keys(folder)
    return S3Store.connect(url, pair.access, pair.secret, s3.BUCKET)


def desk_of(store: S3Store, url: str, trial: str):
    desk = make_desk()
    kept = {"sample-outlet": replace(desk.partners["sample-outlet"], formats=("newsml", "rss", "html"))}
    return replace(
        desk,
        store=Below(store, f"{trial}/"),
        shelf=Below(store.on("shelf"), f"{trial}/"),
        partners=kept,
        shelf_url=f"{url}/shelf/{trial}",
    )


def syndicate(desk, now: datetime) -> None:
    work = pipeline.pending_work(desk)
    for one in work:
        pipeline.stage(desk, one, now)
        pipeline.publish_staged(desk, one)
    pipeline.finish(desk, work)


def publish(desk) -> None:
    pipeline.put_in_inbox(desk.store, NAME, DAY, PAGES)
    desk.store.put(pipeline.File(f"{ISSUE.inbox}_EMBARGO.toml", EMBARGO, "text/plain", "private"))
    version = pipeline.receive_issue(desk, NAME, DAY)
    pipeline.read_pages(desk, version)
    pipeline.store_articles(desk, version)
    syndicate(desk, STARTED)


def correct(desk) -> None:
    first = next(i for i in newest_items(desk, ISSUE) if not i.embargoed)
    article = replace(first.article, body=tuple(Paragraph(p.text.replace(OLD, NEW)) for p in first.article.body))
    change(desk, Change("correct", Kind.CORRECT, first.guid, "editor", STARTED + timedelta(hours=1), article=article))


def withdraw(desk) -> None:
    first = next(i for i in newest_items(desk, ISSUE) if not i.embargoed)
    change(desk, Change("kill", Kind.WITHDRAW, first.guid, "editor", STARTED + timedelta(hours=2), "", "撤"))


def lift(desk) -> None:
    keep_time(desk, LIFT)
    syndicate(desk, LIFT)


STEPS = (publish, correct, withdraw, lift)  # each, run again, completes itself


def live(desk) -> None:
    for step in STEPS:
        step(desk)


def change(desk, wanted: Change) -> None:
    revise(desk, ISSUE, wanted)
    syndicate(desk, wanted.at)


def publisher(server, url: str, trial: str, step, store: S3Store) -> None:
    try:
        step(desk_of(store, url, trial))
        os._exit(0)
    except BaseException:  # the parent sees the status; the words are for whoever reads the output
        traceback.print_exc()
        os._exit(1)


def reader(url: str, trial, lifted, polls, faults) -> None:
    """Polls the feed and fetches what it links to, for ever; what it saw that no partner may see goes to ``faults``."""
    with httpx.Client(timeout=20) as http:
        seen = [0, 0]  # trial, how far the story had come
        while True:
            number = trial.value
            root = f"{url}/shelf/t{number:03d}/sample-outlet/{NAME}"
            free = lifted.value
            try:
                fault, stage = look(http, root, lambda free=free: bool(free or lifted.value))
            except httpx.HTTPError as error:
                fault, stage = f"no answer: {error}", 0
            if trial.value != number:
                continue
            polls.value += 1
            if seen[0] == number and stage and stage < seen[1]:
                fault = fault or f"the story went back from state {seen[1]} to {stage}"
            seen = [number, max(stage, seen[1] if seen[0] == number else 0)]
            if fault:
                faults.put(f"trial {number}: {fault}")


def look(http: httpx.Client, root: str, free) -> tuple[str, int]:
    """One poll of a partner: the fault it found, and the state of the story (1 printed, 2 corrected, 3 withdrawn)."""
    answer = http.get(f"{root}/feeds/all.rss")
    if answer.status_code == 404:
        return "", 0
    feed = feedparser.parse(answer.content)
    texts = [e.content[0].value for e in feed.entries]
    states = [s for s, word in ((1, OLD), (2, NEW)) if any(word in t for t in texts)]
    if len(states) > 1:
        return "the old text and the new one in one feed", 0
    held = SECRET.encode() in answer.content
    links = [e.link for e in feed.entries]
    # What a curious partner tries: every package and manifest of the day, and every item that they name.
    for number in range(1, 6):
        for key in (f"packages/{DAY}/v{number}.xml", f"manifests/{DAY}/v{number}.json"):
            found = http.get(f"{root}/{key}")
            if found.status_code != 200:
                continue
            held = held or "城东小学".encode() in found.content
            if key.endswith("json"):
                links += [f"{root}/{o['key']}" for o in found.json()["objects"]]
    for link in dict.fromkeys(links):
        found = http.get(link)
        if found.status_code != 200:
            return f"dangling: {link} answers {found.status_code}", 0
        held = held or SECRET.encode() in found.content
        if OLD.encode() in found.content and NEW.encode() in found.content:
            return f"a mixture of versions in {link}", 0
    if held and not free():
        return "an embargoed text", 0
    return "", states[0] if states else 3


def test_a_reader_sees_only_whole_states_through_a_hundred_kills_and_each_ends_as_if_undisturbed(server):
    url, store, chance = server[1], connect(server), random.Random(SEED)  # noqa: S311 - repeatable, no secret
    began = time.monotonic()
    warm = connect(server)  # never used here: forked publishers inherit a client without connections
    wholes, spans = [], []
    for step in STEPS:
        spans.append(timed(server, url, "t000", step, warm))
        wholes.append(snapshot(store, "t000"))
    # Without locks: a publisher that is killed must not take one along.
    trial, lifted, polls = (fork.Value("i", n, lock=False) for n in (0, 1, 0))
    faults = fork.Queue()
    watching = fork.Process(target=reader, args=(url, trial, lifted, polls, faults), daemon=True)
    watching.start()
    killed = 0
    try:
        for number in range(1, TRIALS // len(STEPS) + 1):
            lifted.value, trial.value = 0, number
            name = f"t{number:03d}"
            for step, span, whole in zip(STEPS, spans, wholes, strict=True):
                lifted.value = step is lift
                child = start(server, url, name, step, warm)
                child.join(chance.uniform(0, span))
                os.kill(child.pid, signal.SIGKILL)
                child.join()
                killed += child.exitcode == -signal.SIGKILL
                again = start(server, url, name, step, warm)
                again.join(120)
                assert again.exitcode == 0, f"life {number}: the second publisher failed to {step.__name__}"
                assert snapshot(store, name) == whole, f"life {number} (seed {SEED}): {step.__name__} ended otherwise"
    finally:
        watching.terminate()
        watching.join()
    found = []
    while not faults.empty():
        found.append(faults.get())
    took = time.monotonic() - began
    print(f"\n{killed} of {TRIALS} publishers killed, {polls.value} polls, {len(found)} faults, {took:.0f} s")
    assert found == []
    assert killed >= TRIALS * 0.6  # the others were done before their moment came
    assert polls.value >= TRIALS


def start(server, url: str, name: str, step, warm: S3Store):
    child = fork.Process(target=publisher, args=(server, url, name, step, warm))
    child.start()
    return child


def timed(server, url: str, name: str, step, warm: S3Store) -> float:
    began = time.monotonic()
    child = start(server, url, name, step, warm)
    child.join(120)
    assert child.exitcode == 0
    return time.monotonic() - began


def snapshot(store: S3Store, trial: str) -> dict[str, str]:
    """Every object of a partner, its bytes with the trial's own name taken out."""
    shelf = Below(store.on("shelf"), f"{trial}/")
    return {s.key: re.sub(rf"/shelf/{trial}/", "/shelf/", shelf.get(s.key).content.decode()) for s in shelf.list("")}


def test_two_publishers_racing_on_one_issue_leave_one_consistent_result(server):
    url, store, warm = server[1], connect(server), connect(server)
    live(desk_of(connect(server), url, "alone"))
    whole = snapshot(store, "alone")
    for number in range(3):
        name = f"race{number}"
        racers = [start(server, url, name, live, warm) for _ in range(2)]
        for racer in racers:
            racer.join(120)
        # One of them may have lost a step to the other and say so; what both leave is completed by whoever comes next.
        assert any(r.exitcode == 0 for r in racers)
        live(desk_of(connect(server), url, name))
        assert snapshot(store, name) == whole
