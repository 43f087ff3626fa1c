"""Faults of machines, again and again, within an hour: what is killed, full, late or gone leaves nothing torn or lost.

    make soak                                # or: python -m tests.soak.soak [--minutes 55] [--only KIND ...]

Without Airflow: a publisher or the store is killed at a moment chosen by chance, the disk is full for a while, the
clock steps by ten minutes and two hours either way; after each trial the issue must be out. With Airflow (PostgreSQL,
Redis, two Celery workers): each of its parts and the database is killed while issues are on their way, and started
again; after a round of all of them its issues must be out. Out means whole and once: ledger equals bucket, nothing
ahead of its items, nothing unannounced. Prints a table, ends 1 for a fault.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import psutil

from broadsheet.installation import Installation
from broadsheet.local import ports, process, s3
from broadsheet.local.process import Running
from broadsheet.steps import ingest
from broadsheet.steps.reading import Reader
from broadsheet.steps.side_by_side import Limits
from delivery.issues import versions
from delivery.keys import IssueKey
from delivery.notify import Allowance
from delivery.setup import prepare_buckets
from delivery.store import Store
from tests.support import fault_day
from tests.support.issue import NAME, PAGES, make_installation
from tests.support.plant import AIRFLOW, WORKERS, Plant, planted
from tests.support.room import sample, until
from tests.support.shop import SHELF, Shop, throw_away

STEPS = (timedelta(minutes=10), timedelta(hours=2))
FULL = 2.0  # seconds for which the disk is full
PATIENCE = 900.0  # seconds that the issues of a round may take after its last kill
DEATHS = 2  # of each part in a round; an issue comes in before each so many deaths
DOWN = 1.0  # seconds for which a part that was killed is gone
ALONE_SHARE = 0.2  # of the time, for the trials without Airflow
LATEST = 25.0  # seconds after an issue's arrival within which a part is killed: about what it takes to be out
AFTER = "out after a round"  # the row of the table that says what rounds of kills left wrong


@dataclass
class Tally:
    """What came of the trials of one kind."""

    trials: int = 0
    disturbed: int = 0  # in how many the fault came before the work was done
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


def today() -> date:
    return datetime.now(UTC).date()


@dataclass
class Bench:
    """A store that can be killed and started again on its data, and a newspaper of its own for each trial."""

    folder: Path
    chosen: dict[str, int]
    running: Running
    dice: Random
    whole: float = 1.0  # seconds that the work takes undisturbed
    number: int = 0

    def start(self) -> None:
        self.running = s3.start(self.folder, self.chosen)
        s3.wait_ready(self.folder, self.running, s3.endpoint(self.chosen))

    def paper(self) -> str:
        self.number += 1
        return f"paper-{self.number}"

    def opened(self, paper: str) -> Installation:
        """The installation as a process of its own opens it."""
        store = Shop(self.folder, self.running, s3.endpoint(self.chosen)).store()
        shelf, made = store.on(SHELF), make_installation()
        outlet = made.partners["sample-outlet"]
        return replace(
            made,
            store=store,
            shelf=shelf,
            shelf_url=f"{shelf.endpoint}/{shelf.bucket}",
            partners={p: replace(outlet, id=p, name=p, prefix="") for p in ("one", "two")},
            publications={paper: replace(made.publications[NAME], id=paper)},
        )

    def wrong(self, paper: str) -> list[str]:
        return list(fault_day.wrong(self.opened(paper), paper, [today()], ["one", "two"]))

    def moment(self) -> float:
        return self.dice.uniform(0, self.whole)


def bring_out(installation: Installation, paper: str, now: datetime | None = None) -> None:
    """An issue from the inbox to its partners, whatever of it is done already."""
    moment = now or datetime.now(UTC)
    fault_day.bring_in(installation, paper, [today()], PAGES)
    fault_day.ingest_all(installation, paper, moment)
    done = lambda: not fault_day.tried(lambda: ingest.pending_work(installation))  # noqa: E731
    fault_day.serve_all(installation, moment, Allowance.from_env({}), Limits(pauses=(0.2, 1.0)), done)


def fork(work: Callable[[], None]) -> int:
    """A process of its own, which ends by itself."""
    if pid := os.fork():
        return pid
    status = 1
    try:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 - what fails on purpose is no news
        work()
        status = 0
    finally:
        os._exit(status)


def finished(pid: int) -> bool:
    return os.waitpid(pid, 0)[1] == 0


def completed(bench: Bench, paper: str) -> None:
    """The work is done by a run after the fault, as Airflow's retries do it."""
    for _ in range(3):
        if finished(fork(lambda: bring_out(bench.opened(paper), paper))):
            return
    raise AssertionError("the runs after the fault did not end well")


def publisher_killed(bench: Bench, paper: str) -> bool:
    child = fork(lambda: bring_out(bench.opened(paper), paper))
    time.sleep(bench.moment())
    os.kill(child, signal.SIGKILL)
    disturbed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
    completed(bench, paper)
    return disturbed


def store_killed(bench: Bench, paper: str) -> bool:
    child = fork(lambda: bring_out(bench.opened(paper), paper))
    time.sleep(bench.moment())
    disturbed = os.waitpid(child, os.WNOHANG)[0] == 0
    process.stop([bench.running], 0.0)
    time.sleep(DOWN)
    bench.start()
    if disturbed:
        finished(child)
    completed(bench, paper)
    return disturbed


def disk_full(bench: Bench, paper: str) -> bool:
    """The store cannot make any file longer, as on a full disk (EFBIG instead of ENOSPC).

    SeaweedFS leaves a volume that it could not write to read-only, so it is started again once there is room.
    """
    child = fork(lambda: bring_out(bench.opened(paper), paper))
    time.sleep(bench.moment())
    disturbed = os.waitpid(child, os.WNOHANG)[0] == 0
    server = psutil.Process(bench.running.pid)
    _, hard = server.rlimit(resource.RLIMIT_FSIZE)
    server.rlimit(resource.RLIMIT_FSIZE, (0, hard))
    time.sleep(FULL)
    server.rlimit(resource.RLIMIT_FSIZE, (hard, hard))
    process.stop([bench.running], 0.0)
    bench.start()
    if disturbed:
        finished(child)
    completed(bench, paper)
    return disturbed


def clock_steps(bench: Bench, paper: str) -> bool:
    """Runs whose clocks are off by ten minutes and two hours, before and after the right ones."""
    step = bench.dice.choice(STEPS) * bench.dice.choice((1, -1))

    def work() -> None:
        bring_out(bench.opened(paper), paper, datetime.now(UTC) + step)
        bring_out(bench.opened(paper), paper, datetime.now(UTC) - step)

    assert finished(fork(work)), f"a run with a clock off by {step} failed"
    completed(bench, paper)
    return True


ALONE: dict[str, Callable[[Bench, str], bool]] = {
    "publisher killed": publisher_killed,
    "store killed": store_killed,
    "disk full": disk_full,
    "clock steps": clock_steps,
}


@contextmanager
def benched(seed: int) -> Iterator[Bench]:
    with tempfile.TemporaryDirectory() as home, ports.reserved(s3.WANTED_PORTS) as chosen:
        bench = Bench(Path(home), dict(chosen), Running(0, 0.0), Random(seed))  # noqa: S311 - chooses moments
        bench.start()
        try:
            # In a process of its own: what has used the fast way to the store hands it on to no child.
            assert finished(fork(lambda: prepare_buckets(bench.opened("any").store, SHELF, [])))
            Reader.load()
            begun = time.monotonic()
            paper = bench.paper()
            completed(bench, paper)
            bench.whole = time.monotonic() - begun
            yield bench
        finally:
            throw_away(bench.running, bench.chosen)


def alone(tallies: dict[str, Tally], kinds: list[str], until_: float, seed: int) -> None:
    if not kinds:
        return
    with benched(seed) as bench:
        while time.monotonic() < until_:
            for kind in kinds:
                paper = bench.paper()
                trial(tallies[kind], lambda kind=kind, paper=paper: (ALONE[kind](bench, paper), bench.wrong(paper)))


def trial(tally: Tally, attempt: Callable[[], tuple[bool, list[str]]]) -> None:
    begun = time.monotonic()
    try:
        disturbed, wrong = attempt()
    except Exception:
        disturbed, wrong = True, [traceback.format_exc(limit=-3)]
    tally.trials += 1
    tally.disturbed += disturbed
    tally.seconds += time.monotonic() - begun
    tally.faults += wrong
    for fault in wrong:
        print(f"--- {fault}", flush=True)


def part_killed(plant: Plant, part: str, fresh: Sequence[date], delay: float) -> bool:
    """One of Airflow's parts dies after so many seconds, and is started again as its supervisor would; whether any of
    the ``fresh`` days was not out yet.
    """
    time.sleep(delay)
    plant.revive_ended()
    store = plant.installation.store
    disturbed = not all(is_out(store, day) for day in fresh)
    plant.kill(part)
    time.sleep(DOWN)
    plant.revive(part)
    return disturbed


def is_out(store: Store, day: date) -> bool:
    return ingest.progress(store, NAME, day).stage == "published"


def left_wrong(plant: Plant, fresh: Sequence[date], days: Sequence[date]) -> list[str]:
    """What is wrong once the ``fresh`` days are out, with these and with all ``days`` so far, which share feeds."""
    installation = plant.installation

    def are_out() -> bool:
        plant.revive_ended()
        return all(is_out(installation.store, day) for day in fresh)

    try:
        until(are_out, PATIENCE)
    except AssertionError as error:
        missing = [day.isoformat() for day in fresh if not is_out(installation.store, day)]
        raise AssertionError(f"{', '.join(missing)} not out: {plant.state()}") from error
    wrong = list(fault_day.wrong(installation, NAME, days, ["sample-outlet"]))
    found = {day: versions(installation.store, IssueKey(NAME, day)) for day in fresh}
    return wrong + [f"{day}: versions {numbers}" for day, numbers in found.items() if numbers != [1]]


def with_airflow(tallies: dict[str, Tally], kinds: list[str], until_: float, seed: int) -> None:
    """Rounds in which each part dies ``DEATHS`` times, in an order and at moments of chance, while issues come in.

    An issue is still on its way when the next part dies, so what is looked at after a round is all of it.
    """
    if not kinds:
        return
    dice = Random(seed)  # noqa: S311 - chooses moments
    with tempfile.TemporaryDirectory() as home, planted(Path(home)) as plant:
        days: list[date] = []
        while time.monotonic() < until_:
            fresh: list[date] = []
            order = dice.sample(kinds * DEATHS, len(kinds) * DEATHS)
            for number, kind in enumerate(order):
                if number % DEATHS == 0:
                    fresh.append(today() - timedelta(days=len(days) + len(fresh) + 1))
                    ingest.put_in_inbox(plant.installation.store, NAME, fresh[-1], sample())
                part, delay, shown = kind.removesuffix(" killed"), dice.uniform(0, LATEST), tuple(fresh)
                trial(
                    tallies[kind],
                    lambda part=part, delay=delay, shown=shown: (part_killed(plant, part, shown, delay), []),
                )
            days += fresh
            print(f"killed: {', '.join(kind.removesuffix(' killed') for kind in order)}", flush=True)
            trial(tallies[AFTER], lambda shown=tuple(fresh), past=tuple(days): (False, left_wrong(plant, shown, past)))


PARTS = tuple(f"{part} killed" for part in (*AIRFLOW, *WORKERS, "postgres"))


def table(tallies: dict[str, Tally]) -> str:
    rows = [f"{'what':24} {'trials':>6} {'disturbed':>9} {'faults':>6} {'seconds':>8}"]
    rows += [
        f"{kind:24} {t.trials:6} {t.disturbed:9} {len(t.faults):6} {t.seconds:8.0f}"
        for kind, t in tallies.items()
        if t.trials
    ]
    return "\n".join(rows)


def soak(kinds: list[str], minutes: float, seed: int) -> dict[str, Tally]:
    """Run trials of these kinds in turn for so long, ``ALONE_SHARE`` of the time without Airflow."""
    tallies = {kind: Tally() for kind in [*kinds, AFTER]}
    own, parts = [k for k in kinds if k in ALONE], [k for k in kinds if k in PARTS]
    begun, whole = time.monotonic(), minutes * 60
    with ExitStack() as stack:
        stack.callback(lambda: print(table(tallies), flush=True))  # also if it is ended early
        alone(tallies, own, begun + (whole * ALONE_SHARE if parts else whole), seed)
        with_airflow(tallies, parts, begun + whole, seed)
    return tallies


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=55.0)
    options.add_argument("--seed", type=int, default=18)
    options.add_argument("--only", nargs="+", choices=(*ALONE, *PARTS), default=[*ALONE, *PARTS])
    asked = options.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended before its time"))
    tallies = soak(list(asked.only), asked.minutes, asked.seed)
    return min(1, sum(len(t.faults) for t in tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
