"""An operator's day on Airflow as production has it: PostgreSQL, two Celery workers, and what goes wrong in a day.

It takes minutes, so `make day` runs it and `make test` does not.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.steps import changes, dead_letters, review
from delivery.issues import pending_versions
from delivery.keys import IssueKey
from tests.support.day import (
    FAR,
    NEAR,
    Day,
    answer,
    connect_far_store,
    day_at,
    headline_without_doubt,
    pages,
    write_paper,
)
from tests.support.plant import Plant, planted
from tests.system.test_review import threshold
from transforms.intake import SourceFile
from transforms.model import Status

pytestmark = pytest.mark.day


@pytest.fixture(scope="module")
def plant(tmp_path_factory) -> Iterator[Plant]:
    with planted(tmp_path_factory.mktemp("plant")) as plant:
        yield plant


@pytest.mark.timeout(5400)  # Airflow starts twice
def test_after_a_day_of_troubles_every_queue_is_empty_and_every_partner_right(plant: Plant):
    with day_at(plant) as day:
        _operators_day(day, threshold())


def _operators_day(day: Day, limit: tuple[str, float]) -> None:
    morning = write_paper(day.plant, "morning-daily", limit)
    evening = write_paper(day.plant, "evening-daily", limit, expected="00:01")  # it is noon: this one is late
    installation = day.plant.installation
    store = installation.store

    # The first newspaper has an article under embargo, a page that nobody can read, and an article in doubt.
    until_tomorrow = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
    secret = headline_without_doubt(*limit)
    held = f"[[embargo]]\nuntil = {until_tomorrow.isoformat()}\nheadline = {secret!r}\n"
    embargo = SourceFile("embargo.toml", held.encode())
    day.upload(morning, [*pages(), embargo, SourceFile("page-03.txt", bytes(range(256)) * 20)])
    day.wait_for(lambda: list(review.waiting(installation, morning.publication)) and day.feed(NEAR, morning))
    [unread] = [e.held for e in day.queue() if e.held]
    assert unread.name == "page-03.txt"
    hidden = next(i.guid for i in day.items(morning) if i.embargoed)
    assert hidden not in day.feed(NEAR, morning)
    assert day.feed(FAR, morning) == {}
    day.done("the first newspaper is out but for a page, a question and an embargo; a partner's store is down")

    # The second is late; then it comes under a day that no issue can have.
    wrong = IssueKey(evening.publication, evening.date + timedelta(days=400))
    day.upload(wrong, pages())
    assert day.codes() >= {"missing", "misdated"}
    store.delete([stat.key for stat in store.list(wrong.inbox)])
    day.upload(evening, pages())
    day.wait_for(lambda: list(review.waiting(installation, evening.publication)) and day.feed(NEAR, evening))
    assert not day.codes() & {"missing", "misdated"}
    day.done("the second newspaper, late and misdated, is moved to its day and is out")

    # The readable page comes, an article is corrected, another withdrawn.
    day.upload(morning, [*pages(), embargo])
    day.wait_for(lambda: not [e for e in day.queue() if e.held])
    day.done("the readable page came")
    first, second = [i for i in day.items(evening) if i.status is Status.USABLE][:2]
    assert day.run("correct_article", "correct-1", guid=first.guid, headline="更正后的标题") == "success"
    day.plant.api.trigger("withdraw_article", "withdraw-1", {"guid": second.guid, "reason": "侵权投诉"})
    day.wait_for(lambda: second.guid not in (feed := day.feed(NEAR, evening)) and feed[first.guid] == "更正后的标题")
    day.done("an article is corrected and another withdrawn, with the partner that can be reached")

    # Airflow's database is lost. What waits comes back from the store; the partner's store comes back too.
    questions = {q.run: q for q in review.waiting(installation)}
    assert {q.version.partition("/")[0] for q in questions.values()} == {morning.publication, evening.publication}
    day.plant.drop_database()
    connect_far_store(day)
    day.far.rate = 0.0
    day.done("the database was lost, Airflow stands on an empty one")
    assert day.run("watch_desk", "after-the-loss") == "success"  # as it looks every ten minutes
    for run in questions:
        day.wait_for(lambda run=run: day.plant.api.known_run("review_article", run))
    day.wait_for(lambda: day.plant.api.known_run("release_embargo", f"{hidden}__{until_tomorrow.isoformat()}"))
    assert {q.run: (q.key, q.until) for q in review.waiting(installation)} == {
        run: (q.key, q.until) for run, q in questions.items()
    }
    day.done("questions and embargo are in Airflow again")
    for issue in (morning, evening):  # its next attempt is minutes away, and the operator does not wait for it
        form = {"partner": FAR, "publication": issue.publication, "date": issue.date.isoformat()}
        assert day.run("resend_to_partner", f"resend-{issue.publication}", **form) == "success"
    day.wait_for(lambda: (r := day.plant.api.run("withdraw_article", "withdraw-1")).ended and r.state == "success")
    day.done("the far partner has caught up, and the withdrawal is proven")

    # The embargo is to end sooner, and the desk answers.
    lift = (datetime.now(UTC) + timedelta(seconds=75)).replace(microsecond=0)
    assert day.run("change_embargo", "sooner", guid=hidden, until=lift.isoformat()) == "success"
    for run in questions:
        answer(day.plant, run)
    day.done("both questions are answered")
    day.wait_for(lambda: changes.item_of(installation, hidden).embargoed is None)
    assert datetime.now(UTC) >= lift
    day.wait_for(lambda: not pending_versions(store))
    day.done("the embargo has ended at its new time, and every partner has everything")
    # What failed while the database was away ends with the next check.
    for check in ("audit_delivery", "resend_notifications", "watch_desk"):
        assert day.run(check, "at-night") == "success"
    day.done("the audit and the next look find nothing wrong")

    assert [e.name for e in day.queue()] == []
    assert list(review.waiting(installation)) == []
    assert list(dead_letters.letters(installation)) == []
    for issue in (morning, evening):
        right = {i.guid for i in day.items(issue) if i.status is Status.USABLE}
        assert len(right) >= 7
        for partner in (NEAR, FAR):
            assert day.feed(partner, issue).keys() == right
    assert hidden in day.feed(FAR, morning)
    assert day.feed(FAR, evening)[first.guid] == "更正后的标题"
    assert second.guid not in day.feed(FAR, evening)
