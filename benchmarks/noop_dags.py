"""Three DAGs of the shape of ours that do nothing: what Airflow itself takes. Loaded by benchmarks/latency.py only."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Asset, AssetWatcher, dag, task
from airflow.triggers.base import BaseEventTrigger, TriggerEvent

FOLDER = os.environ.get("NOOP_FOLDER", "/tmp")  # noqa: S108 - set by the benchmark
STORED = Asset(name="noop_stored", uri="noop://stored")


class Landed(BaseEventTrigger):
    """Looks for a file every 1.5 s, as the inbox is looked at."""

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return "noop_dags.Landed", {}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        seen: set[str] = set()
        while True:
            for name in {p.name for p in Path(FOLDER).glob("in-*")} - seen:
                seen.add(name)
                yield TriggerEvent({"name": name})
            await asyncio.sleep(1.5)


LANDED = Asset(name="noop_landed", uri="noop://landed", watchers=[AssetWatcher(name="noop", trigger=Landed())])


@dag(dag_id="noop_watch", schedule=[LANDED], catchup=False, max_active_runs=1)
def noop_watch() -> None:
    @task
    def find_closed() -> list[dict[str, Any]]:
        names = {p.name[3:] for p in Path(FOLDER).glob("in-*")} - {p.name[4:] for p in Path(FOLDER).glob("out-*")}
        return [{"trigger_run_id": name, "conf": {"name": name}} for name in names]

    TriggerDagRunOperator.partial(
        task_id="start", trigger_dag_id="noop_ingest", logical_date=None, skip_when_already_exists=True
    ).expand_kwargs(find_closed())


@dag(dag_id="noop_ingest", schedule=None, catchup=False)
def noop_ingest() -> None:
    @task
    def receive() -> list[str]:
        return ["one"]

    @task(pool="broadsheet_reading")
    def read(version: str) -> str:
        return version

    @task(outlets=[STORED])
    def store(version: str) -> None:
        return None

    @task
    def after(number: int) -> None:
        return None

    stored = store.expand(version=read.expand(version=receive()))
    for number in range(3):  # held_back, find_doubtful, find_embargoed
        stored >> after.override(task_id=f"after_{number}")(number)


@dag(dag_id="noop_syndicate", schedule=[STORED], catchup=False, max_active_runs=16)
def noop_syndicate() -> None:
    @task
    def find_pending() -> list[str]:
        return ["a"]

    @task
    def serve_partners(batch: str) -> str:
        for landed in Path(FOLDER).glob("in-*"):
            (Path(FOLDER) / f"out-{landed.name[3:]}").touch()
        return batch

    @task
    def after(served: list[str]) -> None:
        return None

    served = serve_partners.expand(batch=find_pending())
    for name in ("finish", "held_back", "find_lifts"):
        after.override(task_id=name)(served)


noop_watch()
noop_ingest()
noop_syndicate()
