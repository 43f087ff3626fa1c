"""A day of issues on a store that fails: is every partner whole at the end, and how much longer did it take?

The same day is brought out twice, on fresh buckets, through a proxy in a process of its own: once as the store answers,
once with a share of all requests met by each of seven faults (an error of the server, SlowDown, a reset, a cut line,
half an answer, no answer, a conflict). Each step is tried three times, as Airflow does; the next run serves what is
still missing. Then the audit looks at everything. Prints both times, their ratio, the faults that were met, and what is
wrong, if anything is:

    python benchmarks/faults.py [--rate 0.1] [--issues 10] [--partners 10] [--hang 3]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # the proxy and the day are the tests' own

from broadsheet.installation import Installation  # noqa: E402
from broadsheet.steps import ingest  # noqa: E402
from broadsheet.steps.side_by_side import Limits  # noqa: E402
from delivery.errors import Unanswered  # noqa: E402
from delivery.notify import Allowance  # noqa: E402
from delivery.patience import Attempt  # noqa: E402
from delivery.s3_store import S3Store  # noqa: E402
from delivery.setup import prepare_buckets  # noqa: E402
from tests.support import fault_day  # noqa: E402
from tests.support.issue import NAME, PAGES, make_installation  # noqa: E402
from tests.support.proxy import apart  # noqa: E402
from tests.support.shop import Shop, opened  # noqa: E402


class Waits:
    """What requests to a store waited for, in seconds summed over all threads: failed attempts, pauses after them."""

    def __init__(self) -> None:
        self.requests = self.failed = self.hung = 0
        self.failing = self.hanging = self.pausing = self.answered = 0.0
        self._lock = threading.Lock()

    def watch(self, patiently: Callable[..., object]) -> Callable[..., object]:
        """``S3Store.patiently``, watched."""

        def watched(store: S3Store, ask: Callable[[Attempt], object]) -> object:
            attempts: list[tuple[float, Unanswered | None]] = []

            def watched_ask(attempt: Attempt) -> object:
                begun = time.perf_counter()
                unanswered = None
                try:
                    return ask(attempt)
                except Unanswered as error:
                    unanswered = error
                    raise
                finally:
                    attempts.append((time.perf_counter() - begun, unanswered))

            begun = time.perf_counter()
            try:
                return patiently(store, watched_ask)
            finally:
                self._note(time.perf_counter() - begun, attempts)

        return watched

    def _note(self, seconds: float, attempts: list[tuple[float, Unanswered | None]]) -> None:
        failed = [took for took, unanswered in attempts if unanswered]
        hung = [took for took, unanswered in attempts if unanswered and unanswered.hung]
        with self._lock:
            self.requests += 1
            self.failed += len(failed)
            self.hung += len(hung)
            self.failing += sum(failed) - sum(hung)
            self.hanging += sum(hung)
            self.answered += sum(took for took, unanswered in attempts if not unanswered)
            self.pausing += seconds - sum(took for took, _ in attempts)

    def __str__(self) -> str:
        return (
            f"{self.requests} requests, {self.failed} attempts without an answer; over all threads "
            f"{self.answered:.0f} s for answers, {self.hanging:.0f} s for {self.hung} attempts that hung, "
            f"{self.failing:.0f} s for the other failures, {self.pausing:.0f} s of pauses"
        )


def stores(shop: Shop, name: str, url: str = "") -> tuple[S3Store, S3Store]:
    store = shop.store(f"{name}-private", url)
    return store, store.on(f"{name}-shelf")


def installation_on(store: S3Store, shelf: S3Store, partners: int) -> Installation:
    made = make_installation()
    outlets = [replace(made.partners["sample-outlet"], id=f"p{n}", name=f"Outlet {n}") for n in range(partners)]
    url = f"{shelf.endpoint}/{shelf.bucket}"
    papers = {NAME: made.publications[NAME]}
    return replace(
        made, store=store, shelf=shelf, shelf_url=url, partners={p.id: p for p in outlets}, publications=papers
    )


def bring_out(installation: Installation, issues: int) -> tuple[float, int]:
    """Bring out a day; the seconds that it took, and the runs of syndicate_issue. Prints what it waited for."""
    now = datetime.now(UTC)
    begun = time.perf_counter()
    patiently, waits = S3Store.patiently, [Waits(), Waits()]
    S3Store.patiently = waits[0].watch(patiently)  # type: ignore[method-assign, assignment]
    fault_day.bring_in(installation, NAME, fault_day.days_from(now.date() - timedelta(days=issues), issues), PAGES)
    fault_day.ingest_all(installation, NAME, now)
    ingested = time.perf_counter() - begun
    S3Store.patiently = waits[1].watch(patiently)  # type: ignore[method-assign, assignment]
    done = lambda: not fault_day.tried(lambda: ingest.pending_work(installation))  # noqa: E731
    runs, _ = fault_day.serve_all(installation, now, Allowance.from_env(), Limits(), done)
    S3Store.patiently = patiently  # type: ignore[method-assign]
    seconds = time.perf_counter() - begun
    print(f"  taking in, {ingested:.1f} s: {waits[0]}")
    print(f"  serving, {seconds - ingested:.1f} s: {waits[1]}", flush=True)
    return seconds, runs


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rate", type=float, default=0.1, help="share of requests that meets each kind of fault")
    options.add_argument("--issues", type=int, default=10)
    options.add_argument("--partners", type=int, default=10)
    options.add_argument("--hang", type=float, default=3.0, help="seconds until a line that hangs is closed")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as home, opened(Path(home)) as shop:
        warm = stores(shop, "warm")  # models, schemas and connections cost the day that comes first no time then
        prepare_buckets(warm[0], warm[1].bucket, [])
        bring_out(installation_on(*warm, 1), 1)
        times = {}
        print("those were to warm up; now the day itself", flush=True)
        for name, rate in (("quiet", 0.0), ("faulty", asked.rate)):
            store, shelf = stores(shop, name)
            prepare_buckets(store, shelf.bucket, [])
            proxy = apart(shop.url, rate, asked.hang)
            through = installation_on(*stores(shop, name, proxy.url), asked.partners)
            times[name], runs = bring_out(through, asked.issues)
            met = ", ".join(f"{kind} {number}" for kind, number in proxy.stop().items())
            print(f"{name}: {times[name]:.1f} s in {runs} runs; faults met: {met}", flush=True)
        print(f"{times['faulty'] / times['quiet']:.2f} times the quiet time")
        direct = replace(through, store=store, shelf=shelf)
        days = fault_day.days_from(datetime.now(UTC).date() - timedelta(days=asked.issues), asked.issues)
        wrong = list(fault_day.wrong(direct, NAME, days, list(direct.partners)))
    print("\n".join(wrong) or "whole: ledger equals bucket, nothing twice, nothing ahead, nothing unannounced")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
