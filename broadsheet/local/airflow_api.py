"""The few questions that the command line asks of Airflow's REST API."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote

import httpx

from broadsheet.errors import AirflowError

ENDED = frozenset({"success", "failed"})
BUSY = "Database error"
PAUSES = (0.1, 1.0, 3.0)


@dataclass(frozen=True, slots=True)
class Task:
    """One task of a run as Airflow shows it; ``label`` tells mapped tasks apart."""

    name: str
    state: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A DAG run: its state is queued, running, success or failed."""

    dag: str
    id: str
    state: str
    note: str = ""

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen in it."""
        return self.state in ENDED


class AirflowApi:
    """A client that logs in when it must. Raises AirflowError for whatever goes wrong."""

    def __init__(self, url: str, user: str, password: str, transport: httpx.BaseTransport | None = None) -> None:
        self.url = url.rstrip("/")
        self._login = {"username": user, "password": password}
        self._client = httpx.Client(base_url=self.url, timeout=20, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def run_url(self, run: Run) -> str:
        """Where a person sees the run in Airflow's own pages."""
        return f"{self.url}/dags/{run.dag}/runs/{quote(run.id, safe='')}"

    def trigger(self, dag: str, run_id: str, conf: Mapping[str, Any]) -> Run:
        """Start a run; where one of this id exists already, that one is returned."""
        body = {"dag_run_id": run_id, "conf": dict(conf), "logical_date": None}
        answer = self.ask("POST", f"/dags/{dag}/dagRuns", json=body, accept={409})
        return self.run(dag, run_id) if answer.status_code == 409 else _run(answer.json())

    def run(self, dag: str, run_id: str) -> Run:
        """A run. Raises AirflowError if there is none."""
        return _run(self.ask("GET", f"/dags/{dag}/dagRuns/{quote(run_id, safe='')}").json())

    def known_run(self, dag: str, run_id: str) -> Run | None:
        """The run of that id; None while there is none."""
        answer = self.ask("GET", f"/dags/{dag}/dagRuns/{quote(run_id, safe='')}", accept={404})
        return None if answer.status_code == 404 else _run(answer.json())

    def run_ids(self, dag: str) -> list[str]:
        """The ids of a DAG's newest hundred runs."""
        answer = self.ask("GET", f"/dags/{dag}/dagRuns", params={"limit": 100, "order_by": "-run_after"})
        return [r["dag_run_id"] for r in answer.json()["dag_runs"]]

    def caused_by(self, run: Run, dag: str) -> Run | None:
        """The run of ``dag`` that an asset event of ``run`` started; None while there is none.

        Of several it is one that has not ended: what one run leaves to be done, another may be doing.
        """
        params = {"source_dag_id": run.dag, "source_run_id": run.id}
        # While the run that an event has caused is queued, Airflow 3.3 fails to describe the event: no start is known.
        answer = self.ask("GET", "/assets/events", params=params, accept={500})
        events = [] if answer.is_error else answer.json()["asset_events"]
        names = [r["run_id"] for event in events for r in event["created_dagruns"] if r["dag_id"] == dag]
        newest: Run | None = None
        for name in reversed(names):
            caused = self.run(dag, name)
            if not caused.ended:
                return caused
            newest = newest or caused
        return newest

    def tasks(self, run: Run) -> list[Task]:
        """The run's tasks in the order in which they started; those that wait come last."""
        path = f"/dags/{run.dag}/dagRuns/{quote(run.id, safe='')}/taskInstances"
        found = self.ask("GET", path, params={"limit": 100}).json()["task_instances"]
        found.sort(key=lambda t: (t["start_date"] is None, t["start_date"] or "", t["map_index"]))
        return [Task(t["task_id"], t["state"] or "waiting", t.get("rendered_map_index") or "") for t in found]

    def add_connection(self, name: str, kind: str, extra: Mapping[str, Any], host: str = "", secret: str = "") -> None:
        """Make a connection; one of that name stays as it is."""
        body = {"connection_id": name, "conn_type": kind, "extra": json.dumps(extra), "host": host, "password": secret}
        self.ask("POST", "/connections", json=body, accept={409})

    def wait_for_dag(self, dag: str, seconds: float) -> None:
        """Until Airflow has parsed the DAG. Raises AirflowError with the import errors if it has not in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.ask("GET", f"/dags/{dag}", accept={404}).status_code == 200:
                return
            time.sleep(0.5)
        errors = [e["stack_trace"] for e in self.ask("GET", "/importErrors").json()["import_errors"]]
        raise AirflowError(f"Airflow does not know the DAG {dag}.\n" + "\n".join(errors))

    def ask(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        params: Mapping[str, Any] | None = None,
        accept: frozenset[int] | set[int] = frozenset(),
    ) -> httpx.Response:
        """One request to Airflow's API. Raises AirflowError for errors other than those in ``accept``."""
        try:
            if "Authorization" not in self._client.headers:
                self._log_in()
            answer = self._send(method, f"/api/v2{path}", json, params)
        except httpx.HTTPError as error:
            raise AirflowError(f"Airflow at {self.url} does not answer: {error}") from error
        if answer.is_error and answer.status_code not in accept:
            raise AirflowError(f"Airflow refused {method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer

    def _send(self, method: str, path: str, json: object, params: Mapping[str, Any] | None) -> httpx.Response:
        """Ask again if the line broke, or SQLite, of which only one writer may be at work, was busy.

        A server may hang up on a connection just as it is used again. Nothing that we ask for is done twice by asking
        again: a run's id is ours, and known ones are refused.
        """
        for pause in PAUSES:
            try:
                answer = self._client.request(method, path, json=json, params=params)
                if answer.status_code != 500 or BUSY not in answer.text:
                    return answer
            except httpx.TransportError:
                pass
            time.sleep(pause)
        return self._client.request(method, path, json=json, params=params)

    def _log_in(self) -> None:
        answer = self._client.post("/auth/token", json=self._login)
        if answer.is_error:
            raise AirflowError(f"Airflow at {self.url} refused the log-in: {answer.status_code}")
        self._client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def _run(record: Mapping[str, Any]) -> Run:
    return Run(record["dag_id"], record["dag_run_id"], record["state"], record.get("note") or "")
