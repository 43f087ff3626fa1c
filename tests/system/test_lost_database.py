"""Airflow's database is dropped in the middle of a day: what waited there is started again from the store."""

from datetime import UTC, date, datetime, timedelta

import pytest

from broadsheet.local import airflow, newsroom, process, state
from broadsheet.steps import changes, ingest, review
from broadsheet.steps.revision import newest_items
from delivery.keys import IssueKey
from tests.system.conftest import Room
from tests.system.test_review import PAPER, threshold
from tests.system.test_road import sample, until
from transforms.intake import SourceFile

ISSUE = IssueKey("lost-daily", date(2026, 1, 15))


@pytest.fixture(scope="module")
def waiting(room: Room):
    """A newspaper of which one article waits for the desk and another for the end of its embargo."""
    kind, limit = threshold()
    path = room.settings.publications / "lost-daily.toml"
    path.write_text(PAPER.format(name="lost-daily", kind=kind, threshold=limit, hours=2, unanswered="publish"), "utf-8")
    installation = ingest.open_installation(room.settings)
    try:
        yield installation
    finally:
        path.unlink()


def drop_database(room: Room) -> None:
    """Stop Airflow, remove its database, start it on a new one, as after a disk that died."""
    folder = room.settings.home
    services = state.load(folder)
    parts = {name: one for name, one in services.processes.items() if name in airflow.COMPONENTS}
    process.stop(list(parts.values()), airflow.STOP_SECONDS)
    for path in (folder / "airflow").glob("airflow.db*"):
        path.unlink()
    with airflow.migration(folder, services.ports) as finish:
        finish()
    started = airflow.start(folder, services.ports)
    newsroom._remember(folder, services, started)
    airflow.wait_ready(folder, started, services.ports, lambda _: None)
    for dag in ("watch_desk", "release_embargo", "review_article", "syndicate_issue"):
        room.api.wait_for_dag(dag, 120)


def test_nothing_that_waited_is_lost_with_airflows_database(room: Room, waiting):
    lift = (datetime.now(UTC) + timedelta(minutes=4)).replace(microsecond=0)
    first = ingest_headline()
    held = SourceFile("embargo.toml", f"[[embargo]]\nuntil = {lift.isoformat()}\nheadline = {first!r}\n".encode())
    ingest.put_in_inbox(waiting.store, ISSUE.publication, ISSUE.date, [*sample(), held])
    until(lambda: list(review.waiting(waiting, ISSUE.publication)))
    until(lambda: [i for i in newest_items(waiting, ISSUE) if i.embargoed])
    embargoed = next(i.guid for i in newest_items(waiting, ISSUE) if i.embargoed)
    [question] = review.waiting(waiting, ISSUE.publication)
    until(lambda: room.api.known_run("review_article", question.run))

    drop_database(room)
    assert room.api.known_run("review_article", question.run) is None
    room.api.trigger("watch_desk", "after-the-loss", {})
    until(lambda: room.api.known_run("review_article", question.run))
    until(lambda: room.api.run("watch_desk", "after-the-loss").state == "success")

    # The question stands in Airflow again, with its old deadline, and the embargo ends when it should.
    [again] = review.waiting(waiting, ISSUE.publication)
    assert (again.key, again.until) == (question.key, question.until)
    until(lambda: changes.item_of(waiting, embargoed).embargoed is None, 420)
    assert datetime.now(UTC) >= lift


def ingest_headline() -> str:
    """The headline of an article of the sample that is read without doubt."""
    from broadsheet.steps.reading import Reader
    from transforms.intake import read_source
    from transforms.model import Issue

    kind, limit = threshold()
    read = Reader.load().read(Issue("sample", ISSUE.date, read_source(sample())[0])).articles
    return next(a.headline for a in reversed(read) if getattr(a, f"{kind}_confidence") >= limit)
