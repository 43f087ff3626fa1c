"""What partners, issues, newspapers and pages cost, each beside the smallest case in the same run.

Each case has fresh buckets on one real S3 server; the steps of the DAGs run one after another in this process, without
Airflow. Prints for each case CPU seconds of this process and of the store, requests, objects, bytes and memory, and the
task runs that ``syndicate_issue`` would need; then the ratios, which say more than seconds on a busy machine:

    python benchmarks/scale.py [--partners 2,20,200] [--newspapers 1,10] [--issues 16] [--pages 2,4,8]

docs/scale.md reckons from these what a large house needs.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import psutil

from broadsheet.installation import Installation
from broadsheet.local import ports, process, s3
from broadsheet.steps import ingest, serving
from broadsheet.steps.reading import Reader
from broadsheet.steps.side_by_side import Limits
from delivery.notify import Allowance
from delivery.patience import Attempt
from delivery.records import load_partners, load_publications
from delivery.s3_store import S3Store
from delivery.setup import prepare_buckets
from transforms.gate import load_schemas
from transforms.intake import SourceFile
from transforms.model import Issue, Page, Review

ROOT = Path(__file__).parents[1]
PAPER, DAY = "yunzhou-daily", date(2026, 1, 15)
PAGES = [SourceFile(p.name, p.read_bytes()) for p in sorted((ROOT / "samples" / PAPER / str(DAY)).glob("page-*.txt"))]
BESIDE_BATCHES = 4  # task runs of syndicate_issue beside one for each batch: find, finish, held back, lifts
T = TypeVar("T")
WINDOW = 8  # issues after which the live feeds of the sample's partner are full
NEWSPAPERS_PARTNERS = 20  # partners of each newspaper in the series of newspapers


@dataclass(frozen=True)
class Cost:
    """``cpu`` and ``store`` are seconds of CPU, ``seconds`` of wall clock; ``objects`` and ``octets`` at partners."""

    cpu: float = 0.0
    store: float = 0.0
    seconds: float = 0.0
    requests: int = 0
    objects: int = 0
    octets: int = 0
    tasks: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def __str__(self) -> str:
        rate = self.objects / self.seconds if self.seconds else 0.0
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return (
            f"CPU {self.cpu:.2f} s, store {self.store:.2f} s, wall {self.seconds:.1f} s; {self.requests:5} requests, "
            f"{self.objects:6} objects ({rate:.0f} a second), {self.octets / 1e6:6.1f} MB, {self.tasks:3} task runs; "
            f"peak {peak:.0f} MB"
        )


REQUESTS: Counter[str] = Counter()


def count_requests() -> None:
    """Count from now on what is asked of stores, in whatever bucket: each request goes through one method."""
    ask = S3Store.patiently

    def counted(self: S3Store, call: Callable[[Attempt], T]) -> T:
        REQUESTS["made"] += 1
        return ask(self, call)

    S3Store.patiently = counted  # type: ignore[method-assign]


class Meter:
    """Measures what happens between two looks at it."""

    def __init__(self, running: process.Running) -> None:
        self._server = psutil.Process(running.pid)
        self._last = self._now()

    def _now(self) -> tuple[float, float, float, int]:
        times = self._server.cpu_times()
        return time.process_time(), times.user + times.system, time.perf_counter(), REQUESTS["made"]

    def start(self) -> None:
        self._last = self._now()

    def stop(self) -> Cost:
        now = self._now()
        cpu, store, seconds, requests = (b - a for a, b in zip(self._last, now, strict=True))
        return Cost(cpu, store, seconds, int(requests))


class Plant:
    """A server, and an installation on fresh buckets of it for each case."""

    def __init__(self, home: Path, running: process.Running, url: str) -> None:
        self.home, self.url, self.meter = home, url, Meter(running)
        self._cases = 0

    def installation(self, newspapers: int, partners: int) -> Installation:
        self._cases += 1
        pair = s3.keys(self.home)
        store = S3Store.connect(self.url, pair.access, pair.secret, f"case{self._cases}-private")
        shelf = store.on(f"case{self._cases}-shelf")
        prepare_buckets(store, shelf.bucket, [])
        paper, outlet = (
            replace(load_publications(ROOT / "publications")[PAPER], review=Review(order=0, section=0)),
            load_partners(ROOT / "partners")["sample-outlet"],
        )
        papers = [replace(paper, id=f"paper{n}") for n in range(newspapers)]
        outlets = [replace(outlet, id=f"partner{n}", name=f"Partner {n}") for n in range(partners)]
        return Installation(
            store,
            shelf,
            {p.id: p for p in papers},
            {p.id: p for p in outlets},
            f"{self.url}/{shelf.bucket}",
            load_schemas(None),
        )

    def read(self, installation: Installation, day: date) -> Cost:
        """Receive, read and store the sample issue for each newspaper."""
        self.meter.start()
        for paper in installation.publications:
            ingest.put_in_inbox(installation.store, paper, day, PAGES)
            version = ingest.receive_issue(installation, paper, day, datetime.now(UTC))
            ingest.read_pages(installation, version)
            ingest.store_articles(installation, version)
        return self.meter.stop()

    def serve(self, installation: Installation, day: date) -> Cost:
        """Serve all partners what waits, in the batches that the DAG makes."""
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        means = serving.Means(lambda: noon, Allowance.from_env(), limits=Limits(seconds=3600))
        self.meter.start()
        batches = serving.batches(serving.take(installation, f"run {day}", datetime.now(UTC)), installation)
        for batch in batches:
            failed = [served.failed for served in serving.serve_batch(installation, batch, means) if served.failed]
            if failed:
                raise SystemExit(f"not served: {failed[0]}")
        serving.release(installation, f"run {day}")
        return replace(self.meter.stop(), tasks=BESIDE_BATCHES + len(batches))

    def whole(self, newspapers: int, partners: int) -> tuple[Cost, Cost]:
        """The costs of reading and of serving one issue of each newspaper."""
        installation = self.installation(newspapers, partners)
        reading = self.read(installation, DAY)
        serving_ = self.serve(installation, DAY)
        stats = list(installation.shelf.list(""))
        return reading, replace(serving_, objects=len(stats), octets=sum(s.size for s in stats))


def by_partners(plant: Plant, counts: Sequence[int]) -> list[str]:
    costs = {}
    for count in counts:
        reading, serving_ = plant.whole(1, count)
        costs[count] = (reading + serving_, serving_)
        print(f"1 newspaper, {count:3} partners: {reading + serving_}\n   of which serving: {serving_}", flush=True)
    least, most = min(counts), max(counts)
    (few, few_served), (many, many_served) = costs[least], costs[most]
    return [
        f"{most} partners cost {many.cpu / few.cpu:.1f} times the CPU of {least}, the store's "
        f"{many.store / max(few.store, 0.01):.1f} times, {many.requests / few.requests:.1f} times the requests and "
        f"{many.tasks / few.tasks:.1f} times the task runs",
        f"a partner more: {(many_served.cpu - few_served.cpu) / (most - least) * 1000:.0f} ms CPU, "
        f"{(many_served.store - few_served.store) / (most - least) * 1000:.0f} ms of the store's, "
        f"{(many_served.requests - few_served.requests) / (most - least):.0f} requests, "
        f"{(many.objects - few.objects) / (most - least):.0f} objects, "
        f"{(many.octets - few.octets) / (most - least) / 1e6:.2f} MB",
    ]


def by_newspapers(plant: Plant, counts: Sequence[int]) -> list[str]:
    costs = {}
    for count in counts:
        reading, serving_ = plant.whole(count, NEWSPAPERS_PARTNERS)
        costs[count] = reading + serving_
        print(f"{count:3} newspapers, {NEWSPAPERS_PARTNERS} partners each: {costs[count]}", flush=True)
    least, most = min(counts), max(counts)
    times = most / least
    few, many = costs[least], costs[most]
    return [
        f"{most} newspapers cost {many.cpu / few.cpu / times:.2f} times {times:.0f} times the CPU of {least}, "
        f"{many.requests / few.requests / times:.2f} times its requests and "
        f"{many.store / max(few.store, 0.01) / times:.2f} times its store's CPU"
    ]


def by_issues(plant: Plant, count: int) -> list[str]:
    """An issue a day for the same partners: does the archive make the next one dearer?"""
    installation = plant.installation(1, 5)
    costs = []
    for number in range(count):
        day = DAY + timedelta(days=number)
        costs.append(plant.read(installation, day) + plant.serve(installation, day))
        print(f"issue {number + 1:3} of 1 newspaper, 5 partners: {costs[-1]}", flush=True)
    half = (WINDOW + count) // 2
    early, late = sum(costs[WINDOW:half], Cost()), sum(costs[half:], Cost())
    share = (count - half) / (half - WINDOW)
    return [
        f"issues {half + 1} to {count} cost {late.cpu / early.cpu / share:.2f} times the CPU of issues {WINDOW + 1} to "
        f"{half}, and {late.requests / early.requests / share:.2f} times the requests"
    ]


def by_pages(counts: Sequence[int]) -> list[str]:
    """Reading alone: the sample's pages, again and again."""
    reader, costs = Reader.load(), {}
    for count in counts:
        pages = tuple(Page(n + 1, PAGES[n % len(PAGES)].data.decode()) for n in range(count))
        begun = time.process_time()
        articles = len(reader.read(Issue(PAPER, DAY, pages)).articles)
        costs[count] = time.process_time() - begun
        print(f"{count:3} pages: {costs[count]:.2f} s CPU to read, {articles} articles", flush=True)
    least, most = min(counts), max(counts)
    share = costs[most] / most / (costs[least] / least)
    return [f"a page of {most} costs {share:.2f} times as much to read as a page of {least}"]


def numbers(text: str) -> list[int]:
    counts = [int(number) for number in text.split(",")]
    if len(set(counts)) < 2:
        raise argparse.ArgumentTypeError("give at least two different counts, such as 2,20: they are compared")
    return counts


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--partners", type=numbers, default=[2, 20, 200])
    options.add_argument("--newspapers", type=numbers, default=[1, 10])
    options.add_argument("--issues", type=int, default=16)
    options.add_argument("--pages", type=numbers, default=[2, 4, 8])
    asked = options.parse_args()
    count_requests()
    if asked.issues < WINDOW + 2:
        options.error(f"--issues {WINDOW + 2} at least: until then the live feeds grow with each")
    said = by_pages(asked.pages)  # first: it loads the models, which then cost no case anything
    with tempfile.TemporaryDirectory() as home, ports.reserved(s3.WANTED_PORTS) as chosen:
        running = s3.start(Path(home), chosen)
        try:
            s3.wait_ready(Path(home), running, s3.endpoint(chosen))
            plant = Plant(Path(home), running, s3.endpoint(chosen))
            plant.whole(1, 1)  # what is made once, such as schemas and connections, is no case's cost either
            said += by_issues(plant, asked.issues)
            said += by_partners(plant, asked.partners)
            said += by_newspapers(plant, asked.newspapers)
        finally:
            process.stop([running], s3.STOP_SECONDS)
            s3.tidy(chosen)
    print("\n".join(said))


if __name__ == "__main__":
    main()
