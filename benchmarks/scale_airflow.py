"""What newspapers cost on a whole Airflow: PostgreSQL, Redis, two Celery workers, a real store, 20 partners each.

For each number of newspapers, an issue of each is put into the inbox at once. Measured from then on until the last
feed, and CPU until no run is under way. Prints seconds, objects, CPU and memory of each part, the longest queue, task
runs; then the same steps in one process without Airflow, and Airflow's share: all CPU but the store's, less what the
steps cost there. Finally compares the most newspapers with as many times the fewest:

    python benchmarks/scale_airflow.py [--newspapers 1,10] [--partners 20] [--rounds 3]

One newspaper is measured several times, since what Airflow does by itself weighs on it by chance.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg2

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # the newsroom is the tests' own

import scale  # noqa: E402

from benchmarks.newspaper import UNASKED  # noqa: E402
from broadsheet.local import process, s3  # noqa: E402
from broadsheet.local.process import Running  # noqa: E402
from broadsheet.steps import ingest  # noqa: E402
from tests.support.plant import AIRFLOW, DATABASE, WORKERS, Plant, planted  # noqa: E402

PATIENCE = 1500.0
IDLE = 20.0  # seconds for which Airflow is watched doing nothing
MEMORY_EVERY = 10  # looks; a look at the memory of all processes takes a third of a second
# As in docker-compose.yml; the tests give tasks up sooner, and run fewer at once than the workers have room for.
SETTINGS = {
    "AIRFLOW__CORE__PARALLELISM": "32",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "5",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "10",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "600",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "120",
}
WAITING = "SELECT count(*) FROM task_instance WHERE state IN ('scheduled', 'queued')"
RUNNING = "SELECT count(*) FROM task_instance WHERE state = 'running'"
QUEUED_RUNS = "SELECT count(*) FROM dag_run WHERE state = 'queued'"
ACTIVE_RUNS = "SELECT count(*) FROM dag_run WHERE state IN ('queued', 'running')"
# Only what ran in a worker has a process; a task that is skipped or mapped over nothing costs the scheduler alone.
TASKS = """
SELECT dag_id, count(DISTINCT run_id), sum(try_number), count(*) FILTER (WHERE state = 'failed' OR try_number > 1)
FROM task_instance WHERE pid IS NOT NULL AND start_date >= %s GROUP BY dag_id ORDER BY dag_id
"""


class Database:
    """Airflow's own, asked directly: its API would be part of what is measured."""

    def __init__(self, plant: Plant) -> None:
        self._connection = psycopg2.connect(
            host="127.0.0.1", port=plant.ports["postgres"], user="airflow", dbname=DATABASE
        )
        self._connection.set_session(autocommit=True, readonly=True)

    def rows(self, question: str, *values: object) -> list[tuple]:
        with self._connection.cursor() as cursor:
            cursor.execute(question, values)
            return cursor.fetchall()

    def number(self, question: str) -> int:
        return int(self.rows(question)[0][0])


class Parts:
    """The processes of each part of the newsroom, tasks among the workers'."""

    def __init__(self, plant: Plant) -> None:
        self._leaders: dict[str, list[Running]] = {
            "workers": [plant.parts[name] for name in WORKERS],
            **{name: [plant.parts[name]] for name in (*AIRFLOW, "postgres")},
            **{name: [running] for name, running in plant.others.items()},
        }

    def cpu(self) -> dict[str, float]:
        """Seconds so far, with those of the children that have ended, for which their parents have waited."""
        return {name: sum(_seconds(p) for p in self._processes(name)) for name in self._leaders}

    def memory(self) -> dict[str, float]:
        """MB now; what processes share is counted once (PSS)."""
        return {name: sum(_megabytes(p) for p in self._processes(name)) for name in self._leaders}

    def _processes(self, name: str) -> list[psutil.Process]:
        return [p for leader in self._leaders[name] for p in process.family(leader)]


def busy() -> float:
    """CPU seconds that this machine has spent on whatever it was since its start."""
    times = psutil.cpu_times()
    return sum(times) - times.idle - times.iowait - times.guest - times.guest_nice


def _seconds(one: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        times = one.cpu_times()
        return times.user + times.system + times.children_user + times.children_system
    return 0.0


def _megabytes(one: psutil.Process) -> float:
    with suppress(psutil.Error):
        return one.memory_full_info().pss / 1e6
    return 0.0


@dataclass
class Peak:
    """The most that was seen: ``waiting`` and ``running`` tasks, ``queued`` runs, MB of each part."""

    waiting: int = 0
    running: int = 0
    queued: int = 0
    memory: dict[str, float] = field(default_factory=dict)

    def look(self, database: Database, parts: Parts, memory: bool) -> None:
        self.waiting = max(self.waiting, database.number(WAITING))
        self.running = max(self.running, database.number(RUNNING))
        self.queued = max(self.queued, database.number(QUEUED_RUNS))
        if memory:
            self.memory = {name: max(self.memory.get(name, 0.0), now) for name, now in parts.memory().items()}


@contextmanager
def watched(plant: Plant, parts: Parts) -> Iterator[Peak]:
    """Looks once a second."""
    peak, over = Peak(), threading.Event()

    def watch() -> None:
        database, looks = Database(plant), 0
        while not over.wait(1):
            peak.look(database, parts, memory=looks % MEMORY_EVERY == 0)
            looks += 1

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


@dataclass(frozen=True)
class Case:
    """``seconds`` until the last feed; ``half`` of the newspapers were out after so many.

    ``cpu`` of each part until all runs had ended, after ``settled`` seconds. ``tasks``: for each DAG its runs, its task
    runs, and how many of these failed or were tried again. ``beside``: CPU seconds of the same time that went to other
    processes of the machine, this one among them. ``steps``: the same without Airflow.
    """

    newspapers: int
    seconds: float
    half: float
    settled: float
    objects: int
    cpu: dict[str, float]
    beside: float
    tasks: list[tuple[str, int, int, int]]
    peak: Peak
    steps: scale.Cost

    @property
    def whole(self) -> float:
        return sum(self.cpu.values())

    @property
    def airflow(self) -> float:
        """CPU seconds that the steps do not need, the store's left out."""
        return self.whole - self.cpu["store"] - self.steps.cpu

    @property
    def task_runs(self) -> int:
        return sum(runs for _, _, runs, _ in self.tasks)

    def __str__(self) -> str:
        by_dag = ", ".join(f"{dag} {tasks} ({runs})" for dag, runs, tasks, _ in self.tasks)
        again = sum(again for _, _, _, again in self.tasks)
        return "\n".join(
            [
                f"{self.newspapers} newspaper{'s' * (self.newspapers > 1)}: {self.seconds:.0f} s from the first "
                f"arrival to the last feed, half of them out after {self.half:.0f} s, no run under way after "
                f"{self.settled:.0f} s; {self.objects} objects, {self.objects / self.seconds:.0f} a second",
                f"   CPU {self.whole:.1f} s: {listed(self.cpu, '.1f')}; everything else on the machine "
                f"{self.beside:.1f} s",
                f"   without Airflow {self.steps.cpu:.1f} s, the store's {self.steps.store:.1f} s; Airflow adds "
                f"{self.airflow:.1f} s, {self.airflow / (self.whole - self.cpu['store']):.0%} of all but the store's",
                f"   {self.task_runs} task runs, {again} failed or tried again; by DAG, with its runs: {by_dag}",
                f"   at most {self.peak.waiting} tasks waiting, {self.peak.running} running, {self.peak.queued} runs "
                f"queued; MB: {listed(self.peak.memory, '.0f')}",
            ]
        )


def listed(numbers: dict[str, float], digits: str) -> str:
    return ", ".join(f"{name} {number:{digits}}" for name, number in numbers.items())


def mean(cases: Sequence[Case], of: str) -> float:
    return sum(getattr(case, of) for case in cases) / len(cases)


class Bench:
    """A newsroom whose newspapers are copies of the sample."""

    def __init__(self, plant: Plant, partners: int) -> None:
        self.plant, self.partners = plant, partners
        self.parts, self.database = Parts(plant), Database(plant)
        self.alone = scale.Plant(plant.folder, plant.others["store"], s3.endpoint(plant.ports))
        self._known = 0
        for folder in (plant.settings.publications, plant.settings.partners):
            for file in folder.glob("*.toml"):
                file.unlink()
        for n in range(partners):
            self._copy("partners", "sample-outlet", f"partner-{n}")

    def _copy(self, kind: str, of: str, name: str) -> None:
        text = (ROOT / kind / f"{of}.toml").read_text("utf-8")
        renamed = text.replace(f'id = "{of}"', f'id = "{name}"')
        assert renamed != text
        own = UNASKED if kind == "publications" else ""
        (self.plant.folder / kind / f"{name}.toml").write_text(renamed + own, "utf-8")

    def idle(self) -> dict[str, float]:
        """CPU seconds a second while nothing is to be done."""
        self._settle()
        before = self.parts.cpu()
        time.sleep(IDLE)
        return {name: (now - before[name]) / IDLE for name, now in self.parts.cpu().items()}

    def case(self, newspapers: int) -> Case:
        """Bring out an issue of so many new newspapers, with Airflow and without."""
        papers = [f"paper-{self._known + n}" for n in range(newspapers)]
        self._known += newspapers
        for paper in papers:
            self._copy("publications", scale.PAPER, paper)
        self._settle()
        store, before, before_all = self.plant.installation.store, self.parts.cpu(), busy()
        with watched(self.plant, self.parts) as peak:
            begun, at = time.monotonic(), datetime.now(UTC)
            for paper in papers:
                ingest.put_in_inbox(store, paper, scale.DAY, scale.PAGES)
            self._wait_until_out(papers)
            self._settle()
            settled = time.monotonic() - begun
        cpu = {name: now - before[name] for name, now in self.parts.cpu().items()}
        beside = busy() - before_all - sum(cpu.values())
        objects, feeds = self._at_partners(papers)
        out = sorted((moment - at).total_seconds() for moment in feeds)
        reading, serving = self.alone.whole(newspapers, self.partners)
        tasks = [(str(d), int(r), int(t), int(a)) for d, r, t, a in self.database.rows(TASKS, at)]
        half = out[(len(out) - 1) // 2]
        return Case(newspapers, out[-1], half, settled, objects, cpu, beside, tasks, peak, reading + serving)

    def _wait_until_out(self, papers: Sequence[str]) -> None:
        store, left, deadline = self.plant.installation.store, list(papers), time.monotonic() + PATIENCE
        while left:
            if ingest.progress(store, left[-1], scale.DAY).stage == "published":
                left.pop()
            elif time.monotonic() > deadline:
                raise SystemExit(f"{len(left)} newspapers are not out, {left[-1]} for one.\n{self.plant.state()}")
            else:
                time.sleep(0.5)

    def _settle(self) -> None:
        """Until no run is under way."""
        deadline = time.monotonic() + PATIENCE
        while self.database.number(ACTIVE_RUNS):
            if time.monotonic() > deadline:
                raise SystemExit(f"runs do not end\n{self.plant.state()}")
            time.sleep(0.5)

    def _at_partners(self, papers: Sequence[str]) -> tuple[int, list[datetime]]:
        """How many objects the partners have of these newspapers, and when the last feed of each was written."""
        installation, objects, last = self.plant.installation, 0, []
        for paper in papers:
            roots = [installation.root(partner, paper) for partner in installation.partners.values()]
            stats = [stat for root in roots for stat in installation.shelf.list(root)]
            objects += len(stats)
            last.append(max(stat.modified for stat in stats if "/feeds/" in stat.key))
        return objects, last


def compared(few: Sequence[Case], many: Sequence[Case]) -> str:
    times = many[0].newspapers / few[0].newspapers

    def ratio(of: str) -> str:
        return f"{mean(many, of) / mean(few, of) / times:.2f}"

    return (
        f"{many[0].newspapers} newspapers cost {ratio('whole')} times {times:.0f} times the CPU of "
        f"{few[0].newspapers} (goal 1.1), {ratio('airflow')} times what Airflow adds, {ratio('task_runs')} times the "
        f"task runs and {ratio('seconds')} times the seconds"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--newspapers", type=scale.numbers, default=[1, 10])
    options.add_argument("--partners", type=int, default=scale.NEWSPAPERS_PARTNERS)
    options.add_argument("--rounds", type=int, default=3, help="How often one newspaper is measured.")
    asked = options.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended before its time"))  # so that the newsroom is stopped
    with tempfile.TemporaryDirectory() as home, planted(Path(home), SETTINGS) as plant:
        bench = Bench(plant, asked.partners)
        bench.case(1)  # what is loaded and made once is no case's cost
        print(f"idle, seconds of CPU a second: {listed(bench.idle(), '.3f')}", flush=True)
        cases: dict[int, list[Case]] = {}
        for count in asked.newspapers:
            for _ in range(max(1, asked.rounds // count)):
                cases.setdefault(count, []).append(bench.case(count))
                print(cases[count][-1], flush=True)
        print(compared(cases[min(cases)], cases[max(cases)]))


if __name__ == "__main__":
    main()
