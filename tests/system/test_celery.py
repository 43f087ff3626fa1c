"""Airflow as production has it, when a worker dies in the middle of an issue and when the database is lost."""

import signal
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import psutil
import pytest

from broadsheet.local import process
from broadsheet.local.process import Running
from broadsheet.steps import changes, ingest, review
from broadsheet.steps.revision import newest_items
from delivery.issues import items_of, versions
from delivery.keys import IssueKey, VersionKey
from tests.support.day import answer, headline_without_doubt
from tests.support.plant import Plant, planted
from tests.support.room import NAME, limits, sample, until
from tests.system.test_review import PAPER, threshold
from transforms.intake import SourceFile
from transforms.model import Status

DAY = date(2026, 1, 15)
LOST = IssueKey("lost-daily", DAY)


@pytest.fixture(scope="module")
def plant(tmp_path_factory) -> Iterator[Plant]:
    with planted(tmp_path_factory.mktemp("plant")) as plant:
        yield plant


def worker_of(plant: Plant, pid: int) -> Running | None:
    """The worker below which a process runs."""
    try:
        above = {p.pid for p in psutil.Process(pid).parents()}
    except psutil.NoSuchProcess:
        return None
    return next((w for w in plant.workers if w.pid in above), None)


def _without_some(page: bytes, copy: int) -> bytes:
    """A page like another, yet not the same: the same page twice would be refused."""
    lines = page.splitlines(keepends=True)
    return b"".join(line for n, line in enumerate(lines) if (n + copy // 2) % 4)


@pytest.mark.timeout(2400)  # Airflow starts twice
def test_what_waits_is_not_lost_with_airflows_database(plant: Plant):
    kind, limit = threshold()
    paper = PAPER.format(name=LOST.publication, limits=limits(kind, limit), hours=2, unanswered="publish")
    (plant.settings.publications / f"{LOST.publication}.toml").write_text(paper, "utf-8")
    installation = plant.installation
    lift = (datetime.now(UTC) + timedelta(minutes=3)).replace(microsecond=0)
    held = f"[[embargo]]\nuntil = {lift.isoformat()}\nheadline = {headline_without_doubt(kind, limit)!r}\n"
    pages = [*sample(), SourceFile("embargo.toml", held.encode())]
    ingest.put_in_inbox(installation.store, LOST.publication, LOST.date, pages)
    question = until(lambda: next(iter(review.waiting(installation, LOST.publication)), None))
    until(lambda: plant.api.known_run("review_article", question.run))
    embargoed = next(i for i in newest_items(installation, LOST) if i.embargoed)
    until(lambda: plant.api.known_run("release_embargo", f"{embargoed.guid}__{embargoed.embargoed.isoformat()}"))

    plant.drop_database()
    # watch_desk looks every ten minutes; this is such a look.
    plant.api.trigger("watch_desk", "after-the-loss", {})
    until(lambda: plant.api.known_run("review_article", question.run), 900)
    assert until(lambda: (r := plant.api.run("watch_desk", "after-the-loss")).ended and r.state, 900) == "success"

    # The question is asked again under its old name and deadline, and its answer is carried out.
    [again] = review.waiting(installation, LOST.publication)
    assert (again.key, again.until) == (question.key, question.until)
    answer(plant, question.run)
    until(lambda: not list(review.waiting(installation, LOST.publication)))
    until(lambda: changes.item_of(installation, embargoed.guid).embargoed is None)
    assert datetime.now(UTC) >= lift
    until(lambda: ingest.progress(installation.store, LOST.publication, DAY).stage == "published")
    assert {i.status for i in newest_items(installation, LOST)} == {Status.USABLE}


def test_a_worker_that_dies_in_the_middle_of_an_issue_costs_nothing_but_time(plant: Plant):
    # A new Airflow makes up for this morning's run, which takes all that waits: this issue shall be the test's own.
    morning = until(lambda: next((r for r in plant.api.run_ids("ingest_issue") if r.startswith("scheduled__")), None))
    until(lambda: plant.api.run("ingest_issue", morning).ended)
    store = plant.installation.store
    pages = [SourceFile(f"page-{n:02}.txt", _without_some(page.data, n)) for n, page in enumerate(sample() * 4, 1)]
    ingest.put_in_inbox(store, NAME, DAY, pages)
    name = ingest.run_id(store, NAME, DAY)
    run = plant.api.trigger("ingest_issue", name, {"publication": NAME, "date": DAY.isoformat()})

    def reading() -> Running | None:
        path = f"/dags/ingest_issue/dagRuns/{name}/taskInstances"
        tasks = plant.api.ask("GET", path).json()["task_instances"]
        at_work = [t["pid"] for t in tasks if t["task_id"] == "read" and t["state"] == "running" and t["pid"]]
        return worker_of(plant, at_work[0]) if at_work else None

    victim = until(reading, 120)
    for one in (*psutil.Process(victim.pid).children(recursive=True), psutil.Process(victim.pid)):
        one.send_signal(signal.SIGKILL)
    until(lambda: not process.is_alive(victim), 10)
    until(lambda: plant.api.run("ingest_issue", run.id).ended, 240)
    tasks = plant.api.ask("GET", f"/dags/ingest_issue/dagRuns/{name}/taskInstances").json()["task_instances"]
    # The sample's pages four times over is much to read; of some, a piece is held, and the run says so.
    assert {t["task_id"] for t in tasks if t["state"] == "failed"} <= {"held_back"}
    assert {t["try_number"] for t in tasks if t["task_id"] == "read"} == {2}
    until(lambda: ingest.progress(store, NAME, DAY).stage == "published", 240)
    assert versions(store, IssueKey(NAME, DAY)) == [1]
    items = items_of(store, VersionKey(IssueKey(NAME, DAY), 1))
    assert len({i.guid for i in items}) == len(items) > 8
