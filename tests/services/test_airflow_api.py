"""The questions we ask of Airflow, answered by a hand-written Airflow."""

import httpx
import pytest

from broadsheet.errors import AirflowError
from broadsheet.local.airflow_api import AirflowApi, Run

RUN = Run("ingest_issue", "a-run", "success")
CAUSED = {"dag_id": "syndicate_issue", "dag_run_id": "b-run", "state": "running", "note": None}


def airflow(answers: dict[str, httpx.Response]) -> AirflowApi:
    """An Airflow that knows ``answers`` by path and lets everybody in."""
    known = {"/auth/token": httpx.Response(201, json={"access_token": "t"})} | {
        f"/api/v2{path}": answer for path, answer in answers.items()
    }
    return AirflowApi("http://airflow", "admin", "pw", httpx.MockTransport(lambda request: known[request.url.path]))


def test_an_event_whose_run_is_still_queued_is_waited_for():
    with airflow({"/assets/events": httpx.Response(500, text="Internal Server Error")}) as api:
        assert api.caused_by(RUN, "syndicate_issue") is None


def test_the_run_that_an_event_caused_is_found():
    event = {"created_dagruns": [{"dag_id": "syndicate_issue", "run_id": "b-run"}]}
    answers = {
        "/assets/events": httpx.Response(200, json={"asset_events": [event]}),
        "/dags/syndicate_issue/dagRuns/b-run": httpx.Response(200, json=CAUSED),
    }
    with airflow(answers) as api:
        assert api.caused_by(RUN, "syndicate_issue") == Run("syndicate_issue", "b-run", "running")


def test_of_two_runs_that_were_caused_the_one_at_work_is_followed():
    """The one that has ended may have left its work to the other."""
    events = [{"created_dagruns": [{"dag_id": "syndicate_issue", "run_id": name}]} for name in ("b-run", "c-run")]
    answers = {
        "/assets/events": httpx.Response(200, json={"asset_events": events}),
        "/dags/syndicate_issue/dagRuns/b-run": httpx.Response(200, json=CAUSED),
        "/dags/syndicate_issue/dagRuns/c-run": httpx.Response(
            200, json=CAUSED | {"dag_run_id": "c-run", "state": "success"}
        ),
    }
    with airflow(answers) as api:
        assert api.caused_by(RUN, "syndicate_issue") == Run("syndicate_issue", "b-run", "running")


def test_a_refusal_is_told_in_words():
    with (
        airflow({"/dags/d/dagRuns/r": httpx.Response(403, text="no")}) as api,
        pytest.raises(AirflowError, match="403"),
    ):
        api.run("d", "r")


def test_a_line_that_breaks_once_is_asked_again():
    calls: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path)
        if calls.count("/api/v2/dags/syndicate_issue/dagRuns/b-run") == 1:
            raise httpx.ReadError("Connection reset by peer", request=request)
        return httpx.Response(201, json={"access_token": "t"} | CAUSED)

    with AirflowApi("http://airflow", "admin", "pw", httpx.MockTransport(answer)) as api:
        assert api.run("syndicate_issue", "b-run").state == "running"
    assert len(calls) == 3


def test_a_database_that_was_busy_is_asked_again():
    calls: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path)
        if calls.count("/api/v2/connections") == 1:
            return httpx.Response(500, json={"detail": {"reason": "Database error", "statement": "hidden"}})
        return httpx.Response(201, json={"access_token": "t"})

    with AirflowApi("http://airflow", "admin", "pw", httpx.MockTransport(answer)) as api:
        api.add_connection("broadsheet_alerts", "apprise", {})
    assert calls.count("/api/v2/connections") == 2
