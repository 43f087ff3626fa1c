"""A day at two newspapers on a real Airflow: their files, what the operator has at hand, a store that is down."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone

import feedparser

from broadsheet.local import s3
from broadsheet.steps import attention, ingest
from broadsheet.steps.attention import Concern
from broadsheet.steps.reading import Reader
from broadsheet.steps.revision import newest_items
from delivery.keys import IssueKey
from tests.support.plant import Plant
from tests.support.proxy import Proxy, in_front_of
from tests.support.room import limits, sample, until
from transforms.intake import SourceFile, read_source
from transforms.model import Issue, Item
from transforms.shipped import ROOT

PRINTED = date(2026, 1, 15)  # on the sample
LONG = 900.0  # seconds that any job may take on a busy machine
# It is noon where the newspapers are, so that no day ends there during the test.
_NOON = 12 - datetime.now(UTC).hour
ZONE = f"Etc/GMT{-_NOON:+d}"
TODAY = datetime.now(timezone(timedelta(hours=_NOON))).date()
PAPER = """
id = "{name}"
name = "{name}"
provider = "{name}.example"
timezone = "{zone}"

[review]
{limits}
hours = 6
unanswered = "hold"

[watch]
expected_by = "{expected}"
"""
NEAR, FAR = "near-site", "far-site"
PARTNERS = {NEAR: "", FAR: '[destination]\nconnection = "far_store"\nbucket = "far"\n'}


@dataclass
class Day:
    """What the operator has at hand, and how long each job took: ``jobs`` are its name and seconds."""

    plant: Plant
    far: Proxy
    jobs: list[tuple[str, float]] = field(default_factory=list)
    last: float = field(default_factory=time.monotonic)

    def done(self, job: str) -> None:
        now = time.monotonic()
        self.jobs.append((job, now - self.last))
        print(f"{now - self.last:6.1f} s  {job}", flush=True)
        self.last = now

    def upload(self, issue: IssueKey, pages: list[SourceFile]) -> None:
        ingest.put_in_inbox(self.plant.installation.store, issue.publication, issue.date, pages)

    def items(self, issue: IssueKey) -> tuple[Item, ...]:
        return newest_items(self.plant.installation, issue)

    def run(self, dag: str, name: str, **conf: str) -> str:
        """Start a run as the operator does, and wait until it has ended; its state."""
        self.plant.api.trigger(dag, name, conf)
        return until(lambda: (r := self.plant.api.run(dag, name)).ended and r.state, LONG)

    def queue(self) -> list[Concern]:
        """What Today lists on the desk."""
        return attention.entries(self.plant.installation, datetime.now(UTC))

    def codes(self) -> set[str]:
        """What the queue's incidents are of."""
        return {e.incident.code for e in self.queue() if e.incident}

    def wait_for(self, question: Callable[[], object]) -> None:
        until(question, LONG)

    def feed(self, partner: str, issue: IssueKey) -> dict[str, str]:
        """Guids and headlines of what a partner has of a newspaper, read from its own store."""
        installation = self.plant.installation
        record = installation.partners[partner]
        store = installation.store.on(record.bucket or self.plant.settings.partner_bucket)
        key = f"{installation.root(record, issue.publication)}feeds/all.rss"
        return {e.id: e.title for e in feedparser.parse(store.get(key).content).entries} if store.stat(key) else {}


def pages() -> list[SourceFile]:
    """The sample's pages, dated today."""
    printed = f"{TODAY.year}年{TODAY.month}月{TODAY.day}日".encode()
    return [SourceFile(p.name, p.data.replace("2026年1月15日".encode(), printed)) for p in sample()]


def write_paper(plant: Plant, name: str, limit: tuple[str, float], expected: str = "") -> IssueKey:
    """Bring a newspaper's file; its issue of today."""
    text = PAPER.format(name=name, limits=limits(*limit), expected=expected, zone=ZONE)
    (plant.settings.publications / f"{name}.toml").write_text(text, "utf-8")
    return IssueKey(name, TODAY)


@contextmanager
def day_at(plant: Plant) -> Iterator[Day]:
    """No newspapers yet, and two partners, of whom the far one's store answers nothing but 503."""
    for folder in (plant.settings.partners, plant.settings.publications):
        for file in folder.glob("*.toml"):
            file.unlink()
    for name, more in PARTNERS.items():
        (plant.settings.partners / f"{name}.toml").write_text(f'id = "{name}"\nname = "{name}"\n{more}', "utf-8")
    plant.installation.store.on("far").make()
    with in_front_of(s3.endpoint(plant.ports)) as far:
        far.rate = 1.0
        day = Day(plant, far)
        connect_far_store(day)
        yield day
    for name in ("publications", "partners"):
        shutil.copytree(ROOT / name, plant.folder / name, dirs_exist_ok=True)


def connect_far_store(day: Day) -> None:
    """Connections are in Airflow's database: with a new one, the operator makes them again."""
    pair = s3.keys(day.plant.folder)
    more = {"endpoint_url": day.far.url, "config_kwargs": {"s3": {"addressing_style": "path"}}}
    body = {"connection_id": "far_store", "conn_type": "aws", "login": pair.access, "password": pair.secret}
    day.plant.api.ask("POST", "/connections", json=body | {"extra": json.dumps(more)}, accept={409})


def headline_without_doubt(kind: str, limit: float) -> str:
    """The headline of an article of the sample that is read without doubt."""
    read = Reader.load().read(Issue("sample", PRINTED, read_source(sample())[0])).articles
    return next(a.headline for a in reversed(read) if getattr(a, f"{kind}_confidence") >= limit and a.parent < 0)


def answer(plant: Plant, run: str, option: str = "accept", seconds: float = 900) -> None:
    """Answer a question as Airflow's own page does it, until its task is done."""
    path = f"/dags/review_article/dagRuns/{run}/taskInstances/ask_desk"

    def is_done() -> bool:
        state = plant.api.ask("GET", path).json()["state"]
        if state == "awaiting_input":
            time.sleep(5)  # Airflow 3.3 asks again if the answer comes before the worker has quite gone
            asked = plant.api.ask("GET", f"{path}/-1/hitlDetails").json()
            fields = {name: field["value"] for name, field in asked["params"].items()}
            said = next(one for one in asked["options"] if f"({option})" in one)
            chosen = {"chosen_options": [said], "params_input": fields}
            plant.api.ask("PATCH", f"{path}/-1/hitlDetails", json=chosen, accept={409})
        return state == "success"

    until(is_done, seconds)
